/**
 * How much of memory clients may take: what one of them leaves unread (`client-output-buffer-limit`
 * by class: at once beyond the hard limit, beyond the soft one for longer than so many seconds), and
 * all of them together (`maxmemory-clients`). Who takes more is closed.
 */
import { ClientEviction } from './client-eviction.js';
import { clientLine } from './client-line.js';
import { outputBytes } from './client-memory.js';
import type { Host } from './host.js';
import { RecentPeak } from './recent-peak.js';
import type { Session } from './session.js';

interface OutputLimit {
  readonly hardBytes: number;
  readonly softBytes: number;
  readonly softMs: number;
}

const OUTPUT_LIMIT = 'client-output-buffer-limit';

export class ClientLimits {
  readonly inputPeak = new RecentPeak();
  readonly outputPeak = new RecentPeak();
  private outputLimits: ReadonlyMap<string, OutputLimit>;
  private readonly eviction: ClientEviction;

  constructor(private readonly host: Host) {
    const { config } = host;
    this.outputLimits = parseOutputLimits(config.text(OUTPUT_LIMIT));
    config.onChange(OUTPUT_LIMIT, (value) => {
      this.outputLimits = parseOutputLimits(value);
    });
    this.eviction = new ClientEviction(config, host.sessions, (session) => this.evict(session));
  }

  /** Bytes have come in, and what could be executed of them has been. */
  hasReceived(session: Session, bytes: number, now: number): void {
    this.inputPeak.note(session.input.length + bytes, now);
    if (this.eviction.isOn) this.eviction.update(session);
  }

  /** Bytes have been sent. */
  hasSent(session: Session, now: number): void {
    this.outputPeak.note(outputBytes(session), now);
    if (this.eviction.isOn) this.eviction.update(session);
  }

  /** Whether `more` bytes may be sent to it; otherwise its connection is closed instead. */
  maySend(session: Session, more: number): boolean {
    if (!this.isOver(session, more)) return true;
    this.host.log(
      'warning',
      `Client ${clientLine(session, this.host.clock.now())} scheduled to be closed ASAP for ` +
        'overcoming of output buffer limits.',
    );
    this.host.kill(session);
    return false;
  }

  /** Closes those who have been over their soft limit for too long; whether any is over it. */
  checkSoftLimits(): boolean {
    let someAreOver = false;
    for (const session of this.host.sessions.values()) {
      if (Number.isNaN(session.softLimitSince) || !this.maySend(session, 0)) continue;
      someAreOver ||= !Number.isNaN(session.softLimitSince);
    }
    return someAreOver;
  }

  private isOver(session: Session, more: number): boolean {
    const limit = this.outputLimits.get(session.kind);
    if (limit === undefined || limit.hardBytes + limit.softBytes === 0) return false;
    const bytes = outputBytes(session) + more;
    if (limit.hardBytes > 0 && bytes >= limit.hardBytes) return true;
    return this.isOverSoftly(session, limit, bytes);
  }

  private isOverSoftly(session: Session, limit: OutputLimit, bytes: number): boolean {
    if (limit.softBytes === 0 || bytes < limit.softBytes) {
      session.softLimitSince = Number.NaN;
      return false;
    }
    const now = this.host.clock.monotonic();
    if (Number.isNaN(session.softLimitSince)) session.softLimitSince = now;
    return now - session.softLimitSince > limit.softMs;
  }

  private evict(session: Session): void {
    const { host } = this;
    host.log('notice', `Evicting client: ${clientLine(session, host.clock.now())}`);
    host.statistics.evictedClients++;
    host.kill(session);
  }
}

/** `normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60` */
function parseOutputLimits(text: string): Map<string, OutputLimit> {
  const words = text.split(' ');
  const limits = new Map<string, OutputLimit>();
  for (let at = 0; at + 3 < words.length; at += 4) {
    const [hardBytes = 0, softBytes = 0, seconds = 0] = words.slice(at + 1, at + 4).map(Number);
    limits.set(words[at] ?? '', { hardBytes, softBytes, softMs: seconds * 1000 });
  }
  return limits;
}
