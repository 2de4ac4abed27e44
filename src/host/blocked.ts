/** What a session waits for: which keys, with which command, and what it is told if nothing comes. */
import { asciiText } from '../commands/ascii.js';
import type { CommandRow } from '../commands/row.js';
import { ReplyWriter } from '../resp/reply-writer.js';
import { RequestWriter } from '../resp/request-writer.js';
import type { Timer } from './clock.js';
import { type KeyOfInterest, keyOfInterest } from './interests.js';
import type { Session } from './session.js';

export interface Blocked {
  /** The reply when time is up. */
  atTimeout: Uint8Array;
  readonly timer: Timer | null;
  /** Null for one that waits for no keys (WAIT). */
  readonly request: BlockedRequest | null;
}

/** The types of values that are waited for. */
export type AwaitedType = 'list' | 'zset' | 'stream';

const FOR_EVER = '0';
/** Where `numkeys` stands in BLMPOP and BZMPOP. */
const NUMKEYS = 2;
const WITH_NULL_BULK = new Set(['blmove', 'brpoplpush']);

/** What a blocking command that got nothing replies where nobody can wait. */
export function nothing({ name }: CommandRow, { protocol }: Session): Uint8Array {
  const reply = new ReplyWriter(protocol);
  if (WITH_NULL_BULK.has(name)) reply.null();
  else reply.nullArray();
  return reply.take();
}

/** What each of them replies when time is up. */
export function timeIsUp({ protocol }: Session): Uint8Array {
  const reply = new ReplyWriter(protocol);
  reply.nullArray();
  return reply.take();
}

export class BlockedRequest {
  readonly type: AwaitedType;
  /** Each once, in the order of the command. */
  readonly keys: readonly KeyOfInterest[];
  /** Where its keys begin and end, by argument. */
  private readonly first: number;
  private readonly end: number;

  constructor(
    readonly row: CommandRow,
    private readonly args: readonly Uint8Array[],
    database: number,
  ) {
    const { name } = row;
    this.type = name.startsWith('x') ? 'stream' : name.startsWith('bz') ? 'zset' : 'list';
    [this.first, this.end] = keysOf(name, args);
    const keys = args.slice(this.first, this.end).map((key) => keyOfInterest(database, key));
    this.keys = [...new Map(keys.map((key) => [key.id, key] as const)).values()];
  }

  get isGroupRead(): boolean {
    return this.row.name === 'xreadgroup';
  }

  /** The request that serves it from this key alone. */
  forKey({ key }: KeyOfInterest): Uint8Array {
    const writer = new RequestWriter(0);
    writer.command(this.argumentsFor(key));
    return writer.bytes.subarray(0, writer.length);
  }

  private argumentsFor(key: Uint8Array): (string | Uint8Array)[] {
    const { args, first, end } = this;
    const { name } = this.row;
    if (WITH_NULL_BULK.has(name)) return [...args];
    if (this.type === 'stream') {
      const place = args.findIndex((arg, index) => index >= first && isEqual(arg, key));
      const id = args[place + end - first] as Uint8Array;
      return [...args.slice(0, first), key, id];
    }
    if (name.endsWith('mpop')) return [name, FOR_EVER, '1', key, ...args.slice(end)];
    return [name, key, FOR_EVER];
  }
}

function keysOf(name: string, args: readonly Uint8Array[]): [number, number] {
  if (name.startsWith('x')) {
    const first = firstStream(args);
    return [first, first + (args.length - first) / 2];
  }
  if (WITH_NULL_BULK.has(name)) return [1, 2];
  if (!name.endsWith('mpop')) return [1, args.length - 1];
  const count = Number(asciiText(args[NUMKEYS] as Uint8Array));
  return [NUMKEYS + 1, NUMKEYS + 1 + count];
}

/** The argument behind STREAMS; groups and consumers may have that name too. */
function firstStream(args: readonly Uint8Array[]): number {
  for (let index = 1; index < args.length; index++) {
    const word = asciiText(args[index] as Uint8Array).toUpperCase();
    if (word === 'STREAMS') return index + 1;
    if (word === 'GROUP') index += 2;
    else if (word === 'BLOCK' || word === 'COUNT') index++;
  }
  throw new Error('no STREAMS in a request for streams');
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
