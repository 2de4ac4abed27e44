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

export class CoreClient extends Connection {
  constructor({ database, onError, ...options }: CoreClientOptions) {
    const select = database === 0 ? [] : [['SELECT', database]];
    const handshake = () => [['HELLO', 3], ...select];
    super({ ...options, handshake }, { failed: onError });
  }

  /** `send('SET', 'key', 'value')`; an error reply rejects. */
  send(...args: Argument[]): Promise<unknown> {
    return this.call(args);
  }
}
