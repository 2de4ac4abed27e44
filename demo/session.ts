/**
 * The console's store: one connection for what is typed, with its database and protocol, and one
 * for the page's own questions, so that these disturb neither.
 *
 *   closed -> open -> closed ...     `lost` is told when it closes by itself
 *
 * As redis-cli, a session begins with RESP2; HELLO 3 changes that.
 */
import type { StoreReport } from 'redstart';
import {
  type CoreClient,
  connect,
  type PersistenceEvent,
  type RedstartError,
  ReplyError,
} from 'redstart/core';
import { REPLY_SHAPES, REPLY_TYPES } from './reply-text.js';

export interface StoreChoice {
  readonly name: string;
  readonly persistence: 'indexeddb' | 'memory';
}

const TYPED = { types: REPLY_TYPES };

/** Longer than any command should take, so that every one ends. */
const TIMEOUT_MS = 30_000;

export class Session {
  database = 0;
  /** From asking for the store to its first reply. */
  readyMs = 0;
  #protocol = '2';
  #typed: CoreClient | null = null;
  #asked: Promise<CoreClient> | null = null;
  /** Of the connection whose state we know; another one begins with the defaults. */
  #knownReport: unknown = null;
  readonly #lost: (error: RedstartError) => void;
  /** Is told messages and lines of MONITOR, which come unasked. */
  readonly #heard: (message: unknown) => void;
  /** Is told what happens to storage. */
  readonly #kept: (event: PersistenceEvent) => void;

  readonly choice: StoreChoice;

  constructor(
    choice: StoreChoice,
    lost: (error: RedstartError) => void,
    heard: (message: unknown) => void,
    kept: (event: PersistenceEvent) => void,
  ) {
    this.choice = choice;
    this.#lost = lost;
    this.#heard = heard;
    this.#kept = kept;
  }

  get isOpen(): boolean {
    return this.#typed !== null;
  }

  /** What opening the store found. */
  get report(): StoreReport | null {
    return (this.#typed?.report as StoreReport | undefined) ?? null;
  }

  /** Rejects with a typed error, e.g. a StoreBusyError. */
  async open(): Promise<void> {
    const start = performance.now();
    this.database = 0;
    this.#protocol = '2';
    const client = await connect({
      ...this.choice,
      timeout: TIMEOUT_MS,
      shapes: REPLY_SHAPES,
      onPush: (message) => this.#heard(Array.isArray(message) ? typed(message) : message),
      onNotice: (notice) => {
        if ('persistence' in notice) this.#kept(notice.persistence);
      },
      onError: (error) => this.#end(client, error),
    });
    this.readyMs = performance.now() - start;
    this.#typed = client;
    this.#restore(client);
  }

  /** The reply to a command that was typed; an error reply is a value too. */
  async run(args: readonly Uint8Array[], words: readonly string[]): Promise<unknown> {
    const client = this.#typed;
    if (client === null) throw new Error('The store is closed');
    if (client.report !== this.#knownReport) this.#restore(client);
    try {
      const reply = await (isSubscription(words) ? client.call(words) : client.call(args, TYPED));
      this.#follow(words);
      return isSubscription(words) ? typed(reply) : reply;
    } catch (error) {
      if (error instanceof ReplyError) return error;
      throw error;
    }
  }

  /** Replies to the page's own questions; error replies are among them. */
  async ask(...commands: readonly (readonly string[])[]): Promise<unknown[]> {
    if (this.#typed === null) throw new Error('The store is closed');
    this.#asked ??= this.#connectToAsk();
    const client = await this.#asked;
    return client.pipeline(commands);
  }

  /** What is asked of the store and is no command. */
  get storeRequest(): CoreClient['ask'] {
    if (this.#typed === null) throw new Error('The store is closed');
    return this.#typed.ask;
  }

  /** Saves and lets go of the store. */
  async close(): Promise<void> {
    const clients = [this.#typed, await this.#asked?.catch(() => null)];
    this.#typed = this.#asked = null;
    await Promise.all(clients.map((client) => client?.close()));
  }

  #connectToAsk(): Promise<CoreClient> {
    const gone = () => {
      if (this.#asked === connecting) this.#asked = null;
    };
    const connecting = connect({ ...this.choice, timeout: TIMEOUT_MS, onError: gone });
    connecting.catch(gone);
    return connecting;
  }

  #end(client: CoreClient, error: RedstartError): void {
    if (client !== this.#typed) return;
    // It would keep the store open.
    this.#asked?.then((asked) => asked.destroy()).catch(() => undefined);
    this.#typed = this.#asked = null;
    this.#lost(error);
  }

  /** Brings a new connection to the database and protocol that were chosen. */
  #restore(client: CoreClient): void {
    this.#knownReport = client.report;
    const commands = [['HELLO', this.#protocol]];
    if (this.database !== 0) commands.push(['SELECT', String(this.database)]);
    client.pipeline(commands).catch(() => undefined);
  }

  /** A command has succeeded: what it changed about the connection. */
  #follow([name = '', argument]: readonly string[]): void {
    const command = name.toLowerCase();
    if (command === 'select') this.database = Number(argument);
    if (command === 'hello') this.#protocol = argument ?? this.#protocol;
    if (command === 'reset') {
      this.database = 0;
      this.#protocol = '2';
    }
  }
}

/** The replies of these are messages: they follow no type mapping. */
function isSubscription([name = '']: readonly string[]): boolean {
  return /^[ps]?(un)?subscribe$/i.test(name);
}

/** The parts of a message as a reply would have them. */
function typed(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(typed);
  if (typeof message === 'number') return String(message);
  return typeof message === 'string' ? new TextEncoder().encode(message) : message;
}
