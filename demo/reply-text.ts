/**
 * Replies as redis-cli prints them on a terminal, without the last line end.
 *
 *   :1               (integer) 1            ,1.5    (double) 1.5
 *   +OK              OK                     #t      (true)
 *   $3 a NUL "       "a\x00\""              _       (nil)
 *   -ERR no          (error) ERR no         *0      (empty array)
 *
 *   *2 *2 $a :1 $b   1) 1) "a"              %1 +a :1   1# a => (integer) 1
 *                       2) (integer) 1      ~1 :1      1~ (integer) 1
 *                    2) "b"
 */

import type { ReplyShapes } from 'redstart/core';

/** A status reply, told from a string. */
export class StatusText {
  constructor(readonly text: string) {}

  static from(buffer: ArrayBuffer): StatusText {
    return new StatusText(new TextDecoder().decode(buffer));
  }
}

/** A verbatim string: printed as it is. */
export class VerbatimText {
  constructor(
    readonly format: string,
    readonly text: string,
  ) {}
}

/** A map whose keys are told as exactly as all else: they may be any bytes. */
class ExactMap extends Map<unknown, unknown> {}

/**
 * The JavaScript types, by RESP's type byte, from which a reply can be told exactly. Integers are
 * text because they have 64 bits.
 */
export const REPLY_TYPES: Readonly<Record<number, unknown>> = {
  [code('+')]: StatusText,
  [code('$')]: Uint8Array,
  [code('=')]: VerbatimText,
  [code(':')]: String,
  [code('%')]: ExactMap,
  [code('~')]: Set,
};

/** What these types are made of, beside strings. */
export const REPLY_SHAPES: ReplyShapes = {
  scalar(mark, text) {
    return mark === code('=') ? new VerbatimText(text.slice(0, 3), text.slice(4)) : text;
  },
  aggregate(mark) {
    return mark === code('%') ? new ExactMap() : new Set();
  },
};

/** `prefix` indents all lines but the first. */
export function replyText(value: unknown, prefix = ''): string {
  if (value instanceof Uint8Array) return quoted(value);
  if (value instanceof StatusText || value instanceof VerbatimText) return value.text;
  if (value instanceof Error) return `(error) ${value.message}`;
  if (value instanceof Map) return mapText(value, prefix);
  if (value instanceof Set) return listText([...value], '~', '(empty set)', prefix);
  if (Array.isArray(value)) return listText(value, ')', '(empty array)', prefix);
  return scalarText(value);
}

/** The same for commands whose replies are documents: strings as they are. */
export function documentText(value: unknown): string {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value).replace(/\r?\n$/, '');
  return replyText(value);
}

/** Whether redis-cli prints the reply of this command as it is. */
export function isDocument(words: readonly string[]): boolean {
  const [name = '', sub = ''] = words.map((word) => word.toLowerCase());
  return name === 'info' || name === 'lolwut' || DOCUMENTS.has(`${name} ${sub}`);
}

const DOCUMENTS = new Set(
  [
    ['debug htstats', 'debug htstats-key', 'memory malloc-stats', 'memory doctor'],
    ['cluster nodes', 'cluster info', 'client list', 'client info'],
    ['latency graph', 'latency doctor', 'latency histogram'],
  ].flat(),
);

/** Text in double quotes; what is not printable ASCII is escaped. */
export function quoted(bytes: Uint8Array): string {
  let text = '"';
  for (const byte of bytes) text += ESCAPES.get(byte) ?? printable(byte);
  return `${text}"`;
}

const ESCAPES = new Map([
  [code('\\'), '\\\\'],
  [code('"'), '\\"'],
  [code('\n'), '\\n'],
  [code('\r'), '\\r'],
  [code('\t'), '\\t'],
  [code('\x07'), '\\a'],
  [code('\b'), '\\b'],
]);

function printable(byte: number): string {
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

function scalarText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `(integer) ${value}`;
    case 'number':
      return `(double) ${doubleText(value)}`;
    case 'boolean':
      return `(${value})`;
    case 'bigint':
      return String(value);
    default:
      return '(nil)';
  }
}

function listText(items: readonly unknown[], mark: string, empty: string, prefix: string): string {
  if (items.length === 0) return empty;
  const { width, inner } = layOut(items.length, prefix);
  return items
    .map((item, index) => {
      const number = `${String(index + 1).padStart(width)}${mark} `;
      return (index === 0 ? '' : prefix) + number + replyText(item, inner);
    })
    .join('\n');
}

function mapText(map: ReadonlyMap<unknown, unknown>, prefix: string): string {
  if (map.size === 0) return '(empty hash)';
  const { width, inner } = layOut(map.size, prefix);
  return [...map]
    .map(([key, value], index) => {
      const number = `${String(index + 1).padStart(width)}# `;
      const start = isAggregate(value) ? `\n${inner}` : '';
      const pair = `${replyText(key, inner)} => ${start}${replyText(value, inner)}`;
      return (index === 0 ? '' : prefix) + number + pair;
    })
    .join('\n');
}

/** Such a value, unless empty, begins on a line of its own. */
function isAggregate(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return (value instanceof Map || value instanceof Set) && value.size > 0;
}

/** Numbers are right-aligned, and what is nested begins where they end. */
function layOut(count: number, prefix: string): { width: number; inner: string } {
  const width = String(count).length;
  return { width, inner: prefix + ' '.repeat(width + 2) };
}

/** The decoder gives the keys of maps as plain values: text is a string there. */
/** As printf's %.17g: what Redis 7.0 sends. */
function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0';
  const [digits = '', exponent = ''] = value.toExponential(16).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 17) return withoutZeros(value.toFixed(16 - power));
  const size = String(Math.abs(power)).padStart(2, '0');
  return `${withoutZeros(digits)}e${power < 0 ? '-' : '+'}${size}`;
}

function withoutZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

function code(character: string): number {
  return character.charCodeAt(0);
}
