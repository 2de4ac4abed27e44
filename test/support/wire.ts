/**
 * RESP as the tests see it: requests to bytes, and reply bytes to trees that can be turned back
 * into the very same bytes. Written apart from src/resp on purpose: a test that borrowed the
 * product's parser would be blind to that parser's mistakes.
 */

export type Argument = string | Uint8Array;
export type Protocol = 2 | 3;

/** One reply. `mark` is the type byte of the wire; text is latin1, so that every byte survives. */
export interface Reply {
  mark: string;
  /** null for `$-1`, `*-1` and `_`. */
  text: string | null;
  /** Of `*`, `~`, `>` and, keys and values in turn, `%`. */
  items: Reply[] | null;
}

export interface RawReply {
  /** Exactly what came over the wire for this reply. */
  wire: Uint8Array;
  tree: Reply;
}

const CARRIAGE_RETURN = 13;
const AGGREGATES = '*~>%';
const BLOBS = '$=';
const LINES = '+-:,(#_';

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export function fromLatin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** A string argument is UTF-8, as every client sends it. */
export function encodeCommand(args: readonly Argument[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${args.length}\r\n`)];
  for (const argument of args) {
    const bytes = typeof argument === 'string' ? Buffer.from(argument) : Buffer.from(argument);
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}

export function encodeCommands(commands: readonly (readonly Argument[])[]): Buffer {
  return Buffer.concat(commands.map(encodeCommand));
}

/** The canonical bytes of a tree. */
export function encodeReply(reply: Reply): string {
  const { mark, text, items } = reply;
  if (items !== null) {
    const count = mark === '%' ? items.length / 2 : items.length;
    return `${mark}${count}\r\n${items.map(encodeReply).join('')}`;
  }
  if (text === null) return mark === '_' ? '_\r\n' : `${mark}-1\r\n`;
  return BLOBS.includes(mark) ? `${mark}${text.length}\r\n${text}\r\n` : `${mark}${text}\r\n`;
}

/** Cuts a byte stream into replies; throws on anything that is not canonical RESP. */
export class ReplySplitter {
  private pending: Buffer = Buffer.alloc(0);
  private at = 0;

  push(chunk: Uint8Array): RawReply[] {
    this.pending = Buffer.concat([this.pending, chunk]);
    const replies: RawReply[] = [];
    let start = 0;
    for (;;) {
      this.at = start;
      const tree = this.read();
      if (tree === null) break;
      const wire = Uint8Array.from(this.pending.subarray(start, this.at));
      if (encodeReply(tree) !== latin1(wire)) {
        throw new Error(`a reply is not canonical RESP: ${JSON.stringify(latin1(wire))}`);
      }
      replies.push({ wire, tree });
      start = this.at;
    }
    this.pending = this.pending.subarray(start);
    return replies;
  }

  /** The bytes that do not make a whole reply yet. */
  rest(): Uint8Array {
    return this.pending;
  }

  private read(): Reply | null {
    const end = this.pending.indexOf(CARRIAGE_RETURN, this.at);
    if (end < 0 || end + 1 >= this.pending.length) return null;
    const mark = String.fromCharCode(this.pending[this.at] as number);
    const line = this.pending.toString('latin1', this.at + 1, end);
    this.at = end + 2;
    if (LINES.includes(mark)) return { mark, text: mark === '_' ? null : line, items: null };
    const length = Number(line);
    if (BLOBS.includes(mark)) return this.readBlob(mark, length);
    if (AGGREGATES.includes(mark)) return this.readItems(mark, length);
    throw new Error(`not a RESP reply: ${JSON.stringify(mark + line.slice(0, 200))}`);
  }

  private readBlob(mark: string, length: number): Reply | null {
    if (length < 0) return { mark, text: null, items: null };
    const end = this.at + length;
    if (end + 2 > this.pending.length) return null;
    const text = this.pending.toString('latin1', this.at, end);
    this.at = end + 2;
    return { mark, text, items: null };
  }

  private readItems(mark: string, length: number): Reply | null {
    if (length < 0) return { mark, text: null, items: null };
    const items: Reply[] = [];
    const count = mark === '%' ? length * 2 : length;
    for (let index = 0; index < count; index++) {
      const item = this.read();
      if (item === null) return null;
      items.push(item);
    }
    return { mark, text: null, items };
  }
}
