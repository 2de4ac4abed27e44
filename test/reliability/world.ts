/**
 * A world of simulated time: tasks of several processes on one thread, run one after the other in an
 * order that follows from the seed alone. Between two tasks all promises that are settled have their
 * turn, as between the tasks of a browser.
 *
 * A process can be killed (its tasks never run again), frozen (they wait) and thawed (all that waited
 * runs, before anything else of it). Nothing here takes real time.
 */
import type { Clock, Timer } from '../../src/host/clock.js';
import type { Scheduler } from '../../src/storage/storage.js';
import { Random } from '../differential/random.js';

/** What a simulation found wrong. Made by World.violation, so that nobody can swallow it. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export class Dice extends Random {
  chance(probability: number): boolean {
    return this.next() < probability * 2 ** 32;
  }

  /** Any number of milliseconds below `limit`, in steps of a tenth. */
  ms(limit: number): number {
    return this.below(Math.max(1, Math.ceil(limit * 10))) / 10;
  }
}

interface Task {
  readonly at: number;
  /** Who is first among those of the same time is drawn. */
  readonly tie: number;
  readonly process: Process | null;
  readonly label: string;
  readonly run: () => void;
  cancelled: boolean;
}

/** Node's own, whatever the simulation puts in its place. */
const nextTurn = globalThis.setImmediate;
/** Immediates that are set up at once: a turn of Node's loop costs more than most tasks. */
const TURNS_AT_ONCE = 64;
/** Unix milliseconds at which every world begins. */
const WALL_START = 1_700_000_000_000;

export class World {
  /** Events that are remembered. */
  static traceLength = 30;
  readonly dice: Dice;
  /** Milliseconds since the world began. */
  now = 0;
  /** Tasks run so far. */
  steps = 0;
  /** The process whose task is running, or ran last. */
  current: Process | null = null;
  /** The first thing that was found wrong. */
  #violation: Violation | null = null;
  /** How far the wall clock is off. */
  wallOffset = 0;
  #hash = 0x811c9dc5;
  readonly #tasks: Task[] = [];
  readonly #trace: { readonly at: number; readonly text: string }[] = [];

  constructor(seed: number) {
    this.dice = new Dice(seed, 1);
  }

  /** Runs `run` after `delayMs`, unless `process` is killed before. The function returned cancels it. */
  after(delayMs: number, process: Process | null, label: string, run: () => void): () => void {
    const at = this.now + Math.max(0, delayMs);
    const task = { at, tie: this.dice.next(), process, label, run, cancelled: false };
    this.#push(task);
    return () => {
      task.cancelled = true;
    };
  }

  /** To be thrown. The run ends with it even if somebody catches it. */
  violation(text: string): Violation {
    this.#violation ??= new Violation(text);
    return this.#violation;
  }

  pause(delayMs: number, process: Process | null = null): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, process, 'wake', resolve));
  }

  /** Notes something that happened down for the trace and the hash. */
  note(text: string): void {
    let hash = this.#hash;
    for (let index = 0; index < text.length; index++) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
    this.#hash = Math.imul(hash ^ Math.round(this.now * 10), 0x01000193);
    this.#trace.push({ at: this.now, text });
    if (this.#trace.length > World.traceLength) this.#trace.shift();
  }

  /** Stands for everything that has happened. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  get trace(): readonly string[] {
    return this.#trace.map(({ at, text }) => `${at.toFixed(1).padStart(9)}  ${text}`);
  }

  /** Runs tasks until `done` or nothing is left to do. Rejects with what a task threw. */
  run(done: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let over = false;
      const end = (how: () => void) => {
        over = true;
        how();
      };
      const turn = () => {
        if (over) return;
        try {
          if (this.#violation !== null) throw this.#violation;
          if (done() || !this.#step()) end(resolve);
        } catch (error) {
          end(() => reject(error));
        }
      };
      const refill = () => {
        if (over) return;
        for (let index = 0; index < TURNS_AT_ONCE; index++) nextTurn(turn);
        nextTurn(refill);
      };
      refill();
    });
  }

  /** False if there is nothing to do. */
  #step(): boolean {
    for (;;) {
      const task = this.#pop();
      if (task === undefined) return false;
      if (task.cancelled || task.process?.alive === false) continue;
      this.now = Math.max(this.now, task.at);
      if (task.process?.frozen) {
        task.process.held.push(task);
        continue;
      }
      this.steps++;
      this.current = task.process;
      this.note(task.process === null ? task.label : `${task.process.name}: ${task.label}`);
      task.run();
      return true;
    }
  }

  /** What waited while a process was frozen comes at once, in the order in which it was due. */
  release(held: readonly Task[]): void {
    for (const [index, task] of held.entries()) {
      this.#push({ ...task, at: this.now, tie: index, run: () => task.cancelled || task.run() });
    }
  }

  #push(task: Task): void {
    const tasks = this.#tasks;
    let index = tasks.length;
    tasks.push(task);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(task, tasks[parent] as Task)) break;
      tasks[index] = tasks[parent] as Task;
      index = parent;
    }
    tasks[index] = task;
  }

  #pop(): Task | undefined {
    const tasks = this.#tasks;
    const first = tasks[0];
    const last = tasks.pop();
    if (last === undefined || tasks.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= tasks.length) break;
      const right = tasks[child + 1];
      if (right !== undefined && isBefore(right, tasks[child] as Task)) child++;
      if (!isBefore(tasks[child] as Task, last)) break;
      tasks[index] = tasks[child] as Task;
      index = child;
    }
    tasks[index] = last;
    return first;
  }
}

function isBefore(a: Task, b: Task): boolean {
  return a.at < b.at || (a.at === b.at && a.tie < b.tie);
}

/** A tab's worker, or a server: what can be killed and frozen as one. */
export class Process {
  alive = true;
  frozen = false;
  /** Tasks that came due while it was frozen. */
  held: Task[] = [];
  readonly #ends: (() => void)[] = [];

  constructor(
    readonly world: World,
    readonly name: string,
  ) {}

  /** Called when it is killed. */
  onEnd(listener: () => void): void {
    this.#ends.push(listener);
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const listener of this.#ends) listener();
  }

  freeze(): void {
    this.frozen = true;
  }

  thaw(): void {
    this.frozen = false;
    this.world.release(this.held.splice(0));
  }

  get scheduler(): Scheduler {
    const { world } = this;
    return {
      monotonic: () => world.now,
      now: () => WALL_START + Math.floor(world.now + world.wallOffset),
      after: (delayMs, task) => world.after(delayMs, this, 'timer', task),
    };
  }

  get clock(): Clock {
    const { monotonic, now, after } = this.scheduler;
    const startTimer = (delayMs: number, callback: () => void): Timer => ({
      cancel: after(delayMs, callback),
    });
    return { monotonic, now, startTimer };
  }
}

/** Puts the timers of the process at work in the place of the platform's while `work` runs. */
export async function withTimersOf<T>(world: World, work: () => Promise<T>): Promise<T> {
  const { setTimeout, clearTimeout, setImmediate: immediate } = globalThis;
  const start = (callback: () => void, delayMs = 0) =>
    world.after(delayMs, world.current, 'timeout', callback);
  const cancel = (timer: (() => void) | undefined) => timer?.();
  const next = (callback: () => void) => world.after(0, world.current, 'turn', callback);
  Object.assign(globalThis, { setTimeout: start, clearTimeout: cancel, setImmediate: next });
  try {
    return await work();
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout, setImmediate: immediate });
  }
}
