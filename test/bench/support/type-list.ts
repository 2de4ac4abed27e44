/**
 * The commands of the question `types`: what the store holds before a round, and how one command
 * is written. As redis-benchmark has them where it has them: random members out of 100 000.
 */
import { keyName, type Random, VALUE } from './requests.js';

/** Members that random ones are drawn from. */
const MEMBERS = 100_000;
/** So many hashes, each of so many fields. */
const HASHES = 1000;
const FIELDS = 20;
const POINTS = 10_000;
const COMMON = 50;

export interface TypeExample {
  readonly name: string;
  /** The least ratio to redis-server. */
  readonly budget: number;
  /** What both stores are given before each round, `commands` of which will follow. */
  fill(commands: number): string[][];
  make(random: Random): string[];
}

/** 14 bytes. */
export function member(index: number): string {
  return `m:${String(index).padStart(12, '0')}`;
}

type Fill = (commands: number) => string[][];
type Make = (random: Random) => string[];

const nothing: Fill = () => [];

function example(name: string, make: Make, fill: Fill = nothing, budget = 5): TypeExample {
  return { name, budget, fill, make };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** `head` and what `tail` makes of each index, a hundred in a command. */
function inHundreds(
  head: readonly string[],
  count: number,
  tail: (i: number) => string[],
): string[][] {
  return times(Math.ceil(count / 100), (hundred) => [
    ...head,
    ...times(Math.min(100, count - hundred * 100), (at) => tail(hundred * 100 + at)).flat(),
  ]);
}

const anyMember = (random: Random) => member(random.below(MEMBERS));
const pushed: Fill = (count) => inHundreds(['RPUSH', 'list'], count, () => [VALUE]);
const members: Fill = (count) => inHundreds(['SADD', 'set'], count, (i) => [member(i)]);
const scored: Fill = (count) =>
  inHundreds(['ZADD', 'zset'], count, (i) => [String((i * 7919) % count), member(i)]);
const allScored: Fill = () => scored(MEMBERS);

function rankRange(random: Random): string[] {
  const from = random.below(MEMBERS - 10);
  return ['ZRANGE', 'zset', String(from), String(from + 9)];
}

function twoSets(): string[][] {
  const first = times(2 * COMMON, (index) => member(index));
  const second = times(2 * COMMON, (index) => member(index + COMMON));
  return [
    ['SADD', 'a', ...first],
    ['SADD', 'b', ...second],
  ];
}

function hashes(): string[][] {
  return times(HASHES, (index) => [
    'HSET',
    `hash:${index}`,
    ...times(FIELDS, (field) => [`field:${field}`, `value:${field}`]).flat(),
  ]);
}

/** Points spread over a few hundred kilometres. */
function points(): string[][] {
  return inHundreds(['GEOADD', 'geo'], POINTS, (index) => [
    (10 + ((index * 7919) % POINTS) / 2000).toFixed(6),
    (45 + ((index * 104729) % POINTS) / 2000).toFixed(6),
    member(index),
  ]);
}

function geoSearch(random: Random): string[] {
  const longitude = (10 + random.below(5000) / 1000).toFixed(3);
  const latitude = (45 + random.below(5000) / 1000).toFixed(3);
  return ['GEOSEARCH', 'geo', 'FROMLONLAT', longitude, latitude, 'BYRADIUS', '20', 'km', 'ASC'];
}

function tenKeys(random: Random): string[] {
  return ['MSET', ...times(10, () => [keyName(random.below(MEMBERS)), VALUE]).flat()];
}

export const TYPE_EXAMPLES: readonly TypeExample[] = [
  example('LPUSH', () => ['LPUSH', 'list', VALUE]),
  example('RPUSH', () => ['RPUSH', 'list', VALUE]),
  example('LPOP', () => ['LPOP', 'list'], pushed),
  example('SADD', (random) => ['SADD', 'set', anyMember(random)]),
  example('HSET', (random) => ['HSET', 'hash', anyMember(random), VALUE]),
  example('SPOP', () => ['SPOP', 'set'], members),
  example(
    'ZADD (update)',
    (random) => ['ZADD', 'zset', String(random.below(MEMBERS)), anyMember(random)],
    allScored,
    6,
  ),
  example('ZPOPMIN', () => ['ZPOPMIN', 'zset'], scored),
  example(
    'LRANGE_100',
    () => ['LRANGE', 'list', '0', '99'],
    () => pushed(MEMBERS),
  ),
  example('MSET (10 keys)', tenKeys),
  example('XADD', () => ['XADD', 'stream', '*', 'field', VALUE]),
  example('PFADD', (random) => ['PFADD', 'hll', anyMember(random)]),
  example(
    'BITCOUNT (10 kB)',
    () => ['BITCOUNT', 'bits'],
    () => [['SET', 'bits', '7'.repeat(10_000)]],
  ),
  example('GEOSEARCH', geoSearch, points),
  example('ZRANGE (10 of 100k)', rankRange, allScored),
  example('ZRANK', (random) => ['ZRANK', 'zset', anyMember(random)], allScored),
  example('SINTER (50 of 100)', () => ['SINTER', 'a', 'b'], twoSets),
  example('HGETALL (20 fields)', (random) => ['HGETALL', `hash:${random.below(HASHES)}`], hashes),
];
