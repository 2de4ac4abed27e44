/**
 * An engine with data in it and the workloads of the question `engine`: GET and SET on database
 * 0, INCR on database 1, where the same keys are counters. Runs in Node and in the worker.
 */
import { Engine } from '../../../src/engine/engine.js';
import { Driver, type Measured, SEED, type Workload } from './drive.js';
import {
  cutBatches,
  encodeCommand,
  fillBatches,
  keyName,
  makePool,
  type Pool,
  Random,
  VALUE,
} from './requests.js';

export type EngineCommand = 'GET' | 'SET' | 'INCR';
export const ENGINE_COMMANDS: readonly EngineCommand[] = ['GET', 'SET', 'INCR'];

export const COUNTERS = 1;
/** Distinct commands in a pool: enough that their keys do not stay in the cache. */
const POOL_MAX = 500_000;
const BATCHES_MAX = 50_000;

export function databaseOf(command: EngineCommand): number {
  return command === 'INCR' ? COUNTERS : 0;
}

export class EngineStore {
  private readonly driver: Driver;
  private readonly keys: number;
  private readonly pools = new Map<EngineCommand, Pool>();
  private readonly workloads = new Map<string, Workload>();

  constructor(module: WebAssembly.Module, keys: number) {
    const engine = Engine.create(module, { seed: SEED });
    this.driver = new Driver(engine);
    this.keys = keys;
    engine.setTime(1_700_000_000_000);
    this.driver.executeAll(fillBatches(keys, VALUE), 0);
    this.driver.executeAll(fillBatches(keys, '1'), COUNTERS);
  }

  run(command: EngineCommand, batch: number, milliseconds: number): Measured {
    const workload = this.workload(command, batch);
    return this.driver.runFor(workload, databaseOf(command), milliseconds);
  }

  /** Throws unless all keys are there and every GET so far has found its key. */
  check(): void {
    const statistics = this.driver.engine.statistics();
    const { misses, errors } = statistics;
    const keys = [statistics.keys(0), statistics.keys(COUNTERS)];
    if (misses > 0 || errors > 0 || keys.some((count) => count !== this.keys)) {
      throw new Error(`the engine has ${keys} keys, ${misses} misses, ${errors} errors`);
    }
  }

  private workload(command: EngineCommand, batch: number): Workload {
    const name = `${command} ${batch}`;
    const known = this.workloads.get(name);
    if (known !== undefined) return known;
    const batches = cutBatches(this.pool(command), batch, BATCHES_MAX);
    const made = { batches, commandsPerBatch: batch, next: 0 };
    this.workloads.set(name, made);
    return made;
  }

  private pool(command: EngineCommand): Pool {
    const known = this.pools.get(command);
    if (known !== undefined) return known;
    const random = new Random(0x2545f491);
    const rest = command === 'SET' ? [VALUE] : [];
    const make = () => encodeCommand([command, keyName(random.below(this.keys)), ...rest]);
    const made = makePool(Math.min(this.keys, POOL_MAX), make);
    this.pools.set(command, made);
    return made;
  }
}
