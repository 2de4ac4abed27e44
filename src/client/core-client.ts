/** The bare client: any command, by its words; for those who count bytes. */
import type { RedstartError } from '../resp/errors.js';
import type { Argument } from '../resp/request-writer.js';
import type { OpenTransport } from '../transport/transport.js';
import { Connection } from './connection.js';

export interface CoreClientOptions {
  readonly open: OpenTransport;
  readonly database: number;
  readonly timeoutMs: number;
  /** Hears why the connection broke; calls in flight are rejected with the same error. */
  readonly onError: ((error: RedstartError) => void) | undefined;
}

export type MessageListener = (message: string, channel: string) => void;

export class CoreClient extends Connection {
  readonly #listeners: Map<string, MessageListener>;

  constructor({ database, onError, ...options }: CoreClientOptions) {
    const select = database === 0 ? [] : [['SELECT', database]];
    const listeners = new Map<string, MessageListener>();
    const handshake = () => [
      ['HELLO', 3],
      ...select,
      ...[...listeners.keys()].map((channel) => ['SUBSCRIBE', channel]),
    ];
    const push = ([kind, channel, message]: unknown[]) => {
      if (kind === 'message')
        listeners.get(channel as string)?.(message as string, channel as string);
    };
    super({ ...options, handshake }, { failed: onError, push });
    this.#listeners = listeners;
  }

  /** `send('SET', 'key', 'value')`; an error reply rejects. */
  send(...args: Argument[]): Promise<unknown> {
    return this.call(args);
  }

  /** Has `listener` called with each message to `channel`, also when the page comes back. */
  subscribe(channel: string, listener: MessageListener): Promise<unknown> {
    this.#listeners.set(channel, listener);
    return this.send('SUBSCRIBE', channel);
  }

  unsubscribe(channel: string): Promise<unknown> {
    this.#listeners.delete(channel);
    return this.send('UNSUBSCRIBE', channel);
  }
}
