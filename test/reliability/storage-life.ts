/**
 * One ownership of a store without an engine: opens storage and does at random what a host would ask
 * of it. What is appended is random bytes; CheckedStorage sees to it that the promises hold.
 */
import { StorageError } from '../../src/resp/errors.js';
import { openStorage } from '../../src/storage/open.js';
import type { Durability, Storage } from '../../src/storage/storage.js';
import { CheckedStorage } from './checked-storage.js';
import type { History } from './history.js';
import type { SimulatedIndexedDB } from './simulated-indexeddb.js';
import type { Process } from './world.js';

export interface Surroundings {
  readonly process: Process;
  readonly history: History;
  readonly browser: SimulatedIndexedDB;
  readonly durability: Durability;
  /** Fills with random numbers. */
  random(bytes: Uint8Array): Uint8Array;
}

/** How a life goes on, as whoever ends it sees it. */
export interface Life {
  readonly process: Process;
  /** `opening`, then one of the others. */
  readonly state: 'opening' | 'open' | 'refused' | 'closed';
  readonly error: unknown;
  readonly storage: CheckedStorage | null;
  /** Its process has just been frozen. */
  frozen?(): void;
  close(): Promise<void>;
}

export const TIMEOUT_MS = 10_000;
/** More than most commits need, less than the largest. */
const RESERVE_BYTES = 16_384;

/** Opens a store's storage under the eyes of the history. */
export async function openChecked(surroundings: Surroundings): Promise<CheckedStorage> {
  const { browser, durability, history, process, random } = surroundings;
  const storage: Storage = await openStorage({
    name: 'simulated',
    durability,
    scheduler: process.scheduler,
    random,
    indexedDB: browser.factoryOf(process),
    timeoutMs: TIMEOUT_MS,
    reserveBytes: RESERVE_BYTES,
    // As the worker has it in the browsers in which that is needed.
    twice: browser.browser.forgetful,
  });
  if (storage.report.backend === 'memory') {
    throw new StorageError(`memory only: ${storage.report.reason}`);
  }
  const { damaged } = storage.report;
  // Of a commit that was under way when the power went Chromium keeps some frames (F24).
  const isTorn = browser.browser.forgetful && damaged?.kind === 'torn';
  if (damaged !== null && !isTorn) {
    throw process.world.violation(`P10: damage where there is none: ${damaged.cause}`);
  }
  history.noteAside(storage.report.aside?.map(({ database }) => database) ?? []);
  return new CheckedStorage(process.world, history, process.name, storage);
}

const DURABILITIES: readonly Durability[] = ['always', 'everysec', 'no'];
/** Takes everything in and does nothing with it. */
export const NOTHING = { beginSnapshot() {}, snapshot() {}, endSnapshot() {}, journal() {} };

export class StorageLife implements Life {
  state: Life['state'] = 'opening';
  error: unknown = null;
  storage: CheckedStorage | null = null;
  #snapshots = 0;
  #snapshotting = false;
  /** The snapshot under way is one that the journal begins with. */
  #starting = false;

  constructor(private readonly surroundings: Surroundings) {
    void this.#live();
  }

  get process(): Process {
    return this.surroundings.process;
  }

  async #live(): Promise<void> {
    const { process } = this.surroundings;
    const { world } = process;
    try {
      this.storage = await openChecked(this.surroundings);
      await this.storage.load(NOTHING);
      this.state = 'open';
    } catch (error) {
      this.error = error;
      this.state = 'refused';
      world.note(`${process.name} refused: ${error}`);
      if (!(error instanceof StorageError)) {
        world.violation(`opening threw ${error}`);
      }
      return;
    }
    while (this.state === 'open') {
      await world.pause(world.dice.chance(0.5) ? world.dice.ms(10) : world.dice.ms(400), process);
      await this.#act(this.storage);
    }
  }

  async #act(storage: CheckedStorage): Promise<void> {
    const { dice } = this.process.world;
    const what = dice.below(100);
    if (what < 60) this.#append(storage);
    else if (what < 75) this.#try('durable', storage.durable(storage.position));
    else if (what < 82) this.#try('flush', storage.flush());
    else if (what < 85) this.#try('verify', storage.verify());
    else if (what < 89) this.#try('change of appendfsync', this.#switch(storage));
    else if (what < 94) this.#try('snapshot', this.#snapshot(storage));
    else if (what < 96) await this.#rebuild(storage);
    else if (what < 97 && storage.journals) this.#try('stop of the journal', storage.stopJournal());
  }

  /** As a host does after a trap, or after a write under `always` was refused. */
  async #rebuild(storage: CheckedStorage): Promise<void> {
    if (storage.isStopped) return;
    this.#note(`rebuilds, storage is ${storage.state.kind}`);
    try {
      if (storage.state.kind !== 'ok') await storage.discard();
      await storage.load(NOTHING);
      this.#note('has rebuilt');
    } catch (error) {
      this.#expected(error);
    }
  }

  #append(storage: CheckedStorage): void {
    const { dice } = this.process.world;
    if (!storage.journals && !this.#starting) return;
    const count = dice.between(1, 4);
    this.#note(`appends ${count} behind ${storage.position}`);
    for (let index = 0; index < count; index++) {
      const bytes = new Uint8Array(dice.chance(0.02) ? 40_000 : dice.between(8, 60));
      this.surroundings.random(bytes);
      try {
        storage.append(bytes);
      } catch (error) {
        this.#expected(error);
      }
    }
  }

  async #switch(storage: CheckedStorage): Promise<void> {
    const mode = this.process.world.dice.pick(DURABILITIES);
    this.#note(`changes appendfsync from ${storage.durability} to ${mode}`);
    await storage.setDurability(mode);
  }

  async #snapshot(storage: CheckedStorage): Promise<void> {
    if (this.#snapshotting) return;
    this.#snapshotting = true;
    const { world } = this.process;
    try {
      const kind = world.dice.pick(['dump', 'base'] as const);
      const writer = storage.beginSnapshot(kind);
      this.#starting = kind === 'base';
      const slices = world.dice.below(5);
      for (let slice = 0; slice <= slices; slice++) {
        const text = `${this.process.name} snapshot ${this.#snapshots++} slice ${slice}`;
        await writer.write(new TextEncoder().encode(text));
        await world.pause(world.dice.ms(5), this.process);
        if (world.dice.chance(0.02)) return await writer.abort();
      }
      await writer.commit();
    } finally {
      this.#snapshotting = false;
      this.#starting = false;
    }
  }

  #note(text: string): void {
    this.process.world.note(`${this.process.name} ${text}`);
  }

  #try(what: string, work: Promise<void>): void {
    this.#note(`asks for ${what}`);
    work.then(() => this.#note(`has its ${what}`)).catch((error: unknown) => this.#expected(error));
  }

  /** Storage may refuse, in typed errors alone. */
  #expected(error: unknown): void {
    const { world, name } = this.process;
    world.note(`${name}: ${error}`);
    if (error instanceof StorageError) return;
    world.violation(`storage threw ${error}`);
  }

  async close(): Promise<void> {
    this.state = 'closed';
    try {
      await this.storage?.close();
    } catch (error) {
      this.#expected(error);
    }
  }
}
