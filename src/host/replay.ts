/**
 * Brings the journal's commands back into the engine when a store is opened.
 *
 * Nothing expires meanwhile: a key whose time came while the store was closed must still be
 * there for the commands that followed, or `INCR` would make a new one that never expires.
 */
import { COMMANDS } from '../commands/table.js';
import { type Engine, StopReason } from '../engine/engine.js';
import { StorageError } from '../resp/errors.js';
import type { Storage } from '../storage/storage.js';
import { InputBuffer } from './input-buffer.js';
import { findError, lineAt } from './reply-scan.js';
import { LibraryReplay } from './scripts/library-replay.js';

const idOf = (name: string) => COMMANDS.findIndex((row) => row.name === name);
const SELECT = idOf('select');
const MULTI = idOf('multi');
const EXEC = idOf('exec');
const OK = new TextEncoder().encode('+OK\r\n');
const decoder = new TextDecoder();

/**
 * Feeds all of the journal to the engine. Rejects with a StorageError if a command fails. Gives
 * the code of the libraries of functions that it holds.
 */
export async function replayJournal(
  storage: Storage,
  engine: Engine,
  databases: number,
): Promise<Uint8Array[]> {
  const replay = new Replay(engine, databases);
  engine.setEffects(false);
  engine.configure('loading', 1);
  await storage.load({
    beginSnapshot: () => engine.loadBegin(),
    snapshot: (bytes) => engine.loadNext(bytes),
    endSnapshot: () => void engine.loadEnd(),
    journal: (bytes) => replay.feed(bytes),
  });
  engine.configure('loading', 0);
  replay.finish();
  return replay.libraries.codes();
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
