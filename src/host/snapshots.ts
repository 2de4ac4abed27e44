/**
 * All data as one RDB file, taken and put back in slices, one at a time. Between them the store
 * goes on: a file shows the data as they were when it was begun, and data are replaced at once when
 * a file has been read to its end.
 */
import type { SnapshotExtra } from '../engine/snapshot.js';
import type { Host } from './host.js';
import { REDIS_VERSION } from './version.js';

/** Takes the next bytes; may take its time, and give up by rejecting. */
export type TakeBytes = (bytes: Uint8Array) => void | Promise<void>;

const SLICE_BYTES = 64 * 1024;
const encoder = new TextEncoder();

export class Snapshots {
  /** The engine knows of one at a time: the others wait. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly host: Host) {}

  /**
   * Writes what there is when its turn has come. Rejects with EngineMemoryError if there is no
   * memory for it.
   */
  write(take: TakeBytes): Promise<void> {
    return this.afterTheLast(() => this.writeNow(take));
  }

  /** The same, in one piece. */
  async take(): Promise<Uint8Array> {
    const slices: Uint8Array[] = [];
    await this.write((slice) => void slices.push(slice));
    return joined(slices);
  }

  /**
   * Replaces all data. Rejects with SnapshotFormatError or EngineMemoryError, and then the data
   * are as before.
   */
  restore(file: Uint8Array): Promise<void> {
    return this.afterTheLast(() => this.read(file));
  }

  private afterTheLast<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work);
    this.last = next.catch(() => undefined);
    return next;
  }

  private async writeNow(take: TakeBytes): Promise<void> {
    const { clock, engine, scripts } = this.host;
    engine.setTime(clock.now());
    engine.snapshotBegin([...this.facts(), ...scripts.libraries.codes().map(library)]);
    try {
      for (;;) {
        const bytes = engine.snapshotNext(SLICE_BYTES);
        if (bytes === null) return;
        await take(bytes);
        await nextTurn();
      }
    } catch (error) {
      engine.snapshotAbort();
      throw error;
    }
  }

  private async read(file: Uint8Array): Promise<void> {
    const { host } = this;
    host.engine.loadBegin();
    for (let at = 0; at < file.length; at += SLICE_BYTES) {
      host.engine.loadNext(file.subarray(at, at + SLICE_BYTES));
      await nextTurn();
    }
    host.engine.setTime(host.clock.now());
    const extras = host.engine.loadEnd().filter(({ kind }) => kind === 'functions');
    host.scripts.libraries.restore(extras.map(({ value }) => value));
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

function library(code: Uint8Array): SnapshotExtra {
  return { kind: 'functions', name: new Uint8Array(0), value: code };
}

/** Lets others go on. No time of the store's clock passes. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => globalThis.setTimeout(resolve, 0));
}

function joined(slices: readonly Uint8Array[]): Uint8Array {
  const file = new Uint8Array(slices.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const slice of slices) {
    file.set(slice, at);
    at += slice.length;
  }
  return file;
}
