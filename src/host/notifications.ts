/**
 * Keyspace notifications: what the core notes of keys becomes messages, as
 * `notify-keyspace-events` wants them.
 *
 *   K   __keyspace@0__:KEY    the event
 *   E   __keyevent@0__:EVENT  the key
 */
import type { Engine } from '../engine/engine.js';
import { eventClasses } from '../engine/notifications.js';
import { binaryBytes } from './binary-text.js';

type Publish = (channel: Uint8Array, message: Uint8Array) => void;

export class Notifications {
  private toKeyspace = false;
  private toKeyevent = false;

  constructor(
    private readonly engine: Engine,
    private readonly publish: Publish,
  ) {}

  /** `flags` are the letters of `notify-keyspace-events`; without K and E nobody hears anything. */
  configure(flags: string): void {
    this.toKeyspace = flags.includes('K');
    this.toKeyevent = flags.includes('E');
    const isHeard = this.toKeyspace || this.toKeyevent;
    this.engine.configure('notifications', isHeard ? eventClasses(flags) : 0);
  }

  /** Publishes what has become of keys since the last call. */
  tell(): void {
    if (!this.toKeyspace && !this.toKeyevent) return;
    for (const { event, database, key } of this.engine.takeNotifications()) {
      const name = binaryBytes(event);
      if (this.toKeyspace) this.publish(joined(`__keyspace@${database}__:`, key), name);
      if (this.toKeyevent) this.publish(binaryBytes(`__keyevent@${database}__:${event}`), key);
    }
  }
}

function joined(head: string, key: Uint8Array): Uint8Array {
  const channel = new Uint8Array(head.length + key.length);
  channel.set(binaryBytes(head));
  channel.set(key, head.length);
  return channel;
}
