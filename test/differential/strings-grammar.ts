/** The grammar of strings, and of what all keys have in common: names, databases, deadlines. */
import {
  database,
  float,
  integer,
  KEYS,
  key,
  milliseconds,
  millisecondsAt,
  offset,
  pattern,
  seconds,
  secondsAt,
  value,
} from './arguments.js';
import {
  command,
  constant,
  type Grammar,
  many,
  oneOf,
  option,
  options,
  type Rows,
  sequence,
  weighted,
  word,
} from './grammar.js';

const pair = sequence(key, value);
const times = [
  option('EX', seconds),
  option('PX', milliseconds),
  option('EXAT', secondsAt),
  option('PXAT', millisecondsAt),
];
const setOptions = options(3, word('NX'), word('XX'), word('GET'), word('KEEPTTL'), ...times);
const getexOptions = options(1, word('PERSIST'), ...times);
const expireOptions = options(2, word('NX'), word('XX'), word('GT'), word('LT'));
const databaseOrNot = weighted([9, database], [1, integer]);
const copyOptions = options(2, word('REPLACE'), option('DB', databaseOrNot));
const lcsOptions = options(
  3,
  word('LEN'),
  word('IDX'),
  word('WITHMATCHLEN'),
  option('MINMATCHLEN', integer),
);
const type = oneOf('string', 'STRING', 'list', 'hash', 'set', 'zset', 'stream', 'none', '');
/** With so large a COUNT one call answers everything: cursors need not be alike. */
const scanRest = options(2, option('MATCH', pattern), option('TYPE', type));

export const STRINGS: Rows = [
  [10, command('SET', key, value)],
  [10, command('SET', key, value, setOptions)],
  [8, command('GET', key)],
  [2, command('GETSET', key, value)],
  [2, command('GETDEL', key)],
  [3, command('GETEX', key, getexOptions)],
  [2, command('SETEX', key, seconds, value)],
  [2, command('PSETEX', key, milliseconds, value)],
  [2, command('SETNX', key, value)],
  [3, command('MGET', many(key))],
  [3, command('MSET', many(pair))],
  [1, command('MSET', many(pair, 1, 60))],
  [2, command('MSETNX', many(pair))],
  [5, command('APPEND', key, value)],
  [3, command('STRLEN', key)],
  [4, command('GETRANGE', key, offset, offset)],
  [1, command('SUBSTR', key, offset, offset)],
  [4, command('SETRANGE', key, offset, value)],
  [4, command('INCR', key)],
  [4, command('DECR', key)],
  [4, command('INCRBY', key, integer)],
  [4, command('DECRBY', key, integer)],
  [6, command('INCRBYFLOAT', key, float)],
  [2, command('LCS', key, key, lcsOptions)],
];

const databases: Rows = [
  [1, command('DEL', many(key, 1, 30))],
  [1, command('SWAPDB', databaseOrNot, databaseOrNot)],
  [4, command('SELECT', databaseOrNot)],
  [1, command('KEYS', pattern)],
  [1, command('SCAN', constant('0'), option('COUNT', constant('100000')), scanRest)],
  [2, command('DBSIZE')],
  [1, command('OBJECT REFCOUNT', key)],
  [1, command('DEBUG DIGEST')],
  // Emptying everything is rare: what comes after it is dull.
  [2, command('FLUSHDB', options(1, word('ASYNC'), word('SYNC')))],
];

/** What works on keys of every type. */
export function genericRows(name: typeof key): Rows {
  return [
    [4, command('DEL', many(name, 1, 2))],
    [2, command('UNLINK', many(name, 1, 2))],
    [2, command('EXISTS', many(name))],
    [1, command('TOUCH', many(name))],
    [2, command('TYPE', name)],
    [3, command('RENAME', name, name)],
    [3, command('RENAMENX', name, name)],
    [4, command('COPY', name, name, copyOptions)],
    [3, command('MOVE', name, databaseOrNot)],
    [3, command('OBJECT ENCODING', name)],
    [1, command('OBJECT IDLETIME', name)],
    [1, command('OBJECT FREQ', name)],
    [1, command('DEBUG DIGEST-VALUE', many(name))],
    [2, command('EXPIRE', name, seconds, expireOptions)],
    [2, command('PEXPIRE', name, milliseconds, expireOptions)],
    [3, command('EXPIREAT', name, secondsAt, expireOptions)],
    [3, command('PEXPIREAT', name, millisecondsAt, expireOptions)],
    [2, command('TTL', name)],
    [2, command('PTTL', name)],
    [2, command('EXPIRETIME', name)],
    [3, command('PEXPIRETIME', name)],
    [2, command('PERSIST', name)],
  ];
}

const rest: Rows = [
  [1, command('HELLO', oneOf('2', '3', '4', 'x', ''))],
  [1, command('PING', many(value, 0, 1))],
  [1, command('ECHO', value)],
  [1, command('NOSUCH', many(value, 0, 3))],
  [1, command('OBJECT', value)],
];

export const stringsGrammar: Grammar = {
  name: 'strings',
  rows: [...STRINGS, ...databases, ...genericRows(key), ...rest],
  keys: KEYS,
};
