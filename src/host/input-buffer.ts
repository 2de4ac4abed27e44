/**
 * Request bytes of a session which the core has not executed yet: the beginning of a frame, or
 * everything behind a command that waits.
 *
 * A large value comes in hundreds of pieces. Parsing its frame anew at each piece would cost
 * the square of its size; so the core tells how many bytes the frame lacks at the least, and
 * is not asked again before they are there.
 */

const CAPACITY_MIN = 1024;
/** An array larger than this is given back once little of it is used. */
const KEEP_MAX = 1024 * 1024;
const EMPTY = new Uint8Array(0);

export class InputBuffer {
  private bytes: Uint8Array = EMPTY;
  private used = 0;
  /** Length below which the frame at the front cannot be whole. */
  private needed = 0;

  get length(): number {
    return this.used;
  }

  /** What it takes of memory. */
  get capacity(): number {
    return this.bytes.length;
  }

  /** Whether the frame at the front may be whole by now. */
  get worthParsing(): boolean {
    return this.used >= this.needed;
  }

  append(more: Uint8Array, count = more.length): void {
    const length = this.used + count;
    if (length > this.bytes.length) this.grow(length);
    this.bytes.set(more.subarray(0, count), this.used);
    this.used = length;
  }

  /** All bytes; a view that is valid until the next change. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.used);
  }

  /** Keeps `rest` alone, which lacks at least `missing` bytes. It may be a part of `view()`. */
  keep(rest: Uint8Array, missing: number) {
    if (rest.length === 0) return this.clear();
    const wasteful = this.bytes.length > KEEP_MAX && rest.length < this.bytes.length / 4;
    if (wasteful || rest.length > this.bytes.length) {
      const moved = new Uint8Array(capacityFor(rest.length));
      moved.set(rest);
      this.bytes = moved;
    } else this.bytes.set(rest);
    this.used = rest.length;
    this.needed = rest.length + missing;
  }

  clear(): void {
    this.bytes = EMPTY;
    this.used = 0;
    this.needed = 0;
  }

  private grow(length: number): void {
    const grown = new Uint8Array(capacityFor(length));
    grown.set(this.view());
    this.bytes = grown;
  }
}

function capacityFor(length: number): number {
  return Math.max(CAPACITY_MIN, length + (length >> 1));
}
