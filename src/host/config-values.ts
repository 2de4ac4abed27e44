/**
 * The values of parameters: from the words of a configuration line or of CONFIG SET to the text
 * that CONFIG GET answers. Error texts are those of Redis 7.0.15.
 */
import type { ParameterRow } from './config-table.js';
import { INT64_MAX, parseInteger } from './integers.js';

/** A value that is refused; the message is what comes after `CONFIG SET failed (...) - `. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

type Parser = (row: ParameterRow, words: readonly string[], current: string) => string;

const SIZE = /^(\d*)(b|k|kb|m|mb|g|gb|)$/i;
const UNITS: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  k: 1000n,
  kb: 1024n,
  m: 1000_000n,
  mb: 1024n ** 2n,
  g: 1000_000_000n,
  gb: 1024n ** 3n,
};
const UINT64_MAX = 18446744073709551615n;
const BIND_ADDRESSES_MAX = 16;
const HOST_NAME_LENGTH_MAX = 255;
const CLIENT_CLASSES = ['normal', 'slave', 'pubsub'];
const TITLE_VARIABLES = new Set(
  'title listen-addr server-mode port tls-port unixsocket config-file'.split(' '),
);

const PARSERS: Readonly<Record<string, Parser>> = {
  bool: parseBool,
  enum: parseEnum,
  int: parseInt64,
  size: parseSizeBetween,
  'size-or-percent': parseSizeOrPercent,
  octal: parseOctal,
  text: (row, words) => single(row, words),
  title: parseTitle,
  directory: (row, words) => single(row, words),
  'base-name': parseBaseName,
  'host-name': parseHostName,
  events: parseEvents,
  shutdown: parseShutdown,
  save: parseSave,
  'output-limits': parseOutputLimits,
  'oom-scores': parseOomScores,
  addresses: parseAddresses,
  replica: parseReplica,
  percentiles: parsePercentiles,
};

/**
 * The value that `words` give to a parameter which is `current` now, as CONFIG GET will show it.
 * Throws a ConfigError.
 */
export function parseParameter(
  row: ParameterRow,
  words: readonly string[],
  current: string,
): string {
  const parser = PARSERS[row.kind];
  if (parser === undefined) throw new Error(`no parser for ${row.kind} (${row.name})`);
  return parser(row, words, current);
}

/** Bytes in `10mb` and the like, or null. Wraps at 64 bits as Redis does. */
export function parseSize(text: string): bigint | null {
  const match = SIZE.exec(text);
  if (match === null) return null;
  const digits = BigInt(match[1] || '0');
  const unit = UNITS[(match[2] ?? '').toLowerCase()] ?? 1n;
  return BigInt.asUintN(64, (digits > UINT64_MAX ? UINT64_MAX : digits) * unit);
}

function single(_row: ParameterRow, words: readonly string[]): string {
  if (words.length !== 1) throw new ConfigError('wrong number of arguments');
  return words[0] ?? '';
}

function parseBool(row: ParameterRow, words: readonly string[]): string {
  const value = single(row, words).toLowerCase();
  if (value !== 'yes' && value !== 'no') throw new ConfigError("argument must be 'yes' or 'no'");
  if (row.name === 'activedefrag' && value === 'yes') {
    throw new ConfigError(
      'Active defragmentation cannot be enabled: it requires a Redis server compiled with a ' +
        'modified Jemalloc like the one shipped by default with the Redis source distribution',
    );
  }
  return value;
}

function parseEnum(row: ParameterRow, words: readonly string[]): string {
  return wordOf(row, single(row, words));
}

function wordOf(row: ParameterRow, text: string): string {
  const wanted = text.toLowerCase();
  if (row.words.includes(wanted)) return wanted;
  throw new ConfigError(`argument(s) must be one of the following: ${row.words.join(', ')}`);
}

function parseInt64(row: ParameterRow, words: readonly string[]): string {
  const value = parseInteger(single(row, words));
  if (value === null) throw new ConfigError("argument couldn't be parsed into an integer");
  checkBounds(row, value);
  return value.toString();
}

function checkBounds(row: ParameterRow, value: bigint): void {
  if (value >= row.min && value <= row.max) return;
  throw new ConfigError(`argument must be between ${row.min} and ${row.max} inclusive`);
}

function parseSizeBetween(row: ParameterRow, words: readonly string[]): string {
  const value = parseSize(single(row, words));
  if (value === null) throw new ConfigError('argument must be a memory value');
  checkBounds(row, value);
  return value.toString();
}

/** `5%` of maxmemory, or a size. */
function parseSizeOrPercent(row: ParameterRow, words: readonly string[]): string {
  const text = single(row, words);
  const size = parseSize(text);
  if (size !== null) {
    if (size <= INT64_MAX) return size.toString();
    throw new ConfigError(`argument must be between -100 and ${INT64_MAX} inclusive`);
  }
  const percent = text.endsWith('%') ? parseInteger(text.slice(0, -1)) : null;
  if (percent === null || percent < 0n) {
    throw new ConfigError('argument must be a memory or percent value');
  }
  if (percent > 100n) throw new ConfigError('percentage argument must be less or equal to 100');
  return percent === 0n ? '0' : `${percent}%`;
}

function parseOctal(row: ParameterRow, words: readonly string[]): string {
  const text = single(row, words);
  if (!/^\s*[+-]?[0-7]*$/.test(text)) {
    throw new ConfigError("argument couldn't be parsed as an octal number");
  }
  const value = Number.parseInt(text || '0', 8);
  if (value < 0 || value > 0o777)
    throw new ConfigError('argument must be between 0 and 777 inclusive');
  return value.toString(8);
}

function parseTitle(row: ParameterRow, words: readonly string[]): string {
  const text = single(row, words);
  const rest = text.replace(/\{([^{}]*)\}/g, (whole, name: string) =>
    TITLE_VARIABLES.has(name) ? '' : whole,
  );
  if (text === '' || rest.includes('{')) {
    throw new ConfigError('template format is invalid or contains unknown variables');
  }
  return text;
}

function parseBaseName(row: ParameterRow, words: readonly string[]): string {
  const text = single(row, words);
  const what = row.name === 'appenddirname' ? 'dirname' : 'filename';
  if (text === '' && row.immutable) throw new ConfigError(`${row.name} can't be empty`);
  if (text.includes('/')) throw new ConfigError(`${row.name} can't be a path, just a ${what}`);
  return text;
}

function parseHostName(row: ParameterRow, words: readonly string[]): string {
  const text = single(row, words);
  if (text.length > HOST_NAME_LENGTH_MAX) {
    throw new ConfigError('Hostnames must be less than 256 characters');
  }
  if (/[^A-Za-z0-9.-]/.test(text)) {
    throw new ConfigError('Hostnames may only contain alphanumeric characters, hyphens or dots');
  }
  return text;
}

/** Classes of keyspace events, in the order in which Redis shows them. */
const EVENT_CLASSES = 'g$lshzxetd';
const EVENT_LETTERS = `${EVENT_CLASSES}KEmn`;

function parseEvents(row: ParameterRow, words: readonly string[]): string {
  const letters = new Set(single(row, words));
  if (letters.delete('A')) for (const letter of EVENT_CLASSES) letters.add(letter);
  for (const letter of letters) {
    if (!EVENT_LETTERS.includes(letter)) {
      throw new ConfigError("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
    }
  }
  const has = (letter: string) => letters.has(letter);
  const all = [...EVENT_CLASSES].every(has);
  const classes = all ? ['A'] : [...EVENT_CLASSES].filter(has);
  return [...classes, ...[...'nKEm'].filter(has)].join('');
}

/** A value as Redis shows it, which leaves `n` out if it shows all classes of events. */
export function shownValue({ kind }: ParameterRow, value: string): string {
  return kind === 'events' ? value.replace('An', 'A') : value;
}

const SHUTDOWN_WORDS = ['nosave', 'save', 'now', 'force'];

function parseShutdown(row: ParameterRow, words: readonly string[]): string {
  const chosen = new Set(words.map((word) => wordOf(row, word)));
  if (chosen.has('save') && chosen.has('nosave')) {
    throw new ConfigError("shutdown options SAVE and NOSAVE can't be used simultaneously");
  }
  return SHUTDOWN_WORDS.filter((word) => chosen.has(word)).join(' ') || 'default';
}

/** A decimal as C's strtoll reads it up to its end, or null. */
function looseInteger(text: string): number | null {
  return /^\s*[+-]?\d+$/.test(text) ? Number(text) : null;
}

function parseSave(_row: ParameterRow, words: readonly string[]): string {
  const values = words.length === 1 && words[0] === '' ? [] : words.map(looseInteger);
  const valid = values.every((value, at) => value !== null && value >= (at % 2 === 0 ? 1 : 0));
  if (values.length % 2 !== 0 || !valid) throw new ConfigError('Invalid save parameters');
  return values.join(' ');
}

/** Groups of four: class, hard limit, soft limit, seconds. Classes not named stay as they are. */
function parseOutputLimits(_row: ParameterRow, given: readonly string[], current: string): string {
  const words = given.length === 1 && given[0] === '' ? [] : given;
  const limits = new Map<string, string>();
  for (const group of groupsOf4(current.split(' '))) limits.set(group[0], group.slice(1).join(' '));
  if (words.length % 4 !== 0) {
    throw new ConfigError('Wrong number of arguments in buffer limit configuration.');
  }
  for (const [name, hard, soft, seconds] of groupsOf4(words)) {
    const type = name.toLowerCase() === 'replica' ? 'slave' : name.toLowerCase();
    if (!CLIENT_CLASSES.includes(type)) {
      throw new ConfigError('Invalid client class specified in buffer limit configuration.');
    }
    const sizes = [parseSize(hard), parseSize(soft)];
    const duration = looseInteger(seconds);
    if (sizes.includes(null) || duration === null || duration < 0) {
      throw new ConfigError(
        'Error in hard, soft or soft_seconds setting in buffer limit configuration.',
      );
    }
    limits.set(type, [...sizes, duration].join(' '));
  }
  return CLIENT_CLASSES.map((type) => `${type} ${limits.get(type)}`).join(' ');
}

type Four = [string, string, string, string];

function groupsOf4(words: readonly string[]): Four[] {
  const groups: Four[] = [];
  for (let at = 0; at + 4 <= words.length; at += 4) groups.push(words.slice(at, at + 4) as Four);
  return groups;
}

function parseOomScores(_row: ParameterRow, words: readonly string[]): string {
  if (words.length !== 3) throw new ConfigError('wrong number of arguments');
  const values = words.map(looseInteger);
  if (values.some((value) => value === null || value < -2000 || value > 2000)) {
    throw new ConfigError('Invalid oom-score-adj-values, elements must be between -2000 and 2000.');
  }
  return values.join(' ');
}

function parseAddresses(_row: ParameterRow, words: readonly string[]): string {
  if (words.length > BIND_ADDRESSES_MAX)
    throw new ConfigError('Too many bind addresses specified.');
  return words.join(' ');
}

function parseReplica(_row: ParameterRow, words: readonly string[]): string {
  const [host = '', portText = ''] = words;
  if (words.length !== 2) throw new ConfigError('wrong number of arguments');
  if (host.toLowerCase() === 'no' && portText.toLowerCase() === 'one') return '';
  const port = looseInteger(portText);
  if (port === null || port < 0 || port > 65535) throw new ConfigError('Invalid master port');
  return `${host} ${port}`;
}

function parsePercentiles(_row: ParameterRow, words: readonly string[]): string {
  if (words.length === 1 && words[0] === '') return '';
  return words.map(percentileOf).join(' ');
}

function percentileOf(word: string): string {
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(word) ? Number(word) : Number.NaN;
  if (Number.isNaN(value)) {
    throw new ConfigError('Invalid latency-tracking-info-percentiles parameters');
  }
  if (value < 0 || value > 100) {
    throw new ConfigError(
      'latency-tracking-info-percentiles parameters should sit between [0.0,100.0]',
    );
  }
  return String(value);
}
