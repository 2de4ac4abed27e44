/**
 * All data as one RDB file, taken and put back in slices, one at a time. Between them the store
 * goes on: a file shows the data as they were when it was begun, and data are replaced at once when
 * a file has been read to its end.
 */
import { isTrap } from '../../engine/engine.js';
import { type SnapshotExtra, SnapshotFormatError } from '../../engine/snapshot.js';
import type { Host } from '../host.js';
import { nextTurn } from '../next-turn.js';
import { REDIS_VERSION } from '../version.js';
import { countKeys } from './replay.js';

/** Takes the next bytes; may take its time, and give up by rejecting. */
export type TakeBytes = (bytes: Uint8Array) => void | Promise<void>;

/** Where a snapshot goes. */
export interface SnapshotTarget {
  readonly write: TakeBytes;
  /** All bytes were written. */
  commit?(): Promise<void>;
  /** It was given up. */
  abort?(): Promise<void>;
}

/** A load under way, for INFO. */
export interface LoadUnderWay {
  readonly startedAt: number;
  readonly totalBytes: number;
  readonly usedMemoryBefore: number;
  loadedBytes: number;
}

const SLICE_BYTES = 64 * 1024;
const CHECKSUM_BYTES = 8;
/** While a script is at work its effects are not whole. */
const SCRIPT_RETRY_MS = 10;
const encoder = new TextEncoder();

export class Snapshots {
  /** The engine knows of one at a time: the others wait. */
  private last: Promise<unknown> = Promise.resolve();
  /** A file that is being read. */
  loading: LoadUnderWay | null = null;

  constructor(private readonly host: Host) {}

  /**
   * Writes what there is when its turn has come. Rejects with EngineMemoryError if there is no
   * memory for it.
   */
  write(take: TakeBytes): Promise<void> {
    return this.store(() => ({ write: take }));
  }

  /** The same, in one piece. */
  async take(): Promise<Uint8Array> {
    let slices: Uint8Array[] = [];
    await this.store(() => {
      slices = [];
      return { write: (slice) => void slices.push(slice) };
    });
    return joined(slices);
  }

  /**
   * Writes to what `begin` gives, which is called in the task in which the snapshot is begun, when all
   * effects so far have been taken; once more if the core breaks in between.
   */
  store(begin: () => SnapshotTarget): Promise<void> {
    return this.afterTheLast(async () => {
      while (!(await this.attempt(begin)));
    });
  }

  /**
   * Replaces all data; resolves when that is durable. Rejects with SnapshotFormatError or
   * EngineMemoryError, or with a StorageError if they cannot be kept; then the data are as before.
   */
  async restore(file: Uint8Array): Promise<void> {
    const { batches, persistence } = this.host;
    // What was journaled before does not lead here: nothing is executed before there is a base.
    let release = () => {};
    const hold = () => {
      release = batches.hold();
    };
    let isReplaced = false;
    try {
      await this.afterTheLast(() => this.read(() => file, hold));
      isReplaced = true;
      await persistence.keepAll();
      this.tellOfAll();
    } catch (error) {
      if (isReplaced) await persistence.recovery.reload();
      throw error;
    } finally {
      release();
    }
  }

  /** Puts the data through a file and back, all in one go: for DEBUG RELOAD. */
  async reload(): Promise<void> {
    const release = this.host.batches.hold();
    try {
      await this.afterTheLast(() => this.read(() => joined(this.takeNow())));
      this.tellOfAll();
    } finally {
      release();
    }
  }

  private takeNow(): Uint8Array[] {
    const slices: Uint8Array[] = [];
    this.begin();
    for (let slice = this.next(); slice !== null; slice = this.next()) slices.push(slice);
    return slices;
  }

  private afterTheLast<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work);
    this.last = next.catch(() => undefined);
    return next;
  }

  /** False if the core broke, which has been mended: to be tried again. */
  private async attempt(begin: () => SnapshotTarget): Promise<boolean> {
    const { host } = this;
    const { recovery } = host.persistence;
    await this.quiet();
    const { restarts } = recovery;
    host.takeEffects();
    if (!recovery.guard(() => this.begin())) return false;
    const target = begin();
    try {
      await this.slices(target);
      if (recovery.restarts === restarts) {
        await target.commit?.();
        return true;
      }
    } catch (error) {
      if (recovery.restarts === restarts) host.engine.snapshotAbort();
      await target.abort?.();
      throw error;
    }
    await target.abort?.();
    return false;
  }

  /** Writes all slices, or as many as there are before the core is restarted. */
  private async slices(target: SnapshotTarget): Promise<void> {
    const { recovery } = this.host.persistence;
    const { restarts } = recovery;
    const file = new FileEnd(this.host.config.flag('rdbchecksum'));
    for (;;) {
      let bytes: Uint8Array | null = null;
      recovery.guard(() => {
        bytes = this.next();
      });
      if (recovery.restarts !== restarts) return;
      for (const part of file.pass(bytes)) await target.write(part);
      if (bytes === null || recovery.restarts !== restarts) return;
      await nextTurn();
    }
  }

  /** No script is at work and nothing is being mended. Rejects once the store has ended. */
  private async quiet(): Promise<void> {
    const { persistence, scripts, startTimer } = this.host;
    for (;;) {
      // What could not be mended is never done with.
      if (persistence.ending !== null) throw persistence.ending;
      if (persistence.recovery.isOn) await persistence.recovery.done;
      else if (scripts.running === null) return;
      else await new Promise<void>((resolve) => startTimer(SCRIPT_RETRY_MS, resolve));
    }
  }

  private begin(): void {
    const { clock, engine, scripts } = this.host;
    engine.setTime(clock.now());
    engine.snapshotBegin([...this.facts(), ...scripts.libraries.codes().map(library)]);
  }

  private next(): Uint8Array | null {
    return this.host.engine.snapshotNext(SLICE_BYTES);
  }

  /** Calls `before` right before the data are replaced. */
  private async read(source: () => Uint8Array, before = () => {}): Promise<void> {
    const { host } = this;
    await this.quiet();
    const file = source();
    this.loading = {
      startedAt: host.clock.now(),
      totalBytes: file.length,
      usedMemoryBefore: host.engine.statistics().usedMemory,
      loadedBytes: 0,
    };
    try {
      await this.readSlices(file, this.loading);
      before();
      this.replace();
    } catch (error) {
      if (!isTrap(error)) throw error;
      host.persistence.recovery.afterTrap(error);
      throw new SnapshotFormatError('the core broke when it read the snapshot', { cause: error });
    } finally {
      this.loading = null;
    }
  }

  private async readSlices(file: Uint8Array, loading: LoadUnderWay): Promise<void> {
    const { host } = this;
    host.engine.loadBegin();
    for (let at = 0; at < file.length; at += SLICE_BYTES) {
      host.engine.loadNext(file.subarray(at, at + SLICE_BYTES));
      loading.loadedBytes = Math.min(at + SLICE_BYTES, file.length);
      const { loadedBytes: bytes, totalBytes: total } = loading;
      host.persistence.events.progress({ doing: 'loading', bytes, total });
      if (!host.batches.isHeld) await nextTurn();
    }
  }

  private replace(): void {
    const { host } = this;
    host.takeEffects();
    host.engine.setTime(host.clock.now());
    const extras = host.engine.loadEnd().filter(({ kind }) => kind === 'functions');
    host.persistence.saves.loadedKeys = countKeys(host.engine, host.config.number('databases'));
    host.scripts.libraries.restore(extras.map(({ value }) => value));
  }

  private tellOfAll(): void {
    const { host } = this;
    host.interests.tellOfAll();
    host.settle(true);
    host.wake();
  }

  /** As Redis begins its files. */
  private facts(): SnapshotExtra[] {
    const { clock, engine } = this.host;
    const facts = [
      ['redis-ver', REDIS_VERSION],
      ['redis-bits', '64'],
      ['ctime', String(Math.floor(clock.now() / 1000))],
      ['used-mem', String(engine.statistics().usedMemory)],
      ['aof-base', '0'],
    ] as const;
    return facts.map(([name, value]) => ({
      kind: 'fact',
      name: encoder.encode(name),
      value: encoder.encode(value),
    }));
  }
}

/** Passes a file on; without its checksum if there is to be none (`rdbchecksum no`), which is 0. */
class FileEnd {
  private held: Uint8Array | null = null;

  constructor(private readonly hasChecksum: boolean) {}

  /** The next bytes, or null at the end; what can be written now. */
  pass(bytes: Uint8Array | null): Uint8Array[] {
    if (this.hasChecksum) return bytes === null ? [] : [bytes];
    const { held } = this;
    if (bytes === null) {
      held?.fill(0, -CHECKSUM_BYTES);
      return held === null ? [] : [held];
    }
    if (bytes.length >= CHECKSUM_BYTES || held === null) {
      this.held = bytes;
      return held === null ? [] : [held];
    }
    this.held = joined([held, bytes]);
    return [];
  }
}

function library(code: Uint8Array): SnapshotExtra {
  return { kind: 'functions', name: new Uint8Array(0), value: code };
}

export function joined(slices: readonly Uint8Array[]): Uint8Array {
  const file = new Uint8Array(slices.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const slice of slices) {
    file.set(slice, at);
    at += slice.length;
  }
  return file;
}
