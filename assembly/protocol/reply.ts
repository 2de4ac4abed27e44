/**
 * Reply: writes one reply after the other in the protocol of the session, RESP2 or RESP3.
 *
 *   kind         RESP2                     RESP3
 *   simple       +OK CR LF                 the same
 *   error        -ERR text CR LF           the same
 *   integer      :7 CR LF                  the same
 *   bulk         $2 CR LF hi CR LF         the same
 *   nil          $-1 CR LF                 _ CR LF
 *   array        *n CR LF                  the same
 *   nil array    *-1 CR LF                 _ CR LF
 *   map          *2n CR LF                 %n CR LF
 *   set          *n CR LF                  ~n CR LF
 *   double       $3 CR LF 1.5 CR LF        ,1.5 CR LF
 */
import { Buffer, bufferAt, raise } from '../memory/buffer';
import { copy, copyPadded } from '../memory/bytes';
import { DOUBLE_TEXT_ROOM, formatDouble } from '../memory/float-text';
import { formatInteger } from '../memory/integer-text';
import * as errorCounts from './error-counts';

const OK_CR_LF: u64 = ((<u64>0x0a) << 32) | 0x0d4b4f2b;
const NIL_3: u32 = 0x0a0d5f;
const MINUS: u8 = 0x2d;
const SPACE: u8 = 0x20;
const SIMPLE: u8 = 0x2b;
const INTEGER: u8 = 0x3a;
const BULK: u8 = 0x24;
const ARRAY: u8 = 0x2a;
const MAP: u8 = 0x25;
const SET: u8 = 0x7e;
const DOUBLE: u8 = 0x2c;
const CR_LF: u16 = 0x0a0d;

const output: Buffer = bufferAt(memory.data(48, 16));
/** 2 or 3. */
export let protocol: u32 = 2;
/** Where the text of the error being written begins. */
let errorStart: usize = 0;
/** Error replies written so far. */
export let errors: u64 = 0;

export function setProtocol(version: u32): void {
  protocol = version;
}

/** The replies that wait to be drained. */
export function pending(): Buffer {
  return output;
}

/** True if all that was replied so far did find room: to be asked before a change follows. */
export function fits(): bool {
  return !output.failed;
}

/** There was no memory for what the reply is made from: an error takes its place. */
export function fail(): void {
  output.failed = true;
  raise();
}

export function ok(): void {
  output.room(8);
  store<u64>(output.end, OK_CR_LF);
  output.end += 5;
}

export function simple(text: string): void {
  output.byte(SIMPLE);
  output.literal(text);
  output.lineEnd();
}

/** Writes an error; `text` begins with its code. */
export function error(text: string): void {
  beginError();
  output.literal(text);
  endError();
}

/** Begins an error of several pieces: `errorText` and `errorBytes` follow, then `endError`. */
export function beginError(): void {
  errors++;
  raise();
  output.byte(MINUS);
  errorStart = output.length;
}

export function errorText(text: string): void {
  output.literal(text);
}

/** As `errorBytes`, up to the first NUL, for texts that Redis prints as C strings. */
export function errorCString(address: usize, length: usize): usize {
  let shown: usize = 0;
  while (shown < length && load<u8>(address + shown)) shown++;
  errorBytes(address, shown);
  return shown;
}

/** Bytes from a client, whatever they are: `endError` makes them fit for one line. */
export function errorBytes(address: usize, length: usize): void {
  output.raw(address, length);
}

export function errorByte(byte: u8): void {
  output.byte(byte);
}

/**
 * Ends the error. As in Redis, line ends at its end are dropped and others become spaces,
 * so that no text from a client can begin a reply.
 */
export function endError(): void {
  const start = output.bytes + errorStart;
  while (output.end > start && isLineEnd(load<u8>(output.end - 1))) output.end -= 1;
  for (let at = start; at < output.end; at++) {
    if (isLineEnd(load<u8>(at))) store<u8>(at, SPACE);
  }
  errorCounts.add(start, output.end);
  output.lineEnd();
}

function isLineEnd(byte: u8): bool {
  return byte == 0x0d || byte == 0x0a;
}

export function integer(value: i64): void {
  output.header(INTEGER, value);
}

/** Writes a bulk string. Short ones, which are most, take the first branch. */
export function bulk(address: usize, length: usize): void {
  if (length > 99) return longBulk(address, length);
  output.room(128);
  let at = output.end;
  if (length < 10) {
    store<u32>(at, BULK | ((<u32>length + 0x30) << 8) | ((<u32>CR_LF) << 16));
    at += 4;
  } else {
    const tens = <u32>length / 10;
    const digits = (tens + 0x30) | ((<u32>length - tens * 10 + 0x30) << 8);
    store<u64>(at, BULK | ((<u64>digits) << 8) | ((<u64>CR_LF) << 24));
    at += 5;
  }
  copyPadded(at, address, length);
  store<u16>(at + length, CR_LF);
  output.end = at + length + 2;
}

function longBulk(address: usize, length: usize): void {
  if (length > 999) return output.bulk(address, length);
  output.room(1008);
  const at = output.end;
  const hundreds = <u32>length / 100;
  const rest = <u32>length - hundreds * 100;
  const tens = rest / 10;
  store<u16>(at, BULK | ((hundreds + 0x30) << 8));
  store<u32>(at + 2, (tens + 0x30) | ((rest - tens * 10 + 0x30) << 8) | ((<u32>CR_LF) << 16));
  copy(at + 6, address, length);
  store<u16>(at + length + 6, CR_LF);
  output.end = at + length + 8;
}

export function bulkText(text: string): void {
  output.bulkLiteral(text);
}

/** An integer as a bulk string. */
export function bulkInteger(value: i64): void {
  output.room(64);
  const at = output.end;
  // Written where it belongs if it has two digits of length; most have one, and are moved up.
  const length = <u32>formatInteger(value, at + 5);
  if (length < 10) {
    store<u32>(at, BULK | ((length + 0x30) << 8) | ((<u32>CR_LF) << 16));
    v128.store(at + 4, v128.load(at + 5));
    store<u16>(at + length + 4, CR_LF);
    output.end = at + length + 6;
  } else {
    const tens = length / 10;
    store<u32>(
      at,
      BULK | ((tens + 0x30) << 8) | ((length - tens * 10 + 0x30) << 16) | (0x0d << 24),
    );
    store<u8>(at + 4, 0x0a);
    store<u16>(at + length + 5, CR_LF);
    output.end = at + length + 7;
  }
}

const integerText: usize = memory.data(32, 16);

/**
 * A double as `%.17g`: a type of its own in RESP3, a bulk string in RESP2.
 */
export function double(value: f64): void {
  doubleOf(doubleText, formatDouble(value, doubleText));
}

/** A double whose text is there already. */
export function doubleOf(address: usize, length: usize): void {
  if (protocol == 2) return bulk(address, length);
  output.byte(DOUBLE);
  output.raw(address, length);
  output.lineEnd();
}

/** A double as a bulk string, whatever the protocol. */
export function bulkDouble(value: f64): void {
  output.bulk(doubleText, formatDouble(value, doubleText));
}

const doubleText: usize = memory.data(48, 16);
if (DOUBLE_TEXT_ROOM > 48) ERROR('the longest double fits');

/** The null that stands for a missing value. */
export function nil(): void {
  output.room(8);
  if (protocol == 3) {
    store<u32>(output.end, NIL_3);
    output.end += 3;
  } else {
    output.literal('$-1\r\n');
  }
}

/** The null that stands for a missing array: RESP2 tells it from a missing value. */
export function nilArray(): void {
  if (protocol == 3) nil();
  else output.literal('*-1\r\n');
}

/** The head of a set: `count` values follow. */
export function set(count: u64): void {
  output.header(protocol == 3 ? SET : ARRAY, <i64>count);
}

/** The head of an array: `count` values follow. */
export function array(count: u64): void {
  output.header(ARRAY, <i64>count);
}

/** The head of a map: `count` pairs follow. */
export function map(count: u64): void {
  if (protocol == 3) output.header(MAP, <i64>count);
  else output.header(ARRAY, (<i64>count) << 1);
}

/** Writes over an array head whose count was not known: give `reserved` from `openArray`. */
export function openArray(): usize {
  output.room(16);
  const offset = output.length;
  store<u64>(output.end, 0);
  output.end += COUNT_PLACE;
  return offset;
}

/** Closes an array opened before: its head is moved up to what follows it. */
export function closeArray(offset: usize, count: u64): void {
  close(ARRAY, offset, count);
}

/** As `closeArray`, for what turns out to be a set. */
export function closeSet(offset: usize, count: u64): void {
  close(protocol == 3 ? SET : ARRAY, offset, count);
}

/** As `closeArray`, for pairs, each after `pair`: a map in RESP3, an array of arrays in RESP2. */
export function closePairs(offset: usize, count: u64): void {
  close(protocol == 3 ? MAP : ARRAY, offset, count);
}

/** The head of a pair of `closePairs`. */
export function pair(): void {
  if (protocol == 2) array(2);
}

function close(type: u8, offset: usize, count: u64): void {
  if (output.failed) return;
  const start = output.bytes + offset;
  const text = changetype<usize>(integerText);
  const digits = formatInteger(<i64>count, text);
  const gap = COUNT_PLACE - (digits + 3);
  store<u8>(start, type);
  copy(start + 1, text, digits);
  store<u16>(start + 1 + digits, CR_LF);
  const body = start + COUNT_PLACE;
  if (gap) memory.copy(body - gap, body, output.end - body);
  output.end -= gap;
}

/** Bytes kept free for an array head of unknown count: up to 13 digits. */
const COUNT_PLACE: usize = 16;
