/**
 * Random keyspaces for the tests of snapshots: commands that fill a store with values of every
 * type and encoding, few and many, short and long, numbers and noise.
 */
import type { Random } from '../support/float-samples.js';
import type { Argument } from '../support/wire.js';

export type Command = readonly Argument[];

const below = (random: Random, bound: number): number => Math.floor(random() * bound);
const oneOf = <T>(random: Random, items: readonly T[]): T =>
  items[below(random, items.length)] as T;

const INTEGERS = [
  ...['0', '-1', '12', '63', '64', '127', '128', '-128', '-129', '255', '4095', '4096', '-4096'],
  ...['32767', '32768', '-32769', '65535', '8388607', '8388608', '-8388609', '2147483647'],
  ...['2147483648', '-2147483648', '-2147483649', '4294967296', '9223372036854775807'],
  ...['-9223372036854775808', '9223372036854775808', '007', '+5', '-0', '1.5', ''],
];
const LENGTHS = [1, 5, 11, 20, 21, 44, 45, 63, 64, 65, 200, 253, 254, 255, 4095, 4096, 17000];

function noise(random: Random, length: number): Buffer {
  const letters = oneOf(random, [2, 30, 256]);
  return Buffer.from(
    Uint8Array.from({ length }, () => below(random, letters) + (letters < 99 ? 97 : 0)),
  );
}

/** A text as values have it; those of small collections should mostly stay short. */
function text(random: Random, short = false): Argument {
  const kind = below(random, 10);
  if (kind < 3) return oneOf(random, INTEGERS);
  if (kind < 5) return String(below(random, 100_000) - 50_000);
  if (kind < 9 || short) return noise(random, 1 + below(random, 30));
  const length = oneOf(random, LENGTHS);
  return random() < 0.5 ? noise(random, length) : Buffer.alloc(length, 'redis ');
}

/** How many elements: mostly few, so that encodings stay small; sometimes more than they hold. */
function size(random: Random): number {
  return oneOf(random, [1, 1, 2, 3, 5, 20, 100, 130, 200, 600]);
}

function texts(random: Random): Argument[] {
  const short = random() < 0.7;
  return Array.from({ length: size(random) }, () => text(random, short));
}

function integers(random: Random): string[] {
  const width = oneOf(random, [100, 30_000, 1e9, 2 ** 52]);
  return Array.from({ length: size(random) }, () => String(below(random, width) - width / 2));
}

function score(random: Random): string {
  const kind = below(random, 6);
  if (kind === 0) return oneOf(random, ['inf', '-inf', '0', '-0', '1e300', '5e-324', '0.1']);
  if (kind < 4) return String(below(random, 50));
  return String((random() - 0.5) * 10 ** below(random, 20));
}

type Maker = (random: Random, key: string) => Command[];

const list: Maker = (random, key) => [['RPUSH', key, ...texts(random)]];
const set: Maker = (random, key) => [
  ['SADD', key, ...(random() < 0.5 ? integers(random) : texts(random))],
];
const hash: Maker = (random, key) => [
  ['HSET', key, ...texts(random).flatMap((field) => [field, text(random, true)])],
];
const sortedSet: Maker = (random, key) => [
  ['ZADD', key, ...texts(random).flatMap((member) => [score(random), member])],
];
const string: Maker = (random, key) => [['SET', key, text(random)]];

const stream: Maker = (random, key) => {
  const commands: Command[] = [];
  let ms = below(random, 1000);
  const ids: string[] = [];
  for (let left = size(random); left > 0; left--) {
    ms += below(random, 3);
    const id = `${ms}-${ids.length + 1}`;
    const fields = random() < 0.7 ? ['a', 'b'] : [text(random, true)];
    commands.push(['XADD', key, id, ...fields.flatMap((field) => [field, text(random, true)])]);
    ids.push(id);
  }
  for (const id of ids) if (random() < 0.1) commands.push(['XDEL', key, id]);
  for (let group = below(random, 3); group > 0; group--) {
    commands.push(['XGROUP', 'CREATE', key, `group${group}`, oneOf(random, ['0', '$', ...ids])]);
    for (let reader = below(random, 4); reader > 0; reader--) {
      const count = String(1 + below(random, 20));
      commands.push(
        [
          'XREADGROUP',
          'GROUP',
          `group${group}`,
          `reader${reader}`,
          'COUNT',
          count,
          'STREAMS',
          key,
          '>',
        ],
        ['XACK', key, `group${group}`, oneOf(random, ids)],
      );
    }
  }
  return commands;
};

const MAKERS = { string, list, set, hash, zset: sortedSet, stream } as const;
export type Kind = keyof typeof MAKERS;
export const KINDS = Object.keys(MAKERS) as Kind[];

/** Commands that make `keys` keys of these kinds, some of them with a deadline. */
export function keyspace(random: Random, keys: number, kinds: readonly Kind[] = KINDS): Command[] {
  const commands: Command[] = [];
  for (let number = 0; number < keys; number++) {
    const key = random() < 0.05 ? `long:${'k'.repeat(70_000)}:${number}` : `key:${number}`;
    commands.push(...MAKERS[oneOf(random, kinds)](random, key));
    if (random() < 0.2) commands.push(['PEXPIREAT', key, String(4e12 + below(random, 1e9))]);
  }
  return commands;
}

/** Settings that move the limits of the small encodings, and how lists are cut up. */
export function settings(random: Random): Command[] {
  const limit = () => oneOf(random, ['0', '2', '64', '128', '512']);
  return [
    ['CONFIG', 'SET', 'hash-max-listpack-entries', limit()],
    ['CONFIG', 'SET', 'hash-max-listpack-value', limit()],
    ['CONFIG', 'SET', 'zset-max-listpack-entries', limit()],
    ['CONFIG', 'SET', 'zset-max-listpack-value', limit()],
    ['CONFIG', 'SET', 'set-max-intset-entries', limit()],
    ['CONFIG', 'SET', 'list-max-listpack-size', oneOf(random, ['-1', '-2', '-5', '1', '7', '100'])],
    ['CONFIG', 'SET', 'list-compress-depth', oneOf(random, ['0', '0', '1', '3'])],
    ['CONFIG', 'SET', 'stream-node-max-entries', oneOf(random, ['1', '3', '100'])],
    ['CONFIG', 'SET', 'rdbcompression', oneOf(random, ['yes', 'no'])],
  ];
}
