/**
 * What the clients of a simulated store ask for: commands of all types on few keys, by chance, now and
 * then within MULTI and EXEC, and what the administrator asks for.
 */
import type { Durability } from '../../src/storage/storage.js';
import type { Dice } from './world.js';

const KEYS = ['a', 'b', 'c', 'd', 'e'];
const MEMBERS = ['x', 'y', 'z', '1', '2'];

type Make = (dice: Dice) => string[];

const key = (dice: Dice) => dice.pick(KEYS);
const member = (dice: Dice) => dice.pick(MEMBERS);
const number = (dice: Dice) => String(dice.between(-50, 50));
const text = (dice: Dice) => 'v'.repeat(dice.below(30)) + dice.below(1000);

/** Most of them write; any may fail because the key holds another type. */
const WRITES: readonly Make[] = [
  (dice) => ['SET', key(dice), text(dice)],
  (dice) => ['SET', key(dice), text(dice), 'PX', String(dice.between(1, 3000))],
  (dice) => ['APPEND', key(dice), text(dice)],
  (dice) => ['INCRBY', key(dice), number(dice)],
  (dice) => ['INCRBYFLOAT', key(dice), '0.5'],
  (dice) => ['GETSET', key(dice), text(dice)],
  (dice) => ['MSET', key(dice), text(dice), key(dice), text(dice)],
  (dice) => ['SETBIT', key(dice), String(dice.below(200)), '1'],
  (dice) => ['RPUSH', key(dice), text(dice), text(dice)],
  (dice) => ['LPOP', key(dice)],
  (dice) => ['LMOVE', key(dice), key(dice), 'LEFT', 'RIGHT'],
  (dice) => ['HSET', key(dice), member(dice), text(dice)],
  (dice) => ['HDEL', key(dice), member(dice)],
  (dice) => ['SADD', key(dice), member(dice), text(dice)],
  (dice) => ['SPOP', key(dice)],
  (dice) => ['SMOVE', key(dice), key(dice), member(dice)],
  (dice) => ['ZADD', key(dice), number(dice), member(dice)],
  (dice) => ['ZINCRBY', key(dice), number(dice), member(dice)],
  (dice) => ['ZPOPMIN', key(dice)],
  (dice) => ['XADD', key(dice), '*', 'f', text(dice)],
  (dice) => ['PFADD', key(dice), text(dice)],
  (dice) => ['PEXPIRE', key(dice), String(dice.between(1, 5000))],
  (dice) => ['PERSIST', key(dice)],
  (dice) => ['RENAME', key(dice), key(dice)],
  (dice) => ['COPY', key(dice), key(dice), 'REPLACE'],
  (dice) => ['DEL', key(dice), key(dice)],
];

const READS: readonly Make[] = [
  (dice) => ['GET', key(dice)],
  (dice) => ['TYPE', key(dice)],
  (dice) => ['LRANGE', key(dice), '0', '-1'],
  () => ['DBSIZE'],
  () => ['PING'],
];

const RARE: readonly Make[] = [
  () => ['FLUSHALL'],
  (dice) => ['SELECT', String(dice.below(3))],
  () => ['SWAPDB', '0', '1'],
  (dice) => ['MOVE', key(dice), '1'],
];

/** Whole requests and how many replies they get. */
export interface Batch {
  readonly requests: Uint8Array;
  /** The same for people. */
  readonly text: string;
  readonly replies: number;
  /** Whether it ends with WAITAOF. */
  readonly waits: boolean;
}

const ADMINISTRATION: readonly string[][] = [
  ['SAVE'],
  ['BGSAVE'],
  ['BGREWRITEAOF'],
  ['BGSAVE', 'SCHEDULE'],
  ['INFO', 'persistence'],
  ['LASTSAVE'],
];

const MODES: readonly Durability[] = ['always', 'everysec', 'no'];

export function drawBatch(dice: Dice, administers: boolean): Batch {
  const what = dice.below(100);
  if (administers && what < 6) return batchOf([[...dice.pick(ADMINISTRATION)]]);
  if (administers && what < 9) return batchOf([['CONFIG', 'SET', 'appendfsync', dice.pick(MODES)]]);
  if (administers && what < 11) {
    return batchOf([['CONFIG', 'SET', 'appendonly', dice.pick(['yes', 'yes', 'no'])]]);
  }
  if (what < 14) return batchOf([command(dice), ['WAITAOF', '1', '0', '0']]);
  const commands = Array.from({ length: dice.between(1, 5) }, () => command(dice));
  return batchOf(dice.chance(0.25) ? [['MULTI'], ...commands, ['EXEC']] : commands);
}

function command(dice: Dice): string[] {
  const what = dice.below(100);
  const choices = what < 75 ? WRITES : what < 97 ? READS : RARE;
  return dice.pick(choices)(dice);
}

function batchOf(commands: readonly string[][]): Batch {
  const requests = commands.map((words) => {
    const parts = words.map((word) => `$${word.length}\r\n${word}\r\n`);
    return `*${words.length}\r\n${parts.join('')}`;
  });
  return {
    requests: new TextEncoder().encode(requests.join('')),
    text: commands.map((words) => words.join(' ')).join('; '),
    replies: commands.length,
    waits: commands.at(-1)?.[0] === 'WAITAOF',
  };
}
