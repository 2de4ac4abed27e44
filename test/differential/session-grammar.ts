/**
 * What several sessions do to one store: pops that wait, pushes that serve them, transactions,
 * messages, and going away. Only commands whose replies are decided by what came before: no times,
 * no chance, no order of a hash table.
 */
import type { Random } from './random.js';

/** A command of a session; without words the session disconnects. */
export interface Move {
  readonly who: number;
  readonly words: readonly string[];
}

type Make = (random: Random) => string[];

const key = (random: Random) => `k${random.below(4)}`;
const stream = (random: Random) => random.pick(['s0', 's1', 'k0']);
const value = (random: Random) => random.pick(['a', 'b', 'c', '1', '2', '']);
const channel = (random: Random) => `c${random.below(2)}`;
const end = (random: Random) => random.pick(['LEFT', 'RIGHT', 'left']);
const lowest = (random: Random) => random.pick(['MIN', 'MAX']);
const group = (random: Random) => random.pick(['g', 'h']);
const fresh = (random: Random) => `${random.clock++}-${random.below(3)}`;
const oldId = (random: Random) => random.pick(['0', '$', `${random.below(random.clock)}-1`]);
const who = (random: Random) => `<id:${random.below(4)}>`;

const keys = (random: Random) =>
  Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => key(random));

function many(random: Random, make: (random: Random) => string): string[] {
  return Array.from({ length: random.pick([1, 1, 1, 2, 3, 5]) }, () => make(random));
}

const numbered = (random: Random) => {
  const chosen = keys(random);
  return [`${chosen.length}`, ...chosen];
};

const counted = (random: Random) =>
  random.below(3) === 0 ? ['COUNT', `${random.between(1, 3)}`] : [];

const pairs = (random: Random) =>
  many(random, value).flatMap((member) => [`${random.below(4)}`, member]);

const DATA: readonly Make[] = [
  (r) => ['RPUSH', key(r), ...many(r, value)],
  (r) => ['RPUSH', key(r), ...many(r, value)],
  (r) => ['LPUSH', key(r), ...many(r, value)],
  (r) => ['ZADD', key(r), ...pairs(r)],
  (r) => ['ZADD', key(r), ...pairs(r)],
  (r) => ['XADD', stream(r), fresh(r), 'f', value(r)],
  (r) => ['XADD', stream(r), fresh(r), 'f', value(r)],
  (r) => ['DEL', ...keys(r)],
  (r) => ['DEL', key(r)],
  (r) => ['UNLINK', stream(r)],
  (r) => ['LPOP', key(r)],
  (r) => ['RPOP', key(r), '2'],
  (r) => ['LLEN', key(r)],
  (r) => ['LRANGE', key(r), '0', '-1'],
  (r) => ['LMOVE', key(r), key(r), end(r), end(r)],
  (r) => ['RPOPLPUSH', key(r), key(r)],
  (r) => ['LMPOP', ...numbered(r), end(r), ...counted(r)],
  (r) => ['LREM', key(r), '1', value(r)],
  (r) => ['LTRIM', key(r), '1', '-1'],
  (r) => ['LINSERT', key(r), 'BEFORE', value(r), value(r)],
  (r) => ['RPUSHX', key(r), value(r)],
  (r) => ['ZPOPMIN', key(r)],
  (r) => ['ZMPOP', ...numbered(r), lowest(r), ...counted(r)],
  (r) => ['ZRANGE', key(r), '0', '-1', 'WITHSCORES'],
  (r) => ['ZREM', key(r), value(r)],
  (r) => ['ZINCRBY', key(r), '1', value(r)],
  (r) => ['ZRANGESTORE', key(r), key(r), '0', '1'],
  (r) => ['ZUNIONSTORE', key(r), '2', key(r), key(r)],
  (r) => ['SORT', key(r), 'ALPHA', 'STORE', key(r)],
  (r) => ['SET', key(r), value(r)],
  (r) => ['SET', stream(r), value(r)],
  (r) => ['GET', key(r)],
  (r) => ['INCR', key(r)],
  (r) => ['APPEND', key(r), value(r)],
  (r) => ['HSET', key(r), 'f', value(r)],
  (r) => ['TYPE', key(r)],
  (r) => ['EXISTS', ...keys(r)],
  (r) => ['RENAME', key(r), key(r)],
  (r) => ['RENAMENX', key(r), key(r)],
  (r) => ['RENAME', stream(r), stream(r)],
  (r) => ['COPY', key(r), key(r), 'REPLACE'],
  (r) => ['COPY', key(r), key(r), 'DB', `${r.below(2)}`],
  (r) => ['MOVE', key(r), `${r.below(2)}`],
  (r) => ['MOVE', stream(r), `${r.below(2)}`],
  (r) => ['PEXPIREAT', key(r), '1'],
  (r) => ['PEXPIREAT', key(r), '4102444800000'],
  (r) => ['PERSIST', key(r)],
  (r) => ['XLEN', stream(r)],
  (r) => ['XRANGE', stream(r), '-', '+'],
  (r) => ['XTRIM', stream(r), 'MAXLEN', '2'],
  (r) => ['XREAD', ...counted(r), 'STREAMS', stream(r), oldId(r)],
  (r) => ['XGROUP', 'CREATE', stream(r), group(r), oldId(r), 'MKSTREAM'],
  (r) => ['XGROUP', 'CREATE', stream(r), group(r), '$', 'MKSTREAM'],
  (r) => ['XGROUP', 'DESTROY', stream(r), group(r)],
  (r) => ['XGROUP', 'SETID', stream(r), group(r), oldId(r)],
  (r) => ['XREADGROUP', 'GROUP', group(r), 'c', 'STREAMS', stream(r), r.pick(['>', '0'])],
  (r) => ['XACK', stream(r), group(r), `${r.below(r.clock)}-1`],
  (r) => ['XPENDING', stream(r), group(r)],
];

const PUSH = "return redis.call('RPUSH',KEYS[1],ARGV[1],ARGV[1])";
const MOVE =
  "redis.call('RPUSH',KEYS[1],'x') return redis.call('LMOVE',KEYS[1],KEYS[2],'LEFT','LEFT')";
const TWICE = "redis.call('ZADD',KEYS[1],1,'x') redis.call('RPUSH',KEYS[2],'y') return {1,'z'}";
const PEEK = "return redis.pcall('BLMPOP',0,1,KEYS[1],'LEFT')";
const STREAM = "return redis.call('XADD',KEYS[1],ARGV[1],'f','v')";

const SCRIPTS: readonly Make[] = [
  (r) => ['EVAL', PUSH, '1', key(r), value(r)],
  (r) => ['EVAL', MOVE, '2', key(r), key(r)],
  (r) => ['EVAL', TWICE, '2', key(r), key(r)],
  (r) => ['EVAL', PEEK, '1', key(r)],
  (r) => ['EVAL', STREAM, '1', stream(r), fresh(r)],
  (r) => ['EVAL', "return redis.call('PUBLISH','c0',ARGV[1])", '0', value(r)],
];

const RARE: readonly Make[] = [
  (r) => ['SELECT', `${r.below(2)}`],
  () => ['SELECT', '0'],
  () => ['FLUSHDB'],
  () => ['FLUSHALL'],
  () => ['DBSIZE'],
  () => ['PING'],
  (r) => ['ECHO', value(r)],
  (r) => ['RPUSH', key(r)],
  () => ['NOSUCHCOMMAND'],
  (r) => ['WAIT', '0', value(r)],
];

const WAITING: readonly Make[] = [
  (r) => ['BLPOP', ...keys(r), '0'],
  (r) => ['BLPOP', ...keys(r), '0'],
  (r) => ['BRPOP', ...keys(r), '0'],
  (r) => ['BLMOVE', key(r), key(r), end(r), end(r), '0'],
  (r) => ['BRPOPLPUSH', key(r), key(r), '0'],
  (r) => ['BLMPOP', '0', ...numbered(r), end(r), ...counted(r)],
  (r) => ['BZPOPMIN', ...keys(r), '0'],
  (r) => ['BZPOPMAX', ...keys(r), '0'],
  (r) => ['BZMPOP', '0', ...numbered(r), lowest(r), ...counted(r)],
  (r) => ['XREAD', ...counted(r), 'BLOCK', '0', 'STREAMS', stream(r), oldId(r)],
  (r) => ['XREAD', 'BLOCK', '0', 'STREAMS', stream(r), stream(r), '$', '$'],
  (r) => [
    'XREADGROUP',
    'GROUP',
    group(r),
    r.pick(['c', 'd']),
    ...counted(r),
    'BLOCK',
    '0',
    ...(r.below(4) ? [] : ['NOACK']),
    'STREAMS',
    stream(r),
    '>',
  ],
  () => ['WAIT', '1', '0'],
];

const TRANSACTION: readonly Make[] = [
  () => ['MULTI'],
  () => ['MULTI'],
  () => ['EXEC'],
  () => ['EXEC'],
  () => ['EXEC'],
  () => ['DISCARD'],
  (r) => ['WATCH', ...keys(r)],
  (r) => ['WATCH', stream(r)],
  () => ['UNWATCH'],
];

const MESSAGES: readonly Make[] = [
  (r) => ['SUBSCRIBE', channel(r)],
  (r) => ['UNSUBSCRIBE', channel(r)],
  () => ['PSUBSCRIBE', 'c*'],
  () => ['PUNSUBSCRIBE', 'c*'],
  (r) => ['SSUBSCRIBE', channel(r)],
  (r) => ['SUNSUBSCRIBE', channel(r)],
  (r) => ['PUBLISH', channel(r), value(r)],
  (r) => ['PUBLISH', channel(r), value(r)],
  (r) => ['SPUBLISH', channel(r), value(r)],
  () => ['PUBSUB', 'NUMSUB', 'c0', 'c1'],
  () => ['PUBSUB', 'NUMPAT'],
  () => ['PING'],
];

const CLIENTS: readonly Make[] = [
  (r) => ['CLIENT', 'UNBLOCK', who(r)],
  (r) => ['CLIENT', 'UNBLOCK', who(r), 'TIMEOUT'],
  (r) => ['CLIENT', 'UNBLOCK', who(r), 'ERROR'],
  (r) => ['CLIENT', 'KILL', 'ID', who(r)],
  (r) => ['CLIENT', 'REPLY', r.pick(['SKIP', 'ON', 'OFF', 'ON'])],
  () => ['CLIENT', 'GETNAME'],
  () => ['RESET'],
  () => ['QUIT'],
  () => [],
];

/** How often each kind is chosen; a sequence leaves out some of them. */
const KINDS: readonly (readonly [weight: number, makes: readonly Make[]])[] = [
  [30, DATA],
  [2, RARE],
  [12, WAITING],
  [8, TRANSACTION],
  [4, MESSAGES],
  [3, CLIENTS],
  [3, SCRIPTS],
];

/** The sequence of a round: always the same for a seed. */
export function movesOf(random: Random, sessions: number, length: number): Move[] {
  const kinds = KINDS.filter((_, index) => index === 0 || random.below(4) > 0);
  const spread = kinds.flatMap(([weight, makes]) => Array.from({ length: weight }, () => makes));
  const moves: Move[] = [];
  const states = Array.from({ length: sessions }, () => new State());
  while (moves.length < length) {
    const turn = random.below(sessions);
    const state = states[turn] as State;
    for (let left = random.pick([1, 1, 1, 2, 4, 8, 16]); left > 0; left--) {
      const words = random.pick(random.pick(spread))(random);
      const isFirst = moves.at(-1)?.who !== turn;
      if (state.admits(words, isFirst)) moves.push({ who: turn, words });
    }
  }
  return moves;
}

/** What is not compared, because 7.0.15 does it in a way that nobody should do. */
class State {
  private isQueueing = false;
  private isSilent = false;

  admits([name = '', subcommand]: readonly string[], isFirst: boolean): boolean {
    if (name === 'MULTI' && this.isSilent) return false;
    if (name === 'MULTI') this.isQueueing = true;
    if (['EXEC', 'DISCARD', 'RESET', ''].includes(name)) this.isQueueing = false;
    if (['RESET', ''].includes(name)) this.isSilent = false;
    // It puts messages into the midst of what EXEC replies.
    if (this.isQueueing && /PUBLISH$|EVAL/.test(name)) return false;
    const isReply = name === 'CLIENT' && subcommand === 'REPLY';
    if (this.isQueueing && isReply) return false;
    if (isReply) this.isSilent = true;
    // It does not close the connection if QUIT has no reply, and does so later than we do.
    return name !== 'QUIT' || (isFirst && !this.isSilent);
  }
}
