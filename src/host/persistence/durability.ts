/**
 * No reply before its writes are safe: under `appendfsync always` the replies of all sessions
 * wait until everything that was appended when they were made is durable (docs/RELIABILITY.md P1).
 * Replies that only read wait too, because they may show what is not durable yet.
 *
 * When storage fails, the replies that wait become errors: what they said is not safe, and is taken
 * back (P9).
 */
import type { Storage } from '../../storage/storage.js';
import { countReplies } from '../reply-scan.js';
import type { Session } from '../session.js';
import { journalRefusal } from './refusals.js';

interface Held {
  readonly session: Session;
  readonly position: number;
  /** Null: the session ends here. */
  readonly bytes: Uint8Array | null;
}

const encoder = new TextEncoder();

export class Durability {
  /** Whether replies wait. */
  strict = false;
  private queue: Held[] = [];
  private waiting = false;

  constructor(
    readonly storage: Storage,
    /** Called when what was answered with errors has to be taken back. */
    private readonly onRefused: () => void,
  ) {}

  append(effects: Uint8Array): void {
    try {
      this.storage.append(effects);
    } catch {
      // It has ended, which its state tells.
      if (this.strict) this.onRefused();
    }
  }

  mustHold(session: Session): boolean {
    if (session.heldReplies > 0) return true;
    return this.strict && this.storage.durablePosition < this.storage.position;
  }

  /** Keeps a copy of replies, or the end of a session, until their turn. */
  hold(session: Session, bytes: Uint8Array | null): void {
    const copy = bytes === null ? null : bytes.slice();
    this.queue.push({ session, position: this.storage.position, bytes: copy });
    session.heldReplies++;
    session.heldBytes += copy?.length ?? 0;
    void this.drain();
  }

  /** What was not durable is forgotten: what came since is about nothing that could be lost. */
  afterDiscard(): void {
    const { durablePosition } = this.storage;
    if (durablePosition < this.storage.position) return;
    this.release((held) => held.position > durablePosition, null);
  }

  private async drain(): Promise<void> {
    if (this.waiting) return;
    this.waiting = true;
    for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) {
      try {
        await this.storage.durable(next.position);
        // At least the first is due: it was waited for.
        const { durablePosition } = this.storage;
        this.release((held) => held === next || held.position <= durablePosition, null);
      } catch (error) {
        if (this.strict) this.onRefused();
        this.release(() => true, journalRefusal(error));
      }
    }
    this.waiting = false;
  }

  /** Sends what is due, from the front; in its place as many errors as there were replies. */
  private release(isDue: (held: Held) => boolean, error: string | null): void {
    let count = 0;
    while (count < this.queue.length && isDue(this.queue[count] as Held)) count++;
    const due = this.queue.slice(0, count);
    this.queue = this.queue.slice(count);
    for (const { session, bytes } of due) {
      session.heldReplies--;
      session.heldBytes -= bytes?.length ?? 0;
      if (bytes === null) session.sink.end();
      else if (!session.closed) session.sink.write(error === null ? bytes : errors(bytes, error));
    }
  }
}

function errors(replies: Uint8Array, error: string): Uint8Array {
  return encoder.encode(`-${error}\r\n`.repeat(countReplies(replies)));
}
