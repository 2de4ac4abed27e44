/**
 * Pub/sub: who listens to which channel, pattern and shard channel, and what they are sent.
 *
 *   names of channels        -> sessions, in the order in which they subscribed
 *   patterns                 -> sessions
 *   names of shard channels  -> sessions       (a space of its own, without patterns)
 *
 * Names are bytes: as keys they are strings with one character for each. A message goes to the
 * channel's sessions first, then to those of each pattern that matches, in the order in which the
 * patterns came. Stores elsewhere that are to hear of it too are `relays`.
 */
import { type Protocol, ReplyWriter } from '../resp/reply-writer.js';
import { binaryBytes, binaryText } from './binary-text.js';
import { matchesGlobExactly } from './glob.js';
import type { Session } from './session.js';

/** What can be subscribed to. */
export type SubscriptionKind = 'channels' | 'patterns' | 'shards';

/** What a session is subscribed to. */
export type Subscriptions = Readonly<Record<SubscriptionKind, Set<string>>>;

/** Where a message is published. */
export type Space = 'channels' | 'shards';

/** Hears of each message that is published here. */
export type Relay = (space: Space, channel: Uint8Array, message: Uint8Array) => void;

type Audience = Map<string, Set<Session>>;
type Send = (session: Session, bytes: Uint8Array) => void;

const NO_SESSIONS: ReadonlySet<Session> = new Set();

export function noSubscriptions(): Subscriptions {
  return { channels: new Set(), patterns: new Set(), shards: new Set() };
}

export class PubSub {
  private readonly audiences: Readonly<Record<SubscriptionKind, Audience>> = {
    channels: new Map(),
    patterns: new Map(),
    shards: new Map(),
  };
  private readonly relays = new Set<Relay>();

  /** `send` is how bytes get to a session that has not asked for them. */
  constructor(private readonly send: Send) {}

  subscribe(session: Session, kind: SubscriptionKind, name: string): void {
    const audience = this.audiences[kind];
    session.subscriptions[kind].add(name);
    const sessions = audience.get(name);
    if (sessions === undefined) audience.set(name, new Set([session]));
    else sessions.add(session);
  }

  unsubscribe(session: Session, kind: SubscriptionKind, name: string): void {
    if (!session.subscriptions[kind].delete(name)) return;
    const audience = this.audiences[kind];
    const sessions = audience.get(name);
    sessions?.delete(session);
    if (sessions?.size === 0) audience.delete(name);
  }

  /** Ends all subscriptions of a session, without a word to it. */
  forget(session: Session): void {
    for (const kind of ['channels', 'patterns', 'shards'] as const) {
      for (const name of session.subscriptions[kind]) this.unsubscribe(session, kind, name);
    }
  }

  /** Sends a message to all that it concerns; how many that were in this store. */
  publish(channel: Uint8Array, message: Uint8Array, space: Space = 'channels'): number {
    const receivers = this.deliver(channel, message, space);
    for (const relay of this.relays) relay(space, channel, message);
    return receivers;
  }

  /** The same for a message that was published elsewhere: it is not told to others again. */
  deliver(channel: Uint8Array, message: Uint8Array, space: Space = 'channels'): number {
    const { audiences } = this;
    if (audiences[space].size === 0 && audiences.patterns.size === 0) return 0;
    const name = binaryText(channel);
    const word = space === 'shards' ? 'smessage' : 'message';
    let receivers = this.tell(audiences[space].get(name), [word, channel, message]);
    if (space === 'shards') return receivers;
    for (const [pattern, sessions] of audiences.patterns) {
      if (!matchesGlobExactly(pattern, name)) continue;
      receivers += this.tell(sessions, ['pmessage', binaryBytes(pattern), channel, message]);
    }
    return receivers;
  }

  /** Has `relay` hear of each message, until the function that is returned is called. */
  onPublish(relay: Relay): () => void {
    this.relays.add(relay);
    return () => this.relays.delete(relay);
  }

  /** Names that somebody is subscribed to. */
  names(kind: SubscriptionKind): Iterable<string> {
    return this.audiences[kind].keys();
  }

  sessionsOf(kind: SubscriptionKind, name: string): ReadonlySet<Session> {
    return this.audiences[kind].get(name) ?? NO_SESSIONS;
  }

  get patternCount(): number {
    return this.audiences.patterns.size;
  }

  get channelCount(): number {
    return this.audiences.channels.size;
  }

  get shardCount(): number {
    return this.audiences.shards.size;
  }

  /** Sends one push to several sessions: written once for each protocol. */
  private tell(sessions: Iterable<Session> | undefined, parts: readonly (string | Uint8Array)[]) {
    const written = new Map<Protocol, Uint8Array>();
    let receivers = 0;
    // A session that is too slow may be ended, and with it its subscriptions, while it is told.
    for (const session of sessions === undefined ? [] : [...sessions]) {
      const bytes = written.get(session.protocol) ?? pushOf(session.protocol, parts);
      written.set(session.protocol, bytes);
      this.send(session, bytes);
      receivers++;
    }
    return receivers;
  }
}

function pushOf(protocol: Protocol, parts: readonly (string | Uint8Array)[]): Uint8Array {
  const writer = new ReplyWriter(protocol);
  writer.push(parts.length);
  for (const part of parts) writer.bulk(part);
  return writer.take();
}
