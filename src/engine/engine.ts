/**
 * Engine: one instance of the core. RESP bytes in, RESP bytes out; the only place that
 * sees Wasm. It has no clock and no randomness of its own: both are handed in.
 *
 * A batch: `input(n)` gives a view to write requests to, `begin(n)` makes them the batch,
 * `execute` runs until it must stop, `output` shows the replies. Views are valid until the
 * next call that may grow the memory, so they are used at once.
 */
import type { CoreExports } from './exports.js';
import { floatImports } from './floats.js';
import { KEY_FIELDS, keyDescription, keyType } from './key-description.js';
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
import {
  type CommandStatistics,
  type EngineStatistics,
  HISTOGRAM_BUCKETS,
  STORE_FIELDS,
} from './statistics.js';

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

/** A key that was touched. */
export interface TouchedKey {
  readonly database: number;
  /** What blocked clients wait for may be there now, or never come any more. */
  readonly isReady: boolean;
  readonly key: Uint8Array;
}

/** Thrown when the core cannot even take the bytes in: its memory is exhausted. */
export class EngineMemoryError extends Error {
  override readonly name = 'EngineMemoryError';
}

const SEED_BYTES = 16;
const DIGEST_BYTES = 20;
const ERROR_RECORD_BYTES = 48;
/** The bit of a note of interest that tells that the key is ready. */
const READY = 2 ** 31;
const NO_BYTES = new Uint8Array(0);
const NO_EVENTS: readonly KeyspaceEvent[] = [];
const HAND_COPY_BYTES_MAX = 64;
/** About what one step of active expiry, a bucket, takes. */
const MICROSECONDS_A_STEP = 2;

export class Engine {
  private readonly core: CoreExports;
  private bytes = NO_BYTES;
  private words = new Uint32Array(0);
  private readonly outputRecord: number;
  private readonly effectsRecord: number;
  private readonly notificationsRecord: number;
  private outputView: Uint8Array = NO_BYTES;
  private effectsView: Uint8Array = NO_BYTES;
  private now = 0;
  private microseconds = () => 0;

  /** Makes an instance of a compiled core.wasm. Throws RangeError if the seed is too short. */
  static create(module: WebAssembly.Module, options: EngineOptions): Engine {
    return new Engine(module, options);
  }

  private constructor(module: WebAssembly.Module, options: EngineOptions) {
    if (options.seed.length < SEED_BYTES) throw new RangeError('the seed takes 16 bytes');
    const clock = () => this.microseconds();
    const imports = { env: { ...floatImports(() => this.view()), clock } };
    const instance = new WebAssembly.Instance(module, imports);
    this.core = instance.exports as unknown as CoreExports;
    const seed = new DataView(options.seed.buffer, options.seed.byteOffset, SEED_BYTES);
    this.core.start(seed.getBigUint64(0, true), seed.getBigUint64(8, true));
    this.outputRecord = this.core.outputBuffer() >>> 2;
    this.effectsRecord = this.core.effectsBuffer() >>> 2;
    this.notificationsRecord = this.core.notificationsBuffer() >>> 2;
    if (options.databases !== undefined) this.configure('databases', options.databases);
    if (options.memoryPagesMax !== undefined) {
      this.configure('memory-pages-max', options.memoryPagesMax);
    }
  }

  /** Sets the time that the next batches run at, in Unix milliseconds. */
  setTime(unixMs: number): void {
    this.now = unixMs;
  }

  /** Gives it a clock to time commands with: microseconds since some start. */
  setClock(microseconds: () => number): void {
    this.microseconds = microseconds;
  }

  configure(name: ParameterName, value: number): void {
    this.core.configure(PARAMETERS[name], value);
  }

  /** Calls a command by another name from now on; by none if it is empty. Throws EngineMemoryError. */
  renameCommand(id: number, name: Uint8Array): void {
    this.lend(name);
    if (this.core.renameCommand(id, name.length)) return;
    throw new EngineMemoryError('no memory for the name of a command');
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
    try {
      return work();
    } finally {
      this.core.unnest();
    }
  }

  /** How long the command that has stopped with `Blocked` would wait, in ms; 0: for ever. */
  get waitMs(): number {
    return this.core.waitMs();
  }

  /** Bytes of the batch that are done with; the rest is an unfinished command. */
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

  /** Makes room behind the replies; the memory may have grown, so views come after it. */
  private outputPlace(length: number): number {
    const place = this.core.outputPlace(length) >>> 0;
    if (place === 0) throw new EngineMemoryError(`no memory for ${length} bytes of reply`);
    return place;
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
    try {
      return work();
    } finally {
      this.closeEffects();
    }
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
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const touched: TouchedKey[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + 8 + view.getUint32(at + 4, true);
      const word = view.getUint32(at, true);
      const isReady = word >= READY;
      const database = isReady ? word - READY : word;
      touched.push({ database, key: bytes.slice(at + 8, end), isReady });
      at = end;
    }
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
   * Expires keys for about `budgetMicroseconds`. Returns the milliseconds until it wants to
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

  /** Gives a snapshot up. Takes as long as it takes to walk over all keys. */
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

  // What there is to know

  statistics(): EngineStatistics {
    const values = this.record(this.core.statistics(), STORE_FIELDS.length);
    const named = Object.fromEntries(STORE_FIELDS.map((name, index) => [name, values[index] ?? 0]));
    const ofDatabase = (database: number) => this.record(this.core.databaseStatistics(database), 5);
    return {
      ...(named as Record<(typeof STORE_FIELDS)[number], number>),
      keys: (database) => ofDatabase(database)[0] ?? 0,
      expires: (database) => ofDatabase(database)[1] ?? 0,
      averageTtl: (database) => ofDatabase(database)[2] ?? 0,
      tableBytes: (database) => ofDatabase(database)[3] ?? 0,
      deadlineBytes: (database) => ofDatabase(database)[4] ?? 0,
    };
  }

  commandStatistics(id: number): CommandStatistics {
    const record = this.record(this.core.commandStatistics(id), 4);
    const [calls = 0, rejected = 0, failed = 0, microseconds = 0] = record;
    return { calls, rejected, failed, microseconds };
  }

  /** How many calls of a command took how long: a copy of HISTOGRAM_BUCKETS counts. */
  commandHistogram(id: number): Float64Array {
    return this.record(this.core.commandHistogram(id), HISTOGRAM_BUCKETS).slice();
  }

  /** What the command took at which `execute` stopped with StopReason.Slow. */
  get commandMicroseconds(): number {
    return this.core.commandMicroseconds();
  }

  /** Counts a call of a command that the host executed. */
  countCall(id: number, failed: boolean, microseconds: number): void {
    this.core.countCall(id, failed ? 1 : 0, microseconds);
  }

  /** Takes a call of a command back that the core has counted. */
  uncountCall(id: number): void {
    this.core.uncountCall(id);
  }

  resetStatistics(): void {
    this.core.resetStatistics();
  }

  /** How often each error code was replied, in the order of their first reply. */
  errorCounts(): Map<string, number> {
    const counts = new Map<string, number>();
    const place = this.core.errorCounts() >>> 0;
    const view = new DataView(this.core.memory.buffer, place);
    for (let at = 0; at < this.core.errorCodes() * ERROR_RECORD_BYTES; at += ERROR_RECORD_BYTES) {
      const code = this.view().subarray(
        place + at + 12,
        place + at + 12 + view.getUint32(at + 8, true),
      );
      counts.set(String.fromCharCode(...code), Number(view.getBigUint64(at, true)));
    }
    return counts;
  }

  /** Whether there is such a key; one that has expired is removed. */
  exists(database: number, key: Uint8Array): boolean {
    this.lend(key);
    return this.record(this.core.describeKey(database, key.length), 1)[0] === 1;
  }

  /** The type of the value under a key, by its name in Redis; null without such a key. */
  typeOf(database: number, key: Uint8Array): string | null {
    this.lend(key);
    return keyType(this.record(this.core.describeKey(database, key.length), 3));
  }

  /** The line of DEBUG OBJECT, or null without such a key. */
  debugObject(database: number, key: Uint8Array): string | null {
    this.lend(key);
    return keyDescription(this.record(this.core.describeKey(database, key.length), KEY_FIELDS));
  }

  /** SHA-1 of all databases in hex, equal to Redis's for equal data. */
  digest(): string {
    return this.hex(this.core.digestAll());
  }

  /** SHA-1 of the value of a key, or forty zeros. */
  digestValue(database: number, key: Uint8Array): string {
    this.lend(key);
    return this.hex(this.core.digestValue(database, key.length));
  }

  // Memory

  /** Puts bytes behind the replies, for a call that reads them there. */
  private lend(bytes: Uint8Array): void {
    const place = this.outputPlace(bytes.length + 8);
    this.view().set(bytes, place);
  }

  /**
   * All of the memory. Growing detaches views, and then they have no length: that is cheaper to
   * ask than whether `memory.buffer` is another one.
   */
  private view(): Uint8Array {
    if (this.bytes.length === 0) {
      this.bytes = new Uint8Array(this.core.memory.buffer);
      this.words = new Uint32Array(this.core.memory.buffer);
    }
    return this.bytes;
  }

  private wordView(): Uint32Array {
    this.view();
    return this.words;
  }

  /**
   * The written part of a Buffer of the core: { u32 bytes, u32 end, ... }. The `last` view of it if
   * that is the same part: replies are often as long as the ones before, and a new view costs half
   * of what a command does. A detached view has no length and is never the same.
   */
  private bufferView(record: number, last: Uint8Array): Uint8Array {
    const words = this.wordView();
    const start = words[record] as number;
    const end = words[record + 1] as number;
    if (start === end) return NO_BYTES;
    const isSame = last.byteOffset === start && last.length === end - start;
    return isSame ? last : this.bytes.subarray(start, end);
  }

  private record(address: number, count: number): Float64Array {
    return new Float64Array(this.core.memory.buffer, address >>> 0, count);
  }

  private hex(address: number): string {
    const bytes = this.view().subarray(address >>> 0, (address >>> 0) + DIGEST_BYTES);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}
