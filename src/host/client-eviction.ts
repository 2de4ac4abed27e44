/**
 * Client eviction (`maxmemory-clients`): when all clients together take more memory than they
 * may, those that take most are closed, until it is enough.
 *
 * The sum is kept up to date by what changes; before anybody is closed it is taken anew.
 */
import { totalBytes } from './client-memory.js';
import type { Config } from './config.js';
import type { Session } from './session.js';

const NAME = 'maxmemory-clients';

export class ClientEviction {
  private limitBytes = 0;
  private sum = 0;
  private counted = new WeakMap<Session, number>();

  constructor(
    config: Config,
    private readonly sessions: ReadonlyMap<number, Session>,
    private readonly evict: (session: Session) => void,
  ) {
    const follow = () => {
      this.limitBytes = limitOf(config.text(NAME), config.number('maxmemory'));
      this.count();
    };
    follow();
    config.onChange(NAME, follow);
    config.onChange('maxmemory', follow);
  }

  /** Whether there is a limit: without one nothing need be told here. */
  get isOn(): boolean {
    return this.limitBytes > 0;
  }

  /** The session has taken in or given out bytes. */
  update(session: Session): void {
    if (session.closed || session.noEvict) return;
    const bytes = totalBytes(session);
    this.sum += bytes - (this.counted.get(session) ?? 0);
    this.counted.set(session, bytes);
    if (this.sum > this.limitBytes) this.enforce();
  }

  /** Closes clients while they take too much. */
  enforce(): void {
    if (!this.isOn) return;
    this.count();
    while (this.sum > this.limitBytes) {
      const victim = this.largest();
      if (victim === null) return;
      this.sum -= this.counted.get(victim) ?? 0;
      this.counted.delete(victim);
      this.evict(victim);
    }
  }

  private count(): void {
    this.sum = 0;
    this.counted = new WeakMap();
    if (!this.isOn) return;
    for (const session of this.sessions.values()) {
      if (session.noEvict) continue;
      const bytes = totalBytes(session);
      this.counted.set(session, bytes);
      this.sum += bytes;
    }
  }

  private largest(): Session | null {
    let largest: Session | null = null;
    let most = 0;
    for (const session of this.sessions.values()) {
      const bytes = this.counted.get(session) ?? 0;
      if (bytes <= most) continue;
      most = bytes;
      largest = session;
    }
    return largest;
  }
}

/** Bytes, or a percentage of `maxmemory`. */
function limitOf(text: string, maxmemory: number): number {
  if (!text.endsWith('%')) return Number(text);
  return Math.floor((maxmemory * Number(text.slice(0, -1))) / 100);
}
