/**
 * The commands of the question `types`, with the data that redis-benchmark uses: values of three
 * bytes, random members out of 100 000. Both sides get the very same bytes.
 */
import { encodeCommand, keyName, Random } from './requests.js';

export const MEMBERS = 100_000;
export const BATCH = 100;
const DATA = 'xxx';
/** Batches of one measurement; as many commands as members, less what must be left over. */
const USUAL_BATCHES = 900;
const FEW_BATCHES = 200;
const MANY_BYTES = '0123456789abcdef'.repeat(64);

export interface TypeExample {
  readonly name: string;
  readonly batches: number;
  /** What is there before. */
  readonly prepare: readonly Fill[];
  /** Whether it uses up what was prepared, so that each measurement needs it anew. */
  readonly drains: boolean;
  readonly least: number;
  make(random: Random): string[];
}

/** `count` commands. */
interface Fill {
  readonly count: number;
  make(index: number, random: Random): string[];
}

type Make = (random: Random) => string[];

function example(name: string, make: Make, more: Partial<TypeExample> = {}): TypeExample {
  return { name, make, batches: USUAL_BATCHES, prepare: [], drains: false, least: 5, ...more };
}

function member(index: number): string {
  return keyName(index).replace('key', 'element');
}

function anyMember(random: Random): string {
  return member(random.below(MEMBERS));
}

/** One command for each member. */
function everyMember(make: (name: string, random: Random) => string[]): Fill {
  return { count: MEMBERS, make: (index, random) => make(member(index), random) };
}

function score(random: Random): string {
  return String(random.below(MEMBERS));
}

/** Somewhere in a square of ten degrees. */
function place(random: Random): [longitude: string, latitude: string] {
  const degrees = (from: number) => (from + random.below(10_000_000) / 1_000_000).toFixed(6);
  return [degrees(10), degrees(40)];
}

const LIST: Fill = { count: MEMBERS, make: () => ['RPUSH', 'mylist', DATA] };
const SET = everyMember((name) => ['SADD', 'myset', name]);
const SORTED = everyMember((name, random) => ['ZADD', 'myzset', score(random), name]);
const PLACES = everyMember((name, random) => ['GEOADD', 'mygeo', ...place(random), name]);
const STRINGS: Fill = { count: 1000, make: (index) => ['SET', keyName(index), MANY_BYTES] };
const SMALL_SETS: Fill = {
  count: 1000,
  make: (index, random) => [
    'SADD',
    keyName(index),
    ...Array.from({ length: 100 }, () => member(random.below(200))),
  ],
};
const SMALL_HASHES: Fill = {
  count: MEMBERS,
  make: (index) => ['HSET', keyName(index), ...fields(index)],
};

/** Five fields of 2 bytes with values of 16. */
export function fields(index: number): string[] {
  return ['f1', 'f2', 'f3', 'f4', 'f5'].flatMap((name) => [name, keyName(index)]);
}

export const TYPE_EXAMPLES: readonly TypeExample[] = [
  example('LPUSH', () => ['LPUSH', 'mylist', DATA]),
  example('RPUSH', () => ['RPUSH', 'mylist', DATA]),
  example('LPOP', () => ['LPOP', 'mylist'], { prepare: [LIST], drains: true }),
  example('SADD', (random) => ['SADD', 'myset', anyMember(random)]),
  example('HSET', (random) => ['HSET', 'myhash', anyMember(random), DATA]),
  example('SPOP', () => ['SPOP', 'myset'], { prepare: [SET], drains: true }),
  example('ZADD', (random) => ['ZADD', 'myzset', score(random), anyMember(random)], { least: 6 }),
  example('ZPOPMIN', () => ['ZPOPMIN', 'myzset'], { prepare: [SORTED], drains: true }),
  example('LRANGE_100', () => ['LRANGE', 'mylist', '0', '99'], {
    prepare: [LIST],
    batches: FEW_BATCHES,
  }),
  example('MSET (10 keys)', (random) => [
    'MSET',
    ...Array.from({ length: 10 }, () => [keyName(random.below(MEMBERS)), DATA]).flat(),
  ]),
  example('XADD', () => ['XADD', 'mystream', '*', 'myfield', DATA]),
  example('PFADD', (random) => ['PFADD', 'myhll', anyMember(random)]),
  example('BITCOUNT (1 kB)', (random) => ['BITCOUNT', keyName(random.below(1000))], {
    prepare: [STRINGS],
  }),
  example(
    'GEOSEARCH (30 found)',
    (random) => ['GEOSEARCH', 'mygeo', 'FROMLONLAT', ...place(random), 'BYRADIUS', '10', 'km'],
    { prepare: [PLACES], batches: FEW_BATCHES },
  ),
  example(
    'ZRANGE (10)',
    (random) => {
      const from = random.below(MEMBERS - 10);
      return ['ZRANGE', 'myzset', String(from), String(from + 9)];
    },
    { prepare: [SORTED] },
  ),
  example('ZRANK', (random) => ['ZRANK', 'myzset', anyMember(random)], { prepare: [SORTED] }),
  example(
    'SINTER (2 of 80)',
    (random) => ['SINTER', keyName(random.below(1000)), keyName(random.below(1000))],
    { prepare: [SMALL_SETS], batches: FEW_BATCHES },
  ),
  example('HGETALL (5 fields)', (random) => ['HGETALL', keyName(random.below(MEMBERS))], {
    prepare: [SMALL_HASHES],
  }),
];

/** Batches of `BATCH` commands, each ended by what the sender wants. */
export function batchesOf(count: number, ending: string, make: (index: number) => string[]) {
  const encoder = new TextEncoder();
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => {
    let text = '';
    const end = Math.min(count, (batch + 1) * BATCH);
    for (let index = batch * BATCH; index < end; index++) text += encodeCommand(make(index));
    return encoder.encode(text + ending);
  });
}

export function fillingBatches({ prepare }: TypeExample, ending: string): Uint8Array[] {
  const random = new Random(0x7feb352d);
  return prepare.flatMap(({ count, make }) =>
    batchesOf(count, ending, (index) => make(index, random)),
  );
}

/** The same ones on both sides, in every measurement. */
export function measuredBatches({ make, batches }: TypeExample, ending: string): Uint8Array[] {
  const random = new Random(0x1b873593);
  return batchesOf(batches * BATCH, ending, () => make(random));
}
