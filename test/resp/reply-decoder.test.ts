/** Reply bytes to values: each type, any cut of the stream, and what is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolError, ReplyError } from '../../src/resp/errors.js';
import {
  ReplyDecoder,
  ReplyKind,
  type ReplyLimits,
  type ReplyTypes,
} from '../../src/resp/reply-decoder.js';
import { REPLY_SHAPES } from '../../src/resp/reply-shapes.js';
import { ReplyType } from '../../src/resp/reply-type.js';
import { ReplyWriter } from '../../src/resp/reply-writer.js';

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

/** All replies in `bytes`, which arrive in pieces of `size`; each piece is spoilt afterwards. */
function decode(bytes: Uint8Array, types?: ReplyTypes, size = bytes.length): unknown[] {
  const decoder = new ReplyDecoder({}, REPLY_SHAPES);
  const values: unknown[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.slice(at, at + size);
    decoder.feed(piece);
    while (decoder.next(types)) values.push(decoder.value);
    piece.fill(0xff);
  }
  return values;
}

const one = (text: string, types?: ReplyTypes) => {
  const values = decode(bytesOf(text), types);
  expect(values).toHaveLength(1);
  return values[0];
};

function refuse(text: string, limits: Partial<ReplyLimits> = {}): void {
  const decoder = new ReplyDecoder(limits);
  decoder.feed(bytesOf(text));
  const readAll = () => {
    let count = 0;
    while (decoder.next()) count++;
    return count;
  };
  expect(readAll, JSON.stringify(text)).toThrow(ProtocolError);
  expect(readAll, 'the second time').toThrow(ProtocolError);
}

describe('each type becomes a value', () => {
  test.each([
    ['+OK\r\n', 'OK'],
    ['+\r\n', ''],
    ['$5\r\nhello\r\n', 'hello'],
    ['$0\r\n\r\n', ''],
    ['$3\r\n\xe2\x82\xac\r\n', '€'],
    ['$-1\r\n', null],
    ['*-1\r\n', null],
    ['_\r\n', null],
    [':0\r\n', 0],
    [':-42\r\n', -42],
    [':+7\r\n', 7],
    [':9007199254740991\r\n', 9007199254740991],
    [':-9223372036854775808\r\n', -(2 ** 63)],
    ['#t\r\n', true],
    ['#f\r\n', false],
    [',3.25\r\n', 3.25],
    [',10\r\n', 10],
    [',1e+20\r\n', 1e20],
    [',2.9999999999999999e-07\r\n', 3e-7],
    [',inf\r\n', Number.POSITIVE_INFINITY],
    [',-inf\r\n', Number.NEGATIVE_INFINITY],
    [',nan\r\n', Number.NaN],
    ['(-1234567999999999999999999999999999999\r\n', -1234567999999999999999999999999999999n],
    ['=8\r\ntxt:text\r\n', 'text'],
    ['*0\r\n', []],
    ['*2\r\n:1\r\n*1\r\n$1\r\na\r\n', [1, ['a']]],
    ['~2\r\n+a\r\n+b\r\n', ['a', 'b']],
    ['%2\r\n+a\r\n:1\r\n:2\r\n*0\r\n', { a: 1, 2: [] }],
  ])('%j', (text, value) => {
    expect(one(text)).toEqual(value);
  });

  test('an error is a ReplyError with its code, also inside an array', () => {
    const error = one('-WRONGTYPE Operation against\r\n') as ReplyError;
    expect(error).toBeInstanceOf(ReplyError);
    expect(error).toMatchObject({ code: 'WRONGTYPE', message: 'WRONGTYPE Operation against' });
    expect(one('!7\r\nERR a\r\n\r\n')).toMatchObject({ code: 'ERR', message: 'ERR a\r\n' });
    expect(one('*2\r\n:1\r\n-ERR no\r\n')).toEqual([1, new ReplyError('ERR no')]);
  });

  test('errors and pushes are told apart from values', () => {
    const decoder = new ReplyDecoder();
    decoder.feed(bytesOf('-ERR\r\n>1\r\n+x\r\n*1\r\n-ERR\r\n'));
    const kinds: number[] = [];
    while (decoder.next()) kinds.push(decoder.kind);
    expect(kinds).toEqual([ReplyKind.Error, ReplyKind.Push, ReplyKind.Value]);
  });

  test('a push inside of an array is an element: so Redis answers SUBSCRIBE within EXEC', () => {
    expect(one('*2\r\n>1\r\n:1\r\n:2\r\n')).toEqual([[1], 2]);
  });

  test('the parts of a push have types of their own', () => {
    const decoder = new ReplyDecoder({}, REPLY_SHAPES, { 36: Uint8Array });
    decoder.feed(bytesOf('>2\r\n$1\r\na\r\n*1\r\n$1\r\nb\r\n$1\r\nc\r\n'));
    expect(decoder.next()).toBe(true);
    expect(decoder.value).toEqual(
      [bytesOf('a'), [bytesOf('b')]].map((part) =>
        part instanceof Uint8Array
          ? Uint8Array.from(part)
          : part.map((one) => Uint8Array.from(one)),
      ),
    );
    expect(decoder.next()).toBe(true);
    expect(decoder.value).toBe('c');
  });

  test('attributes are read over, also further inside', () => {
    const decoder = new ReplyDecoder();
    const values: unknown[] = [];
    for (const byte of bytesOf('|1\r\n+ttl\r\n:90\r\n*2\r\n|1\r\n+x\r\n:1\r\n:1\r\n:2\r\n:3\r\n')) {
      decoder.feed(Uint8Array.of(byte));
      if (decoder.next()) values.push(decoder.value);
    }
    expect(values).toEqual([[1, 2], 3]);
  });

  test('a field named __proto__ is a field', () => {
    const map = one('%1\r\n+__proto__\r\n*0\r\n') as Record<string, unknown>;
    expect(Object.keys(map)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(map)).toBe(null);
  });
});

describe('a type mapping chooses other types', () => {
  test('bytes for text, but keys of maps stay text', () => {
    const types = { [ReplyType.BulkString]: Uint8Array, [ReplyType.Map]: Map };
    expect(one('$2\r\n\xff\x00\r\n', types)).toEqual(Uint8Array.of(255, 0));
    const map = one('%1\r\n$1\r\nk\r\n$1\r\nv\r\n', types);
    expect(map).toEqual(new Map([['k', Uint8Array.of(118)]]));
  });

  test('keys of a class that extends Map follow the mapping', () => {
    class ExactMap extends Map<unknown, unknown> {}
    const types = { [ReplyType.BulkString]: Uint8Array, [ReplyType.Map]: ExactMap };
    const map = one('%1\r\n$1\r\n\xff\r\n%1\r\n$1\r\nk\r\n:1\r\n', types) as ExactMap;
    expect(map).toBeInstanceOf(ExactMap);
    const [[key, inner]] = [...map] as [[unknown, ExactMap]];
    expect(key).toEqual(Uint8Array.of(255));
    expect([...inner]).toEqual([[Uint8Array.of(107), 1]]);
  });

  test('a Buffer has its own bytes', () => {
    const value = one('$1\r\nv\r\n', { [ReplyType.BulkString]: Buffer }) as Buffer;
    expect(Buffer.isBuffer(value)).toBe(true);
    expect(value.toString()).toBe('v');
  });

  test('numbers as text, sets as Set, maps as flat arrays, verbatim as an object', () => {
    const text = { 58: String, 44: String, 40: String };
    expect(decode(bytesOf(':9223372036854775807\r\n,1.50\r\n(12\r\n'), text)).toEqual([
      '9223372036854775807',
      '1.50',
      '12',
    ]);
    expect(one('(12\r\n', { 40: Number })).toBe(12);
    expect(one('~2\r\n:1\r\n:1\r\n', { 126: Set })).toEqual(new Set([1]));
    expect(one('%1\r\n+a\r\n:1\r\n', { 37: Array })).toEqual(['a', 1]);
    class Verbatim {
      constructor(
        readonly format: string,
        readonly text: string,
      ) {}
    }
    expect(one('=5\r\nmkd:x\r\n', { 61: Verbatim })).toEqual(new Verbatim('mkd', 'x'));
  });
});

describe('bytes that are not RESP are refused, and so is everything after them', () => {
  test.each([
    'x',
    'OK\r\n',
    '\r\n',
    '+OK\rx',
    '+a\r\r\n',
    '$1\r\nab\r\n',
    '$x\r\n',
    '$\r\n',
    '$-2\r\n',
    '$1 \r\n',
    '$99999999999999999999999999999999',
    '*x\r\n',
    '*-2\r\n',
    '~-1\r\n',
    '%-1\r\n',
    '>-1\r\n',
    '=-1\r\n',
    '!-1\r\n',
    ':\r\n',
    ':1a\r\n',
    ':--1\r\n',
    ':12345678901234567890\r\n',
    '#x\r\n',
    '#\r\n',
    '#tt\r\n',
    '_x\r\n',
    ',\r\n',
    ',1.2.3\r\n',
    ',0x10\r\n',
    ', 1\r\n',
    '(1.5\r\n',
    '(\r\n',
    '=3\r\ntxt\r\n',
    '=4\r\ntext\r\n',
    '*?\r\n',
    '$?\r\n',
    '*1\r\n\x00',
    '$536870913\r\n',
  ])('%j', (text) => refuse(text));

  test('so are values beyond the limits', () => {
    refuse('*1\r\n'.repeat(9), { depthMax: 8 });
    refuse('$11\r\n', { bytesMax: 10 });
    refuse('*11\r\n', { elementsMax: 10 });
    refuse('+aaaaaaaaaaaaaaaa', { lineBytesMax: 10 });
    refuse('*1\r\n'.repeat(1000));
  });

  test('random bytes end in values, in a refusal, or in waiting; never in another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** A reply and the value that it stands for. */
type Sample = { write(reply: ReplyWriter): void; value: unknown };

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 200, minLength: 100 }),
);
const wellFormed = (value: string) => Buffer.from(value).toString();

const leaf = (write: Sample['write'], value: unknown): Sample => ({ write, value });

const { sample } = fc.letrec<{ sample: Sample; scalar: Sample; nested: Sample }>((tie) => ({
  scalar: fc.oneof(
    text.map((value) => leaf((reply) => reply.bulk(value), wellFormed(value))),
    text.map((value) => leaf((reply) => reply.verbatim('txt', value), wellFormed(value))),
    fc.maxSafeInteger().map((value) => leaf((reply) => reply.integer(value), value)),
    fc.double().map((value) => leaf((reply) => reply.double(value), value)),
    fc.boolean().map((value) => leaf((reply) => reply.boolean(value), value)),
    fc.bigInt().map((value) => leaf((reply) => reply.bigNumber(`${value}`), value)),
    fc.constant(leaf((reply) => reply.null(), null)),
  ),
  nested: fc
    .tuple(fc.constantFrom('array', 'set', 'map'), fc.array(tie('sample'), { maxLength: 6 }))
    .map(([shape, items]) => aggregate(shape as 'array' | 'set' | 'map', items)),
  sample: fc.oneof({ maxDepth: 4 }, tie('scalar'), tie('nested')),
}));

function aggregate(shape: 'array' | 'set' | 'map', items: Sample[]): Sample {
  return {
    write: (reply) => {
      reply[shape](items.length);
      items.forEach((item, index) => {
        if (shape === 'map') reply.bulk(`k${index}`);
        item.write(reply);
      });
    },
    value:
      shape === 'map'
        ? Object.fromEntries(items.map((item, index) => [`k${index}`, item.value]))
        : items.map((item) => item.value),
  };
}

test('any values come back as they were, whole and cut at every byte', () => {
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 5 }), (samples) => {
      const reply = new ReplyWriter(3);
      for (const { write } of samples) write(reply);
      const bytes = reply.take();
      const values = samples.map(({ value }) => value);
      expect(decode(bytes)).toEqual(values);
      expect(decode(bytes, undefined, 1)).toEqual(values);
      expect(decode(bytes, undefined, 7)).toEqual(values);
    }),
    { numRuns: 300 },
  );
});

test('a batch of many values, some of them not ASCII, comes back as it was', () => {
  const values = Array.from({ length: 3000 }, (_, i) =>
    i % 500 === 499 ? `naïve €${i} 😀` : i % 700 === 0 ? 'x'.repeat(3000) : `value:${i}`,
  );
  const reply = new ReplyWriter(3);
  for (const value of values) reply.bulk(value);
  const bytes = reply.take();
  expect(decode(bytes)).toEqual(values);
  expect(decode(bytes, undefined, 4096)).toEqual(values);
});

test('bytes that are not UTF-8 become replacement characters, as TextDecoder has them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 20 }),
      (all) => {
        const reply = new ReplyWriter(3);
        for (const bytes of all) reply.bulk(bytes);
        const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
        expect(decode(reply.take())).toEqual(all.map((bytes) => decoder.decode(bytes)));
      },
    ),
  );
});

test('a large string that comes in small pieces takes time in proportion to its size', () => {
  const bytes = bytesOf(`$300000\r\n${'x'.repeat(300000)}\r\n`);
  const [value] = decode(bytes, undefined, 16);
  expect((value as string).length).toBe(300000);
  const nested = bytesOf(`*30000\r\n${':1\r\n'.repeat(30000)}`);
  expect((decode(nested, undefined, 3)[0] as number[]).length).toBe(30000);
});
