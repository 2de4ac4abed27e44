/** Commands to request bytes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Argument, RequestWriter } from '../../src/resp/request-writer.js';

/** The same bytes, made the slow way. */
function plain(command: readonly Argument[]): Buffer {
  const parts = command.map((argument) => {
    const bytes = Buffer.from(typeof argument === 'number' ? String(argument) : argument);
    return Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')]);
  });
  return Buffer.concat([Buffer.from(`*${command.length}\r\n`), ...parts]);
}

function write(commands: readonly (readonly Argument[])[], capacity = 16): Buffer {
  const writer = new RequestWriter(capacity);
  for (const command of commands) writer.command(command);
  return Buffer.from(writer.bytes.subarray(0, writer.length));
}

test('the example of the header', () => {
  expect(write([['GET', 'k']]).toString('hex')).toBe(
    '2a320d0a' + '24330d0a4745540d0a' + '24310d0a6b0d0a',
  );
});

test('any arguments are written as their UTF-8 bytes, in a buffer of any size', () => {
  const argument: fc.Arbitrary<Argument> = fc.oneof(
    fc.string({ maxLength: 140 }),
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.integer(),
    fc.double({ noNaN: true }),
    // 990 characters take three digits to count, and their bytes four.
    fc.constantFrom('é'.repeat(990), 'a'.repeat(129), 'é'.repeat(129), '\ud800'.repeat(200), ''),
  );
  const command = fc.array(argument, { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 4 }), fc.nat(64), (commands, size) => {
      expect(write(commands, size + 1).equals(Buffer.concat(commands.map(plain)))).toBe(true);
    }),
  );
});

test.each([[null], [undefined], [{}], [[1]], [true], [1n], [Symbol('s')]])(
  'an argument %s is refused and leaves nothing of its command behind',
  (argument) => {
    const writer = new RequestWriter();
    writer.command(['PING']);
    const { length } = writer;
    const wrong = ['SET', 'key', argument] as unknown as Argument[];
    expect(() => writer.command(wrong)).toThrow(/arguments\[2\] must be a string/);
    expect(writer.length).toBe(length);
  },
);

test('a lent buffer is used from its beginning', () => {
  const writer = new RequestWriter();
  writer.command(['PING']);
  const lent = new Uint8Array(64);
  writer.use(lent);
  writer.command(['ECHO', 'x']);
  expect(writer.bytes).toBe(lent);
  expect(Buffer.from(lent.subarray(0, writer.length)).equals(plain(['ECHO', 'x']))).toBe(true);
});
