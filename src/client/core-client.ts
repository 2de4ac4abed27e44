/** The bare client: any command, by its words; for those who count bytes. */
import type { RedstartError } from '../resp/errors.js';
import type { Argument } from '../resp/request-writer.js';
import type { OpenTransport } from '../transport/transport.js';
import { type CallOptions, Connection } from './connection.js';

export interface CoreClientOptions {
  readonly open: OpenTransport;
  readonly database: number;
  readonly timeoutMs: number;
  /** Hears why the connection broke; calls in flight are rejected with the same error. */
  readonly onError: ((error: RedstartError) => void) | undefined;
}

export class CoreClient {
  readonly #connection: Connection;

  constructor({ open, database, timeoutMs, onError }: CoreClientOptions) {
    const greeting = [['HELLO', '3']];
    if (database !== 0) greeting.push(['SELECT', String(database)]);
    const nothing = () => undefined;
    this.#connection = new Connection(
      { open, timeoutMs, handshake: () => greeting },
      { ready: nothing, failed: onError ?? nothing, push: nothing, ended: nothing },
    );
  }

  /** What opening the store found. */
  get report(): unknown {
    return this.#connection.report;
  }

  connect(): Promise<void> {
    return this.#connection.connect();
  }

  /** `send('SET', 'key', 'value')`; an error reply rejects. */
  send(...args: Argument[]): Promise<unknown> {
    return this.#connection.call(args);
  }

  /** Commands as one batch, their replies as one array; error replies are among them. */
  pipeline(commands: readonly (readonly Argument[])[], options?: CallOptions): Promise<unknown[]> {
    return this.#connection.pipeline(commands, options);
  }

  /** One command, with a type mapping or a deadline of its own. */
  call(args: readonly Argument[], options: CallOptions): Promise<unknown> {
    return this.#connection.call(args, options);
  }

  /** Everything acknowledged so far is on disk. */
  flush(): Promise<void> {
    return this.#connection.flush();
  }

  /** Waits for the replies of the calls made so far, saves, lets go. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Rejects the calls in flight and lets go at once. */
  destroy(): void {
    this.#connection.destroy();
  }
}
