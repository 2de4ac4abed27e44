/**
 * All data as JSON, for people. One key to a line:
 *
 *   {"format":"redstart","version":1,"exportedAt":1764000000000,"databases":{
 *   "0":[
 *   {"key":"greeting","type":"string","ttl":null,"value":"hello"},
 *   {"key":"user:1","type":"hash","ttl":59000,"value":{"name":"Ada"}}
 *   ]
 *   }}
 *
 * `ttl` is in milliseconds. Bytes that are no UTF-8 are `{"base64":"/w=="}` in place of a text; then
 * a hash is a list of pairs, as it is in an entry of a stream that has a field twice.
 *
 * It is read with commands, a page at a time, so that nobody has to wait for it: it is not of one
 * moment, and a key that is written meanwhile may show in either state.
 */
import { ReplyError } from '../resp/errors.js';
import type { Argument } from '../resp/request-writer.js';

/** Sends commands to a database as one batch; strings come as bytes, errors are among the replies. */
export type AskDatabase = (
  database: number,
  commands: readonly (readonly Argument[])[],
) => Promise<unknown[]>;

/** Of keys and of elements that are asked for at once. */
const PAGE = 500;
const PIECE_LENGTH = 1024 * 1024;
/** How often a key is read anew that changed its type meanwhile. */
const ATTEMPTS_MAX = 3;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export async function exportJson(ask: AskDatabase): Promise<Blob> {
  const pieces = new Pieces();
  const [time, keyspace] = await ask(0, [['TIME'], ['INFO', 'keyspace']]);
  const [seconds] = accepted(time) as Uint8Array[];
  const exportedAt = Number(textOf(seconds)) * 1000;
  pieces.add(`{"format":"redstart","version":1,"exportedAt":${exportedAt},"databases":{`);
  let isFirst = true;
  for (const [, number] of textOf(accepted(keyspace)).matchAll(/^db(\d+):/gm)) {
    pieces.add(`${isFirst ? '' : ','}\n"${number}":[`);
    await addKeys((commands) => ask(Number(number), commands), pieces);
    pieces.add('\n]');
    isFirst = false;
  }
  pieces.add('\n}}\n');
  return pieces.blob();
}

/** Text that becomes a blob, piece by piece, so that no string gets too long. */
class Pieces {
  private readonly done: Blob[] = [];
  private texts: string[] = [];
  private length = 0;

  add(text: string): void {
    this.texts.push(text);
    this.length += text.length;
    if (this.length < PIECE_LENGTH) return;
    this.done.push(new Blob(this.texts));
    this.texts = [];
    this.length = 0;
  }

  blob(): Blob {
    return new Blob([...this.done, ...this.texts], { type: 'application/json' });
  }
}

type Ask = (commands: readonly (readonly Argument[])[]) => Promise<unknown[]>;
type Bytes = Uint8Array;

async function addKeys(ask: Ask, pieces: Pieces): Promise<void> {
  // SCAN may tell a key twice.
  const seen = new Set<string>();
  let separator = '\n';
  for await (const keys of scanned(ask, ['SCAN'])) {
    const fresh = keys.filter((key) => isNew(seen, key));
    const types = await ask(fresh.map((key) => ['TYPE', key]));
    for (const [index, key] of fresh.entries()) {
      const line = await keyLine(ask, key, textOf(accepted(types[index])));
      if (line === null) continue;
      pieces.add(separator + line);
      separator = ',\n';
    }
  }
}

/** Null if the key is gone. */
async function keyLine(ask: Ask, key: Bytes, knownType: string): Promise<string | null> {
  let type = knownType;
  for (let attempt = 1; type !== 'none'; attempt++) {
    try {
      const read = READERS[type];
      const value = read === undefined ? 'null' : await read(ask, key);
      const [ttl] = (await ask([['PTTL', key]])) as number[];
      if (value === null || ttl === -2) return null;
      const left = accepted(ttl) === -1 ? null : ttl;
      return `{"key":${json(key)},"type":"${type}","ttl":${left},"value":${value}}`;
    } catch (error) {
      const isOther = error instanceof ReplyError && error.code === 'WRONGTYPE';
      if (!isOther || attempt === ATTEMPTS_MAX) throw error;
      type = textOf(accepted((await ask([['TYPE', key]]))[0]));
    }
  }
  return null;
}

type Reader = (ask: Ask, key: Bytes) => Promise<string | null>;

/** The value of a key as JSON, by its type. */
const READERS: Readonly<Record<string, Reader>> = {
  async string(ask, key) {
    const [value] = await ask([['GET', key]]);
    return accepted(value) === null ? null : json(value as Bytes);
  },
  async list(ask, key) {
    const pages = ranged(ask, (from) => ['LRANGE', key, from, from + PAGE - 1]);
    return listOf(await collected(pages, (element) => json(element as Bytes)));
  },
  async set(ask, key) {
    const seen = new Set<string>();
    const members: string[] = [];
    for await (const page of scanned(ask, ['SSCAN', key])) {
      members.push(...page.filter((member) => isNew(seen, member)).map(json));
    }
    return listOf(members);
  },
  async hash(ask, key) {
    const seen = new Set<string>();
    const pairs: Pair[] = [];
    for await (const page of scanned(ask, ['HSCAN', key])) {
      pairs.push(...pairsOf(page).filter(([field]) => isNew(seen, field)));
    }
    return record(pairs);
  },
  async zset(ask, key) {
    const scores: string[] = [];
    const pages = ranged(ask, (from) => ['ZRANGE', key, from, from + PAGE - 1, 'WITHSCORES']);
    for await (const page of pages) {
      // In RESP3 a list of pairs.
      for (const [member, score] of pairsOf(page.flat() as Bytes[])) {
        scores.push(`[${json(member)},${scoreJson(score)}]`);
      }
    }
    return listOf(scores);
  },
  async stream(ask, key) {
    const entries: string[] = [];
    for (let after = '-'; ; ) {
      const [reply] = await ask([['XRANGE', key, after, '+', 'COUNT', PAGE]]);
      const page = accepted(reply) as [Bytes, Bytes[]][];
      for (const [id, fields] of page) {
        entries.push(`{"id":"${textOf(id)}","fields":${record(pairsOf(fields))}}`);
        after = `(${textOf(id)}`;
      }
      if (page.length < PAGE) return listOf(entries);
    }
  },
};

/** The pages of SCAN and its kin. */
async function* scanned(ask: Ask, command: readonly Argument[]): AsyncGenerator<Bytes[]> {
  const [name = '', ...key] = command;
  let cursor = '0';
  do {
    const [reply] = await ask([[name, ...key, cursor, 'COUNT', PAGE]]);
    const [next, page] = accepted(reply) as [Bytes, Bytes[]];
    cursor = textOf(next);
    yield page;
  } while (cursor !== '0');
}

/** The pages of LRANGE and its kin. */
async function* ranged(
  ask: Ask,
  command: (from: number) => readonly Argument[],
): AsyncGenerator<unknown[]> {
  for (let from = 0; ; from += PAGE) {
    const [reply] = await ask([command(from)]);
    const page = accepted(reply) as unknown[];
    if (page.length > 0) yield page;
    else return;
  }
}

async function collected<T>(
  pages: AsyncIterable<unknown[]>,
  make: (item: unknown) => T,
): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page.map(make));
  return all;
}

type Pair = readonly [Bytes, Bytes];

function pairsOf(flat: readonly Bytes[]): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    pairs.push([flat[at] as Bytes, flat[at + 1] as Bytes]);
  }
  return pairs;
}

/** As an object where all names are texts and different ones, else as a list of pairs. */
function record(pairs: readonly Pair[]): string {
  const names = pairs.map(([name]) => json(name));
  const isObject = names.every((name) => name[0] === '"') && new Set(names).size === names.length;
  const values = pairs.map(([, value]) => json(value));
  if (isObject) return `{${names.map((name, index) => `${name}:${values[index]}`).join(',')}}`;
  return listOf(names.map((name, index) => `[${name},${values[index]}]`));
}

function listOf(items: readonly string[]): string {
  return `[${items.join(',')}]`;
}

/** A text, or what stands for bytes that are none. */
function json(bytes: Bytes): string {
  try {
    return JSON.stringify(decoder.decode(bytes));
  } catch {
    return `{"base64":"${btoa(binaryText(bytes))}"}`;
  }
}

/** JSON has no infinity. */
function scoreJson(score: unknown): string {
  const number =
    typeof score === 'number' ? score : Number(textOf(score).replace('inf', 'Infinity'));
  if (Number.isFinite(number)) return String(number);
  return number > 0 ? '"inf"' : '"-inf"';
}

function isNew(seen: Set<string>, bytes: Bytes): boolean {
  const name = binaryText(bytes);
  return !seen.has(name) && Boolean(seen.add(name));
}

/** A character for each byte. */
function binaryText(bytes: Bytes): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PAGE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PAGE));
  }
  return text;
}

/** Throws what is an error. */
function accepted(reply: unknown): unknown {
  if (reply instanceof ReplyError) throw reply;
  return reply;
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? decoder.decode(value) : String(value);
}
