/**
 * Engine: one instance of the core. RESP bytes in, RESP bytes out; the only place that
 * sees Wasm. It has no clock and no randomness of its own: both are handed in.
 *
 * A batch: `input(n)` gives a view to write requests to, `begin(n)` makes them the batch,
 * `execute` runs until it must stop, `output` shows the replies. Views are valid until the
 * next call that may grow the memory, so they are used at once.
 */
import { EngineMemoryError, NO_BYTES } from './core-instance.js';
import { Inspection } from './inspection.js';
import { decodeEvents, type KeyspaceEvent } from './notifications.js';
import { PARAMETERS, type ParameterName } from './parameters.js';
import {
  decodeExtras,
  encodeExtras,
  LoadTrouble,
  type SnapshotExtra,
  SnapshotFormatError,
  SnapshotState,
} from './snapshot.js';
import { decodeTouched, type TouchedKey } from './touched-keys.js';

export { EngineMemoryError } from './core-instance.js';

/** Why `execute` returned. The numbers are those of assembly/commands/execute.ts. */
export enum StopReason {
  /** Every whole command of the batch is executed. */
  Drained = 0,
  /** The next command belongs to the host; its arguments can be read. */
  HostCommand = 1,
  /** A key was touched that the host declared interest in, or there are keyspace events. */
  Interest = 2,
  /** The replies should be taken before going on. */
  OutputFull = 3,
  /** The input is malformed; the error reply is written, the session is over. */
  ProtocolError = 4,
  /** A command is parsed and may be run with `runStepped`. */
  Stepped = 5,
  /** The command would have to wait; it has replied nothing. Its arguments can be read. */
  Blocked = 6,
  /** The command that has just run took long. Its arguments can be read. */
  Slow = 7,
  /** When stepping: the command was not run, an error is its reply. */
  Refused = 8,
}

export interface EngineOptions {
  /** 16 secret random bytes: the seed of the hash. */
  readonly seed: Uint8Array;
  /** Number of databases, 1 to 16,384; 16 if not given. */
  readonly databases?: number;
  /** The most linear memory may grow to, in pages of 64 KiB. */
  readonly memoryPagesMax?: number;
}

/** True if the core has broken: the engine is of no use before `restart`. */
export function isTrap(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError;
}

/** What is not to be done again by an engine that is restarted. */
const ONE_SHOT: ReadonlySet<ParameterName> = new Set(['refuse-reservation', 'trap-after']);
const NO_EVENTS: readonly KeyspaceEvent[] = [];
const HAND_COPY_BYTES_MAX = 64;
/** About what one step of active expiry, a bucket, takes. */
const MICROSECONDS_A_STEP = 2;

export class Engine extends Inspection {
  private readonly outputRecord: number;
  private readonly effectsRecord: number;
  private readonly notificationsRecord: number;
  private outputView: Uint8Array = NO_BYTES;
  private effectsView: Uint8Array = NO_BYTES;
  private now = 0;
  private readonly configured = new Map<ParameterName, number>();
  private readonly renamed: { readonly id: number; readonly name: Uint8Array }[] = [];

  /** Makes an instance of a compiled core.wasm. Throws RangeError if the seed is too short. */
  static create(module: WebAssembly.Module, options: EngineOptions): Engine {
    return new Engine(module, options);
  }

  private constructor(module: WebAssembly.Module, options: EngineOptions) {
    super(module, options.seed);
    this.outputRecord = this.core.outputBuffer() >>> 2;
    this.effectsRecord = this.core.effectsBuffer() >>> 2;
    this.notificationsRecord = this.core.notificationsBuffer() >>> 2;
    if (options.databases !== undefined) this.configure('databases', options.databases);
    if (options.memoryPagesMax !== undefined) {
      this.configure('memory-pages-max', options.memoryPagesMax);
    }
  }

  /** Another instance of the same core: empty, and configured as at the beginning. */
  another(): Engine {
    return new Engine(this.module, { seed: this.seed });
  }

  /** Sets the time that the next batches run at, in Unix milliseconds. */
  setTime(unixMs: number): void {
    this.now = unixMs;
  }

  configure(name: ParameterName, value: number): void {
    if (!ONE_SHOT.has(name)) this.configured.set(name, value);
    this.core.configure(PARAMETERS[name], value);
  }

  /** Calls a command by another name from now on; by none if it is empty. Throws EngineMemoryError. */
  renameCommand(id: number, name: Uint8Array): void {
    this.rename(id, name);
    this.renamed.push({ id, name: name.slice() });
  }

  private rename(id: number, name: Uint8Array): void {
    this.lend(name);
    if (this.core.renameCommand(id, name.length)) return;
    throw new EngineMemoryError('no memory for the name of a command');
  }

  // After a trap

  /**
   * Puts a fresh instance of the core in the place of this one, configured as this one was:
   * parameters, names of commands, clock, time. Data, interest in keys, statistics, a batch and a
   * snapshot under way are gone, and so are all views. With a seed, hashes are keyed by that from now
   * on. Throws RangeError, and nothing has changed, if there is no memory for another instance.
   */
  restart(seed?: Uint8Array): void {
    this.renew(seed);
    this.outputView = NO_BYTES;
    this.effectsView = NO_BYTES;
    for (const [name, value] of this.configured) this.core.configure(PARAMETERS[name], value);
    for (const { id, name } of this.renamed) this.rename(id, name);
  }

  /**
   * After a trap: the replies of the commands before the one that trapped. Of a batch that was nested
   * in a command it is this one, the outermost, that counts.
   */
  soundOutput(): Uint8Array {
    return this.output().subarray(0, this.core.soundOutput() >>> 0);
  }

  /** After a trap: what those commands propagate, as far as it was not taken. */
  soundEffects(): Uint8Array {
    return this.effects().subarray(0, this.core.soundEffects() >>> 0);
  }

  /** After a trap: where in the outermost batch the command begins that trapped. */
  get soundConsumed(): number {
    return this.core.soundConsumed() >>> 0;
  }

  // Batches

  /** A view of `length` bytes to write requests to. Throws EngineMemoryError. */
  input(length: number): Uint8Array {
    const place = this.inputPlace(length);
    return this.view().subarray(place, place + length);
  }

  private inputPlace(length: number): number {
    const place = this.core.inputPlace(length) >>> 0;
    if (place === 0) throw new EngineMemoryError(`no memory for ${length} bytes of requests`);
    return place;
  }

  /**
   * Makes the first `length` of `bytes` the batch. Throws EngineMemoryError.
   *
   * A short batch is copied by hand: for one command a view and `set` cost more than the copy.
   */
  load(bytes: Uint8Array, length: number): void {
    const place = this.inputPlace(length);
    const memory = this.view();
    if (length > HAND_COPY_BYTES_MAX) memory.set(bytes.subarray(0, length), place);
    else for (let i = 0; i < length; i++) memory[place + i] = bytes[i] as number;
    this.begin(length);
  }

  /** Makes the first `length` bytes of the input the batch. */
  begin(length: number): void {
    this.core.begin(length, this.now);
  }

  /** Runs the batch from where it is. With `step`, stops before each command. */
  execute(database: number, protocol: 2 | 3, step = false): StopReason {
    return this.core.execute(database, protocol, step ? 1 : 0);
  }

  /** Runs the command at which `execute` stopped when stepping. */
  runStepped(): StopReason {
    return this.core.runStepped();
  }

  /**
   * Puts the batch aside while `work` runs others. The arguments of the command at hand are gone
   * afterwards. Throws EngineMemoryError beyond four levels.
   */
  nest<T>(work: () => T): T {
    if (!this.core.nest()) throw new EngineMemoryError('batches are nested too deep');
    return this.between(work, () => this.core.unnest());
  }

  /** Does `work`, then ends it, unless the core has trapped: what it was left as is still asked for. */
  private between<T>(work: () => T, end: () => void): T {
    let isSound = true;
    try {
      return work();
    } catch (error) {
      isSound = !isTrap(error);
      throw error;
    } finally {
      if (isSound) end();
    }
  }

  /** How long the command that has stopped with `Blocked` would wait, in ms; 0: for ever. */
  get waitMs(): number {
    return this.core.waitMs();
  }

  /**
   * Bytes of the batch that are done with; the rest is an unfinished command. After a trap within a
   * command of the core, those before the command, as `soundConsumed`.
   */
  get consumed(): number {
    return this.core.consumed() >>> 0;
  }

  /** At the least so many bytes are missing to complete the unfinished command. */
  get missing(): number {
    return this.core.missing();
  }

  /** Id of the command that ran last or that `execute` stopped at: its index in COMMANDS. */
  get commandId(): number {
    return this.core.commandId();
  }

  /** Arguments of the command that `execute` stopped at, its name included. */
  get argumentCount(): number {
    return this.core.argumentCount();
  }

  /** A copy of argument `index`; 0 is the name. */
  argument(index: number): Uint8Array {
    const words = this.wordView();
    const place = (this.core.argumentsPlace() >>> 2) + index * 2;
    const address = words[place] ?? 0;
    return this.view().slice(address, address + (words[place + 1] ?? 0));
  }

  // Replies

  /** Appends reply bytes behind those of the core. Throws EngineMemoryError. */
  reply(bytes: Uint8Array): void {
    const place = this.outputPlace(bytes.length);
    this.view().set(bytes, place);
    this.core.outputAdvance(bytes.length);
  }

  /** The replies so far. */
  output(): Uint8Array {
    this.outputView = this.bufferView(this.outputRecord, this.outputView);
    return this.outputView;
  }

  clearOutput(): void {
    this.core.clearOutput();
  }

  /** A copy of the replies behind the first `length` bytes, which are taken back. */
  takeOutput(length: number): Uint8Array {
    const bytes = this.output().slice(length);
    this.core.truncateOutput(length);
    return bytes;
  }

  // Effects, interest and events

  /** Whether writes are to be noted down in their propagated form. */
  setEffects(on: boolean): void {
    this.configure('effects', on ? 1 : 0);
  }

  /** What was propagated since the last `clearEffects`: RESP commands, SELECT first. */
  effects(): Uint8Array {
    this.effectsView = this.bufferView(this.effectsRecord, this.effectsView);
    return this.effectsView;
  }

  clearEffects(): void {
    this.core.clearEffects();
  }

  /** What `work` propagates belongs together: it comes between MULTI and EXEC. */
  groupEffects<T>(work: () => T): T {
    this.openEffects();
    return this.between(work, () => this.closeEffects());
  }

  /** The same for what does not end before others are attended to. */
  openEffects(): void {
    this.core.openEffects();
  }

  closeEffects(): void {
    this.core.closeEffects();
  }

  /** Declares or withdraws interest in a key: touching it stops `execute`. */
  setInterest(database: number, key: Uint8Array, on: boolean): void {
    this.lend(key);
    if (this.core.setInterest(database, key.length, on ? 1 : 0)) return;
    throw new EngineMemoryError('no memory to remember a key of interest');
  }

  /** The keys of interest that were touched since the last call. */
  takeTouched(): TouchedKey[] {
    const bytes = this.bufferView(this.core.touchedBuffer() >>> 2, NO_BYTES);
    const touched = decodeTouched(bytes);
    this.core.clearTouched();
    return touched;
  }

  /** Keyspace events of the classes that `notifications` asks for, since the last call. */
  takeNotifications(): readonly KeyspaceEvent[] {
    const bytes = this.bufferView(this.notificationsRecord, NO_BYTES);
    if (bytes.length === 0) return NO_EVENTS;
    const events = decodeEvents(bytes);
    this.core.clearNotifications();
    return events;
  }

  // Time

  /**
   * Frees what was given up and expires keys, for about `budgetMicroseconds`. Returns the milliseconds until it wants to
   * run again: 0 at once, Infinity if no key has a deadline.
   */
  tick(budgetMicroseconds: number): number {
    const steps = Math.max(1, Math.round(budgetMicroseconds / MICROSECONDS_A_STEP));
    const due = this.core.tick(this.now, steps);
    return due < 0 ? Number.POSITIVE_INFINITY : due;
  }

  /** Microseconds of the longest removal of a few keys at once by `tick` since the last call. */
  longestExpiry(): number {
    return this.core.longestExpiry();
  }

  /** As `tick` tells it, without doing anything. */
  dueIn(): number {
    const due = this.core.dueIn(this.now);
    return due < 0 ? Number.POSITIVE_INFINITY : due;
  }

  // Snapshots

  /**
   * Begins a snapshot of what all databases hold now; one that has not ended is given up. Commands
   * may run between the slices and do not show in it. Throws EngineMemoryError.
   */
  snapshotBegin(extras: readonly SnapshotExtra[] = []): void {
    const bytes = encodeExtras(extras);
    this.lend(bytes);
    this.core.snapshotBegin(bytes.length);
  }

  /**
   * A copy of the next bytes of the snapshot, about `budget` of them and more if commands have
   * changed what was not written yet; null after the last ones. Throws EngineMemoryError, and the
   * snapshot is given up, if there is no memory for it.
   */
  snapshotNext(budget: number): Uint8Array | null {
    switch (this.core.snapshotNext(budget) as SnapshotState) {
      case SnapshotState.More:
      case SnapshotState.Done:
        return this.takeSnapshotBytes();
      case SnapshotState.Failed:
        throw new EngineMemoryError('no memory for a snapshot');
      case SnapshotState.None:
        return null;
    }
  }

  private takeSnapshotBytes(): Uint8Array {
    const bytes = this.bufferView(this.core.snapshotBuffer() >>> 2, NO_BYTES).slice();
    this.core.snapshotClear();
    return bytes;
  }

  /** Gives a snapshot up. `tick` sweeps up behind it; one that begins before that waits for it. */
  snapshotAbort(): void {
    this.core.snapshotAbort();
  }

  /** Begins a load of a snapshot; its bytes are to be given to `loadNext`, in pieces of any size. */
  loadBegin(): void {
    this.core.loadBegin();
  }

  /** Takes the next bytes in. Throws SnapshotFormatError or EngineMemoryError. */
  loadNext(bytes: Uint8Array): void {
    const place = this.core.loadPlace(bytes.length) >>> 0;
    if (place === 0) this.failLoad(LoadTrouble.NoMemory);
    this.view().set(bytes, place);
    const trouble = this.core.loadNext(bytes.length);
    if (trouble !== LoadTrouble.None) this.failLoad(trouble);
  }

  /**
   * Ends the load: the snapshot takes the place of all data, and what it holds beside keys is
   * returned. Throws SnapshotFormatError or EngineMemoryError, and then the data are as before.
   */
  loadEnd(): SnapshotExtra[] {
    const trouble = this.core.loadEnd();
    if (trouble !== LoadTrouble.None) this.failLoad(trouble);
    return decodeExtras(this.bufferView(this.core.loadedExtras() >>> 2, NO_BYTES));
  }

  private failLoad(trouble: LoadTrouble): never {
    this.core.loadAbort();
    if (trouble === LoadTrouble.NoMemory) throw new EngineMemoryError('no memory to load into');
    throw new SnapshotFormatError('the snapshot is malformed, or not all there');
  }
}
