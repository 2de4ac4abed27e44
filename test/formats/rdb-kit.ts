/**
 * What the tests of snapshots share: bulk replies, checksums, whole files of our engine and of
 * redis-server, and an encoder of values in forms that nobody writes any more.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../src/engine/engine.js';
import { compileAssembly, instantiate } from '../support/assembly.js';
import type { Connection } from '../support/connection.js';
import { type InlineStore, openInline } from '../support/target-inline.js';
import { openProcess } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import type { Argument, RawReply } from '../support/wire.js';
import type { Command } from './rdb-keyspaces.js';

const BACKSLASH_N = 10;

/** The bytes of a bulk reply; the reply as it came if it is none. */
export function bulk({ wire }: RawReply): Buffer {
  const bytes = Buffer.from(wire);
  return bytes[0] === 0x24 ? bytes.subarray(bytes.indexOf(BACKSLASH_N) + 1, -2) : bytes;
}

export const textOf = (reply: RawReply): string =>
  Buffer.from(reply.wire).toString('latin1').trim();

/** Sends commands, none of which may be answered with an error. */
export async function sendAll(connection: Connection, commands: readonly Command[]): Promise<void> {
  const replies = await connection.pipeline(commands);
  replies.forEach((reply, index) => {
    if (reply.tree.mark === '-') throw new Error(`${commands[index]?.[0]}: ${reply.tree.text}`);
  });
}

export async function digest(connection: Connection): Promise<string> {
  return textOf(await connection.send('DEBUG', 'DIGEST'));
}

export async function keysOf(connection: Connection): Promise<Buffer[]> {
  const { tree } = await connection.send('KEYS', '*');
  return (tree.items ?? []).map(({ text }) => Buffer.from(text ?? '', 'latin1'));
}

// Checksums and payloads

const crc = instantiate(
  await compileAssembly('assembly/memory/crc64.ts', ['-O1', '--initialMemory', '64']),
);
const CRC_PLACE = 0x100000;

function crc64(bytes: Uint8Array): bigint {
  Buffer.from(crc.memory.buffer).set(bytes, CRC_PLACE);
  return BigInt.asUintN(64, crc.call('crc64', 0n, CRC_PLACE, bytes.length) as bigint);
}

/** Type and body of a value as DUMP would answer them. */
export function seal(body: Uint8Array, version = 10): Buffer {
  const payload = Buffer.alloc(body.length + 10);
  payload.set(body);
  payload.writeUInt16LE(version, body.length);
  payload.writeBigUInt64LE(crc64(payload.subarray(0, -8)), body.length + 2);
  return payload;
}

/** Type and body of what DUMP has answered. */
export const unseal = (payload: Buffer): Buffer => payload.subarray(0, -10);

/** A whole file with its end and checksum; `body` is what follows the version. */
export function sealFile(body: Uint8Array, version = 10): Buffer {
  const head = Buffer.from(`REDIS${String(version).padStart(4, '0')}`);
  const bytes = Buffer.concat([head, body, Buffer.of(0xff)]);
  if (version < 5) return bytes;
  const sum = Buffer.alloc(8);
  sum.writeBigUInt64LE(crc64(bytes));
  return Buffer.concat([bytes, sum]);
}

// Whole files

/** A snapshot of the engine, written in slices of about `budget` bytes. */
export function save(engine: Engine, budget = 1 << 16): Buffer {
  engine.snapshotBegin();
  return finishSave(engine, budget);
}

/** The rest of a snapshot that has begun. */
export function finishSave(engine: Engine, budget: number): Buffer {
  const slices: Uint8Array[] = [];
  for (;;) {
    const slice = engine.snapshotNext(budget);
    if (slice === null) return Buffer.concat(slices);
    slices.push(slice);
  }
}

/** Loads a snapshot in pieces of `piece` bytes. */
export function load(engine: Engine, bytes: Uint8Array, piece = 1 << 16): void {
  engine.loadBegin();
  for (let at = 0; at < bytes.length; at += piece) engine.loadNext(bytes.subarray(at, at + piece));
  engine.loadEnd();
}

/** A store that is saved, and another that loads what it has saved. */
export class SavedAndLoaded {
  private constructor(
    private readonly saved: InlineStore,
    private readonly loaded: InlineStore,
    readonly connection: Connection,
    /** To the store that loads. */
    readonly reader: Connection,
  ) {}

  static async open(): Promise<SavedAndLoaded> {
    const [saved, loaded] = [await openInline(), await openInline()];
    return new SavedAndLoaded(saved, loaded, await saved.connect(), await loaded.connect());
  }

  get engine(): Engine {
    return this.saved.host.engine;
  }

  get loader(): Engine {
    return this.loaded.host.engine;
  }

  /** Loads the file elsewhere and returns the digest there. */
  async digestOf(file: Uint8Array): Promise<string> {
    load(this.loader, file);
    return await digest(this.reader);
  }

  async close(): Promise<void> {
    await this.saved.close();
    await this.loaded.close();
  }
}

/** A redis-server whose snapshot file can be read and written. */
export interface RedisWithFile extends Store {
  readonly connection: Connection;
  /** The file that SAVE writes. */
  save(): Promise<Buffer>;
  /** Makes it hold what is in the file; throws with its answer if it does not take that. */
  load(bytes: Uint8Array): Promise<void>;
  readonly file: string;
}

export async function openRedisWithFile(): Promise<RedisWithFile> {
  const directory = await mkdtemp(join(tmpdir(), 'redstart-rdb-'));
  const file = join(directory, 'dump.rdb');
  const redis = await openProcess('redis-server', [], ['--dir', directory]);
  const connection = await redis.connect();
  return {
    file,
    connection,
    connect: () => redis.connect(),
    save: async () => {
      await sendAll(connection, [['SAVE']]);
      return await readFile(file);
    },
    load: async (bytes) => {
      await writeFile(file, bytes);
      await sendAll(connection, [['DEBUG', 'RELOAD', 'NOSAVE']]);
    },
    close: async () => {
      await redis.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

// Old forms

export function length(value: number): Buffer {
  if (value < 64) return Buffer.of(value);
  if (value < 16384) return Buffer.of(0x40 | (value >> 8), value & 0xff);
  const bytes = Buffer.alloc(5, 0x80);
  bytes.writeUInt32BE(value, 1);
  return bytes;
}

const bytesOf = (text: Argument): Buffer => Buffer.from(text as Uint8Array);

export function string(text: Argument): Buffer {
  const bytes = bytesOf(text);
  return Buffer.concat([length(bytes.length), bytes]);
}

const littleEndian = (value: bigint, size: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes.subarray(0, size);
};

function integerHead(value: bigint): Buffer | null {
  if (value >= 0n && value <= 12n) return Buffer.of(0xf1 + Number(value));
  for (const [head, size] of [
    [0xfe, 1],
    [0xc0, 2],
    [0xf0, 3],
    [0xd0, 4],
    [0xe0, 8],
  ] as const) {
    if (value !== BigInt.asIntN(size * 8, value)) continue;
    return Buffer.concat([Buffer.of(head), littleEndian(value, size)]);
  }
  return null;
}

function ziplistBody(text: Argument): Buffer {
  const bytes = bytesOf(text);
  const shown = bytes.toString('latin1');
  if (/^(0|-?[1-9]\d{0,18})$/.test(shown)) {
    const head = integerHead(BigInt(shown));
    if (head !== null) return head;
  }
  if (bytes.length < 64) return Buffer.concat([Buffer.of(bytes.length), bytes]);
  if (bytes.length < 16384) return Buffer.concat([length(bytes.length), bytes]);
  return Buffer.concat([length(bytes.length), bytes]);
}

/** A ziplist of these elements. */
export function ziplist(elements: readonly Argument[]): Buffer {
  const parts: Buffer[] = [];
  let before = 0;
  for (const element of elements) {
    const previous = before < 254 ? Buffer.of(before) : Buffer.from([0xfe, 0, 0, 0, 0]);
    if (before >= 254) previous.writeUInt32LE(before, 1);
    const part = Buffer.concat([previous, ziplistBody(element)]);
    before = part.length;
    parts.push(part);
  }
  const entries = Buffer.concat(parts);
  const head = Buffer.alloc(10);
  head.writeUInt32LE(entries.length + 11, 0);
  head.writeUInt32LE(10 + entries.length - before, 4);
  head.writeUInt16LE(elements.length, 8);
  return Buffer.concat([head, entries, Buffer.of(0xff)]);
}

/** A zipmap of fields and values in turn; every value has `free` unused bytes behind it. */
export function zipmap(pairs: readonly Argument[], free = 0): Buffer {
  const measured = (text: Argument): Buffer => {
    const { length: size } = bytesOf(text);
    if (size < 254) return Buffer.of(size);
    const bytes = Buffer.alloc(5, 0xfe);
    bytes.writeUInt32LE(size, 1);
    return bytes;
  };
  const parts: Buffer[] = [Buffer.of(Math.min(pairs.length / 2, 254))];
  for (let at = 0; at < pairs.length; at += 2) {
    const [field = '', value = ''] = pairs.slice(at, at + 2);
    parts.push(measured(field), bytesOf(field), measured(value), Buffer.of(free), bytesOf(value));
    parts.push(Buffer.alloc(free, 0x78));
  }
  return Buffer.concat([...parts, Buffer.of(0xff)]);
}
