/** The grammar of sorted sets. */
import {
  count,
  familyKeys,
  integer,
  member,
  pattern,
  pickCount,
  score,
  tame,
} from './arguments.js';
import {
  afterEncoding,
  args,
  between,
  command,
  constant,
  counted,
  type Grammar,
  type Make,
  many,
  maybe,
  oneOf,
  option,
  options,
  type Part,
  type Rows,
  type Step,
  sequence,
  weighted,
  word,
  words,
} from './grammar.js';
import type { Random } from './random.js';
import { SET_KEYS } from './sets-grammar.js';
import { genericRows } from './strings-grammar.js';

export const ZSET_KEYS = familyKeys('zset');
const key = ZSET_KEYS.any;
/** Sets are sources too. */
const source = weighted([6, key], [1, SET_KEYS.any]);
const pair = sequence(score, member);
const bound: Make<string> = weighted(
  [8, score],
  [4, (random) => `(${score(random)}`],
  [2, constant('-inf')],
  [2, constant('+inf')],
);
const zaddOptions = options(3, word('NX'), word('XX'), word('GT'), word('LT'), word('CH'));
const withScores = maybe(word('WITHSCORES'));
const limit = option('LIMIT', weighted([9, between(0, 6)], [1, integer]), tame);
const maybeLimit = maybe(limit);
const all = option('COUNT', constant('100000'));

/**
 * Order by members needs equal scores, or what is found depends on levels that are random: keys
 * of their own, which nothing else touches.
 */
const LEX_KEYS = ['lex:1', 'lex:2'];
const lexKey = oneOf(...LEX_KEYS);
const lexBound: Make<string> = weighted(
  [8, (random) => random.pick(['[', '(']) + member(random)],
  [2, constant('-')],
  [2, constant('+')],
  [1, oneOf('', 'a', '[', '(', '++')],
);
const lexPair = sequence(constant('0'), member);

function sources(random: Random): { numkeys: string; keys: string[] } {
  const keys = Array.from({ length: random.between(1, 3) }, () => source(random));
  const wrong = random.below(40) === 0;
  return { numkeys: wrong ? random.pick(['0', '-1', 'x', '7']) : String(keys.length), keys };
}

/** `numkeys key ... [WEIGHTS ...] [AGGREGATE ...]`: as many weights as keys, mostly. */
const weighedSources: Part = (random) => {
  const { numkeys, keys } = sources(random);
  const weights = random.below(3) ? [] : ['WEIGHTS', ...keys.map(() => score(random))];
  const how = random.pick(['SUM', 'MIN', 'MAX', 'sum', 'x']);
  const aggregate = random.below(3) ? [] : ['AGGREGATE', how];
  const rest = random.below(2) ? [...weights, ...aggregate] : [...aggregate, ...weights];
  return [numkeys, ...keys, ...rest];
};

const pick: Make<Step> = (random) => {
  const chosen = constant(key(random));
  const rest = random.below(4) ? [pickCount, withScores] : [];
  const everything = [constant('0'), constant('-1'), word('WITHSCORES')];
  return [
    args('ZRANGE', chosen, ...everything)(random),
    args('ZRANDMEMBER', chosen, ...rest)(random),
  ];
};

const changes: Rows = [
  [12, command('ZADD', key, many(pair, 1, 5))],
  [3, command('ZADD', key, many(pair, 10, 40))],
  [8, command('ZADD', key, zaddOptions, many(pair, 1, 3))],
  [4, command('ZADD', key, zaddOptions, word('INCR'), pair)],
  [6, command('ZINCRBY', key, score, member)],
  [8, command('ZREM', key, many(member))],
  [2, command('ZREMRANGEBYRANK', key, tame, tame)],
  [1, command('ZREMRANGEBYSCORE', key, bound, bound)],
  [3, command('ZPOPMIN', key, maybe(count))],
  [3, command('ZPOPMAX', key, maybe(count))],
  [3, command('ZMPOP', counted(key), words('MIN', 'MAX'), options(1, option('COUNT', count)))],
];

const reads: Rows = [
  [2, command('ZCARD', key)],
  [4, command('ZSCORE', key, member)],
  [3, command('ZMSCORE', key, many(member))],
  [4, command('ZRANK', key, member)],
  [4, command('ZREVRANK', key, member)],
  [4, command('ZCOUNT', key, bound, bound)],
  [3, command('ZRANGE', key, tame, tame, withScores)],
  [3, command('ZRANGE', key, tame, tame, options(2, word('REV'), word('WITHSCORES'), limit))],
  [4, command('ZRANGE', key, bound, bound, word('BYSCORE'), maybeLimit, withScores)],
  [4, command('ZRANGE', key, bound, bound, word('BYSCORE'), word('REV'), maybeLimit, withScores)],
  [3, command('ZREVRANGE', key, tame, tame, withScores)],
  [3, command('ZRANGEBYSCORE', key, bound, bound, withScores, maybeLimit)],
  [3, command('ZREVRANGEBYSCORE', key, bound, bound, withScores, maybeLimit)],
  [4, command('ZRANGESTORE', key, key, tame, tame, maybe(word('REV')))],
  [3, command('ZRANGESTORE', key, key, bound, bound, word('BYSCORE'), maybeLimit)],
  [4, pick],
  [3, afterEncoding('ZSCAN', key, constant('0'), all, options(1, option('MATCH', pattern)))],
];

const algebra: Rows = [
  [3, command('ZUNION', weighedSources, withScores)],
  [3, command('ZUNIONSTORE', key, weighedSources)],
  [3, command('ZINTER', weighedSources, withScores)],
  [3, command('ZINTERSTORE', key, weighedSources)],
  [3, command('ZDIFF', counted(source), withScores)],
  [3, command('ZDIFFSTORE', key, counted(source))],
  [3, command('ZINTERCARD', counted(source), options(1, option('LIMIT', integer)))],
];

const lexicographic: Rows = [
  [6, command('ZADD', lexKey, many(lexPair, 1, 8))],
  [1, command('ZREM', lexKey, many(member))],
  [3, command('ZLEXCOUNT', lexKey, lexBound, lexBound)],
  [3, command('ZRANGE', lexKey, lexBound, lexBound, word('BYLEX'), maybeLimit)],
  [3, command('ZRANGE', lexKey, lexBound, lexBound, word('BYLEX'), word('REV'), maybeLimit)],
  [2, command('ZRANGEBYLEX', lexKey, lexBound, lexBound, maybeLimit)],
  [2, command('ZREVRANGEBYLEX', lexKey, lexBound, lexBound, maybeLimit)],
  [1, command('ZREMRANGEBYLEX', lexKey, lexBound, lexBound)],
  [1, command('ZRANGESTORE', lexKey, lexKey, lexBound, lexBound, word('BYLEX'), maybeLimit)],
];

export const ZSETS: Rows = [...changes, ...reads, ...algebra, ...lexicographic];

export const zsetsGrammar: Grammar = {
  name: 'zsets',
  rows: [...ZSETS, ...ZSETS, [3, command('SADD', SET_KEYS.any, many(member))], ...genericRows(key)],
  keys: [...ZSET_KEYS.all, ...LEX_KEYS],
};
