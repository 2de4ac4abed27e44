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

/** Of names of keys, and of elements of one key, that are asked for at once. */
const PAGE = 500;
/** Of keys whose values are asked for at once. */
const KEYS = 50;
/** PTTL of a key that is not there. */
const GONE = -2;
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
  for await (const page of scanned(ask, ['SCAN'])) {
    const keys = page.filter((key) => isNew(seen, key));
    for (let at = 0; at < keys.length; at += KEYS) {
      for (const line of await linesOf(ask, keys.slice(at, at + KEYS), 1)) {
        pieces.add(separator + line);
        separator = ',\n';
      }
    }
  }
}

/** A line for each of the keys that is there. */
async function linesOf(ask: Ask, keys: readonly Bytes[], attempt: number): Promise<string[]> {
  const types = (await ask(keys.map((key) => ['TYPE', key]))).map((type) => textOf(accepted(type)));
  const replies = await ask(
    keys.flatMap((key, index) => [['PTTL', key], beginningOf(types[index], key)]),
  );
  const lines: string[] = [];
  for (const [index, key] of keys.entries()) {
    const type = types[index] as string;
    const ttl = accepted(replies[2 * index]) as number;
    if (type === 'none' || ttl === GONE) continue;
    try {
      const value = (await READERS[type]?.value(ask, key, replies[2 * index + 1])) ?? 'null';
      const left = ttl < 0 ? null : ttl;
      lines.push(`{"key":${json(key)},"type":"${type}","ttl":${left},"value":${value}}`);
    } catch (error) {
      const isOther = error instanceof ReplyError && error.code === 'WRONGTYPE';
      if (!isOther || attempt === ATTEMPTS_MAX) throw error;
      lines.push(...(await linesOf(ask, [key], attempt + 1)));
    }
  }
  return lines;
}

interface Reader {
  /** Asks for the value, or for as much of it as comes at once. */
  first(key: Bytes): readonly Argument[];
  /** The value as JSON; `reply` is that to `first`. */
  value(ask: Ask, key: Bytes, reply: unknown): Promise<string>;
}

function beginningOf(type: string | undefined, key: Bytes): readonly Argument[] {
  return READERS[type ?? '']?.first(key) ?? ['EXISTS', key];
}

const listPage = (key: Bytes, from = 0) => ['LRANGE', key, from, from + PAGE - 1];
const zsetPage = (key: Bytes, from = 0) => ['ZRANGE', key, from, from + PAGE - 1, 'WITHSCORES'];
const streamPage = (key: Bytes, from = '-') => ['XRANGE', key, from, '+', 'COUNT', PAGE];

/** By type. */
const READERS: Readonly<Record<string, Reader>> = {
  string: {
    first: (key) => ['GET', key],
    // Null if it has gone just now.
    value: async (_ask, _key, reply) => (accepted(reply) === null ? 'null' : json(reply as Bytes)),
  },
  list: {
    first: (key) => listPage(key),
    async value(ask, key, reply) {
      const pages = ranged(ask, (from) => listPage(key, from), reply);
      return listOf(await collected(pages, (element) => json(element as Bytes)));
    },
  },
  set: {
    first: (key) => ['SSCAN', key, '0', 'COUNT', PAGE],
    async value(ask, key, reply) {
      const seen = new Set<string>();
      const members: string[] = [];
      for await (const page of scanned(ask, ['SSCAN', key], reply)) {
        members.push(...page.filter((member) => isNew(seen, member)).map(json));
      }
      return listOf(members);
    },
  },
  hash: {
    first: (key) => ['HSCAN', key, '0', 'COUNT', PAGE],
    async value(ask, key, reply) {
      const seen = new Set<string>();
      const pairs: Pair[] = [];
      for await (const page of scanned(ask, ['HSCAN', key], reply)) {
        pairs.push(...pairsOf(page).filter(([field]) => isNew(seen, field)));
      }
      return record(pairs);
    },
  },
  zset: {
    first: (key) => zsetPage(key),
    async value(ask, key, reply) {
      const scores: string[] = [];
      for await (const page of ranged(ask, (from) => zsetPage(key, from), reply)) {
        // In RESP3 a list of pairs.
        for (const [member, score] of pairsOf(page.flat() as Bytes[])) {
          scores.push(`[${json(member)},${scoreJson(score)}]`);
        }
      }
      return listOf(scores);
    },
  },
  stream: {
    first: (key) => streamPage(key),
    async value(ask, key, reply) {
      const entries: string[] = [];
      for (let page = accepted(reply) as [Bytes, Bytes[]][]; ; ) {
        for (const [id, fields] of page) {
          entries.push(`{"id":"${textOf(id)}","fields":${record(pairsOf(fields))}}`);
        }
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) return listOf(entries);
        const [next] = await ask([streamPage(key, `(${textOf(last[0])}`)]);
        page = accepted(next) as [Bytes, Bytes[]][];
      }
    },
  },
};

/** The pages of SCAN and its kin, from the `first` one on if that is there. */
async function* scanned(
  ask: Ask,
  [name = '', ...key]: readonly Argument[],
  first?: unknown,
): AsyncGenerator<Bytes[]> {
  const next = async (cursor: string) => (await ask([[name, ...key, cursor, 'COUNT', PAGE]]))[0];
  let [cursor, page] = accepted(first ?? (await next('0'))) as [Bytes, Bytes[]];
  yield page;
  while (textOf(cursor) !== '0') {
    [cursor, page] = accepted(await next(textOf(cursor))) as [Bytes, Bytes[]];
    yield page;
  }
}

/** The pages of LRANGE and its kin, of which the first is there. */
async function* ranged(
  ask: Ask,
  command: (from: number) => readonly Argument[],
  first: unknown,
): AsyncGenerator<unknown[]> {
  let page = accepted(first) as unknown[];
  for (let from = PAGE; page.length > 0; from += PAGE) {
    yield page;
    if (page.length < PAGE) return;
    const [next] = await ask([command(from)]);
    page = accepted(next) as unknown[];
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
