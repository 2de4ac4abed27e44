/** The TCP side: sockets that listen, and what comes in through them. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Host } from '../host/host.js';
import { refusalOf } from './admission.js';
import { addressText, serveConnection } from './connection.js';
import { systemErrorCode, systemErrorText } from './system-errors.js';

interface Listening {
  /** As in `bind`, without the dash. */
  readonly address: string;
  readonly port: number;
  readonly server: Server;
}

/** Families that the machine may lack: then an address is passed over. */
const NO_SUCH_FAMILY = new Set(['EAFNOSUPPORT', 'EPROTONOSUPPORT', 'ENOPROTOOPT']);

export class Listener {
  private listening: Listening[] = [];
  private readonly sockets = new Set<Socket>();

  constructor(private readonly host: Host) {}

  /** The port of the first address, or 0 if there is none. */
  get port(): number {
    return this.listening[0]?.port ?? 0;
  }

  /** How many addresses are listened on. */
  get size(): number {
    return this.listening.length;
  }

  /**
   * Listens on exactly these addresses; those that stay the same are not interrupted. An
   * address with `-` before it may be missing on this machine. Without success everything is
   * as before, and it rejects. `port` 0 lets the system choose one.
   */
  async listen(port: number, addresses: readonly string[]): Promise<void> {
    const kept: Listening[] = [];
    const added: Listening[] = [];
    let chosen = port;
    try {
      for (const given of addresses) {
        const address = given.replace(/^-/, '');
        const same = this.listening.find((one) => one.address === address && one.port === chosen);
        const opened = same ?? (await this.open(chosen, address, given.startsWith('-')));
        if (opened === null) continue;
        (same === undefined ? added : kept).push(opened);
        if (chosen === 0) chosen = opened.port;
      }
    } catch (error) {
      for (const { server } of added) server.close();
      throw error;
    }
    for (const one of this.listening) if (!kept.includes(one)) one.server.close();
    this.listening = [...kept, ...added];
  }

  /** Stops listening and ends all connections. */
  close(): Promise<void> {
    const closed = this.listening.map(
      ({ server }) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    this.listening = [];
    for (const socket of this.sockets) {
      // What is still queued here is for somebody who does not read.
      if (socket.writableLength > 0) socket.destroy();
      else socket.destroySoon();
    }
    return Promise.all(closed).then(() => undefined);
  }

  private async open(port: number, address: string, optional: boolean): Promise<Listening | null> {
    const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) =>
      this.accept(socket),
    );
    try {
      await listenOn(server, port, address, this.host.config.number('tcp-backlog'));
    } catch (error) {
      const cause = systemErrorText(error);
      const what = systemErrorCode(error)?.startsWith('EADDR') ? `bind: ${cause}` : cause;
      this.host.log(
        'warning',
        `Warning: Could not create server TCP listening socket ${address}:${port}: ${what}`,
      );
      const code = systemErrorCode(error) ?? '';
      if ((optional && code === 'EADDRNOTAVAIL') || NO_SUCH_FAMILY.has(code)) return null;
      throw error;
    }
    const bound = server.address();
    const actual = typeof bound === 'object' && bound !== null ? bound.port : port;
    return { address, port: actual, server };
  }

  private accept(socket: Socket): void {
    const { host } = this;
    if (socket.remoteAddress === undefined) {
      // It has gone while it was let in.
      socket.destroy();
      return;
    }
    const refusal = refusalOf(host, addressText(socket.remoteAddress, socket.remotePort));
    if (refusal !== null) {
      host.statistics.rejectedConnections++;
      socket.on('error', () => {});
      socket.end(refusal);
      socket.destroySoon();
      return;
    }
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    const keepAlive = host.config.number('tcp-keepalive');
    if (keepAlive > 0) socket.setKeepAlive(true, keepAlive * 1000);
    serveConnection(host, socket);
  }
}

function listenOn(server: Server, port: number, address: string, backlog: number): Promise<void> {
  const everywhere: Readonly<Record<string, string>> = { '*': '0.0.0.0', '::*': '::' };
  const host = everywhere[address] ?? address;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog, ipv6Only: host.includes(':') }, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve();
    });
  });
}
