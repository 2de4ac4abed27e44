/** redis-server and our own server, side by side, over TCP. */
import { connect, type Socket } from 'node:net';
import { Server, type ServerOptions } from '../../src/server/server.js';
import { coreModule } from '../host/test-host.js';
import { openProcess } from '../support/target-process.js';
import type { Store } from '../support/targets.js';

export interface Pair {
  readonly redis: number;
  readonly ours: number;
  close(): Promise<void>;
}

/** Starts both with the same parameters, `--name value` in turn. */
export async function openPair(options: readonly string[] = []): Promise<Pair> {
  const program = process.env.REDIS_SERVER_PATH ?? 'redis-server';
  const config: Record<string, string> = { 'enable-debug-command': 'yes' };
  for (let at = 0; at < options.length; at += 2) {
    config[(options[at] ?? '').slice(2)] = options[at + 1] ?? '';
  }
  const redis: Store & { port: number } = await openProcess(program, [], options);
  const ours = await openServer({ config });
  return {
    redis: redis.port,
    ours: ours.port,
    close: async () => {
      await Promise.all([redis.close(), ours.close()]);
    },
  };
}

/** Our server in this process, on a free port. */
export async function openServer(options: Partial<ServerOptions> = {}): Promise<Server> {
  const core = await coreModule();
  const server = await Server.open({ port: 0, bind: '127.0.0.1', core, ...options });
  await server.listen();
  return server;
}

/** Connects to a port of this machine, or to the path of a Unix socket. */
export function open(to: number | string): Promise<Socket> {
  const where = typeof to === 'string' ? { path: to } : { port: to, host: '127.0.0.1' };
  return new Promise((resolve, reject) => {
    const socket = connect({ ...where, noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Sends bytes, says that no more will come, and gathers everything until the other side closes. */
export async function exchange(to: number | string, bytes: string | Uint8Array): Promise<string> {
  const socket = await open(to);
  return new Promise((resolve) => {
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    // A server that closes while we still send resets the connection: that is no failure.
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
    socket.end(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  });
}

/** As a client library sends it. */
export function command(...words: string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`).toString('latin1');
}
