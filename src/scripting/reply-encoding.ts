/**
 * A reply to redis.call: from RESP to what lua.wasm makes Lua values of.
 *
 *   0      1                 5
 *   +------+-----------------+-----------------------+
 *   | kind | length or count | bytes, or the members |
 *   +------+-----------------+-----------------------+
 *     u8     u32
 *
 *   0 null (length 0: false, 1: nil)   1 integer (i64)   2 string   3 array   4 status   5 error
 *   7 boolean (u8)   8 double (f64)   9 map   10 set   11 big number   12 verbatim string
 *
 * An error is raised as text behind ERROR_MARK, which the prelude knows.
 *
 * Example: `$2 CRLF hi CRLF` becomes 02 02000000 68 69.
 */
import type { Protocol } from '../resp/reply-writer.js';

/** No error of a script is likely to begin like this. */
export const ERROR_MARK = '\x01error of a command\x01';
const CR = 13;
const MARK = new TextEncoder().encode(ERROR_MARK);
const NO_BYTES = new Uint8Array(0);
const decoder = new TextDecoder('latin1');

enum Kind {
  Null = 0,
  Integer = 1,
  String = 2,
  Array = 3,
  Status = 4,
  Error = 5,
  Boolean = 7,
  Double = 8,
  Map = 9,
  Set = 10,
  BigNumber = 11,
  Verbatim = 12,
}

export class ReplyEncoder {
  private bytes = new Uint8Array(512);
  private view = new DataView(this.bytes.buffer);
  private length = 0;
  private from: Uint8Array = this.bytes;
  private at = 0;
  private protocol: Protocol = 2;
  /** Errors are raised: they are marked. */
  private raises = false;

  /** The first reply of `resp`. Valid until the next call. */
  encode(resp: Uint8Array, protocol: Protocol, raises: boolean): Uint8Array {
    this.length = 0;
    this.from = resp;
    this.at = 0;
    this.protocol = protocol;
    this.raises = raises;
    this.value();
    return this.bytes.subarray(0, this.length);
  }

  string(bytes: Uint8Array): Uint8Array {
    this.length = 0;
    this.put(Kind.String, bytes);
    return this.bytes.subarray(0, this.length);
  }

  number(value: number): Uint8Array {
    this.length = 0;
    this.integer(BigInt(value));
    return this.bytes.subarray(0, this.length);
  }

  /** `fields` in an array: numbers and strings. */
  array(fields: readonly (number | Uint8Array)[]): Uint8Array {
    this.length = 0;
    this.head(Kind.Array, fields.length);
    for (const field of fields) {
      if (typeof field === 'number') this.integer(BigInt(field));
      else this.put(Kind.String, field);
    }
    return this.bytes.subarray(0, this.length);
  }

  private value() {
    const mark = String.fromCharCode(this.from[this.at] ?? 0);
    const end = this.from.indexOf(CR, this.at);
    const line = this.from.subarray(this.at + 1, end);
    this.at = end + 2;
    switch (mark) {
      case '+':
        return this.put(Kind.Status, line);
      case '-':
        return this.error(line);
      case ':':
        return this.integer(BigInt(decoder.decode(line)));
      case '$':
        return this.bulk(Number(decoder.decode(line)));
      case '_':
        return this.null();
      case '#':
        return this.one(Kind.Boolean, line[0] === 0x74 ? 1 : 0);
      case ',':
        return this.double(decoder.decode(line));
      case '(':
        return this.put(Kind.BigNumber, line);
      case '=':
        return this.verbatim(Number(decoder.decode(line)));
      default:
        return this.aggregate(mark, Number(decoder.decode(line)));
    }
  }

  private aggregate(mark: string, count: number) {
    if (count < 0) return this.null();
    const kind = mark === '%' ? Kind.Map : mark === '~' ? Kind.Set : Kind.Array;
    this.head(kind, count);
    for (let left = mark === '%' ? count * 2 : count; left > 0; left--) this.value();
  }

  private take(length: number): Uint8Array {
    const bytes = this.from.subarray(this.at, this.at + length);
    this.at += length + 2;
    return bytes;
  }

  private bulk(length: number): void {
    if (length < 0) this.null();
    else this.put(Kind.String, this.take(length));
  }

  private verbatim(length: number): void {
    const bytes = this.take(length);
    this.head(Kind.Verbatim, length);
    this.reserve(length + 4);
    this.view.setUint32(this.length, 3, true);
    this.bytes.set(bytes.subarray(0, 3), this.length + 4);
    this.bytes.set(bytes.subarray(4), this.length + 7);
    this.length += 7 + length - 4;
  }

  private error(text: Uint8Array): void {
    const mark = this.raises ? MARK : NO_BYTES;
    this.head(Kind.Error, mark.length + text.length);
    this.reserve(mark.length + text.length);
    this.bytes.set(mark, this.length);
    this.bytes.set(text, this.length + mark.length);
    this.length += mark.length + text.length;
  }

  private null(): void {
    this.head(Kind.Null, this.protocol === 3 ? 1 : 0);
  }

  private integer(value: bigint): void {
    this.head(Kind.Integer, 8);
    this.reserve(8);
    this.view.setBigInt64(this.length, value, true);
    this.length += 8;
  }

  private double(text: string): void {
    this.head(Kind.Double, 8);
    this.reserve(8);
    const value = text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  private one(kind: Kind, byte: number): void {
    this.head(kind, 1);
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  private put(kind: Kind, bytes: Uint8Array): void {
    this.head(kind, bytes.length);
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  private head(kind: Kind, length: number): void {
    this.reserve(5);
    this.bytes[this.length] = kind;
    this.view.setUint32(this.length + 1, length, true);
    this.length += 5;
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const bytes = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
