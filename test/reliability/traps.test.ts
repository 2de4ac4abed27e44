/**
 * A core that traps loses nothing that was sound: its replies and effects from before the guilty
 * command are good, and an engine that is restarted from them goes on as if that command had never
 * come (docs/RELIABILITY.md, P13, R11). REDSTART_SEED repeats a run, REDSTART_TRAPS makes it longer.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { isTrap } from '../../src/engine/engine.js';
import { countReplies } from '../../src/host/reply-scan.js';
import { Random } from '../differential/random.js';
import { trappingCore } from '../support/trapping-core.js';
import { BareStore, randomCommands } from './bare-store.js';

const TRAPS = Number(process.env.REDSTART_TRAPS ?? 200);
const COMPILE_MS_MAX = 240_000;
const TEST_MS_MAX = 240_000;
/** Steps until the trap: of short commands few, of long ones many. */
const STEPS_MAX = 120;
const BATCH_MAX = 12;
/** Traps between two snapshots, from which the store is rebuilt with what came after. */
const TRAPS_A_SNAPSHOT = 25;
const seed = Number(process.env.REDSTART_SEED ?? 1);

let trapping: WebAssembly.Module;
beforeAll(async () => {
  trapping = await trappingCore();
}, COMPILE_MS_MAX);

/** The store under test, another one that repeats what it writes down, and what both are made from. */
class Run {
  readonly store = new BareStore(trapping);
  readonly witness: BareStore;
  traps = 0;
  /** Traps with a sound command in front of them in their batch. */
  inMidBatch = 0;
  private snapshot: Uint8Array[] = [];
  private journal: Uint8Array[] = [];
  private readonly random = new Random(seed, 0);
  private readonly next = randomCommands(seed);

  constructor() {
    const core = readFileSync(new URL('../../dist/core.wasm', import.meta.url));
    this.witness = new BareStore(new WebAssembly.Module(core));
    this.snapshot = this.witness.save();
  }

  step(): void {
    const { engine } = this.store;
    const commands = Array.from({ length: this.random.between(1, BATCH_MAX) }, this.next)
      .flat()
      .map(withoutMinusZero);
    if (this.random.below(2) === 0) {
      engine.configure('trap-after', this.random.between(1, STEPS_MAX));
    }
    try {
      this.store.run(Buffer.concat(commands));
    } catch (error) {
      if (!isTrap(error)) throw error;
      this.recover(commands);
      return;
    }
    engine.configure('trap-after', 0);
    this.keep(engine.effects());
    engine.clearOutput();
    engine.clearEffects();
    this.compare();
  }

  private recover(commands: readonly Uint8Array[]): void {
    const { engine } = this.store;
    const sound = commandsWithin(commands, engine.soundConsumed);
    expect(countReplies(engine.soundOutput())).toBe(sound);
    this.keep(engine.soundEffects());
    this.traps++;
    if (sound > 0) this.inMidBatch++;
    engine.restart();
    this.store.load(this.snapshot);
    this.store.replay(Buffer.concat(this.journal));
    this.compare();
    if (this.traps % TRAPS_A_SNAPSHOT !== 0) return;
    this.snapshot = this.store.save();
    this.journal = [];
    // Both go on from it: a snapshot turns a score of -0 into 0 at times, as in Redis.
    engine.restart();
    this.store.load(this.snapshot);
    this.witness.load(this.snapshot);
  }

  private keep(effects: Uint8Array): void {
    this.journal.push(effects.slice());
    this.witness.replay(effects.slice());
  }

  private compare(): void {
    expect(this.store.engine.digest()).toBe(this.witness.engine.digest());
  }
}

/**
 * A score of -0 stays one in a skiplist only, and SORT, which writes nothing down, makes a skiplist
 * of a sorted set: what is repeated may then say 0, in Redis too.
 */
function withoutMinusZero(command: Uint8Array): Uint8Array {
  const text = Buffer.from(command).toString('latin1');
  return Buffer.from(text.replaceAll('\r\n$2\r\n-0\r\n', '\r\n$1\r\n0\r\n'), 'latin1');
}

/** How many whole commands take up so many bytes. */
function commandsWithin(commands: readonly Uint8Array[], bytes: number): number {
  let end = 0;
  for (const [index, { length }] of commands.entries()) {
    if (end === bytes) return index;
    end += length;
  }
  throw new Error(`no command begins at ${bytes}`);
}

test(`recovers from ${TRAPS} traps at random (seed ${seed})`, { timeout: TEST_MS_MAX }, () => {
  const run = new Run();
  while (run.traps < TRAPS) run.step();
  expect(run.inMidBatch).toBeGreaterThan(TRAPS / 4);
});
