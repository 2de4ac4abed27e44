/** The bare client: any command, by its words; for those who count bytes. */
import type { RedstartError } from '../resp/errors.js';
import type { StoreNotice } from '../resp/persistence.js';
import { ReplyDecoder, type ReplyShapes } from '../resp/reply-decoder.js';
import type { Argument } from '../resp/request-writer.js';
import type { OpenTransport } from '../transport/transport.js';
import { type CallOptions, Connection } from './connection.js';

export interface CoreClientOptions {
  readonly open: OpenTransport;
  readonly database?: number | undefined;
  readonly timeoutMs: number;
  /** Hears why the connection broke; calls in flight are rejected with the same error. */
  readonly onError?: ((error: RedstartError) => void) | undefined;
  /** Hears what comes unasked and has no listener: messages, lines of MONITOR. */
  readonly onPush?: ((value: unknown) => void) | undefined;
  /** Hears how the data are kept: trouble with storage, and progress of what takes long. */
  readonly onNotice?: ((notice: StoreNotice) => void) | undefined;
  /** What replies other than strings become, where a call has a type mapping. */
  readonly shapes?: ReplyShapes | undefined;
}

export type MessageListener = (message: string, channel: string) => void;

export class CoreClient extends Connection {
  readonly #listeners = new Map<unknown, MessageListener>();

  constructor({ database, onError, onPush, onNotice, shapes, ...options }: CoreClientOptions) {
    super(
      {
        ...options,
        decoder: () => new ReplyDecoder({}, shapes),
        handshake: () => [
          ['HELLO', 3],
          ...(database ? [['SELECT', database]] : []),
          ...[...this.#listeners.keys()].map((channel) => ['SUBSCRIBE', channel as string]),
        ],
      },
      {
        failed: onError,
        unasked: onPush,
        notice: onNotice,
        push: (value) => {
          const [kind, channel, message] = value;
          const listener = kind === 'message' && this.#listeners.get(channel);
          if (listener) listener(message as string, channel as string);
          else onPush?.(value);
        },
      },
    );
  }

  /** `send('SET', 'key', 'value')`; an error reply rejects. */
  send(...args: Argument[]): Promise<unknown>;
  /** `send(['SET', 'key', 'value'], { durable: true })`. */
  send(args: readonly Argument[], options: CallOptions): Promise<unknown>;
  send(...args: unknown[]): Promise<unknown> {
    const [first, options] = args;
    return Array.isArray(first)
      ? this.call(first, options as CallOptions)
      : this.call(args as Argument[]);
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
