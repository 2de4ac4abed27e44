/**
 * The longest that a snapshot, a load and what comes of them hold the engine up: each slice, each
 * command between slices, each step of giving memory back is timed, and the worst counts. Of several
 * runs the best: a machine that others use too makes some of them wait.
 */
import { Engine } from '../../../src/engine/engine.js';
import { Driver, SEED } from './drive.js';
import { cutBatches, encodeCommand, keyName, makePool, Random, VALUE } from './requests.js';

/** What is in the store: many keys, or one collection of as many elements. */
export type Filling = 'keys' | 'hash' | 'set' | 'zset' | 'list' | 'stream';
export const FILLINGS: readonly Filling[] = ['keys', 'hash', 'set', 'zset', 'list', 'stream'];

/** Milliseconds, the worst of its kind; but for `saved` and `loaded`, which are all of them together. */
export interface Holdups {
  begin: number;
  slice: number;
  /** A command that changes what the snapshot has not written. */
  change: number;
  saved: number;
  abort: number;
  loadSlice: number;
  loaded: number;
  loadEnd: number;
  /** FLUSHALL ASYNC, and then a turn of active expiry. */
  flush: number;
  tick: number;
}

const COLLECTION = 'big';
const TICK_MICROSECONDS = 500;
const CHANGES_A_SLICE = 20;
const encoder = new TextEncoder();

function fillCommand(filling: Filling, index: number): string[] {
  const name = keyName(index);
  const commands: Record<Filling, string[]> = {
    keys: ['SET', name, VALUE],
    hash: ['HSET', COLLECTION, name, VALUE],
    set: ['SADD', COLLECTION, name],
    zset: ['ZADD', COLLECTION, String((index * 7919) % 1000003), name],
    list: ['RPUSH', COLLECTION, name],
    stream: ['XADD', COLLECTION, `${index + 1}-1`, 'field', name],
  };
  return commands[filling];
}

/** Changes something that is there, at random. */
function changeCommand(filling: Filling, index: number): string[] {
  const name = keyName(index);
  const commands: Record<Filling, string[]> = {
    keys: ['APPEND', name, 'x'],
    hash: ['HSET', COLLECTION, name, 'changed'],
    set: ['SREM', COLLECTION, name],
    zset: ['ZINCRBY', COLLECTION, '1', name],
    list: ['LSET', COLLECTION, String(index), 'changed'],
    stream: ['XDEL', COLLECTION, `${index + 1}-1`],
  };
  return commands[filling];
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

export class SliceBench {
  private readonly random = new Random(99);

  constructor(
    private readonly module: WebAssembly.Module,
    private readonly filling: Filling,
    private readonly count: number,
    private readonly budget: number,
  ) {}

  /** One run over a store that is filled anew. */
  run(): Holdups {
    const engine = Engine.create(this.module, { seed: SEED });
    engine.setTime(1_700_000_000_000);
    const driver = new Driver(engine);
    const pool = makePool(this.count, (index) => encodeCommand(fillCommand(this.filling, index)));
    driver.executeAll(cutBatches(pool, Math.min(1000, this.count), Number.POSITIVE_INFINITY));
    const abort = this.abort(engine);
    const quiet = this.save(driver, false);
    const busy = this.save(driver, true);
    const load = this.load(engine, quiet.chunks);
    const flush = timed(() => this.execute(driver, ['FLUSHALL', 'ASYNC']));
    return {
      abort,
      begin: Math.max(quiet.begin, busy.begin),
      slice: Math.max(quiet.slice, busy.slice),
      change: busy.change,
      saved: quiet.saved,
      ...load,
      flush,
      tick: Math.max(load.tick, this.ticks(engine)),
    };
  }

  private execute(driver: Driver, command: string[]): void {
    driver.execute(encoder.encode(encodeCommand(command)));
  }

  private abort(engine: Engine): number {
    engine.snapshotBegin();
    engine.snapshotNext(this.budget);
    const took = timed(() => engine.snapshotAbort());
    this.ticks(engine);
    return took;
  }

  private save(driver: Driver, withChanges: boolean) {
    const { engine } = driver;
    const chunks: Uint8Array[] = [];
    let [slice, change, saved] = [0, 0, 0];
    const begin = timed(() => engine.snapshotBegin());
    for (;;) {
      let bytes: Uint8Array | null = null;
      const took = timed(() => {
        bytes = engine.snapshotNext(this.budget);
      });
      slice = Math.max(slice, took);
      saved += took;
      if (bytes === null) break;
      chunks.push(bytes);
      for (let left = withChanges ? CHANGES_A_SLICE : 0; left > 0; left--) {
        const command = changeCommand(this.filling, this.random.below(this.count));
        change = Math.max(
          change,
          timed(() => this.execute(driver, command)),
        );
      }
    }
    return { begin, slice, change, saved, chunks };
  }

  private load(engine: Engine, chunks: readonly Uint8Array[]) {
    let [loadSlice, loaded] = [0, 0];
    engine.loadBegin();
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += this.budget) {
        const took = timed(() => engine.loadNext(chunk.subarray(at, at + this.budget)));
        loadSlice = Math.max(loadSlice, took);
        loaded += took;
      }
    }
    const loadEnd = timed(() => engine.loadEnd());
    return { loadSlice, loaded: loaded + loadEnd, loadEnd, tick: this.ticks(engine) };
  }

  private ticks(engine: Engine): number {
    let worst = 0;
    for (let due = 0; due === 0; ) {
      worst = Math.max(
        worst,
        timed(() => {
          due = engine.tick(TICK_MICROSECONDS);
        }),
      );
    }
    return worst;
  }
}

/** The best of so many runs, figure by figure. */
export function bestOf(bench: SliceBench, runs: number): Holdups {
  const all = Array.from({ length: runs }, () => bench.run());
  const names = Object.keys(all[0] ?? {}) as (keyof Holdups)[];
  const least = (name: keyof Holdups) => Math.min(...all.map((one) => one[name]));
  return Object.fromEntries(names.map((name) => [name, least(name)])) as unknown as Holdups;
}
