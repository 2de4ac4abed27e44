/** The sockets that listen, on TCP and on a path, and what comes in through them. */
import { chmodSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Host } from '../host/host.js';
import { refusalOf } from './admission.js';
import { addressText, serveConnection } from './connection.js';
import { ReplyGate } from './reply-gate.js';
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
  private atPath: Server | null = null;
  private readonly sockets = new Set<Socket>();

  private readonly gate: ReplyGate;

  constructor(private readonly host: Host) {
    this.gate = new ReplyGate(host.storage?.handover, () => this.sockets.size);
  }

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

  /**
   * Listens on a Unix socket, in place of a file that may be left there. Nobody else can connect
   * before it has its mode: it comes into being with 0600. `mode` 0 leaves it so.
   */
  async listenOnPath(path: string, mode: number): Promise<void> {
    // libuv would say EACCES if the directory were not there.
    statSync(dirname(path));
    rmSync(path, { force: true });
    const options = { allowHalfOpen: true };
    const server = createServer(options, (socket) => this.accept(socket, path));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      const before = process.umask(0o177);
      try {
        server.listen({ path, backlog: this.host.config.number('tcp-backlog') }, () => {
          server.off('error', reject);
          server.on('error', () => {});
          resolve();
        });
      } finally {
        process.umask(before);
      }
    });
    if (mode !== 0) chmodSync(path, mode);
    this.atPath = server;
  }

  /** Stops listening and ends all connections. */
  close(): Promise<void> {
    const servers = this.listening.map(({ server }) => server);
    if (this.atPath !== null) servers.push(this.atPath);
    const closed = servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    this.listening = [];
    this.atPath = null;
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

  /** `path`: of the Unix socket that it came in by. */
  private accept(socket: Socket, path: string | null = null): void {
    const { host } = this;
    if (path === null && socket.remoteAddress === undefined) {
      // It has gone while it was let in.
      socket.destroy();
      return;
    }
    const address = path ?? addressText(socket.remoteAddress, socket.remotePort);
    const refusal = refusalOf(host, path === null ? address : null);
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
    if (keepAlive > 0 && path === null) socket.setKeepAlive(true, keepAlive * 1000);
    serveConnection(host, this.gate, socket, path);
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
