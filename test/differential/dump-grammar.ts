/**
 * The grammar of DUMP and RESTORE: payloads of redis-server 7.0.15, whole and with a wrong bit, for
 * keys of every type.
 */
import { familyKeys, milliseconds, millisecondsAt } from './arguments.js';
import {
  afterEncoding,
  command,
  constant,
  type Grammar,
  type Make,
  oneOf,
  option,
  options,
  type Rows,
  weighted,
  word,
} from './grammar.js';
import { genericRows } from './strings-grammar.js';

const DUMP_KEYS = familyKeys('dump', 4);
const key = DUMP_KEYS.any;

/** In base64, each with what it holds. */
const PAYLOADS: readonly string[] = [
  // an integer
  'AME5MAoAnZTqJ5P8CLk=',
  // a short string
  'AAVoZWxsbwoAY3LfdmU0IAo=',
  // a string that is compressed
  'AMMOQFgBYWHgQgABYmOgAgFiYwoA8efXyWkNebg=',
  // a list of one node
  'EgECwx9ASxdLAAAABgCBYQKBYgIBAd/7AvKghgEEsnrgKAABM/8KABkrlUUx7c5x',
  // one of several nodes
  'EgUCDQ0AAAACAIFhAoFiAv8CDQ0AAAACAIFjAoFkAv8CDAwAAAACAIFlAgEB/wILCwAAAAIAAgEDAf8C' +
    'CwsAAAACAAQBBQH/CgDFOW9ol1fmWA==',
  // a set of integers
  'C8MpMAQIAAAABSADA5Du/v9AAAABIAtAAAACQAQgAAADIANgAALyBSogGwAACgAE3xdyD/dX3w==',
  // a set in a table
  'AgUBYwFhAWQBYsAFCgB5j/fdA3bNxQ==',
  // a sorted set as a listpack
  'ESIiAAAACACBYwKELWluZgWBYQIBAYFiAoMyLjUEgWQCAwH/CgDOlMGeHGh8+g==',
  // a hash as a listpack
  'ECIiAAAACACBYQIBAYFiAoN0d28EgWMCAwGBZAKEZm91cgX/CgDWaisNJZJMKA==',
  // a sorted set as a skiplist
  'BQQBYwAAAAAAAPB/AWIAAAAAAAAEQAFhAAAAAAAA8D8BZAAAAAAAABzACgD6yR+qH5UIlg==',
  // a hash in a table
  'BAQBY8ADAWHAAQFkBGZvdXIBYgN0d28KAMhzZfELOB1N',
  // a stream with a group, a consumer and what it has not acknowledged
  'EwEQAAAAAAAAAAEAAAAAAAAAAUBHRwAAABoAAgEBAQIBgWYCgWcCAAECAQABAAGBdgKBdwIFAQEBAQEA' +
    'AQEBgWYCgXYCBgEAAQIBAAEBAYVvdGhlcgaBeAIGAf8CAwEBAQIBAwECZzEBAYH//////////wEAAAAA' +
    'AAAAAQAAAAAAAAABw6Z9CaIBAAABAQJjMcOmfQmiAQAAAQAAAAAAAAABAAAAAAAAAAEKAPnckgzY6XHF',
  // a HyperLogLog
  'AB5IWUxMAQAAAAAAAAAAAACAXHuARHaAULGES/uAQloKAEs4Vue4dshE',
];
const WHOLE = PAYLOADS.map((text) => Buffer.from(text, 'base64').toString('latin1'));

const payload: Make<string> = (random) => {
  const whole = random.pick(WHOLE);
  if (random.below(8)) return whole;
  const at = random.below(whole.length);
  const wrong = String.fromCharCode(whole.charCodeAt(at) ^ (1 << random.below(8)));
  return random.below(4) ? whole.slice(0, at) + wrong + whole.slice(at + 1) : whole.slice(0, at);
};
const ttl = weighted([6, constant('0')], [3, milliseconds]);
const replace = weighted([5, word('REPLACE')], [1, word('ABSTTL')]);
const more = [
  word('REPLACE'),
  option('IDLETIME', oneOf('0', '1000', '-1', 'x')),
  option('FREQ', oneOf('0', '255', '256', 'x')),
];

export const DUMPS: Rows = [
  [12, command('RESTORE', key, ttl, payload, replace)],
  [4, command('RESTORE', key, ttl, payload, options(3, ...more))],
  [3, command('RESTORE', key, millisecondsAt, payload, word('ABSTTL'), word('REPLACE'))],
  [10, afterEncoding('DUMP', key)],
];

export const dumpGrammar: Grammar = {
  name: 'dump',
  rows: [...DUMPS, ...DUMPS, ...genericRows(key)],
  keys: DUMP_KEYS.all,
};
