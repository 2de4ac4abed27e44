/**
 * CLIENT PAUSE: until a time, or CLIENT UNPAUSE, commands are put off, all of them or those that
 * may write. A command that is put off holds its connection up and runs when the pause is over.
 * Meanwhile data do not change by themselves either: nothing expires, nothing is evicted.
 */
import type { Timer } from './clock.js';
import type { Host } from './host.js';
import { WRITE_LIKE } from './scripts/declared-flags.js';

export type PauseKind = 'write' | 'all';

/** Timers cannot be longer. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class Pauses {
  private kind: PauseKind | null = null;
  /** On the monotonic clock. */
  private endsAt = 0;
  private timer: Timer | null = null;

  constructor(private readonly host: Host) {}

  get isOn(): boolean {
    return this.kind !== null;
  }

  /** Begins a pause, or makes the one that is on wider and longer; never shorter. */
  begin(ms: number, kind: PauseKind): void {
    const endsAt = this.host.clock.monotonic() + ms;
    if (this.kind === null) this.host.engine.configure('freeze-expiry', 1);
    this.endsAt = this.kind === null ? endsAt : Math.max(this.endsAt, endsAt);
    this.kind = this.kind === 'all' ? 'all' : kind;
    this.endLater();
  }

  end(): void {
    this.timer?.cancel();
    this.timer = null;
    if (this.kind === null) return;
    this.kind = null;
    this.host.engine.configure('freeze-expiry', 0);
    this.host.wake();
    for (const session of [...this.host.sessions.values()]) {
      if (session.isPostponed) this.host.resume(session);
    }
  }

  /** Whether a command with these flags has to wait for the end of the pause. */
  postpones(flags: number): boolean {
    if (this.kind === null) return false;
    return this.kind === 'all' || (flags & WRITE_LIKE) !== 0;
  }

  private endLater(): void {
    this.timer?.cancel();
    const left = this.endsAt - this.host.clock.monotonic();
    this.timer = this.host.startTimer(Math.min(Math.max(left, 0), TIMER_MS_MAX), () => {
      if (this.host.clock.monotonic() < this.endsAt) this.endLater();
      else this.end();
    });
  }
}
