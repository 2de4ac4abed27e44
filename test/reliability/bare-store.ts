/**
 * A store of an engine alone: what is written down by commands is kept in an array, which is its
 * journal. Commands of the host are answered OK and do nothing, but for SELECT.
 */
import { COMMANDS } from '../../src/commands/table.js';
import { Engine, StopReason } from '../../src/engine/engine.js';
import { findError } from '../../src/host/reply-scan.js';
import { FAMILIES } from '../differential/families.js';
import { weighted } from '../differential/grammar.js';
import { Random } from '../differential/random.js';
import { encodeCommand } from '../support/wire.js';

const SEED_BYTES = 16;
const NOW = 1_700_000_000_000;
const SELECT = COMMANDS.findIndex(({ name }) => name === 'select');
const OK = Buffer.from('+OK\r\n');
const decoder = new TextDecoder();

/** Random commands of all families, encoded; the seed repeats them. */
export function randomCommands(seed: number): () => Uint8Array[] {
  const mixed = FAMILIES.find(({ name }) => name === 'mixed');
  if (mixed === undefined) throw new Error('there is no grammar of all families');
  const make = weighted(...mixed.rows);
  const random = new Random(seed, 0);
  return () => make(random).map((command) => encodeCommand(command.map(latin1)));
}

const latin1 = (argument: string) => Buffer.from(argument, 'latin1');

export class BareStore {
  readonly engine: Engine;
  private database = 0;

  constructor(module: WebAssembly.Module, memoryPagesMax?: number) {
    const seed = new Uint8Array(SEED_BYTES).fill(5);
    const limit = memoryPagesMax === undefined ? {} : { memoryPagesMax };
    this.engine = Engine.create(module, { seed, ...limit });
    this.engine.setTime(NOW);
    this.engine.setEffects(true);
  }

  /** Runs the batch to its end. Replies and effects stay in the engine. */
  run(batch: Uint8Array): void {
    const { engine } = this;
    engine.load(batch, batch.length);
    for (;;) {
      const reason = engine.execute(this.database, 2);
      if (reason === StopReason.Drained || reason === StopReason.ProtocolError) return;
      if (reason === StopReason.HostCommand) this.answer();
      if (reason === StopReason.Blocked) engine.reply(OK);
    }
  }

  private answer(): void {
    const { engine } = this;
    if (engine.commandId === SELECT) this.database = Number(decoder.decode(engine.argument(1)));
    engine.reply(OK);
  }

  /** Repeats what was written down, in a store that writes nothing down meanwhile. */
  replay(effects: Uint8Array): void {
    const { engine } = this;
    if (effects.length === 0) return;
    engine.setEffects(false);
    engine.configure('loading', 1);
    this.database = 0;
    this.run(effects);
    const error = findError(engine.output());
    if (error >= 0) throw new Error(decoder.decode(engine.output().subarray(error)));
    engine.clearOutput();
    engine.configure('loading', 0);
    engine.setEffects(true);
    this.database = 0;
  }

  /** All of it as the bytes of a snapshot. */
  save(): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    this.engine.snapshotBegin();
    for (let bytes = this.engine.snapshotNext(1 << 16); bytes; ) {
      chunks.push(bytes);
      bytes = this.engine.snapshotNext(1 << 16);
    }
    return chunks;
  }

  load(chunks: readonly Uint8Array[]): void {
    this.engine.loadBegin();
    for (const chunk of chunks) this.engine.loadNext(chunk);
    this.engine.loadEnd();
  }
}
