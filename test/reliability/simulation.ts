/**
 * One simulated history of a store (docs/RELIABILITY.md R7): several owners one after the other, or at the
 * same time, each killed, cut off from power, frozen or closed at some step, over one disk; at the end
 * an owner to whom nothing happens must find all that was promised. Everything follows from the seed.
 */
import type { FaultName } from '../storage/faulty-indexeddb.js';
import { History } from './history.js';
import { SimulatedBlob, SimulatedDisk } from './simulated-disk.js';
import { type Browser, FAULTS, soundBrowser } from './simulated-events.js';
import { SimulatedIndexedDB } from './simulated-indexeddb.js';
import { type Life, StorageLife, type Surroundings } from './storage-life.js';
import { Process, Violation, World, withTimersOf } from './world.js';

export interface Outcome {
  readonly seed: number;
  /** Of all that happened, in order. */
  readonly hash: string;
  readonly steps: number;
  /** Appends that the last owner found. */
  readonly entries: number;
  readonly owners: number;
  /** Null: all promises were kept. */
  readonly violation: string | null;
  /** What happened last. */
  readonly trace: readonly string[];
}

export type MakeLife = (surroundings: Surroundings) => Life;

/** No life waits longer than this for anything, in milliseconds of the world. */
const PATIENCE_MS = 600_000;
/** A call that hangs is given up by then, and everything written again. */
const HEALING_MS = 20_000;
const STEPS_MAX = 100_000;

export async function simulate(seed: number, makeLife?: MakeLife): Promise<Outcome> {
  const world = new World(seed);
  SimulatedBlob.turn = () => world.pause(world.dice.ms(2), world.current);
  const simulation = new Simulation(world, makeLife ?? ((given) => new StorageLife(given)));
  let violation: string | null = null;
  try {
    await withTimersOf(world, () => simulation.run());
  } catch (error) {
    violation =
      error instanceof Violation ? error.message : String((error as Error).stack ?? error);
  }
  simulation.end();
  const { hash, steps, trace } = world;
  const { entries, owners } = simulation;
  return { seed, hash, steps, entries, owners, violation, trace };
}

class Simulation {
  readonly #world: World;
  readonly #makeLife: MakeLife;
  readonly #browser: Browser;
  readonly #disk: SimulatedDisk;
  readonly #engine: SimulatedIndexedDB;
  readonly #history: History;
  readonly #lives: Life[] = [];
  /** How likely a call fails. */
  #faultChance = 0;
  #faults: readonly FaultName[] = FAULTS;
  /** When a call was made to fail last: one that hangs stands in the way of others too. */
  #struckAt = Number.NEGATIVE_INFINITY;
  entries = 0;

  constructor(world: World, makeLife: MakeLife) {
    this.#world = world;
    this.#makeLife = makeLife;
    const { dice } = world;
    this.#browser = soundBrowser();
    this.#browser.forgiving = dice.chance(0.3);
    this.#browser.silent = dice.chance(0.3);
    this.#browser.forgetful = dice.chance(0.3);
    if (dice.chance(0.3)) this.#browser.fullName = 'DataError';
    this.#browser.latencyMs = dice.pick([0.5, 4, 20]);
    this.#browser.fault = (what, process) => this.#strike(what, process);
    this.#disk = new SimulatedDisk(world);
    this.#engine = new SimulatedIndexedDB(world, this.#disk, this.#browser);
    this.#history = new History(world);
  }

  #strike(what: string, process: Process): FaultName | null {
    const { dice } = this.#world;
    if (!dice.chance(this.#faultChance)) return null;
    this.#struckAt = this.#world.now;
    this.#world.note(`${process.name}: a call will fail`);
    const fault = dice.pick(this.#faults);
    if (what === 'open' && fault === 'UnknownError') this.#history.unopened++;
    return fault;
  }

  get owners(): number {
    return this.#lives.length;
  }

  async run(): Promise<void> {
    const lives = this.#world.dice.between(2, 6);
    for (let life = 0; life < lives; life++) await this.#oneLife();
    await this.#lastLife();
  }

  end(): void {
    for (const { process } of this.#lives) process.kill();
  }

  async #oneLife(): Promise<void> {
    const { dice } = this.#world;
    const isSick = dice.chance(0.3);
    this.#faultChance = isSick ? dice.pick([0.01, 0.05, 0.3]) : 0;
    this.#faults = dice.chance(0.5) ? FAULTS : [dice.pick(FAULTS)];
    const life = this.#begin();
    const steps = dice.pick([5, 20, 60, 200, 500]);
    const end = this.#world.steps + dice.between(1, steps);
    if (dice.chance(0.1)) this.#limitDisk();
    await this.#until(() => this.#world.steps >= end);
    await this.#endOf(life);
    if (dice.chance(0.03)) this.#wipe();
    this.#disk.capacity = Number.POSITIVE_INFINITY;
    this.#faultChance = 0;
    await this.#wakeSomebody();
  }

  #begin(): Life {
    const { dice } = this.#world;
    const process = new Process(this.#world, `owner ${this.#lives.length + 1}`);
    const durability = dice.pick(['always', 'always', 'everysec', 'no'] as const);
    this.#world.note(`${process.name} opens, appendfsync ${durability}`);
    const life = this.#makeLife({
      process,
      durability,
      history: this.#history,
      browser: this.#engine,
      random: (bytes) => {
        for (let index = 0; index < bytes.length; index++) bytes[index] = dice.next();
        return bytes;
      },
    });
    this.#lives.push(life);
    return life;
  }

  /** There will not be room for much more. */
  #limitDisk(): void {
    this.#disk.capacity = this.#disk.used + this.#world.dice.below(3000);
  }

  async #endOf(life: Life): Promise<void> {
    const { dice } = this.#world;
    const how = dice.below(100);
    if (how < 35) this.#kill(life);
    else if (how < 60) this.#cutPower();
    else if (how < 75) await this.#close(life);
    else if (how < 90) this.#freeze(life);
    // else it lives on, and somebody else takes the store.
  }

  #kill(life: Life): void {
    this.#world.note(`${life.process.name} is killed`);
    this.#promiseWindow(life);
    life.process.kill();
  }

  #cutPower(): void {
    this.#world.note('the power is cut');
    for (const life of this.#lives) {
      if (life.process.alive && !life.process.frozen) this.#promiseWindow(life);
      life.process.kill();
    }
    this.#engine.powerCut();
  }

  /** Clear-Site-Data, with whoever has the store open. */
  #wipe(): void {
    this.#world.note('everything is deleted');
    // One that has read what was there, and not said so yet, cannot be told from one that comes later.
    for (const life of this.#lives) if (life.state === 'opening') life.process.kill();
    this.#engine.wipe();
    this.#history.wipe();
  }

  #freeze(life: Life): void {
    this.#world.note(`${life.process.name} is frozen`);
    this.#promiseWindow(life);
    life.process.freeze();
    life.frozen?.();
  }

  /** P2: what is older than a second is safe, unless storage was failing. */
  #promiseWindow(life: Life): void {
    const { storage } = life;
    if (storage === null || storage.state.kind !== 'ok') return;
    if (this.#disk.capacity < Number.POSITIVE_INFINITY) return;
    if (this.#world.now - this.#struckAt < HEALING_MS) return;
    storage.answerForOld(1000);
  }

  async #close(life: Life): Promise<void> {
    this.#world.note(`${life.process.name} closes`);
    let closed = false;
    void life.close().finally(() => {
      closed = true;
    });
    await this.#until(() => closed || life.state === 'opening');
    life.process.kill();
  }

  /** Somebody frozen may go on, and find the store taken. */
  async #wakeSomebody(): Promise<void> {
    const { dice } = this.#world;
    const frozen = this.#lives.find(({ process }) => process.alive && process.frozen);
    if (frozen === undefined || dice.chance(0.4)) return;
    this.#world.note(`${frozen.process.name} is thawed`);
    frozen.process.thaw();
  }

  /** Nothing happens to this one: it must open, find all, and be able to write. */
  async #lastLife(): Promise<void> {
    for (const { process } of this.#lives) process.kill();
    const life = this.#begin();
    await this.#until(() => life.state !== 'opening');
    if (life.state !== 'open' || life.storage === null) {
      throw this.#world.violation(`a sound store did not open: ${life.error}`);
    }
    this.entries = life.storage.line?.entries.length ?? 0;
    const end = this.#world.steps + 50;
    await this.#until(() => this.#world.steps >= end);
    await this.#close(life);
  }

  /** Lets time pass; throws if that takes for ever. */
  async #until(done: () => boolean): Promise<void> {
    const { now, steps } = this.#world;
    await this.#world.run(() => {
      const late = this.#world.now - now > PATIENCE_MS || this.#world.steps - steps > STEPS_MAX;
      if (late) throw this.#world.violation('something takes for ever');
      return done();
    });
  }
}
