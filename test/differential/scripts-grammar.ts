/**
 * Small scripts made by chance: arithmetic, strings, tables, the libraries, commands on a few
 * keys, errors that are caught or not, and values of every type returned.
 *
 * Not here, because the two differ: the lines of calls in tail position, the order of a hash's
 * fields, positions of errors of
 * functions that pcall calls itself, error levels beyond the script's own (the prelude's frames
 * are in between); integers of cmsgpack from 2^63 on, and keys of arrays for cjson from 2^31 on
 * (lua.wasm has 32 bits). Nor may a script loop for ever, print addresses, or raise a table
 * whose `err` is no text, which ends redis-server 7.0.15.
 */
import type { Grammar, Make, Rows, Step } from './grammar.js';
import type { Random } from './random.js';

/** Lua text; deeper expressions become simpler. */
type Lua = (random: Random, depth: number) => string;

const DEPTH = 3;
const KEYS = ['k0', 'k1', 'k2', 'k3'];
const NAMES = ['a', 'b', 'c'];

const quoted = (text: string) => `'${text}'`;
const deeper = (lua: Lua, alternative: Lua): Lua => {
  return (r, depth) => (depth <= 0 ? alternative(r, 0) : lua(r, depth - 1));
};
const choice = (...choices: readonly Lua[]): Lua => {
  return (r, depth) => r.pick(choices)(r, depth);
};
/** `name(args)` */
const calling = (name: string, ...args: readonly Lua[]): Lua => {
  return (r, depth) => `${name}(${args.map((arg) => arg(r, depth)).join(',')})`;
};
const text = (...texts: readonly string[]): Lua => {
  return (r) => r.pick(texts);
};
/** One to `most` of them, with commas. */
const several = (lua: Lua, most = 3): Lua => {
  return (r, depth) => Array.from({ length: r.between(1, most) }, () => lua(r, depth)).join(',');
};

// Numbers

const literal = text(
  ...['0', '1', '2', '3', '7', '10', '-1', '-2', '-7', '0.5', '-0.5', '3.7', '-3.7', '1e3'],
  ...['255', '256', '65535', '65536', '2147483647', '2147483648', '-2147483648', '-2147483649'],
  ...['4294967295', '4294967296', '2^53', '2^53+1', '-2^53', '2^63+2048', '-2^63', '1e15', '1e100'],
  ...['0.1', '1/3', '1/0', '-1/0', '0xff', '1e-7', '123456789012', '-0'],
);
const small = text('0', '1', '2', '3', '4', '-1', '-2', '5', '1.5');
const number: Lua = (r, depth) => choice(literal, small, deeper(computed, literal))(r, depth);
const operation: Lua = (r, depth) =>
  `(${number(r, depth)} ${r.pick(['+', '-', '*', '/', '%', '^'])} ${number(r, depth)})`;
const bits = choice(
  (r, depth) => calling(`bit.${r.pick(['band', 'bor', 'bxor'])}`, several(number))(r, depth),
  (r, depth) => calling(`bit.${r.pick(['bnot', 'tobit', 'bswap'])}`, number)(r, depth),
  (r, depth) => {
    const name = r.pick(['lshift', 'rshift', 'arshift', 'rol', 'ror']);
    return calling(`bit.${name}`, number, small)(r, depth);
  },
);
const computed: Lua = (r, depth) =>
  choice(
    operation,
    operation,
    bits,
    (s, d) => `#${string(s, d)}`,
    (s, d) => `#${table(s, d)}`,
    (s, d) => calling(`math.${s.pick(['floor', 'ceil', 'abs'])}`, number)(s, d),
    (s, d) => calling(`math.${s.pick(['max', 'min'])}`, several(number))(s, d),
    calling('math.fmod', literal, literal),
    calling('tonumber', choice(string, number, numeral)),
    calling('tonumber', numeral, text('2', '8', '10', '16', '36')),
    calling('string.byte', string, small),
    calling('select', text("'#'"), several(anything)),
    calling('string.len', string),
  )(r, depth);
const numeral = text(
  ...["'12'", "' 7 '", "'0x1F'", "'ffffffffff'", "'1e2'", "'-3'", "'x'", "''", "'zz'", "'101'"],
  ...["'12345678901234567890'", "'1.5'", "'-ff'", "'7fffffffffffffff'"],
);

// Strings

const letters = text(
  ...["'abc'", "'a'", "''", "'hello world'", "'ABC'", "'1,2,3'", "'10'", "'x=1'", "'%d'"],
  ...["'a\\0b'", "'\\200\\255'", "'line\\nline'", "'{}'", '"it\'s"', 'ARGV[1]', 'KEYS[1]'],
);
const pattern = text("'a'", "'.'", "'%w+'", "'(%a)(%a)'", "'[^,]+'", "'^%s*'", "'(a'", "'%d*'");
const directive = text(
  ...["'%d'", "'%5.1f'", "'%s'", "'%x'", "'%X'", "'%o'", "'%u'", "'%i'", "'%e'", "'%g'", "'%.3s'"],
  ...["'%q'", "'%c'", "'%5d|'", "'%-8d|'", "'%05d'", "'%+d'", "'%10s'", "'%%'", "'%y'", "'%.14g'"],
  ...["'%#x'", "'% d'", "'%.5d'", "'%8.3d'", "'%s %s'", "'%d %d'"],
);
const packed = text(
  ...["'b'", "'B'", "'h'", "'H'", "'l'", "'L'", "'i'", "'I'", "'<i4'", "'>I2'", "'>I8'", "'<i8'"],
  ...["'>l'", "'f'", "'d'", "'>d'", "'bhi'", "'!4bi'", "'i3'", "'xB'", "'>hL'", "'i33'", "'y'"],
);
const string: Lua = (r, depth) => choice(letters, letters, deeper(made, letters))(r, depth);
const made: Lua = (r, depth) =>
  choice(
    (s, d) => `(${string(s, d)}..${choice(string, number)(s, d)})`,
    (s, d) => calling(`string.${s.pick(['upper', 'lower', 'reverse'])}`, string)(s, d),
    calling('string.sub', string, small, small),
    calling('string.rep', letters, small),
    calling('string.format', directive, choice(number, number, string)),
    calling('string.gsub', string, pattern, choice(string, text("'<%0>'", "'%1'", "'%9'"))),
    calling('string.match', string, pattern),
    calling('string.char', several(text('65', '97', '0', '255', '256', '-1', '66.7'))),
    calling('tostring', choice(number, boolean, string, text('nil'))),
    calling('type', anything),
    calling('cjson.encode', anything),
    calling('cjson.encode', anything),
    calling('cmsgpack.pack', several(anything)),
    calling('struct.pack', packed, several(choice(number, number, string))),
    calling('redis.sha1hex', string),
    calling('bit.tohex', number, small),
    calling('table.concat', table, choice(letters, text("','", "''"))),
  )(r, depth);

// Tables, and everything else

const json = text(
  ...["'[1,2,3]'", '\'{"a":1,"b":[true,null]}\'', "'[]'", "'{}'", "'null'", "'[1.5,-2e3]'"],
  ...[
    "'{'",
    "'[1,]'",
    '\'"\\\\u00e9\\\\ud83d\\\\ude00"\'',
    '\'["a\\\\n"]\'',
    "'1e400'",
    "'[0x10]'",
  ],
  ...["'nul'", "'12345678901234567890'", "'[1 2]'", '\'{"a":{"b":{"c":[]}}}\'', "''", "'-'"],
);
const messages = text(
  ...[
    "'\\147\\1\\2\\3'",
    "'\\129\\161a\\1'",
    "'\\192'",
    "'\\193'",
    "'\\207\\127\\0\\0\\0\\0\\0\\0\\1'",
  ],
  ...["'\\211\\255\\255\\255\\255\\255\\255\\255\\255'", "'\\203?'", "'\\221\\255\\255\\255\\255'"],
  ...["''", "'\\195\\194'", "'\\217\\2ab'"],
);
const reply: Lua = (r, depth) =>
  choice(
    (s, d) => `{ok=${string(s, d)}}`,
    (s, d) => `{err=${string(s, d)}}`,
    (s, d) => `{double=${number(s, d)}}`,
    (s, d) => `{map={x=${anything(s, d)}}}`,
    (s, d) => `{set={[${string(s, d)}]=true}}`,
    (s, d) => `{big_number=${string(s, d)}}`,
    (s, d) => `{verbatim_string={format=${text("'txt'", "'mkd'")(s, d)},string=${string(s, d)}}}`,
    calling('redis.status_reply', string),
    calling('redis.error_reply', string),
  )(r, depth);
const plain: Lua = (r, depth) =>
  choice(text('{}'), (s, d) => `{${several(choice(number, string))(s, d)}}`)(r, depth);
const table: Lua = (r, depth) => choice(plain, deeper(built, plain))(r, depth);
const built: Lua = (r, depth) =>
  choice(
    (s, d) => `{${several(anything, 4)(s, d)}}`,
    (s, d) => `{${s.pick(NAMES)}=${anything(s, d)}}`,
    (s, d) => `{[${small(s, d)}]=${anything(s, d)}}`,
    (s, d) => `{${anything(s, d)},nil,${anything(s, d)}}`,
    reply,
    calling('cjson.decode', json),
    (s, d) => `{cmsgpack.unpack(${choice(messages, string)(s, d)})}`,
    (s, d) => `{cmsgpack.unpack(cmsgpack.pack(${several(anything)(s, d)}))}`,
    (s, d) => `{struct.unpack(${packed(s, d)},${string(s, d)})}`,
    (s, d) => `{pcall(${s.pick(['cjson.decode', 'error', 'redis.call'])},${string(s, d)})}`,
    (s, d) => `{string.find(${string(s, d)},${pattern(s, d)})}`,
    (s, d) => `{unpack(${table(s, d)})}`,
    (s, d) => `{math.modf(${number(s, d)})}`,
    command,
  )(r, depth);
const comparison: Lua = (r, depth) =>
  choice(
    (s, d) => `(${number(s, d)} ${s.pick(['<', '<=', '==', '~='])} ${number(s, d)})`,
    (s, d) => `(${string(s, d)} ${s.pick(['<', '>=', '=='])} ${string(s, d)})`,
    (s, d) => `(not ${anything(s, d)})`,
  )(r, depth);
const boolean: Lua = (r, depth) =>
  choice(text('true', 'false'), deeper(comparison, text('true')))(r, depth);
const simple = choice(literal, letters, text('nil', 'true', 'false', 'a', 'b', 'c', 'cjson.null'));
const anything: Lua = (r, depth) =>
  choice(number, string, table, boolean, simple, text(...NAMES), deeper(command, simple))(r, depth);

// Commands

const key: Lua = (r) => quoted(r.pick(KEYS));
const member = choice(letters, small);
const COMMANDS: readonly (readonly [name: string, ...args: readonly Lua[]])[] = [
  ['GET', key],
  ['SET', key, choice(string, number)],
  ['INCR', key],
  ['INCRBYFLOAT', key, number],
  ['DEL', key],
  ['APPEND', key, string],
  ['STRLEN', key],
  ['RPUSH', key, several(member)],
  ['LRANGE', key, text('0'), text('-1')],
  ['LPOP', key],
  ['HSET', key, text("'f'"), choice(string, number)],
  ['HGETALL', key],
  ['HGET', key, text("'f'")],
  ['HINCRBY', key, text("'f'"), small],
  ['SADD', key, small],
  ['SISMEMBER', key, small],
  ['SMISMEMBER', key, small, small],
  ['ZADD', key, number, member],
  ['ZRANGE', key, text('0'), text('-1'), text("'WITHSCORES'")],
  ['ZSCORE', key, member],
  ['ZRANDMEMBER', text("'none'")],
  ['MGET', key, key],
  ['TYPE', key],
  ['EXISTS', key],
  ['ECHO', anything],
  ['PING'],
  ['GEOPOS', text("'none'"), text("'x'")],
  ['SELECT', text('0', '0', '1', '99')],
  ['NOSUCH', string],
  ['GET'],
  ['MULTI'],
];
const command: Lua = (r, depth) => {
  const [name, ...args] = r.pick(COMMANDS);
  const how = r.pick(['call', 'call', 'pcall']);
  return calling(`redis.${how}`, () => quoted(name), ...args)(r, depth);
};

// Statements

const caught: Lua = (r, depth) => `local a,b=pcall(function() ${block(r, depth)} end)`;
const statement: Lua = (r, depth) => choice(...STATEMENTS)(r, depth);
const block: Lua = (r, depth) =>
  depth <= 0 ? `return (${anything(r, 1)})` : `${statement(r, depth - 1)} ${ending(r, depth - 1)}`;
const ending: Lua = (r, depth) =>
  choice(
    (s, d) => `return (${anything(s, d)})`,
    (s, d) => `return ${anything(s, d)},${anything(s, d)}`,
    (s, d) => `error((${string(s, d)}))`,
    (s, d) => `error({err=${letters(s, d)}})`,
    text('return a', 'return b', 'return {a,b,c}', 'return {pcall(error)}', 'error()'),
  )(r, depth);
const STATEMENTS: readonly Lua[] = [
  (r, d) => `local ${r.pick(NAMES)}=${anything(r, d)}`,
  (r, d) => `local ${r.pick(NAMES)}=${anything(r, d)}`,
  (r, d) => `${r.pick(NAMES)}=${anything(r, d)}`,
  (r, d) => `local a,b=${anything(r, d)},${anything(r, d)}`,
  (r, d) => `if ${boolean(r, d)} then ${r.pick(NAMES)}=${anything(r, d)} end`,
  (r, d) => `for i=1,${r.below(4)} do c=${anything(r, d)} end`,
  (r, d) => `for i,v in ipairs(${table(r, d)}) do b=v end`,
  (r, d) => `local function f(...) ${block(r, d)} end b=f(${several(anything)(r, d)})`,
  (r, d) => `local f=coroutine.wrap(function() ${block(r, d)} end) b=f()`,
  (r, d) => `local a,b=coroutine.resume(coroutine.create(function() ${block(r, d)} end))`,
  (r, d) => `local a=${table(r, d)} table.insert(a,${anything(r, d)})`,
  (r, d) => `local a=${plain(r, d)} pcall(table.sort,a)`,
  (r, d) => `local a=${table(r, d)} b=table.remove(a)`,
  (r, d) => `local a=${table(r, d)} a.x=${anything(r, d)}`,
  (r) => `redis.setresp(${r.pick([2, 3, 3, 3])})`,
  (r, d) => command(r, d),
  (r, d) => command(r, d),
  caught,
  caught,
  (r, d) => `if type(${anything(r, d)})=='table' then ${ending(r, d)} end`,
];

const script: Make<Step> = (r) => {
  const lines = ['local a,b,c'];
  for (let left = r.below(5); left > 0; left--) lines.push(statement(r, r.between(1, DEPTH)));
  lines.push(`do ${ending(r, r.between(1, DEPTH))} end`);
  const code = lines.join(r.pick([' ', '\n', '\n']));
  const name = r.below(12) === 0 ? 'EVAL_RO' : 'EVAL';
  const shebang = r.pick(['', '', '', '', '', '', '#!lua\n', '#!lua flags=no-writes\n']);
  return [[name, shebang + code, '1', r.pick(KEYS), r.pick(['v', '', '12', 'a b'])]];
};

const ROWS: Rows = [
  [60, script],
  [1, () => [['SCRIPT', 'FLUSH']]],
  [1, (r) => [['DEL', r.pick(KEYS)]]],
  [1, (r) => [['GET', r.pick(KEYS)]]],
];

export const scriptsGrammar: Grammar = { name: 'scripts', rows: ROWS, keys: KEYS };
