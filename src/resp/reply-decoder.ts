/**
 * Reply bytes, RESP2 or RESP3, to JavaScript values; in pieces of any size.
 *
 *   +text  $bulk  =verbatim   string (bytes, if the type mapping says so)
 *   :n  ,double               number          (n    bigint
 *   #t #f                     boolean         _  $-1  *-1    null
 *   -error  !error            ReplyError (also inside an array)
 *   *array  ~set              array           %map  object without a prototype
 *   >push                     array, of kind Push
 *   |attributes               read over: no value of their own
 *
 * `feed` bytes, then call `next` until it says false: from then on the fed bytes are not needed
 * any more. A scalar is read when all of it is there; of an aggregate, what has been read stays
 * read, on an explicit stack. So work is proportional to the bytes, however they are cut.
 * Any byte that is not RESP throws a ProtocolError, and so does every later call.
 */
import { AsciiByte } from './ascii-byte.js';
import { ProtocolError, ReplyError } from './errors.js';
import { addToFrame, type Frame, openFrame, wantsKey } from './reply-frames.js';
import { ReplyType } from './reply-type.js';
import { SegmentText } from './segment-text.js';

export enum ReplyKind {
  Value = 0,
  Error = 1,
  Push = 2,
}

/**
 * Which JavaScript type a kind of reply becomes, by its type byte: node-redis's type mapping.
 * Text: a class with `from(ArrayBuffer)` such as Buffer, or Uint8Array. Numbers: String (big
 * numbers also Number). Sets: Set. Maps: Array, Map with keys that are text as in an object, or a
 * class that extends Map, whose keys follow the mapping. Verbatim: a class made of (format, text).
 */
export type ReplyTypes = Readonly<Record<number, unknown>>;

/** What a type mapping makes of other things than strings: reply-shapes.ts. */
export interface ReplyShapes {
  /** Of a number (`:` `,` `(`) or a verbatim text (`=txt:...`), as it was sent. */
  scalar(mark: number, text: string, type: unknown): unknown;
  /** An empty aggregate; undefined: the usual one. */
  aggregate(mark: number, type: unknown): unknown;
}

export interface ReplyLimits {
  depthMax: number;
  /** Of one string. */
  bytesMax: number;
  /** Of one aggregate. */
  elementsMax: number;
  /** Of a line: a status, an error, a number. */
  lineBytesMax: number;
}

export const DEFAULT_LIMITS: ReplyLimits = {
  depthMax: 256,
  bytesMax: 512 * 1024 * 1024,
  elementsMax: 2 ** 31 - 1,
  lineBytesMax: 1024 * 1024,
};

const EXACT_DIGITS_MAX = 15;
const INTEGER_DIGITS_MAX = 19;
const LENGTH_LINE_BYTES_MAX = 24;
/** Of what is not RESP, in the error. */
const SHOWN_BYTES = 40;
const NONE = new Uint8Array(0);

/** The type bytes of values that are one line: + - : _ # , ( */
const LINE_MARKS = '+-:_#,(';

/** What `read` found. */
enum Read {
  Incomplete = 0,
  Scalar = 1,
  Aggregate = 2,
}

export class ReplyDecoder {
  /** The reply that `next` found. */
  value: unknown = null;
  kind: ReplyKind = ReplyKind.Value;

  #bytes: Uint8Array = NONE;
  #at = 0;
  #end = 0;
  /** Where the rest of a batch is kept when it ends in the middle of a value. */
  #carry = NONE;
  /** Bytes from `at` on in which there is no line end; the first never is one. */
  #scanned = 1;
  #lineEnd = 0;
  /** Elements of the aggregate that `read` opened. */
  #count = 0;
  #item: unknown = null;
  #failure: ProtocolError | null = null;
  readonly #limits: ReplyLimits;
  readonly #shapes: ReplyShapes | undefined;
  readonly #pushTypes: ReplyTypes | undefined;
  /** The innermost open aggregate. */
  #frame: Frame | null = null;
  /** How many are open. */
  #depth = 0;
  readonly #text = new SegmentText();

  /** Without `shapes` only strings follow a type mapping. A push belongs to no call: `pushTypes`. */
  constructor(limits?: Partial<ReplyLimits>, shapes?: ReplyShapes, pushTypes?: ReplyTypes) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#shapes = shapes;
    this.#pushTypes = pushTypes;
  }

  /** Takes in the next bytes of the stream; they must not change until `next` says false. */
  feed(bytes: Uint8Array, length = bytes.length): void {
    if (this.#at === this.#end) {
      this.#bytes = bytes;
      this.#at = 0;
      this.#end = length;
    } else {
      this.#append(bytes, length);
    }
    this.#text.over(this.#bytes, this.#end);
  }

  /** Whether another reply is complete; then it is in `value` and `kind`. */
  next(types?: ReplyTypes): boolean {
    if (this.#failure !== null) throw this.#failure;
    return this.#advance(types);
  }

  #advance(types: ReplyTypes | undefined): boolean {
    for (;;) {
      if (this.#at >= this.#end) return this.#pause();
      const mark = this.#bytes[this.#at] as number;
      const frame = this.#frame;
      const wanted = frame?.isPush ? this.#pushTypes : types;
      const type = frame?.textKeys && wantsKey(frame) ? undefined : wanted?.[mark];
      const read = this.#read(mark, type);
      if (read === Read.Incomplete) return this.#pause();
      this.#scanned = 1;
      if (read === Read.Aggregate) {
        if (++this.#depth > this.#limits.depthMax) this.#fail();
        const target = type && this.#shapes?.aggregate(mark, type);
        this.#frame = openFrame(mark, this.#count, frame, target);
        if (this.#count === 0 && this.#close(this.#frame)) return true;
      } else if (frame === null) {
        this.value = this.#item;
        this.kind = this.#item instanceof ReplyError ? ReplyKind.Error : ReplyKind.Value;
        return true;
      } else if (addToFrame(frame, this.#item) && this.#close(frame)) {
        return true;
      }
    }
  }

  /** Reads one scalar, or the first line of an aggregate; all of it or nothing. */
  #read(mark: number, type: unknown): Read {
    switch (mark) {
      case ReplyType.BulkString:
      case ReplyType.VerbatimString:
      case ReplyType.BulkError:
        return this.#readLength(mark, this.#limits.bytesMax) ?? this.#readBulk(mark, type);
      case ReplyType.Array:
      case ReplyType.Set:
      case ReplyType.Map:
      case ReplyType.Push:
      case ReplyType.Attribute:
        return this.#readLength(mark, this.#limits.elementsMax) ?? this.#enterAggregate();
      default:
        if (!LINE_MARKS.includes(String.fromCharCode(mark))) this.#fail();
        if (!this.#findLine(this.#limits.lineBytesMax)) return Read.Incomplete;
        return this.#readLine(mark, type);
    }
  }

  #readLine(mark: number, type: unknown): Read {
    const start = this.#at + 1;
    const end = this.#lineEnd;
    if (mark === ReplyType.SimpleString) this.#item = this.#string(type, start, end);
    else {
      this.#item =
        mark === ReplyType.Integer
          ? this.#integer(start, end)
          : parseLine(mark, this.#text.get(start, end));
      if (this.#item === undefined) this.#fail();
      this.#item = this.#shaped(mark, type, start, end) ?? this.#item;
    }
    this.#at = end + 2;
    return Read.Scalar;
  }

  /** What the type mapping makes of a scalar, if anything. */
  #shaped(mark: number, type: unknown, start: number, end: number): unknown {
    return type && this.#shapes?.scalar(mark, this.#text.get(start, end), type);
  }

  /** The first line of a string or an aggregate: its length goes to `count`, unless it is a null. */
  #readLength(mark: number, max: number): Read | undefined {
    if (!this.#findLine(LENGTH_LINE_BYTES_MAX)) return Read.Incomplete;
    this.#count = this.#length(this.#at + 1, this.#lineEnd);
    if (this.#count > max) this.#fail();
    if (this.#count >= 0) return undefined;
    if (mark !== ReplyType.BulkString && mark !== ReplyType.Array) this.#fail();
    this.#item = null;
    this.#at = this.#lineEnd + 2;
    return Read.Scalar;
  }

  #readBulk(mark: number, type: unknown): Read {
    const start = this.#lineEnd + 2;
    const end = start + this.#count;
    if (end + 2 > this.#end) return Read.Incomplete;
    if (
      this.#bytes[end] !== AsciiByte.CarriageReturn ||
      this.#bytes[end + 1] !== AsciiByte.LineFeed
    )
      this.#fail();
    if (mark === ReplyType.BulkString) this.#item = this.#string(type, start, end);
    else if (mark === ReplyType.VerbatimString) this.#item = this.#verbatim(type, start, end);
    else this.#item = new ReplyError(this.#text.get(start, end));
    this.#at = end + 2;
    return Read.Scalar;
  }

  #enterAggregate(): Read {
    this.#at = this.#lineEnd + 2;
    return Read.Aggregate;
  }

  /** Ends an aggregate that is complete, and those that it completes. True: a whole reply is there. */
  #close({ mark, outer, target }: Frame): boolean {
    this.#frame = outer;
    this.#depth--;
    if (mark === ReplyType.Attribute) return false;
    if (outer !== null) return addToFrame(outer, target) && this.#close(outer);
    this.value = target;
    this.kind = mark === ReplyType.Push ? ReplyKind.Push : ReplyKind.Value;
    return true;
  }

  /** Finds the end of the line at `at`; it is in `lineEnd` then. */
  #findLine(bytesMax: number): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    let i = this.#at + this.#scanned;
    while (i < end && bytes[i] !== AsciiByte.CarriageReturn) i++;
    if (i - this.#at > bytesMax) this.#fail();
    if (i + 1 >= end) {
      this.#scanned = i - this.#at;
      return false;
    }
    if (bytes[i + 1] !== AsciiByte.LineFeed) this.#fail();
    this.#lineEnd = i;
    return true;
  }

  /** A length: digits, or -1. */
  #length(start: number, end: number): number {
    const isNull = this.#bytes[start] === AsciiByte.Minus && this.#digits(start + 1, end) === 1;
    return isNull ? -1 : this.#digits(start, end);
  }

  /** The value of decimal digits, exact up to fifteen of them. */
  #digits(start: number, end: number): number {
    if (start >= end) this.#fail();
    let value = 0;
    for (let i = start; i < end; i++) {
      const digit = (this.#bytes[i] as number) - AsciiByte.Zero;
      if (digit < 0 || digit > 9) this.#fail();
      value = value * 10 + digit;
    }
    return value;
  }

  #integer(start: number, end: number): number {
    const first = this.#bytes[start];
    const digits = first === AsciiByte.Minus || first === AsciiByte.Plus ? start + 1 : start;
    const value = this.#digits(digits, end);
    if (end - digits > INTEGER_DIGITS_MAX) this.#fail();
    if (end - digits > EXACT_DIGITS_MAX) return Number(this.#text.get(start, end));
    // 0 - 0 is 0, but -0 is another number.
    return first === AsciiByte.Minus ? 0 - value : value;
  }

  #string(type: unknown, start: number, end: number): unknown {
    if (type === undefined || type === String) return this.#text.get(start, end);
    // Not `slice`: that of Node's Buffer is a view.
    const copy = new Uint8Array(this.#bytes.subarray(start, end));
    if (type === Uint8Array) return copy;
    return (type as { from(buffer: ArrayBufferLike): unknown }).from(copy.buffer);
  }

  /** `txt:` and the text itself. */
  #verbatim(type: unknown, start: number, end: number): unknown {
    if (end - start < 4 || this.#bytes[start + 3] !== 0x3a) this.#fail();
    return (
      this.#shaped(ReplyType.VerbatimString, type, start, end) ?? this.#string(type, start + 4, end)
    );
  }

  /** Moves what is left to the front of the carry buffer and adds the first `length` of `bytes`. */
  #append(bytes: Uint8Array, length: number): void {
    const rest = this.#end - this.#at;
    const needed = rest + length;
    const carry =
      needed <= this.#carry.length
        ? this.#carry
        : new Uint8Array(Math.max(needed, this.#carry.length * 2));
    if (this.#at > 0 || this.#bytes !== carry) {
      carry.set(this.#bytes.subarray(this.#at, this.#end));
    }
    carry.set(bytes.subarray(0, length), rest);
    this.#bytes = this.#carry = carry;
    this.#at = 0;
    this.#end = needed;
  }

  /** Keeps what is left, so that the fed bytes may go. Always false. */
  #pause(): false {
    if (this.#at === this.#end) {
      this.#bytes = this.#carry = NONE;
      this.#at = this.#end = 0;
    } else if (this.#bytes !== this.#carry) {
      this.#append(NONE, 0);
    }
    return false;
  }

  #fail(): never {
    const bytes = this.#bytes.subarray(this.#at, this.#end).subarray(0, SHOWN_BYTES);
    const shown = JSON.stringify(String.fromCharCode(...bytes));
    this.#failure = new ProtocolError(`Not RESP, or beyond the limits: ${shown}`);
    throw this.#failure;
  }
}

/** The value of a line of one of the rarer types; undefined if it is malformed. */
function parseLine(mark: number, text: string): unknown {
  switch (mark) {
    case ReplyType.Null:
      return text === '' ? null : undefined;
    case ReplyType.Boolean:
      return text === 't' || (text === 'f' ? false : undefined);
    case ReplyType.Double:
      return parseDouble(text);
    case ReplyType.BigNumber:
      return /^[+-]?\d+$/.test(text) ? BigInt(text) : undefined;
    default:
      return new ReplyError(text);
  }
}

function parseDouble(text: string): number | undefined {
  const isDouble = /^[+-]?(\d+(\.\d*)?([eE][+-]?\d+)?|inf|nan)$/.test(text);
  return isDouble ? Number(text.replace('inf', 'Infinity')) : undefined;
}
