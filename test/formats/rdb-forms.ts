/**
 * A value in each form that a snapshot can have: those that redis-server writes come from it,
 * older and newer ones from an encoder of our own.
 */
import type { Connection } from '../support/connection.js';
import type { Argument } from '../support/wire.js';
import type { Command } from './rdb-keyspaces.js';
import { bulk, length, sendAll, string, unseal, ziplist, zipmap } from './rdb-kit.js';

export interface Form {
  readonly name: string;
  /** Type and body. */
  readonly body: Buffer;
  /** The same value, made by commands; the key is `k`. */
  readonly commands: readonly Command[];
  /** False for what redis-server 7.0 does not know. */
  readonly isOurs?: boolean;
}

const ELEMENTS = ['a', '5', '300', '-70000', '10000000', '123456789012', 'text', 'x'.repeat(70)];
const PAIRS = ['f1', 'v1', '7', '8', 'long', 'y'.repeat(260), '-1', '4000000000'];
const SCORED = [
  ['a', 1],
  ['b', 1],
  ['7', 2.5],
  ['inf', Number.POSITIVE_INFINITY],
] as const;

const rpush: Command[] = [['RPUSH', 'k', ...ELEMENTS]];
const hset: Command[] = [['HSET', 'k', ...PAIRS]];
const zadd: Command[] = [
  [
    'ZADD',
    'k',
    ...SCORED.flatMap(([member, score]) => [score === Infinity ? 'inf' : `${score}`, member]),
  ],
];
const INTS = ['-5', '1', '2', '70000'];

const strings = (items: readonly Argument[]): Buffer[] => items.map(string);
const form = (type: number, ...parts: Buffer[]): Buffer =>
  Buffer.concat([Buffer.of(type), ...parts]);

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function scoreText(value: number): Buffer {
  if (value === Infinity) return Buffer.of(254);
  const text = String(value);
  return Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
}

const LZF = Buffer.from('0361626361e00a020063', 'hex');

/** The forms that nobody writes any more, or not yet. */
const ENCODED: readonly Form[] = [
  { name: 'list', body: form(1, length(8), ...strings(ELEMENTS)), commands: rpush },
  { name: 'list of one ziplist', body: form(10, string(ziplist(ELEMENTS))), commands: rpush },
  {
    name: 'quicklist of ziplists',
    body: form(
      14,
      length(2),
      string(ziplist(ELEMENTS.slice(0, 3))),
      string(ziplist(ELEMENTS.slice(3))),
    ),
    commands: rpush,
  },
  {
    name: 'sorted set with scores as text',
    body: form(
      3,
      length(4),
      ...SCORED.flatMap(([member, score]) => [string(member), scoreText(score)]),
    ),
    commands: zadd,
  },
  {
    name: 'sorted set with doubles',
    body: form(
      5,
      length(4),
      ...SCORED.flatMap(([member, score]) => [string(member), double(score)]),
    ),
    commands: zadd,
  },
  {
    name: 'sorted set as a ziplist',
    body: form(
      12,
      string(
        ziplist(
          SCORED.flatMap(([member, score]) => [member, score === Infinity ? 'inf' : `${score}`]),
        ),
      ),
    ),
    commands: zadd,
  },
  { name: 'hash', body: form(4, length(4), ...strings(PAIRS)), commands: hset },
  { name: 'hash as a zipmap', body: form(9, string(zipmap(PAIRS, 2))), commands: hset },
  { name: 'hash as a ziplist', body: form(13, string(ziplist(PAIRS))), commands: hset },
  {
    name: 'compressed string',
    body: form(0, Buffer.of(0xc3), length(LZF.length), length(24), LZF),
    commands: [['SET', 'k', 'abc'.repeat(8)]],
  },
  {
    name: 'set',
    body: form(2, length(3), ...strings(['x', '12', 'z'])),
    commands: [['SADD', 'k', 'x', '12', 'z']],
  },
  {
    name: 'set as a listpack',
    body: form(20, string(Buffer.from('14000000040081610281620205018363656604ff', 'hex'))),
    commands: [['SADD', 'k', 'a', 'b', '5', 'cef']],
    isOurs: true,
  },
];

const STREAM_NODE = Buffer.from(
  // One entry, 5-1 {a: b}, as assembly/structures/stream-node.ts shows it.
  '1d0000000a0001010001010181610200010201000100018162020401ff',
  'hex',
);
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const rawId = Buffer.from('00000000000000050000000000000001', 'hex');

/** When field b ends in the forms of hashes with deadlines: far away, and a power of two. */
export const FIELD_DEADLINE = 2 ** 42;

const TIMED: readonly Form[] = [
  {
    name: 'hash with deadlines',
    body: form(
      24,
      u64(FIELD_DEADLINE - 1000),
      length(2),
      ...[length(0), string('a'), string('1')],
      ...[length(1001), string('b'), string('2')],
    ),
    commands: [['HSET', 'k', 'a', '1', 'b', '2']],
    isOurs: true,
  },
  {
    name: 'hash with deadlines as a listpack',
    body: form(
      25,
      u64(FIELD_DEADLINE),
      string(Buffer.from('1d0000000600816102010100018162020201f4000000000004000009ff', 'hex')),
    ),
    commands: [['HSET', 'k', 'a', '1', 'b', '2']],
    isOurs: true,
  },
];

/** The stream 5-1 {a: b} with a group that has read it, in the form of a version. */
function stream(version: 1 | 3): Buffer {
  const type = version === 1 ? 15 : 21;
  const nodes = [length(1), string(rawId), string(STREAM_NODE)];
  const ids = [length(1), length(5), length(1)];
  const longer = version === 1 ? [] : [5, 1, 0, 0, 1].map(length);
  const group = [string('g'), length(5), length(1), ...(version === 1 ? [] : [length(1)])];
  const pending = [length(1), rawId, u64(1_600_000_000_000), length(1)];
  const times = version === 1 ? [u64(1_600_000_000_000)] : [u64(1_600_000_000_000), u64(5)];
  const consumers = [length(1), string('c'), ...times, length(1), rawId];
  return form(type, ...nodes, ...ids, ...longer, length(1), ...group, ...pending, ...consumers);
}

const streamCommands: Command[] = [
  ['XADD', 'k', '5-1', 'a', 'b'],
  ['XGROUP', 'CREATE', 'k', 'g', '0'],
  ['XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 'k', '>'],
];

const OLD_STREAMS: readonly Form[] = [
  { name: 'stream of version 1', body: stream(1), commands: streamCommands },
  { name: 'stream of version 3', body: stream(3), commands: streamCommands, isOurs: true },
];

/** Commands whose values redis-server writes in the forms of today. */
const MADE: readonly [string, Command[]][] = [
  ['short string', [['SET', 'k', 'hello']]],
  ['integer', [['SET', 'k', '70000']]],
  ['long string', [['SET', 'k', 'hello '.repeat(30)]]],
  ['quicklist', [...rpush, ['RPUSH', 'k', 'a'.repeat(200), ...ELEMENTS]]],
  ['intset', [['SADD', 'k', ...INTS]]],
  ['hash as a listpack', hset],
  ['sorted set as a listpack', zadd],
  [
    'stream',
    [
      ['XADD', 'k', '1-1', 'a', '1', 'b', '2'],
      ['XADD', 'k', '1-2', 'a', '3', 'b', '4'],
      ['XADD', 'k', '5-0', 'other', 'fields', 'and', 'more'],
      ['XADD', 'k', '5-1', 'a', '3', 'b', '4'],
      ['XDEL', 'k', '1-2'],
      ['XGROUP', 'CREATE', 'k', 'g', '0'],
      ['XREADGROUP', 'GROUP', 'g', 'c1', 'COUNT', '1', 'STREAMS', 'k', '>'],
      ['XREADGROUP', 'GROUP', 'g', 'c2', 'STREAMS', 'k', '>'],
      ['XGROUP', 'CREATE', 'k', 'h', '5-0'],
    ],
  ],
];

/** Every form; the connection is one to redis-server, whose data are lost. */
export async function allForms(redis: Connection): Promise<Form[]> {
  const made: Form[] = [];
  for (const [name, commands] of MADE) {
    await sendAll(redis, [['FLUSHALL'], ...commands]);
    made.push({ name, commands, body: unseal(bulk(await redis.send('DUMP', 'k'))) });
  }
  return [...made, ...ENCODED, ...OLD_STREAMS, ...TIMED];
}
