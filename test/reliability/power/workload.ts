/**
 * The writes that a store is cut off in: an endless series of numbered steps, each of which follows
 * from a seed and its number, and a model of what they leave behind.
 *
 *   step 17 of life 3:   SET s:41 "3.17.2048:k9Qz..."
 *   step 18 of life 3:   MULTI, HSET h f:2 3.18, DEL s:7, RPUSH l 3.18, EXEC
 *
 * Every value tells the life and the step that wrote it. A life is what happens between two cuts:
 * the next one goes on with the data that are left. So what is found afterwards can be compared
 * with what each number of steps would have left: see verdict.ts.
 *
 * Used by the page in the browser and by the driver alike.
 */

/** A life's share of a run. */
export interface Plan {
  readonly seed: number;
  readonly life: number;
  /** Steps that are under way at once. */
  readonly inFlight: number;
  /** Every so many steps a snapshot is asked for; 0: never. */
  readonly snapshotEvery: number;
}

export interface Step {
  /** More than one: a transaction. */
  readonly commands: readonly (readonly string[])[];
}

/**
 * What the keys hold, in short: one cell for a string, a list or a field of a hash, with text that
 * tells which step has written it.
 */
export type Cells = Map<string, string>;

const STRINGS = 120;
const FIELDS = 40;
const LIST_LENGTH = 30;
export const STRING_KEYS = Array.from({ length: STRINGS }, (_, index) => `s:${index}`);

/** xorshift32 over a mix of the numbers given. */
export class Chance {
  private state: number;

  constructor(...numbers: readonly number[]) {
    let state = 0x9e3779b9;
    for (const number of numbers) {
      state = Math.imul(state ^ number, 0x85ebca6b);
      state ^= state >>> 13;
    }
    this.state = state === 0 ? 1 : state;
    for (let round = 0; round < 4; round++) this.next();
  }

  below(limit: number): number {
    return this.next() % limit;
  }

  private next(): number {
    let { state } = this;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return state >>> 0;
  }
}

export function stepOf({ seed, life }: Plan, number: number): Step {
  const chance = new Chance(seed, life, number);
  const tag = `${life}.${number}`;
  const count = chance.below(10) === 0 ? 2 + chance.below(5) : 1;
  return { commands: Array.from({ length: count }, () => commandOf(chance, tag)) };
}

function commandOf(chance: Chance, tag: string): string[] {
  const key = `s:${chance.below(STRINGS)}`;
  const field = `f:${chance.below(FIELDS)}`;
  const kind = chance.below(20);
  if (kind < 11) return ['SET', key, textOf(`${tag}.${sizeOf(chance)}`)];
  if (kind < 13) return ['DEL', key];
  if (kind < 15) return ['HSET', 'h', field, tag];
  if (kind < 16) return ['HDEL', 'h', field];
  if (kind < 18) return ['RPUSH', 'l', tag];
  if (kind < 19) return ['LTRIM', 'l', `-${LIST_LENGTH}`, '-1'];
  return ['INCR', 'c'];
}

/** Most are small; one in a hundred has up to 200 KB, more than a frame of the journal can hold. */
function sizeOf(chance: Chance): number {
  const kind = chance.below(100);
  if (kind < 80) return 10 + chance.below(90);
  if (kind < 95) return 100 + chance.below(5_000);
  if (kind < 99) return 5_000 + chance.below(55_000);
  return 60_000 + chance.below(140_000);
}

// Values: the life, the step and the size, then text that does not compress

const FILLER = fillerText(1 << 18);

function fillerText(length: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const chance = new Chance(length);
  let text = '';
  for (let at = 0; at < length; at++) text += letters[chance.below(64)];
  return text;
}

/** `tag` is `life.step.size`; the value is about as long as that. */
function textOf(tag: string): string {
  const [life = 0, step = 0, size = 0] = tag.split('.').map(Number);
  const start = new Chance(life, step, size).below(FILLER.length - size);
  return `${tag}:${FILLER.slice(start, start + size)}`;
}

/** The tag of a value that is whole; of any other a text that no model has. */
export function tagOf(value: string): string {
  const tag = value.slice(0, Math.max(0, value.indexOf(':')));
  return textOf(tag) === value ? tag : `DAMAGED ${value.length} ${value.slice(0, 40)}`;
}

/** The number of the step that wrote it, if that was in this life, else -1. */
export function stepIn(tag: string, life: number): number {
  const [writtenIn, step] = tag.split('.').map(Number);
  return writtenIn === life && step !== undefined ? step : -1;
}

// The model

/** Does what the step does; returns the cells that it may have changed. */
export function apply(cells: Cells, { commands }: Step): string[] {
  return commands.map((command) => applyCommand(cells, command));
}

function applyCommand(cells: Cells, [name, key = '', ...rest]: readonly string[]): string {
  const [first = '', second = ''] = rest;
  if (name === 'HSET' || name === 'HDEL') {
    const cell = `${key}/${first}`;
    if (name === 'HSET') cells.set(cell, second);
    else cells.delete(cell);
    return cell;
  }
  if (name === 'SET') cells.set(key, tagOf(first));
  else if (name === 'DEL') cells.delete(key);
  else if (name === 'INCR') cells.set(key, String(Number(cells.get(key) ?? 0) + 1));
  else applyToList(cells, key, name === 'RPUSH' ? first : null);
  return key;
}

function applyToList(cells: Cells, key: string, pushed: string | null): void {
  const items = cells.get(key)?.split(' ') ?? [];
  if (pushed !== null) cells.set(key, [...items, pushed].join(' '));
  else if (items.length > 0) cells.set(key, items.slice(-LIST_LENGTH).join(' '));
}

// Reading back

/** Sends a command; replies are strings, numbers, null and arrays of them. */
export type Send = (args: readonly string[]) => Promise<unknown>;

export async function readCells(send: Send): Promise<Cells> {
  const cells: Cells = new Map();
  for (const key of STRING_KEYS) {
    const value = await send(['GET', key]);
    if (typeof value === 'string') cells.set(key, tagOf(value));
  }
  for (const [field, value] of pairsOf(await send(['HGETALL', 'h'])))
    cells.set(`h/${field}`, value);
  const items = (await send(['LRANGE', 'l', '0', '-1'])) as string[];
  if (items.length > 0) cells.set('l', items.join(' '));
  const count = await send(['GET', 'c']);
  if (typeof count === 'string') cells.set('c', count);
  const keys = new Set([...cells.keys()].map((cell) => cell.split('/')[0]));
  const found = Number(await send(['DBSIZE']));
  if (found !== keys.size) cells.set('KEYS', `${found} instead of ${keys.size}`);
  return cells;
}

/** RESP2 has a flat array, RESP3 an object or a Map. */
function pairsOf(reply: unknown): [string, string][] {
  if (reply instanceof Map) return [...reply] as [string, string][];
  if (!Array.isArray(reply)) return Object.entries(reply as Record<string, string>);
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < reply.length; at += 2) pairs.push([reply[at], reply[at + 1]]);
  return pairs;
}
