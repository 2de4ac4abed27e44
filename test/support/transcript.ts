/**
 * Transcripts: how command cases are written down. One command a line, then what must come back:
 *
 *     SET k "a\x00b"     -> +OK
 *     GET k              -> "a\x00b"
 *     b> TTL k           -> :-1            (sent by a second connection, `b`)
 *     GET missing        -> nil            ($-1 in RESP2, _ in RESP3)
 *
 * A reply too long for its line stands on the next one, after `->`, and goes on over more lines
 * until its brackets are closed. Lines of `#` are remarks. In arguments and in replies `<x*1024>`
 * is 1,024 bytes of `x`, `<bytes>` is all 256 byte values.
 *
 * Replies: `+simple`, `-error` (`-"error "` where a space ends it), `:1`, `"bulk"`, `nil`, `nil[]`
 * (*-1 in RESP2), `["array" :1]`, `{"map" => :1}`, `~["set"]`, `>["push"]`, `,1.5` (double), `#t`
 * (boolean), `="txt:verbatim"`; what RESP2 lacks is expected in its RESP2 form. Where a value is
 * not ours to predict: `*` is any reply, `:*` any integer, `:1..9` an integer in that range,
 * `/regex/` (write `.` for a slash) a string, an error line or a verbatim text that matches,
 * `pairs{...}` is a map that in RESP2 is an array of pairs;
 * `any[...]` these items in any order, `anyset[...]` and `any{...}` likewise for a set and a map.
 * `(none)`: no reply comes; `(closed)`: no reply, and the connection is closed.
 *
 *     a> BLPOP k 0           -> (blocked)     (no reply yet: CLIENT LIST says that it is blocked)
 *     b> RPUSH k x           -> :1
 *     a>                     -> ["k" "x"]     (what comes now, unasked or long asked for)
 *     a>                     -> (none)        (nothing does)
 *     SUBSCRIBE c d          -> >["subscribe" "c" :1]
 *                            -> >["subscribe" "d" :2]
 *     b> CLIENT KILL ID <id:a> -> :1          (the client id of the connection `a`)
 *     a>                     -> (closed)
 *
 * `(later)` is `(blocked)` without the proof, for when CLIENT LIST is not answered either. After
 * MONITOR a connection says RESET, for each line would be a surprise at the end.
 */
import { fromLatin1, type Protocol, type Reply } from './wire.js';

type ExpectedItems = Extract<Expected, { kind: 'items' }>;

export type Expected =
  | { kind: 'exact'; mark: string; text: string | null }
  | { kind: 'items'; mark: string; items: Expected[]; ordered: boolean; pairs?: boolean }
  | { kind: 'nil'; array: boolean }
  | { kind: 'any' }
  | { kind: 'range'; low: bigint; high: bigint }
  | { kind: 'pattern'; pattern: RegExp }
  | { kind: (typeof WITHOUT_REPLY)[number] };

/** In brackets: what is expected is that no reply comes, or not yet. */
const WITHOUT_REPLY = ['none', 'closed', 'blocked', 'later'] as const;

export interface Line {
  connection: string;
  /** Empty: nothing is sent, something comes. */
  args: Uint8Array[];
  command: string;
  /** null where the reply has not been recorded yet. */
  expected: Expected | null;
  /** It comes behind another reply, on a line that begins with the arrow. */
  isMore?: true;
}

const ARROW = '->';
const ALL_BYTES = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' };

export function parseTranscript(text: string): Line[] {
  const lines: Line[] = [];
  for (const line of logicalLines(text)) {
    if (line.startsWith(ARROW)) {
      const last = lines.at(-1);
      if (last === undefined) throw new Error(`a reply without a command: ${line}`);
      const expected = parseExpected(line.slice(ARROW.length).trim());
      if (last.expected === null) last.expected = expected;
      else
        lines.push({ ...last, args: [], command: `${last.connection}>`, expected, isMore: true });
    } else lines.push(parseLine(line));
  }
  return lines;
}

/** The lines without remarks; one whose brackets are open goes on until they are closed. */
export function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open = 0;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || (open === 0 && line.startsWith('#'))) continue;
    if (open > 0) lines[lines.length - 1] += ` ${line}`;
    else lines.push(line);
    open = openBrackets(lines.at(-1) as string);
  }
  return lines;
}

function openBrackets(line: string): number {
  const reply = line.startsWith(ARROW) ? line.slice(ARROW.length).trim() : splitAtArrow(line).reply;
  if (reply === null || '+-/'.includes(reply[0] ?? '')) return 0;
  const bare = reply.replace(/"(?:[^"\\]|\\.)*"/gs, '').replace(/\/[^/]*\//g, '');
  return (bare.match(/[[{]/g)?.length ?? 0) - (bare.match(/[\]}]/g)?.length ?? 0);
}

/** Splits a line at its arrow, which may not stand inside quotes. */
export function splitAtArrow(line: string): { command: string; reply: string | null } {
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '\\' && quoted) at++;
    else if (line[at] === '"') quoted = !quoted;
    else if (!quoted && line.startsWith(` ${ARROW} `, at)) {
      return { command: line.slice(0, at).trim(), reply: line.slice(at + 4).trim() };
    }
  }
  return { command: line.replace(/> +->$/, '>').trim(), reply: null };
}

function parseLine(line: string): Line {
  const { command, reply } = splitAtArrow(line);
  const words = parseWords(command);
  const name = /^([a-z]\w*)>(?: |$)/.exec(command)?.[1];
  if (name !== undefined) words.shift();
  return {
    connection: name ?? 'a',
    args: words.map(fromLatin1),
    command,
    expected: reply === null ? null : parseExpected(reply),
  };
}

function parseWords(command: string): string[] {
  const reader = new Reader(command);
  const words: string[] = [];
  for (reader.skipSpace(); !reader.done(); reader.skipSpace()) {
    let word = '';
    while (!reader.done() && !reader.atSpace()) {
      word += reader.takeQuoted() ?? reader.takeRepeated() ?? reader.takeCharacter();
    }
    words.push(word);
  }
  return words;
}

export function parseExpected(text: string): Expected {
  const without = WITHOUT_REPLY.find((kind) => text === `(${kind})`);
  if (without !== undefined) return { kind: without };
  if (text.startsWith('+') || text.startsWith('-')) {
    const line = new Reader(text.slice(1)).takeQuoted() ?? text.slice(1);
    return { kind: 'exact', mark: text[0] as string, text: line };
  }
  const reader = new Reader(text);
  const expected = parseValue(reader);
  reader.skipSpace();
  if (!reader.done()) throw new Error(`what is this after a reply? ${reader.takeRest()}`);
  return expected;
}

function parseValue(reader: Reader): Expected {
  reader.skipSpace();
  const bulk = reader.takeQuoted() ?? reader.takeRepeated();
  if (bulk !== null) return { kind: 'exact', mark: '$', text: bulk };
  if (reader.take('nil[]')) return { kind: 'nil', array: true };
  if (reader.take('nil')) return { kind: 'nil', array: false };
  if (reader.take('any[')) return parseItems(reader, '*', false);
  if (reader.take('anyset[')) return parseItems(reader, '~', false);
  if (reader.take('any{')) return parseItems(reader, '%', false);
  if (reader.take('~[')) return parseItems(reader, '~', true);
  if (reader.take('>[')) return parseItems(reader, '>', true);
  if (reader.take('[')) return parseItems(reader, '*', true);
  if (reader.take('{')) return parseItems(reader, '%', true);
  if (reader.take('pairs{')) return { ...parseItems(reader, '%', true), pairs: true };
  for (const mark of ['+', '-']) {
    if (reader.take(`${mark}"`)) return { kind: 'exact', mark, text: reader.back(1).takeQuoted() };
  }
  if (reader.take('=')) return { kind: 'exact', mark: '=', text: reader.takeQuoted() };
  if (reader.take('/')) return parsePattern(reader);
  if (reader.take('*')) return { kind: 'any' };
  const word = reader.takeUntil(/[\s\]}]/);
  return parseWord(word);
}

function parseWord(word: string): Expected {
  const mark = word[0] ?? '';
  const text = word.slice(1);
  if (mark === ':' && text === '*') return { kind: 'range', low: -(2n ** 63n), high: 2n ** 63n };
  const range = /^:(-?\d+)\.\.(-?\d+)$/.exec(word);
  if (range !== null) {
    return { kind: 'range', low: BigInt(range[1] as string), high: BigInt(range[2] as string) };
  }
  if (mark === '' || !'+-:,(#'.includes(mark)) throw new Error(`not a reply: ${word}`);
  return { kind: 'exact', mark, text };
}

function parseItems(reader: Reader, mark: string, ordered: boolean): ExpectedItems {
  const items: Expected[] = [];
  for (;;) {
    reader.skipSpace();
    if (reader.take(mark === '%' ? '}' : ']')) return { kind: 'items', mark, items, ordered };
    if (mark === '%' && reader.take('=>')) continue;
    items.push(parseValue(reader));
  }
}

function parsePattern(reader: Reader): Expected {
  const source = reader.takeUntil(/\//);
  reader.take('/');
  return { kind: 'pattern', pattern: new RegExp(`^(?:${source})$`, 's') };
}

/** What is wrong with `reply`, or null when it is as expected. */
export function mismatch(expected: Expected, reply: Reply, protocol: Protocol): string | null {
  if (expected.kind === 'any') return null;
  if (expected.kind === 'range') return matchesRange(expected.low, expected.high, reply);
  if (expected.kind === 'pattern') {
    const text = reply.mark === '=' ? reply.text?.slice(4) : reply.text;
    return typeof text === 'string' && expected.pattern.test(text) ? null : 'does not match';
  }
  if (expected.kind === 'items') return matchItems(expected, reply, protocol);
  if (isWithoutReply(expected)) return 'no reply was expected';
  const [mark, text] = exactForm(expected, protocol);
  return reply.mark === mark && reply.text === text && reply.items === null ? null : 'differs';
}

type WithoutReply = Extract<Expected, { kind: (typeof WITHOUT_REPLY)[number] }>;

/** Whether the line waits for no reply of its own. */
export function isWithoutReply(expected: Expected): expected is WithoutReply {
  return WITHOUT_REPLY.some((kind) => kind === expected.kind);
}

function matchesRange(low: bigint, high: bigint, reply: Reply): string | null {
  if (reply.mark !== ':' || reply.text === null) return 'is not an integer';
  const value = BigInt(reply.text);
  return value >= low && value <= high ? null : 'is outside the range';
}

/** A scalar's mark and text as this protocol writes it. */
function exactForm(expected: Expected, protocol: Protocol): [string, string | null] {
  if (expected.kind === 'nil') {
    if (protocol === 3) return ['_', null];
    return [expected.array ? '*' : '$', null];
  }
  if (expected.kind !== 'exact') throw new Error('not a scalar');
  const { mark, text } = expected;
  if (protocol === 3) return [mark, text];
  if (mark === ',') return ['$', text];
  if (mark === '=') return ['$', text?.slice(4) ?? null];
  if (mark === '#') return [':', text === 't' ? '1' : '0'];
  return [mark, text];
}

function matchItems(whole: ExpectedItems, reply: Reply, protocol: Protocol): string | null {
  const expected = whole.pairs && protocol === 2 ? asPairs(whole) : whole;
  const mark = protocol === 3 ? expected.mark : '*';
  if (reply.mark !== mark || reply.items === null) return `is not of type ${mark}`;
  if (reply.items.length !== expected.items.length) return 'has another length';
  // Of a map in any order, a key stays with its value.
  const width = expected.mark === '%' ? 2 : 1;
  const left = chunks(reply.items, width);
  for (const [index, chunk] of chunks(expected.items, width).entries()) {
    const candidates = expected.ordered ? left.slice(0, 1) : left;
    const matches = (item: Expected, at: number, candidate: Reply[]) =>
      mismatch(item, candidate[at] as Reply, protocol) === null;
    const at = candidates.findIndex((candidate) =>
      chunk.every((item, place) => matches(item, place, candidate)),
    );
    if (at < 0) return `differs at item ${index}`;
    left.splice(at, 1);
  }
  return null;
}

/** The map as an array of arrays of two. */
function asPairs({ items, ordered }: ExpectedItems): ExpectedItems {
  const pair = (both: Expected[]): Expected => ({
    kind: 'items',
    mark: '*',
    items: both,
    ordered: true,
  });
  return { kind: 'items', mark: '*', items: chunks(items, 2).map(pair), ordered };
}

function chunks<T>(items: readonly T[], width: number): T[][] {
  const result: T[][] = [];
  for (let at = 0; at < items.length; at += width) result.push(items.slice(at, at + width));
  return result;
}

/** Writes a string the way transcripts quote it. */
export function quote(text: string): string {
  const repeated = /^(.)\1{63,}$/s.exec(text);
  if (repeated !== null && /^[\w.]$/.test(text[0] as string)) return `<${text[0]}*${text.length}>`;
  if (text === ALL_BYTES) return '<bytes>';
  const escaped = text.replace(/[\\"]|[^ -~]/g, (char) => {
    if (char === '\\' || char === '"') return `\\${char}`;
    const letter = Object.entries(ESCAPES).find(([, value]) => value === char)?.[0];
    return letter ? `\\${letter}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  done(): boolean {
    return this.at >= this.text.length;
  }

  atSpace(): boolean {
    return /\s/.test(this.text[this.at] ?? '');
  }

  skipSpace(): void {
    while (this.atSpace()) this.at++;
  }

  takeCharacter(): string {
    return this.text[this.at++] ?? '';
  }

  take(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  back(count: number): this {
    this.at -= count;
    return this;
  }

  takeUntil(stop: RegExp): string {
    const start = this.at;
    while (!this.done()) {
      if (stop.test(this.text[this.at] as string)) break;
      this.at++;
    }
    return this.text.slice(start, this.at);
  }

  takeRest(): string {
    return this.text.slice(this.at);
  }

  takeQuoted(): string | null {
    const match = /^"((?:[^"\\]|\\.)*)"/s.exec(this.text.slice(this.at));
    if (match === null) return null;
    this.at += match[0].length;
    return (match[1] as string).replace(/\\(x[0-9a-fA-F]{2}|.)/gs, (_, code: string) =>
      code.length === 3
        ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
        : (ESCAPES[code] ?? code),
    );
  }

  takeRepeated(): string | null {
    const match = /^<(?:(bytes)|(.+?)\*(\d+))>/.exec(this.text.slice(this.at));
    if (match === null) return null;
    this.at += match[0].length;
    if (match[1] !== undefined) return ALL_BYTES;
    return (match[2] as string).repeat(Number(match[3]));
  }
}
