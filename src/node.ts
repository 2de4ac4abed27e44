/**
 * Redstart in Node: a server that other programs' Redis clients can talk to, in this process.
 *
 *     import { createServer } from 'redstart';
 *
 *     const server = await createServer({ port: 0 });
 *     // redis://127.0.0.1:${server.port}
 *     await server.close();
 */
import type { Clock } from './host/clock.js';
import type { Log } from './host/host.js';
import type { CoreSource } from './server/core-module.js';
import { DEFAULT_BIND, Server } from './server/server.js';

export * from './resp/errors.js';

export interface CreateServerOptions {
  /** 0, the default, lets the system choose a free one. */
  readonly port?: number;
  /** Address or addresses to listen on; by default this machine's own alone. */
  readonly host?: string | readonly string[];
  /** Parameters of redis.conf by name: `{ requirepass: 'secret', maxclients: '100' }`. */
  readonly config?: Readonly<Record<string, string>>;
  /** Time, for tests. */
  readonly clock?: Clock;
  readonly log?: Log;
  /** Where core.wasm is, if not beside this file. */
  readonly core?: CoreSource;
}

export interface RunningServer {
  readonly port: number;
  /** Ends all connections and the store. */
  close(): Promise<void>;
}

/** Starts a server with a store of its own, in memory. */
export async function createServer(options: CreateServerOptions = {}): Promise<RunningServer> {
  const { host = DEFAULT_BIND, port = 0 } = options;
  const server = await Server.open({
    port,
    bind: typeof host === 'string' ? host : host.join(' '),
    ...(options.config && { config: options.config }),
    ...(options.clock && { clock: options.clock }),
    ...(options.log && { log: options.log }),
    ...(options.core !== undefined && { core: options.core }),
  });
  try {
    await server.listen();
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}
