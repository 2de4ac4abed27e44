/**
 * Buffer: bytes that grow at their end. Replies and effects are written to one each.
 *
 *   bytes                                        bytes + capacity
 *   +----------------------------+---------------+
 *   | written                    | room          |
 *   +----------------------------+---------------+
 *                                end
 *
 * Call `room(n)` before writing n bytes. If memory is exhausted, what is short goes into some room
 * that is kept back for this: the reply to a change that is made can always be written. If that does
 * not help the buffer turns to `failed`: what was written before `mark` is kept, room is made by
 * starting over there, and the owner replaces the piece that did not fit. Either way the owner should
 * clear the buffer before the next piece.
 */
import { copy, copyLiteral } from './bytes';
import { allocate, blockSize, release, reserve } from './heap';
import { formatInteger, INTEGER_TEXT_ROOM } from './integer-text';

const CR_LF: u16 = 0x0a0d;
/** Room for a type byte, an integer and CR LF. */
const HEADER_ROOM: usize = INTEGER_TEXT_ROOM + 8;
const GROWTH_MIN: u64 = 4096;
const CAPACITY_MAX: u64 = 0xf0000000;
/** Room behind the limit for what is short and for errors: more than the longest error text. */
const EMERGENCY_ROOM: usize = 1024;
const KEPT_MIN: usize = 16 * 1024;
/** Above this a buffer that is cleared gives its memory back. */
const KEPT_MAX: usize = 1 << 20;

/**
 * True if something rare has happened that the executor should look at after the command: a
 * buffer has grown or failed, an error was replied, a key of interest was touched.
 */
export let attention: bool = false;

export function raise(): void {
  attention = true;
}

export function settle(): void {
  attention = false;
}

@unmanaged
export class Buffer {
  bytes: usize;
  end: usize;
  limit: usize;
  /** Where the piece being written began. */
  mark: usize;
  failed: bool;
  /** True while the emergency room is in use. */
  strained: bool;

  @inline get length(): usize {
    return this.end - this.bytes;
  }

  /** Makes room for `size` bytes at the end; they may have moved. */
  @inline room(size: usize): void {
    if (this.limit - this.end < size) this.grow(size);
  }

  /** Makes room if it can be had; false, and nothing has changed, if not. */
  hasRoom(size: usize): bool {
    if (this.limit - this.end >= size) return true;
    const wanted = this.capacityFor(size);
    if (this.strained || wanted > CAPACITY_MAX || !reserve(<usize>wanted)) return false;
    this.moveTo(<usize>wanted);
    return true;
  }

  /** The capacity to grow to for `size` more bytes. */
  private capacityFor(size: usize): u64 {
    return max<u64>((<u64>(this.limit - this.bytes)) << 1, <u64>this.length + size + GROWTH_MIN);
  }

  /** Remembers the end as the beginning of the next piece. */
  @inline begin(): void {
    this.mark = this.end;
  }

  /** Takes back everything since `begin`. */
  rewind(): void {
    this.end = this.mark;
    this.failed = false;
  }

  clear(): void {
    this.end = this.bytes;
    this.mark = this.bytes;
    this.failed = false;
    if (this.strained) this.limit -= EMERGENCY_ROOM;
    this.strained = false;
    if (this.limit - this.bytes > KEPT_MAX) this.shrink();
  }

  /** Gives its memory back but for a little, which can be had because more was given. */
  private shrink(): void {
    release(this.bytes);
    this.take(KEPT_MIN);
  }

  /** Takes a block of this size, as an empty buffer. */
  private take(size: usize): void {
    this.bytes = allocate(size);
    this.end = this.bytes;
    this.mark = this.bytes;
    this.limit = this.bytes + blockSize(this.bytes) - EMERGENCY_ROOM;
  }

  /** Gives the buffer its first memory. A buffer that is never empty can always say what failed. */
  prime(): void {
    this.take(KEPT_MIN);
  }

  private grow(size: usize): void {
    const wanted = this.capacityFor(size);
    if (!this.strained && wanted <= CAPACITY_MAX && reserve(<usize>wanted)) {
      return this.moveTo(<usize>wanted);
    }
    raise();
    if (!this.strained && this.bytes) this.strain();
    if (this.limit - this.end < size) this.fail(size);
  }

  private strain(): void {
    this.limit += EMERGENCY_ROOM;
    this.strained = true;
  }

  private moveTo(capacity: usize): void {
    raise();
    const length = this.end - this.bytes;
    const old = this.bytes;
    const mark = this.mark - old;
    this.take(capacity);
    if (length) memory.copy(this.bytes, old, length);
    if (old && old != spare) release(old);
    this.mark += mark;
    this.end += length;
  }

  /** Goes back to the mark, so that small pieces still find room; `failed` tells the owner. */
  private fail(size: usize): void {
    this.failed = true;
    if (!this.bytes) this.borrow();
    this.end = this.mark;
    if (!this.strained) this.strain();
    if (this.limit - this.end < size) unreachable();
  }

  /** A buffer that never had memory writes to a place where nobody reads. */
  private borrow(): void {
    this.bytes = spare;
    this.mark = spare;
    this.limit = spare;
  }

  byte(value: u8): void {
    this.room(1);
    store<u8>(this.end, value);
    this.end += 1;
  }

  /** Appends bytes as they are. */
  raw(address: usize, length: usize): void {
    if (!this.fits(length)) return;
    copy(this.end, address, length);
    this.end += length;
  }

  /** Appends ASCII text. */
  literal(text: string): void {
    this.room(<usize>text.length);
    this.end += copyLiteral(this.end, text);
  }

  /** Appends `type`, a number and CR LF: the head of most RESP values. */
  header(type: u8, value: i64): void {
    this.room(HEADER_ROOM);
    let at = this.end;
    store<u8>(at, type);
    if (<u64>value < 10) {
      store<u32>(at + 1, (<u32>value + 0x30) | ((<u32>CR_LF) << 8));
      this.end = at + 4;
      return;
    }
    at += 1 + formatInteger(value, at + 1);
    store<u16>(at, CR_LF);
    this.end = at + 2;
  }

  /** Appends `$length CR LF bytes CR LF`. */
  bulk(address: usize, length: usize): void {
    this.header(0x24, length);
    if (!this.fits(length + 2)) return;
    copy(this.end, address, length);
    store<u16>(this.end + length, CR_LF);
    this.end += length + 2;
  }

  /** Appends an ASCII literal as a bulk string. */
  bulkLiteral(text: string): void {
    this.header(0x24, text.length);
    this.literal(text);
    this.lineEnd();
  }

  /** Appends an integer as a bulk string. */
  bulkInteger(value: i64): void {
    const text = changetype<usize>(scratch);
    this.bulk(text, formatInteger(value, text));
  }

  lineEnd(): void {
    this.room(2);
    store<u16>(this.end, CR_LF);
    this.end += 2;
  }

  /** Makes room for a piece of any size; false if there is none and the piece is to be skipped. */
  private fits(size: usize): bool {
    if (this.failed) return false;
    if (this.hasRoom(size)) return true;
    raise();
    this.fail(0);
    return false;
  }
}

const scratch: usize = memory.data(64, 16);
/** What buffers write to that could not get any memory. */
const spare: usize = memory.data(1024, 16);
if (EMERGENCY_ROOM != 1024) ERROR('the spare room is what an emergency needs');

/** A buffer at `address`, which holds at least `offsetof<Buffer>()` zeroed bytes. */
export function bufferAt(address: usize): Buffer {
  return changetype<Buffer>(address);
}
