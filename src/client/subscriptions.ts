/**
 * Who listens to which channels, as in node-redis: any number of listeners for a name, each with
 * strings or with Buffers. The store is asked at a name's first listener and told at its last.
 */
import type { Argument } from '../resp/request-writer.js';

export type PubSubType = 'CHANNELS' | 'PATTERNS' | 'SHARDED';

/** With `true` as its type argument it gets Buffers. The pattern itself is not told. */
export type PubSubListener<Buffers extends boolean = false> = <
  T extends Buffers extends true ? Buffer : string,
>(
  message: T,
  channel: T,
) => unknown;

type AnyListener = (message: never, channel: never) => unknown;

export interface ChannelListeners {
  readonly strings: Set<AnyListener>;
  readonly buffers: Set<AnyListener>;
  /** Settles when the store has answered SUBSCRIBE. */
  ready: Promise<unknown>;
}

type Send = (args: readonly Argument[]) => Promise<unknown>;
type Names = string | readonly string[];

const TYPES = ['CHANNELS', 'PATTERNS', 'SHARDED'] as const;
const PREFIXES = { CHANNELS: '', PATTERNS: 'P', SHARDED: 'S' } as const;
/** The first word of each kind of message. */
const KINDS: Readonly<Record<string, PubSubType>> = {
  message: 'CHANNELS',
  pmessage: 'PATTERNS',
  smessage: 'SHARDED',
};

export class Subscriptions {
  readonly listeners: Readonly<Record<PubSubType, Map<string, ChannelListeners>>> = {
    CHANNELS: new Map(),
    PATTERNS: new Map(),
    SHARDED: new Map(),
  };
  /** Commands under way. */
  private underWay = 0;

  /** `uncaught` gets what a listener throws. */
  constructor(
    private readonly send: Send,
    private readonly uncaught: (error: unknown) => void,
  ) {}

  /** Whether messages may come. */
  get isActive(): boolean {
    return this.underWay > 0 || TYPES.some((type) => this.listeners[type].size > 0);
  }

  async subscribe(
    type: PubSubType,
    names: Names,
    listener: AnyListener,
    wantsBuffers = false,
  ): Promise<void> {
    if (typeof listener !== 'function') throw new TypeError('a listener must be a function');
    const all = this.listeners[type];
    const fresh = new Map<string, ChannelListeners>();
    const known: Promise<unknown>[] = [];
    for (const name of listOf(names)) {
      let entry = all.get(name);
      if (entry === undefined) {
        entry = { strings: new Set(), buffers: new Set(), ready: Promise.resolve() };
        all.set(name, entry);
        fresh.set(name, entry);
      } else known.push(entry.ready);
      setOf(entry, wantsBuffers).add(listener);
    }
    if (fresh.size > 0) known.push(this.ask(type, fresh));
    await Promise.all(known);
  }

  /** Without names: all of the type. Without a listener: all of the names'. */
  async unsubscribe(
    type: PubSubType,
    names?: Names,
    listener?: AnyListener,
    wantsBuffers = false,
  ): Promise<void> {
    const all = this.listeners[type];
    const gone: string[] = [];
    for (const name of names === undefined ? [...all.keys()] : listOf(names)) {
      const entry = all.get(name);
      if (entry === undefined) continue;
      if (listener !== undefined) setOf(entry, wantsBuffers).delete(listener);
      if (listener !== undefined && entry.strings.size + entry.buffers.size > 0) continue;
      all.delete(name);
      gone.push(name);
    }
    if (gone.length > 0) await this.command([`${PREFIXES[type]}UNSUBSCRIBE`, ...gone]);
  }

  /** What a new session has to be told: one name a command. */
  commands(): string[][] {
    return TYPES.flatMap((type) =>
      [...this.listeners[type].keys()].map((name) => [`${PREFIXES[type]}SUBSCRIBE`, name]),
    );
  }

  /** Forgets all, without telling the store. */
  clear(): void {
    for (const type of TYPES) this.listeners[type].clear();
  }

  /** Hands a message, in Buffers or strings, to its listeners; false if it is none. */
  handle(push: readonly unknown[]): boolean {
    const type = KINDS[String(push[0])];
    if (type === undefined) return false;
    const [message, channel] = [push.at(-1), push.at(-2)];
    const entry = this.listeners[type].get(String(push[1]));
    if (entry === undefined) return true;
    this.tell(entry.buffers, message, channel);
    if (entry.strings.size > 0) this.tell(entry.strings, String(message), String(channel));
    return true;
  }

  private tell(listeners: ReadonlySet<AnyListener>, message: unknown, channel: unknown): void {
    for (const listener of [...listeners]) {
      try {
        listener(message as never, channel as never);
      } catch (error) {
        this.uncaught(error);
      }
    }
  }

  private async ask(type: PubSubType, fresh: Map<string, ChannelListeners>): Promise<void> {
    const asked = this.command([`${PREFIXES[type]}SUBSCRIBE`, ...fresh.keys()]);
    for (const entry of fresh.values()) entry.ready = asked;
    try {
      await asked;
    } catch (error) {
      const all = this.listeners[type];
      for (const [name, entry] of fresh) if (all.get(name) === entry) all.delete(name);
      throw error;
    }
  }

  private async command(args: readonly Argument[]): Promise<void> {
    this.underWay++;
    try {
      await this.send(args);
    } finally {
      this.underWay--;
    }
  }
}

function listOf(names: Names): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}

function setOf(entry: ChannelListeners, wantsBuffers: boolean): Set<AnyListener> {
  return wantsBuffers ? entry.buffers : entry.strings;
}

/** RESP2 has no pushes: whether an array is what a subscriber is told. */
export function isMessage(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const word = String(value[0]);
  return word.endsWith('subscribe') || Object.hasOwn(KINDS, word);
}
