/**
 * Fills an engine with what storage holds: a snapshot, and the journal behind it.
 *
 * Nothing expires meanwhile: a key whose time came while the store was closed must still be
 * there for the commands that followed, or `INCR` would make a new one that never expires.
 */
import { COMMANDS } from '../../commands/table.js';
import { type Engine, StopReason } from '../../engine/engine.js';
import { SnapshotFormatError } from '../../engine/snapshot.js';
import { StorageError } from '../../resp/errors.js';
import { StorageFault } from '../../storage/errors.js';
import type { Loader, Storage } from '../../storage/storage.js';
import { InputBuffer } from '../input-buffer.js';
import { nextTurn } from '../next-turn.js';
import { findError, lineAt } from '../reply-scan.js';
import { LibraryReplay } from '../scripts/library-replay.js';

const idOf = (name: string) => COMMANDS.findIndex((row) => row.name === name);
const SELECT = idOf('select');
const MULTI = idOf('multi');
const EXEC = idOf('exec');
const OK = new TextEncoder().encode('+OK\r\n');
const FLUSH_ALL = new TextEncoder().encode('*1\r\n$8\r\nFLUSHALL\r\n');
const SLICE_BYTES = 64 * 1024;
/** Others have a turn after so many bytes. */
const TURN_BYTES = 1024 * 1024;
/** How a snapshot begins that is no RDB file but commands (`aof-use-rdb-preamble no`). */
const ASTERISK = 0x2a;
const decoder = new TextDecoder();

/** What was brought back. */
export interface Loaded {
  /** The code of the libraries of functions. */
  readonly libraries: Uint8Array[];
  /** Keys that the snapshot held. */
  readonly snapshotKeys: number;
}

/**
 * Feeds everything to the engine, which is empty. Rejects with a StorageError if a command fails, and
 * with what storage rejects with. `told` hears how many bytes were taken in so far.
 */
export async function loadEngine(
  storage: Storage,
  engine: Engine,
  databases: number,
  told: (bytes: number) => void,
): Promise<Loaded> {
  const loading = new Loading(engine, databases, told);
  engine.setEffects(false);
  engine.configure('loading', 1);
  await storage.load(loading);
  engine.configure('loading', 0);
  return loading.finish();
}

class Loading implements Loader {
  private replay: Replay;
  private snapshotKeys = 0;
  private bytes = 0;
  private turnAt = TURN_BYTES;
  /** Whether the snapshot is made of commands; not known before its first bytes. */
  private isCommands: boolean | null = null;
  private isEmpty = true;

  constructor(
    private readonly engine: Engine,
    private readonly databases: number,
    private readonly told: (bytes: number) => void,
  ) {
    this.replay = new Replay(engine, databases);
  }

  beginSnapshot(): void {
    this.replay = new Replay(this.engine, this.databases);
    this.bytes = 0;
    this.turnAt = TURN_BYTES;
    this.isCommands = null;
    if (!this.isEmpty) this.replay.feed(FLUSH_ALL);
  }

  async snapshot(bytes: Uint8Array): Promise<void> {
    if (this.isCommands === null) this.beginAs(bytes[0] === ASTERISK);
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      this.take(bytes.subarray(at, at + SLICE_BYTES));
      await this.hasTaken(Math.min(SLICE_BYTES, bytes.length - at));
    }
  }

  endSnapshot(): void {
    if (this.isCommands === null) throw damaged('the snapshot is empty');
    if (!this.isCommands) this.endFile();
    this.snapshotKeys = countKeys(this.engine, this.databases);
    this.isEmpty = false;
  }

  async journal(bytes: Uint8Array): Promise<void> {
    this.isEmpty = false;
    this.replay.feed(bytes);
    await this.hasTaken(bytes.length);
  }

  finish(): Loaded {
    this.replay.finish();
    return { libraries: this.replay.libraries.codes(), snapshotKeys: this.snapshotKeys };
  }

  private beginAs(isCommands: boolean): void {
    this.isCommands = isCommands;
    if (!isCommands) this.engine.loadBegin();
  }

  private take(bytes: Uint8Array): void {
    if (this.isCommands) this.replay.feed(bytes);
    else asDamage(() => this.engine.loadNext(bytes));
  }

  private endFile(): void {
    for (const { kind, value } of asDamage(() => this.engine.loadEnd())) {
      if (kind === 'functions') this.replay.libraries.load(value);
    }
  }

  private async hasTaken(bytes: number): Promise<void> {
    this.bytes += bytes;
    this.told(this.bytes);
    if (this.bytes < this.turnAt) return;
    this.turnAt = this.bytes + TURN_BYTES;
    await nextTurn();
  }
}

/** A file that cannot be read is damage of storage: there may be an older one. */
function asDamage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SnapshotFormatError) throw damaged(error.message, error);
    throw error;
  }
}

function damaged(message: string, cause?: unknown): StorageFault {
  return new StorageFault('damaged', message, { cause });
}

export function countKeys(engine: Engine, databases: number): number {
  const statistics = engine.statistics();
  let keys = 0;
  for (let index = 0; index < databases; index++) keys += statistics.keys(index);
  return keys;
}

class Replay {
  readonly libraries = new LibraryReplay();
  private readonly input = new InputBuffer();
  private database = 0;
  private position = 0;
  /** Between MULTI and EXEC. */
  private isGrouped = false;

  constructor(
    private readonly engine: Engine,
    private readonly databases: number,
  ) {}

  feed(bytes: Uint8Array): void {
    this.input.append(bytes);
    const batch = this.input.view();
    const consumed = this.execute(batch);
    this.position += consumed;
    this.input.keep(batch.subarray(consumed), 0);
  }

  finish(): void {
    if (this.input.length > 0) {
      throw this.error(`it ends with ${this.input.length} bytes of a command that is not whole`);
    }
    if (this.isGrouped) throw this.error('it ends within a transaction');
  }

  private execute(batch: Uint8Array): number {
    const { engine } = this;
    engine.input(batch.length).set(batch);
    engine.begin(batch.length);
    for (;;) {
      const reason = engine.execute(this.database, 2);
      if (reason === StopReason.HostCommand) this.follow(engine.commandId);
      if (reason === StopReason.ProtocolError) throw this.error('it is not RESP');
      this.checkReplies();
      if (reason === StopReason.Drained) return engine.consumed;
    }
  }

  private select(database: number): void {
    if (!(database < this.databases)) {
      throw this.error(`it needs more databases than ${this.databases}`);
    }
    this.database = database;
  }

  private follow(id: number): void {
    const { engine } = this;
    if (id === SELECT) this.select(Number(decoder.decode(engine.argument(1))));
    else if (id === MULTI || id === EXEC) this.isGrouped = id === MULTI;
    else if (!this.libraries.follow(id, readArguments(engine)))
      throw this.error(`it holds ${COMMANDS[id]?.name}, which is no write`);
    engine.reply(OK);
  }

  private checkReplies(): void {
    const replies = this.engine.output();
    const at = findError(replies);
    if (at >= 0) throw this.error(`a command failed: ${lineAt(replies, at)}`);
    this.engine.clearOutput();
  }

  private error(what: string): StorageError {
    return new StorageError(`The journal cannot be replayed near byte ${this.position}: ${what}`);
  }
}

function readArguments(engine: Engine): Uint8Array[] {
  return Array.from({ length: engine.argumentCount }, (_, index) => engine.argument(index));
}
