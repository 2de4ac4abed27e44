/**
 * Reads an append only file from a place on, piece by piece: blocks of ours, whose checksum must agree,
 * and the commands that redis-server has written, in between or alone. A piece is whole commands, and
 * never ends within a transaction.
 */
import {
  type BlockHeader,
  decodeHeader,
  HEADER_BYTES_MAX,
  hex,
  MARK,
  NO_SUM,
  type Sum,
  sumOfLine,
  sumOver,
} from './blocks.js';
import type { DiskFile } from './disk.js';

const READ_BYTES = 1024 * 1024;
/** Commands are handed over when they come to this much. */
const PIECE_BYTES = 256 * 1024;
const HASH = 0x23;
const ASTERISK = 0x2a;
const DOLLAR = 0x24;
const LINE_FEED = 0x0a;
/** A line of somebody else's that is not a command; redis-server reads no more of it at once. */
const LINE_BYTES_MAX = 1024;
/** What redis-server notes under `aof-timestamp-enabled`; behind a block of ours there is no other. */
const TIME = /^#TS:\d+\r\n$/;
const latin1 = new TextDecoder('latin1');

export interface Piece {
  readonly bytes: Uint8Array;
  /** Where the piece begins, its header included, and where it ends. */
  readonly start: number;
  readonly end: number;
  /** The checksum that what follows is to follow on. */
  readonly sum: Sum;
  readonly isBlock: boolean;
  /** Up to here the file was on the disk when this was written, as far as it says. */
  readonly durable: number;
  /** What this file follows on, if this is how it begins. */
  readonly after: Sum | null;
}

/**
 * Why there is no next piece. `short`: the file ends within it. `bad`: it is not as it was written.
 * `format`: it is no command.
 */
export interface Trouble {
  readonly kind: 'short' | 'bad' | 'format';
  /** Where the last whole piece ends. */
  readonly at: number;
  readonly cause: string;
  /** It ends between MULTI and EXEC. */
  readonly inTransaction: boolean;
  /** Where the bad block ends, if its line says so. */
  readonly end: number | null;
  /** No crash leaves it like this. */
  readonly isCertain: boolean;
  /** It can be what a crash leaves behind: see `verdict.ts`. */
  readonly isTorn: boolean;
}

export class AofReader {
  private window = new Uint8Array(0);
  /** Of the window in the file. */
  private windowStart: number;
  /** What was read of the window. */
  private cursor = 0;
  private sum: Sum;
  /** Of the blocks in the file; null until there was one. */
  key: number | null = null;

  constructor(
    private readonly file: DiskFile,
    /** Where to stop. */
    private readonly size: number,
    start = 0,
    sum: Sum = NO_SUM,
  ) {
    this.windowStart = start;
    this.sum = sum;
  }

  /** Where the next piece begins. */
  get position(): number {
    return this.windowStart + this.cursor;
  }

  /** The next piece, or why there is none; null at the end. */
  async next(): Promise<Piece | Trouble | null> {
    if (!(await this.fill(1))) return null;
    if (await this.isOurs()) return this.block();
    if (this.window[this.cursor] === HASH) return this.comment();
    return this.commands();
  }

  private async isOurs(keep = this.position): Promise<boolean> {
    await this.fill(MARK.length, keep);
    const start = latin1.decode(this.window.subarray(this.cursor, this.cursor + MARK.length));
    return start === MARK || (start.length < MARK.length && MARK.startsWith(start));
  }

  private async block(): Promise<Piece | Trouble> {
    const start = this.position;
    const line = await this.line(HEADER_BYTES_MAX);
    if (line === null) {
      return this.size - start < HEADER_BYTES_MAX
        ? trouble('short', start, 'a header ends with the file')
        : trouble('bad', start, 'a header has no end');
    }
    const header = decodeHeader(line);
    if (header === null) return trouble('bad', start, 'a header is not as it was written');
    this.cursor += line.length;
    const { length } = header;
    if (length > this.size - this.position) {
      return trouble('short', start, `a block of ${length} bytes ends with the file`);
    }
    await this.fill(length);
    const bytes = this.window.subarray(this.cursor, this.cursor + length);
    const sum = sumOver(sumOfLine(line), bytes);
    const isFirst = start === 0 && length === 0;
    const problem = this.problemOf(header, start, sum, isFirst);
    if (problem !== null) return { ...problem, end: this.position + length };
    this.cursor += length;
    this.sum = sum;
    this.key ??= header.key;
    const after = isFirst ? header.before : null;
    const { durable } = header;
    return { bytes, start, end: this.position, sum, isBlock: true, durable, after };
  }

  /** Why a block at `start` whose checksum came to `sum` does not count. */
  private problemOf(header: BlockHeader, start: number, sum: Sum, isFirst: boolean) {
    const { before, key, length, offset } = header;
    if (sum !== header.sum) {
      const sums = `${hex(sum)} instead of ${hex(header.sum)}`;
      return trouble('bad', start, `the checksum of ${length} bytes is ${sums}`);
    }
    if (key !== (this.key ?? key)) return certain(start, 'the block is from another file');
    if (offset !== start) return certain(start, `the block belongs at ${offset}`);
    if (isFirst || before === this.sum) return null;
    return trouble('bad', start, 'what is in front of the block has changed');
  }

  /** Commands up to the next block of ours, or as many as make a piece. */
  private async commands(): Promise<Piece | Trouble> {
    const start = this.position;
    /** Behind the last command outside of a transaction. */
    let whole = start;
    let inTransaction = false;
    const comments: Span[] = [];
    for (;;) {
      const at = this.position;
      const kind = (await this.fill(1, start)) ? await this.command(start) : 'end';
      if (kind === 'multi') inTransaction = true;
      else if (kind === 'exec') inTransaction = false;
      if (kind === 'end' || kind === 'comment') {
        if (!inTransaction) break;
        if (kind === 'comment') {
          // redis-server may note the time there; a block of ours is never there.
          const comment = await this.passComment(start);
          if (comment !== null) {
            comments.push(comment);
            continue;
          }
          return trouble('format', whole, 'a transaction does not end', true);
        }
        if (whole > start) break;
        return trouble('short', whole, 'the file ends within a transaction', true);
      }
      if (kind === 'short' || kind === 'format') {
        if (whole > start) break;
        const cause = kind === 'short' ? 'the file ends within a command' : 'it is no command';
        return trouble(kind, inTransaction ? whole : at, cause, inTransaction);
      }
      if (inTransaction) continue;
      whole = this.position;
      if (whole - start >= PIECE_BYTES) break;
    }
    const bytes = this.without(comments, start, whole);
    this.sum = sumOver(this.sum, this.inWindow(start, whole));
    this.cursor = whole - this.windowStart;
    return { bytes, start, end: whole, sum: this.sum, isBlock: false, durable: 0, after: null };
  }

  /** The line at the cursor, within a transaction; null if it is not to be there. */
  private async passComment(keep: number): Promise<Span | null> {
    if (await this.isOurs(keep)) return null;
    const from = this.position;
    const line = await this.line(LINE_BYTES_MAX, keep);
    if (line === null) return null;
    this.cursor += line.length;
    return { from, to: this.position };
  }

  /** What is in the window from `start` to `end`, but for these. */
  private without(comments: readonly Span[], start: number, end: number): Uint8Array {
    const inside = comments.filter(({ to }) => to <= end);
    if (inside.length === 0) return this.inWindow(start, end);
    const parts: Uint8Array[] = [];
    let at = start;
    for (const { from, to } of inside) {
      parts.push(this.inWindow(at, from));
      at = to;
    }
    parts.push(this.inWindow(at, end));
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let filled = 0;
    for (const part of parts) {
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  }

  private inWindow(from: number, to: number): Uint8Array {
    return this.window.subarray(from - this.windowStart, to - this.windowStart);
  }

  /** Passes one command, or one line that is none; all since `keep` stays in the window. */
  private async command(keep: number): Promise<Step> {
    const first = this.window[this.cursor];
    if (first === HASH) return 'comment';
    if (first !== ASTERISK) return 'format';
    const line = await this.line(LINE_BYTES_MAX, keep);
    if (line === null) return this.lineTrouble();
    const count = Number.parseInt(line.slice(1), 10);
    if (!(count >= 1)) return 'format';
    this.cursor += line.length;
    let step: Step = 'command';
    for (let index = 0; index < count; index++) {
      const argument = await this.argument(keep);
      if (typeof argument === 'string') return argument;
      if (index === 0) step = stepOf(argument);
    }
    return step;
  }

  /** A line for people, or of another program. */
  private async comment(): Promise<Piece | Trouble> {
    const start = this.position;
    const line = await this.line(LINE_BYTES_MAX);
    if (line === null) return trouble(this.lineTrouble(), start, 'a comment has no end');
    if (this.key !== null && !TIME.test(line)) {
      return certain(start, 'it is a line that neither Redis nor we write');
    }
    this.cursor += line.length;
    this.sum = sumOver(this.sum, this.inWindow(start, this.position));
    const bytes = this.window.subarray(0, 0);
    return {
      bytes,
      start,
      end: this.position,
      sum: this.sum,
      isBlock: false,
      durable: 0,
      after: null,
    };
  }

  private async argument(keep: number): Promise<Uint8Array | 'short' | 'format'> {
    if (!(await this.fill(1, keep))) return 'short';
    if (this.window[this.cursor] !== DOLLAR) return 'format';
    const line = await this.line(LINE_BYTES_MAX, keep);
    if (line === null) return this.lineTrouble();
    const length = Number.parseInt(line.slice(1), 10);
    if (!(length >= 0)) return 'format';
    this.cursor += line.length;
    if (length + 2 > this.size - this.position) return 'short';
    await this.fill(length + 2, keep);
    const bytes = this.window.subarray(this.cursor, this.cursor + length);
    this.cursor += length + 2;
    return bytes;
  }

  private lineTrouble(): 'short' | 'format' {
    return this.size - this.position < LINE_BYTES_MAX ? 'short' : 'format';
  }

  /** The line at the cursor with its end, not passed; null if it has none within `max` bytes. */
  private async line(max: number, keep = this.position): Promise<string | null> {
    for (let wanted = 64; ; wanted *= 2) {
      await this.fill(Math.min(wanted, max), keep);
      const seen = this.window.subarray(this.cursor, this.cursor + max);
      const end = seen.indexOf(LINE_FEED);
      if (end >= 0) return latin1.decode(seen.subarray(0, end + 1));
      if (wanted >= max) return null;
    }
  }

  /** Has `count` bytes behind the cursor, if there are so many; keeps what follows on `keep`. */
  private async fill(count: number, keep = this.position): Promise<boolean> {
    const there = this.window.length - this.cursor;
    if (there >= count) return true;
    const left = this.size - (this.windowStart + this.window.length);
    if (left <= 0) return false;
    const kept = this.window.subarray(keep - this.windowStart);
    const more = Math.min(left, Math.max(count - there, READ_BYTES));
    const grown = new Uint8Array(kept.length + more);
    grown.set(kept);
    const from = this.windowStart + this.window.length;
    let filled = kept.length;
    while (filled < grown.length) {
      const got = await this.file.read(grown.subarray(filled), from + filled - kept.length);
      if (got === 0) break;
      filled += got;
    }
    this.cursor -= keep - this.windowStart;
    this.windowStart = keep;
    this.window = grown.subarray(0, filled);
    return this.window.length - this.cursor >= count;
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
}

type Step = 'command' | 'multi' | 'exec' | 'comment' | 'end' | 'short' | 'format';

function stepOf(name: Uint8Array): Step {
  if (name.length > 5) return 'command';
  const word = latin1.decode(name).toLowerCase();
  return word === 'multi' || word === 'exec' ? word : 'command';
}

function trouble(kind: Trouble['kind'], at: number, cause: string, inTransaction = false): Trouble {
  const isTorn = kind === 'short';
  return { kind, at, cause, inTransaction, end: null, isCertain: false, isTorn };
}

function certain(at: number, cause: string): Trouble {
  return { ...trouble('bad', at, cause), isCertain: true };
}

export function isTrouble(found: Piece | Trouble): found is Trouble {
  return 'kind' in found;
}
