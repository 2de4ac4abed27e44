/**
 * What a journal holds of each epoch, and with that: which records in front of a snapshot's cut can
 * be deleted. Fences stay, so that owners who slept are still refused.
 */
import { compare, type Entry } from './recovery.js';
import type { Position } from './storage.js';

/** Fences of this many epochs are kept, so that owners who slept as long are still refused. */
const FENCED_EPOCHS = 1024;

interface EpochRecords {
  /** Where the fence stands that ended it; null: it has not ended, or its fence is lost. */
  readonly fence: Position | null;
  /** True if there is nothing but the fence. */
  readonly dropped: boolean;
}

export class Epochs {
  readonly #epochs = new Map<number, EpochRecords>();

  /** Takes in what was read; our own fence stands at `fence`. */
  read(entries: readonly Entry[], fence: Position): void {
    for (const { position, frame } of entries) {
      if (position === null) continue;
      const known = this.#epochs.get(position.epoch);
      const isFence = frame !== null && frame.fence !== null;
      this.#epochs.set(position.epoch, {
        fence: isFence ? position : (known?.fence ?? null),
        dropped: (known?.dropped ?? true) && isFence,
      });
    }
    const dropped = this.#epochs.get(fence.epoch)?.dropped ?? true;
    this.#epochs.set(fence.epoch, { fence, dropped });
  }

  /** There are records of the epoch in force. */
  wrote(epoch: number): void {
    if (!this.#epochs.has(epoch)) this.#epochs.set(epoch, { fence: null, dropped: false });
  }

  /** One range for each epoch of which there is something to be deleted; `next` is of our epoch. */
  rangesBefore(before: Position, next: Position): IDBKeyRange[] {
    const ranges: IDBKeyRange[] = [];
    for (const [epoch, { fence, dropped }] of this.#epochs) {
      const end = fence ?? { epoch: epoch + 1, n: 0 };
      if (epoch < before.epoch && isForgotten(epoch, next)) {
        ranges.push(IDBKeyRange.bound([epoch, 0], [end.epoch, end.n]));
      } else if (!dropped && epoch <= before.epoch) {
        const upper = compare(end, before) < 0 ? end : before;
        if (upper.epoch > epoch || upper.n > 0)
          ranges.push(IDBKeyRange.bound([epoch, 0], [upper.epoch, upper.n], false, true));
      }
    }
    return ranges;
  }

  /** What `rangesBefore` said is deleted. */
  dropped(before: Position, next: Position): void {
    for (const [epoch, { fence }] of this.#epochs) {
      if (epoch >= before.epoch) continue;
      if (isForgotten(epoch, next)) this.#epochs.delete(epoch);
      else this.#epochs.set(epoch, { fence, dropped: true });
    }
  }
}

function isForgotten(epoch: number, next: Position): boolean {
  return epoch < next.epoch - FENCED_EPOCHS;
}
