/** Snapshots of a running store: one at a time, in slices, while commands go on. */
import type { SnapshotExtra } from '../engine/snapshot.js';
import type { Host } from './host.js';
import { REDIS_VERSION } from './version.js';

/** Takes the next bytes; may take its time, and give up by rejecting. */
export type TakeBytes = (bytes: Uint8Array) => void | Promise<void>;

const SLICE_BYTES = 64 * 1024;

export class Snapshots {
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly host: Host) {}

  /** Writes a snapshot, in the format of RDB, of what there is when its turn has come. */
  write(take: TakeBytes): Promise<void> {
    const turn = this.last.then(() => this.writeNow(take));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async writeNow(take: TakeBytes): Promise<void> {
    const { clock, engine } = this.host;
    engine.setTime(clock.now());
    engine.snapshotBegin(this.facts());
    try {
      for (;;) {
        const bytes = engine.snapshotNext(SLICE_BYTES);
        if (bytes === null) return;
        await take(bytes);
        await this.pause();
      }
    } catch (error) {
      engine.snapshotAbort();
      throw error;
    }
  }

  /** Lets others go on. */
  private pause(): Promise<void> {
    return new Promise((resolve) => this.host.startTimer(0, resolve));
  }

  /** As Redis begins its files. */
  private facts(): SnapshotExtra[] {
    const { clock, engine } = this.host;
    const seconds = Math.floor(clock.now() / 1000);
    return [
      fact('redis-ver', REDIS_VERSION),
      fact('redis-bits', '64'),
      fact('ctime', String(seconds)),
      fact('used-mem', String(engine.statistics().usedMemory)),
      fact('aof-base', '0'),
    ];
  }
}

function fact(name: string, value: string): SnapshotExtra {
  const encoder = new TextEncoder();
  return { kind: 'fact', name: encoder.encode(name), value: encoder.encode(value) };
}
