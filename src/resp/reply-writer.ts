/**
 * Reply bytes in the shapes in which Redis 7.0 writes them, RESP2 or RESP3.
 *
 *   what            RESP2                 RESP3
 *   null            $-1                   _
 *   null array      *-1                   _
 *   map of n        *2n                   %n
 *   set of n        *n                    ~n
 *   push of n       *n                    >n
 *   double 0.5      $3 CRLF 0.5           ,0.5
 *   boolean true    :1                    #t
 *   verbatim        $length               =length+4 CRLF txt:
 *   big number      $length               (digits
 *
 * `array`, `map`, `set`, `push` and `attribute` write the header only: the elements follow by
 * further calls. `error` takes the text with its code word and without the dash:
 * `error('ERR no such key')`.
 *
 * Example: `map(1); bulk('proto'); integer(3)` in RESP3.
 *
 *   25 31 0d 0a   24 35 0d 0a 70 72 6f 74 6f 0d 0a   3a 33 0d 0a
 *   %  1          $  5        p  r  o  t  o          :  3
 */
import { ByteSink } from './byte-sink.js';
import { doubleText } from './double-text.js';
import { ReplyType } from './reply-type.js';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

export type Protocol = 2 | 3;

export class ReplyWriter {
  /** May change between replies (HELLO). */
  protocol: Protocol;
  private readonly out = new ByteSink();

  constructor(protocol: Protocol) {
    this.protocol = protocol;
  }

  /** A status line: `+OK`. CR and LF in it become spaces. */
  simple(text: string): void {
    this.textLine(ReplyType.SimpleString, oneLine(text));
  }

  /** An error line. Line ends at its end are dropped, those inside become spaces. */
  error(text: string): void {
    this.textLine(ReplyType.SimpleError, oneLine(text.replace(/[\r\n]+$/, '')));
  }

  /** An error that quotes a client's bytes, up to their first NUL as Redis prints them. */
  errorQuoting(before: string, quoted: Uint8Array, after: string): void {
    const end = quoted.indexOf(0);
    this.out.byte(ReplyType.SimpleError);
    this.out.text(before);
    for (const byte of end < 0 ? quoted : quoted.subarray(0, end)) {
      this.out.byte(byte === CR || byte === LF ? SPACE : byte);
    }
    this.out.text(after);
    this.out.crlf();
  }

  integer(value: number | bigint): void {
    if (typeof value === 'number') this.out.line(ReplyType.Integer, value);
    else this.textLine(ReplyType.Integer, value.toString());
  }

  bulk(value: string | Uint8Array): void {
    if (typeof value === 'string') this.bulkText('', value);
    else this.bulkBytes(value);
  }

  null(): void {
    this.endLine(this.protocol === 3 ? '_' : '$-1');
  }

  nullArray(): void {
    this.endLine(this.protocol === 3 ? '_' : '*-1');
  }

  array(length: number): void {
    this.out.line(ReplyType.Array, length);
  }

  map(pairs: number): void {
    if (this.protocol === 3) this.out.line(ReplyType.Map, pairs);
    else this.array(pairs * 2);
  }

  set(length: number): void {
    this.out.line(this.protocol === 3 ? ReplyType.Set : ReplyType.Array, length);
  }

  push(length: number): void {
    this.out.line(this.protocol === 3 ? ReplyType.Push : ReplyType.Array, length);
  }

  /** Out-of-band pairs ahead of a reply. RESP2 has none: do not call it there. */
  attribute(pairs: number): void {
    if (this.protocol === 2) throw new Error('RESP2 has no attributes');
    this.out.line(ReplyType.Attribute, pairs);
  }

  double(value: number): void {
    const text = doubleText(value);
    if (this.protocol === 3) this.textLine(ReplyType.Double, text);
    else this.bulk(text);
  }

  boolean(value: boolean): void {
    if (this.protocol === 3) this.endLine(value ? '#t' : '#f');
    else this.integer(value ? 1 : 0);
  }

  /** `format` has three characters: `txt` or `mkd`. */
  verbatim(format: string, text: string): void {
    if (this.protocol === 3) this.bulkText(`${format}:`, text);
    else this.bulk(text);
  }

  /** An integer of any size, as decimal digits. */
  bigNumber(digits: string): void {
    if (this.protocol === 3) this.textLine(ReplyType.BigNumber, digits);
    else this.bulk(digits);
  }

  /** Bytes that are RESP already. */
  raw(bytes: Uint8Array): void {
    this.out.raw(bytes);
  }

  get length(): number {
    return this.out.length;
  }

  /** All bytes since the last `take`, as a copy that belongs to the caller. */
  take(): Uint8Array<ArrayBuffer> {
    return this.out.take();
  }

  private textLine(type: number, text: string): void {
    this.out.byte(type);
    this.endLine(text);
  }

  private endLine(text: string): void {
    this.out.text(text);
    this.out.reserve(2);
    this.out.crlf();
  }

  private bulkBytes(bytes: Uint8Array): void {
    this.out.line(ReplyType.BulkString, bytes.length);
    this.out.raw(bytes);
    this.out.reserve(2);
    this.out.crlf();
  }

  /** A bulk string; one with a `prefix` is a verbatim string. */
  private bulkText(prefix: string, text: string): void {
    const type = prefix === '' ? ReplyType.BulkString : ReplyType.VerbatimString;
    this.out.line(type, prefix.length + utf8Length(text));
    this.out.text(prefix);
    this.endLine(text);
  }
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}

/** How many bytes `text` has as UTF-8; a lone surrogate counts as the U+FFFD it becomes. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    length += code < 0x800 ? 1 : 2;
    if (code >= 0xd800 && code < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) i++;
  }
  return length;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
