/**
 * The commands of the question `commands`: how each is written, and what the keys hold before.
 * All keys are those of `keyName`, `KEYS` of them.
 */
import { keyName, type Random, VALUE } from './requests.js';

export const KEYS = 100_000;

export interface Example {
  readonly name: string;
  /** What every key holds at first. */
  readonly value: string;
  /** Commands that belong together, each with its arguments. */
  make(random: Random): string[][];
  /** Sent once ahead, for every key: a deadline, say. */
  readonly ahead?: (key: string) => string[];
}

type Make = (key: string, random: Random) => string[];

/** One command on a random key. */
function one(name: string, make: Make, more: Partial<Example> = {}): Example {
  const onRandomKey = (random: Random) => [make(keyOf(random), random)];
  return { name, value: VALUE, make: onRandomKey, ...more };
}

/** Several commands on one random key: the last leaves it as the first one found it. */
function together(name: string, make: (key: string) => string[][]): Example {
  return { name, value: VALUE, make: (random) => make(keyOf(random)) };
}

function keyOf(random: Random): string {
  return keyName(random.below(KEYS));
}

function otherName(key: string): string {
  return key.replace('key', 'two');
}

/** Ten keys, each followed by `rest`. */
function tenKeys(random: Random, rest: readonly string[] = []): string[] {
  return Array.from({ length: 10 }, () => [keyOf(random), ...rest]).flat();
}

const INTEGER = { value: '100' };
const FLOAT = { value: '1.5' };
const EXPIRING = { ahead: (key: string) => ['EXPIRE', key, '100000'] };

export const EXAMPLES: readonly Example[] = [
  one('PING', () => ['PING']),
  one('GET', (key) => ['GET', key]),
  one('SET', (key) => ['SET', key, VALUE]),
  one('SET EX', (key) => ['SET', key, VALUE, 'EX', '1000']),
  one('SETEX', (key) => ['SETEX', key, '1000', VALUE]),
  one('SETNX (present)', (key) => ['SETNX', key, VALUE]),
  one('GETSET', (key) => ['GETSET', key, VALUE]),
  one('GETEX PERSIST (none)', (key) => ['GETEX', key, 'PERSIST']),
  together('GETDEL + SET', (key) => [
    ['GETDEL', key],
    ['SET', key, VALUE],
  ]),
  one('MSET (10 keys)', (_, random) => ['MSET', ...tenKeys(random, [VALUE])]),
  one('MGET (10 keys)', (_, random) => ['MGET', ...tenKeys(random)]),
  one('STRLEN', (key) => ['STRLEN', key]),
  one('APPEND', (key) => ['APPEND', key, 'tail']),
  one('GETRANGE', (key) => ['GETRANGE', key, '4', '19']),
  one('SETRANGE', (key) => ['SETRANGE', key, '8', 'middle']),
  one('INCR', (key) => ['INCR', key], INTEGER),
  one('DECRBY', (key) => ['DECRBY', key, '7'], INTEGER),
  one('INCRBYFLOAT', (key) => ['INCRBYFLOAT', key, '0.25'], FLOAT),
  one('LCS', (key, random) => ['LCS', key, keyOf(random), 'LEN']),
  together('DEL + SET', (key) => [
    ['DEL', key],
    ['SET', key, VALUE],
  ]),
  one('EXISTS', (key) => ['EXISTS', key]),
  one('TYPE', (key) => ['TYPE', key]),
  one('TOUCH', (key) => ['TOUCH', key]),
  one('EXPIRE', (key) => ['EXPIRE', key, '100000']),
  one('TTL', (key) => ['TTL', key], EXPIRING),
  together('EXPIRE + PERSIST', (key) => [
    ['EXPIRE', key, '100000'],
    ['PERSIST', key],
  ]),
  together('RENAME + RENAME', (key) => [
    ['RENAME', key, otherName(key)],
    ['RENAME', otherName(key), key],
  ]),
  one('COPY', (key) => ['COPY', key, otherName(key), 'REPLACE']),
  one('OBJECT ENCODING', (key) => ['OBJECT', 'ENCODING', key]),
  one('RANDOMKEY', () => ['RANDOMKEY']),
  one('SCAN', (_, random) => ['SCAN', String(random.below(131_072))]),
  one('DBSIZE', () => ['DBSIZE']),
];
