/**
 * Memory that is refused, at any place: a command answers with an error and has done nothing
 * (docs/RELIABILITY.md, P13, R10). Of each command the first reservation of memory fails, then the
 * second, and so on until it goes through: of all calls of oom-table.ts, and of commands at random.
 * REDSTART_SEED repeats a run, REDSTART_OOM is the number of random commands; REDSTART_OOM_FULL=1
 * makes all calls of the table in all circumstances.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/table.js';
import { EngineMemoryError } from '../../src/engine/engine.js';
import { findError } from '../../src/host/reply-scan.js';
import { encodeCommand } from '../support/wire.js';
import { BareStore, randomCommands } from './bare-store.js';
import { type Circumstances, Sweep } from './oom-sweep.js';
import { CALLS } from './oom-table.js';

const COMMANDS_A_RUN = Number(process.env.REDSTART_OOM ?? 200);
const TEST_MS_MAX = 900_000;
const COMMANDS_A_FILLING = 300;
/** So often must a command go through before it is taken that it asks for no more memory. */
const PASSES = 3;
/** More than a command here reserves; one that never goes through asks for too much. */
const RESERVATIONS_MAX = 60;
/** More than there are buffers that keep their memory. */
const BUFFERS = 20;
const seed = Number(process.env.REDSTART_SEED ?? 1 + Math.floor(process.hrtime()[1] / 1000));
const module = new WebAssembly.Module(
  readFileSync(new URL('../../dist/core.wasm', import.meta.url)),
);
const FLUSH = encodeCommand(['FLUSHALL', 'SYNC']);
const decoder = new TextDecoder('latin1');

class RandomSweep {
  readonly store = new BareStore(module);
  refusals = 0;
  readonly refused = new Set<string>();

  /** Runs a command with each of its reservations refused in turn. */
  run(command: Uint8Array): void {
    const { engine } = this.store;
    let before = engine.digest();
    for (let count = 1, passes = 0; passes < PASSES && count < RESERVATIONS_MAX; count++) {
      if (this.isRefused(command, count)) {
        this.expectUntouched(command, count, before);
        passes = 0;
        continue;
      }
      passes++;
      if (engine.effects().length > 0) before = engine.digest();
      this.forget();
    }
  }

  /** Runs the command with the reservation of this number refused; true if that was its error. */
  private isRefused(command: Uint8Array, count: number): boolean {
    const { engine } = this.store;
    engine.configure('refuse-reservation', count);
    try {
      this.store.run(command);
    } catch (error) {
      if (error instanceof EngineMemoryError) return true;
      throw new Error(`${nameOf(command)} broke without reservation ${count}: ${error}`);
    } finally {
      engine.configure('refuse-reservation', 0);
    }
    const replies = engine.output();
    const at = findError(replies);
    return at >= 0 && /^-OOM|memory/.test(decoder.decode(replies.subarray(at, at + 100)));
  }

  private expectUntouched(command: Uint8Array, count: number, before: string): void {
    const { engine } = this.store;
    this.refusals++;
    this.refused.add(nameOf(command));
    const what = `${nameOf(command)} without reservation ${count}`;
    expect(decoder.decode(engine.effects()), `${what} writes nothing down`).toBe('');
    expect(engine.digest(), `${what} changes nothing`).toBe(before);
    this.forget();
    expect(this.leaves(command, count), `${what} keeps no memory`).toBe(false);
  }

  /** Whether each refusal leaves something behind: at first buffers grow, that has an end. */
  private leaves(command: Uint8Array, count: number): boolean {
    let used = this.used();
    for (let tries = 0; tries < BUFFERS; tries++) {
      const wasRefused = this.isRefused(command, count);
      this.forget();
      const after = this.used();
      if (!wasRefused || after <= used) return false;
      used = after;
    }
    return true;
  }

  forget(): void {
    this.store.engine.clearOutput();
    this.store.engine.clearEffects();
  }

  private used(): number {
    const { engine } = this.store;
    while (engine.tick(1e6) === 0);
    return engine.statistics().usedMemory;
  }
}

function nameOf(command: Uint8Array): string {
  return decoder.decode(command).split('\r\n')[2]?.toUpperCase() ?? '';
}

const CIRCUMSTANCES: readonly Circumstances[] = [
  { name: 'by itself', compressDepth: 0, replyRoom: null, watched: false },
  { name: 'watched, behind many replies', compressDepth: 1, replyRoom: 3, watched: true },
];
/** Of all calls one in so many is made in the second circumstances, others with another seed. */
const SHARE = process.env.REDSTART_OOM_FULL === '1' ? 1 : 6;

function callsFor(circumstances: Circumstances): readonly string[] {
  if (circumstances === CIRCUMSTANCES[0]) return CALLS;
  return CALLS.filter((_, index) => index % SHARE === seed % SHARE);
}

test('the table has a call for each row that the core runs', () => {
  const called = new Set(
    CALLS.flatMap((line) => {
      const [name = '', subcommand = ''] = line.toLowerCase().split(' ');
      return [name, `${name}|${subcommand}`];
    }),
  );
  const missing = COMMANDS.filter(({ handler }) => handler.includes('.'))
    .map(({ name }) => name)
    .filter((name) => !called.has(name));
  expect(missing).toEqual([]);
});

test.each(CIRCUMSTANCES)(
  'refuses memory to each call, $name',
  (circumstances) => {
    const sweep = new Sweep(module, circumstances);
    const calls = callsFor(circumstances);
    for (const line of calls) sweep.run(line);
    expect(sweep.tally.calls).toBe(calls.length);
    expect(sweep.tally.refusals).toBeGreaterThan(calls.length * 4);
  },
  TEST_MS_MAX,
);

test(`refuses memory to commands at random (seed ${seed})`, { timeout: TEST_MS_MAX }, () => {
  const sweep = new RandomSweep();
  const next = randomCommands(seed);
  for (let done = 0; done < COMMANDS_A_RUN; done++) {
    if (done % COMMANDS_A_FILLING === 0) {
      sweep.store.run(FLUSH);
      sweep.forget();
    }
    for (const command of next()) sweep.run(command);
  }
  expect(sweep.refusals).toBeGreaterThan(COMMANDS_A_RUN / 4);
});
