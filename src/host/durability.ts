/**
 * No reply before its writes are safe: under `appendfsync always` the replies of all sessions
 * wait until everything that was appended when they were made is durable (docs/RELIABILITY.md P1).
 * Replies that only read wait too, because they may show what is not durable yet.
 *
 * When storage fails, the replies that wait become errors, and writes are refused until storage
 * works again (P9); it is asked once a second.
 */
import { FencedError } from '../resp/errors.js';
import type { Storage } from '../storage/storage.js';
import type { StartTimer, Timer } from './clock.js';
import { countReplies } from './reply-scan.js';
import type { Session } from './session.js';

interface Held {
  readonly session: Session;
  readonly position: number;
  /** Null: the session ends here. */
  readonly bytes: Uint8Array | null;
}

const RETRY_MS = 1000;
const encoder = new TextEncoder();

export class Durability {
  /** Whether replies wait. */
  strict = false;
  private failure: Error | null = null;
  private queue: Held[] = [];
  private waiting = false;
  private retry: Timer | null = null;
  private stopped = false;

  constructor(
    readonly storage: Storage,
    private readonly startTimer: StartTimer,
    /** Called when writes are refused from now on (an error) or work again (null). */
    private readonly onChange: (failure: Error | null) => void,
  ) {
    storage.onState(({ error }) => {
      if (error !== null) this.fail(error);
    });
  }

  /** The error reply to a write while storage does not take any, or null. */
  get refusal(): string | null {
    return this.failure === null ? null : misconf(this.failure);
  }

  append(effects: Uint8Array): void {
    try {
      this.storage.append(effects);
    } catch (error) {
      this.fail(error);
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

  stop(): void {
    this.stopped = true;
    this.retry?.cancel();
  }

  private async drain(): Promise<void> {
    if (this.waiting) return;
    this.waiting = true;
    for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) {
      try {
        await this.storage.durable(next.position);
        this.release((held) => held.position <= this.storage.durablePosition, false);
      } catch (error) {
        this.fail(error);
        this.release(() => true, true);
      }
    }
    this.waiting = false;
  }

  private release(isDue: (held: Held) => boolean, failed: boolean): void {
    // At least the first is due: it was waited for.
    let count = 1;
    while (count < this.queue.length && isDue(this.queue[count] as Held)) count++;
    const due = this.queue.slice(0, count);
    this.queue = this.queue.slice(count);
    for (const { session, bytes } of due) {
      session.heldReplies--;
      session.heldBytes -= bytes?.length ?? 0;
      if (bytes === null) session.sink.end();
      else if (!session.closed) session.sink.write(failed ? this.errorsFor(bytes) : bytes);
    }
  }

  /** As many errors as there were replies: what they said is not safe. */
  private errorsFor(replies: Uint8Array): Uint8Array {
    return encoder.encode(`-${this.refusal}\r\n`.repeat(countReplies(replies)));
  }

  private fail(cause: unknown): void {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const known = this.failure !== null;
    this.failure = error;
    if (!known) this.onChange(error);
    if (!(error instanceof FencedError)) this.retryLater();
  }

  private retryLater(): void {
    if (this.retry !== null || this.stopped) return;
    this.retry = this.startTimer(RETRY_MS, () => {
      this.retry = null;
      this.storage.flush().then(
        () => this.recover(),
        (error) => this.fail(error),
      );
    });
  }

  private recover(): void {
    if (this.failure === null || this.retry !== null) return;
    this.failure = null;
    this.onChange(null);
  }
}

/** Redis's words for a journal that cannot be written. */
function misconf(error: Error): string {
  return `MISCONF Errors writing to the AOF file: ${error.message.replace(/[\r\n]+/g, ' ')}`;
}
