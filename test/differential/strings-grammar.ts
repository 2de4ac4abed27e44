/** The grammar of strings, keys and expiry. */
import * as fc from 'fast-check';
import {
  type Command,
  command,
  database,
  float,
  integer,
  key,
  many,
  milliseconds,
  millisecondsAt,
  offset,
  option,
  options,
  pattern,
  seconds,
  secondsAt,
  value,
  withWrongArity,
  word,
} from './grammar.js';

const pair = fc.tuple(key, value);
const times = [
  option('EX', seconds),
  option('PX', milliseconds),
  option('EXAT', secondsAt),
  option('PXAT', millisecondsAt),
];
const setOptions = options(3, word('NX'), word('XX'), word('GET'), word('KEEPTTL'), ...times);
const getexOptions = options(1, word('PERSIST'), ...times);
const expireOptions = options(2, word('NX'), word('XX'), word('GT'), word('LT'));
const databaseOrNot = fc.oneof(
  { weight: 9, arbitrary: database },
  { weight: 1, arbitrary: integer },
);
const copyOptions = options(2, word('REPLACE'), option('DB', databaseOrNot));
const lcsOptions = options(
  3,
  word('LEN'),
  word('IDX'),
  word('WITHMATCHLEN'),
  option('MINMATCHLEN', integer),
);
const type = fc.constantFrom('string', 'STRING', 'list', 'none', '');
/** With so large a COUNT one call answers everything: cursors need not be alike. */
const scanRest = options(2, option('MATCH', pattern), option('TYPE', type));

const strings: [number, fc.Arbitrary<Command>][] = [
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

const keys: [number, fc.Arbitrary<Command>][] = [
  [4, command('DEL', many(key, 1, 2))],
  [1, command('DEL', many(key, 1, 30))],
  [2, command('UNLINK', many(key, 1, 2))],
  [2, command('EXISTS', many(key))],
  [1, command('TOUCH', many(key))],
  [2, command('TYPE', key)],
  [3, command('RENAME', key, key)],
  [3, command('RENAMENX', key, key)],
  [4, command('COPY', key, key, copyOptions)],
  [3, command('MOVE', key, databaseOrNot)],
  [1, command('SWAPDB', databaseOrNot, databaseOrNot)],
  [4, command('SELECT', databaseOrNot)],
  [1, command('KEYS', pattern)],
  [1, command('SCAN', fc.constant('0'), option('COUNT', fc.constant('1000')), scanRest)],
  [2, command('DBSIZE')],
  [3, command('OBJECT ENCODING', key)],
  [1, command('OBJECT REFCOUNT', key)],
  [1, command('OBJECT IDLETIME', key)],
  [1, command('OBJECT FREQ', key)],
  [1, command('DEBUG DIGEST')],
  [1, command('DEBUG DIGEST-VALUE', many(key))],
];

const expiry: [number, fc.Arbitrary<Command>][] = [
  [3, command('EXPIRE', key, seconds, expireOptions)],
  [3, command('PEXPIRE', key, milliseconds, expireOptions)],
  [4, command('EXPIREAT', key, secondsAt, expireOptions)],
  [4, command('PEXPIREAT', key, millisecondsAt, expireOptions)],
  [2, command('TTL', key)],
  [2, command('PTTL', key)],
  [2, command('EXPIRETIME', key)],
  [3, command('PEXPIRETIME', key)],
  [2, command('PERSIST', key)],
];

const rest: [number, fc.Arbitrary<Command>][] = [
  [1, command('HELLO', fc.constantFrom('2', '3', '4', 'x', ''))],
  [1, command('PING', many(value, 0, 1))],
  [1, command('ECHO', value)],
  [1, command('NOSUCH', many(value, 0, 3))],
  [1, command('OBJECT', value)],
];

function weighted(rows: [number, fc.Arbitrary<Command>][]): fc.Arbitrary<Command> {
  return fc.oneof(...rows.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

export const stringsGrammar: fc.Arbitrary<Command> = withWrongArity(
  fc.oneof(
    { weight: 100, arbitrary: weighted([...strings, ...keys, ...expiry, ...rest]) },
    // Emptying everything is rare: what comes after it is dull.
    { weight: 1, arbitrary: command('FLUSHDB', options(1, word('ASYNC'), word('SYNC'))) },
  ),
);
