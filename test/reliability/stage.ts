/**
 * A simulated machine for tests that say themselves what happens: one owner after the other, calls of
 * storage that fail where the test wants, and the history that all of it is compared with.
 */
import { StorageError } from '../../src/resp/errors.js';
import type { Durability } from '../../src/storage/storage.js';
import type { FaultName } from '../storage/faulty-indexeddb.js';
import type { CheckedStorage } from './checked-storage.js';
import { History } from './history.js';
import { SimulatedBlob, SimulatedDisk } from './simulated-disk.js';
import { type Browser, soundBrowser } from './simulated-events.js';
import { SimulatedIndexedDB } from './simulated-indexeddb.js';
import { NOTHING, openChecked } from './storage-life.js';
import { Process, World, withTimersOf } from './world.js';

const HANGING: ReadonlySet<FaultName> = new Set(['never', 'late', 'unheard']);
/** Nothing may take longer, in milliseconds of the world. */
const PATIENCE_MS = 300_000;

export class Stage {
  readonly world: World;
  readonly browser: Browser;
  readonly disk: SimulatedDisk;
  readonly engine: SimulatedIndexedDB;
  readonly history: History;
  #processes = 0;
  /** Which call fails, counted from 1 on since it was said. */
  #armed: { fault: FaultName; at: number; forever: boolean } | null = null;
  #fault: FaultName = 'null';
  #calls = 0;
  /** Calls that were made to fail. */
  struck = 0;

  constructor(seed = 1) {
    this.world = new World(seed);
    SimulatedBlob.turn = () => this.world.pause(1, this.world.current);
    this.browser = soundBrowser();
    this.browser.fault = () => this.#strike();
    this.disk = new SimulatedDisk(this.world);
    this.engine = new SimulatedIndexedDB(this.world, this.disk, this.browser);
    this.history = new History(this.world);
  }

  arm(fault: FaultName, at: number, forever: boolean): void {
    this.#armed = { fault, at, forever };
    this.#fault = fault;
    this.#calls = 0;
    this.struck = 0;
  }

  /** Whether the calls that failed gave no answer. */
  get hangs(): boolean {
    return HANGING.has(this.#fault);
  }

  heal(): void {
    this.#armed = null;
  }

  #strike(): FaultName | null {
    if (this.#armed === null) return null;
    const { at, fault, forever } = this.#armed;
    this.#calls++;
    if (this.#calls !== at && !(forever && this.#calls > at)) return null;
    this.struck++;
    return fault;
  }

  process(): Process {
    return new Process(this.world, `owner ${++this.#processes}`);
  }

  /** A new owner that has loaded everything. */
  async open(durability: Durability = 'always', process = this.process()): Promise<CheckedStorage> {
    const random = (bytes: Uint8Array) => bytes.fill(this.world.dice.next());
    const { engine: browser, history } = this;
    const storage = await openChecked({ process, durability, history, browser, random });
    await storage.load(NOTHING);
    return storage;
  }

  /** Lets time pass until `work` ends; throws a Violation that was found meanwhile, or if it never ends. */
  async drive<T>(work: () => Promise<T>): Promise<T> {
    return withTimersOf(this.world, async () => {
      let over = false;
      const { now } = this.world;
      const ended = work().finally(() => {
        over = true;
      });
      ended.catch(() => {});
      await this.world.run(() => {
        if (this.world.now - now > PATIENCE_MS) throw this.world.violation('it never ends');
        return over;
      });
      if (!over) throw this.world.violation('it waits for nothing');
      return ended;
    });
  }

  /** True if `work` was done, false if it was refused in a typed error. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.world.note(String(error));
      if (error instanceof StorageError) return false;
      throw this.world.violation(`storage threw ${error}`);
    }
  }
}

let count = 0;

/** Bytes unlike any others. */
export function token(length = 12): Uint8Array {
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, ++count);
  return bytes;
}
