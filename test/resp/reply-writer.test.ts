/** The reply writer beside redis-server: the same value must give the same bytes. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { doubleText } from '../../src/resp/double-text.js';
import { type Protocol, ReplyWriter, utf8Length } from '../../src/resp/reply-writer.js';
import { type Oracle, openOracle } from './oracle.js';

let oracle: Oracle;
beforeAll(async () => {
  oracle = await openOracle();
});
afterAll(() => oracle.close());

function written(protocol: Protocol, write: (reply: ReplyWriter) => void): string {
  const reply = new ReplyWriter(protocol);
  write(reply);
  return Buffer.from(reply.take()).toString('latin1');
}

const POPULAR: (reply: ReplyWriter) => void = (reply) => {
  reply.attribute(1);
  reply.bulk('key-popularity');
  reply.array(2);
  reply.bulk('key:123');
  reply.integer(90);
  reply.bulk('Some real reply following the attribute');
};

/** What DEBUG PROTOCOL answers, in our words. */
const SHAPES: Record<string, (reply: ReplyWriter) => void> = {
  string: (reply) => reply.bulk('Hello World'),
  integer: (reply) => reply.integer(12345),
  double: (reply) => reply.double(Number('3.141')),
  null: (reply) => reply.null(),
  array: (reply) => {
    reply.array(3);
    for (let i = 0; i < 3; i++) reply.integer(i);
  },
  set: (reply) => {
    reply.set(3);
    for (let i = 0; i < 3; i++) reply.integer(i);
  },
  map: (reply) => {
    reply.map(3);
    for (let i = 0; i < 3; i++) {
      reply.integer(i);
      reply.boolean(i === 1);
    }
  },
  verbatim: (reply) => reply.verbatim('txt', 'This is a verbatim\nstring'),
  true: (reply) => reply.boolean(true),
  false: (reply) => reply.boolean(false),
  bignum: (reply) => reply.bigNumber('1234567999999999999999999999999999999'),
};

describe.each([2, 3] as const)('in RESP%d', (protocol) => {
  test.each(Object.keys(SHAPES))('%s is written as redis-server writes it', async (shape) => {
    const write = SHAPES[shape] as (reply: ReplyWriter) => void;
    expect(written(protocol, write)).toBe(await oracle.ask(protocol, `DEBUG PROTOCOL ${shape}`));
  });

  test('a null array is written as redis-server writes it', async () => {
    const theirs = await oracle.ask(protocol, 'LPOP no-such-list 2');
    expect(written(protocol, (reply) => reply.nullArray())).toBe(theirs);
  });

  test('line ends in an error become spaces and those at its end are dropped', async () => {
    const theirs = await oracle.ask(
      protocol,
      'foo "a\\r\\nb"',
      'EVAL "return {err=\'x\\r\\n\'}" 0',
    );
    const ours = written(protocol, (reply) => {
      reply.error("ERR unknown command 'foo', with args beginning with: 'a\r\nb' ");
      reply.error('x\r\n');
    });
    expect(ours.split('\r\n')[0]).toBe(theirs.split('\r\n')[0]);
    expect(ours.endsWith('\r\n-x\r\n')).toBe(true);
  });

  test('a pub/sub confirmation is an array or a push', async () => {
    const theirs = await oracle.ask(protocol, 'UNSUBSCRIBE channel');
    const ours = written(protocol, (reply) => {
      reply.push(3);
      reply.bulk('unsubscribe');
      reply.bulk('channel');
      reply.integer(0);
    });
    expect(ours).toBe(theirs);
  });
});

test('an attribute and a push are written as redis-server writes them', async () => {
  expect(written(3, POPULAR)).toBe(await oracle.ask(3, 'DEBUG PROTOCOL attrib'));
  const push = written(3, (reply) => {
    reply.push(2);
    reply.bulk('server-cpu-usage');
    reply.integer(42);
  });
  expect(await oracle.ask(3, 'DEBUG PROTOCOL push')).toContain(push);
  expect(() => written(2, POPULAR)).toThrow('RESP2 has no attributes');
});

test('doubles are printed as redis-server prints them', async () => {
  const values = [
    0,
    1,
    -1,
    0.1,
    0.5,
    1e15,
    1e16,
    1e17,
    2 ** 57,
    1e20,
    1e21,
    1e-4,
    1e-5,
    3e-7,
    0.30000000000000004,
    Number.MAX_VALUE,
    Number.MIN_VALUE,
    Number.MAX_SAFE_INTEGER,
    Infinity,
    -Infinity,
    123456789012345 + 1 / 8,
    123456789012345 + 3 / 8,
    0.000123456789,
    1 / 3,
    2 / 3,
    100,
    1200,
  ];
  const random = fc.sample(fc.double({ noNaN: true }), { numRuns: 300, seed: 7 });
  // A small sorted set keeps no sign of zero, so -0 cannot be asked for this way.
  const all = [...values, ...random].filter((value) => !Object.is(value, -0));
  // A score comes back as stored: ZADD reads the shortest text exactly, ZSCORE prints it.
  const asked = all.flatMap((value) => [
    `ZADD z ${String(value).replace('Infinity', 'inf')} m`,
    'ZSCORE z m',
  ]);
  expect(doubleText(-0)).toBe('-0');
  const theirs = (await oracle.ask(3, ...asked)).split('\r\n').filter((line) => line[0] === ',');
  expect(theirs).toEqual(all.map((value) => `,${doubleText(value)}`));
});

test('a bulk string is counted in bytes, whatever its characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const bytes = Buffer.from(text);
      expect(utf8Length(text)).toBe(bytes.length);
      const ours = written(3, (reply) => reply.bulk(text));
      expect(ours).toBe(`$${bytes.length}\r\n${bytes.toString('latin1')}\r\n`);
    }),
  );
});

test('a lone surrogate is counted as the replacement character it becomes', () => {
  for (const text of ['\ud800', 'a\udc00b', '\ud800\ud800\udc00', '\ud83d'.repeat(200)]) {
    expect(utf8Length(text)).toBe(Buffer.from(text).length);
  }
});

test('take empties the writer and gives away a copy', () => {
  const reply = new ReplyWriter(2);
  reply.simple('OK');
  const first = reply.take();
  reply.simple('PONG');
  expect(Buffer.from(first).toString()).toBe('+OK\r\n');
  expect(Buffer.from(reply.take()).toString()).toBe('+PONG\r\n');
  expect(reply.take().length).toBe(0);
});

test('integers of every size are written in full', () => {
  const values = [0, 9, 10, 99, 100, -1, -12, 2 ** 53 - 1, 2n ** 63n - 1n, -(2n ** 63n)];
  for (const value of values) {
    expect(written(2, (reply) => reply.integer(value))).toBe(`:${value}\r\n`);
  }
});
