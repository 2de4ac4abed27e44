/** A TCP connection as the host's session sees it: a sink for replies, with back-pressure. */
import type { Socket } from 'node:net';
import type { Host } from '../host/host.js';
import type { ReplySink, Session } from '../host/session.js';
import type { ReplyGate } from './reply-gate.js';

/** Replies that the other side has not taken: beyond this much, no more requests are read. */
const QUEUED_BYTES_MAX = 1024 * 1024;

/** Serves a socket until it closes. `path`: of the Unix socket that it came in by. */
export function serveConnection(
  host: Host,
  gate: ReplyGate,
  socket: Socket,
  path: string | null,
): void {
  const sink = new SocketSink(socket, gate);
  const session = host.connect(sink, {
    address: path === null ? addressText(socket.remoteAddress, socket.remotePort) : `${path}:0`,
    localAddress: path === null ? addressText(socket.localAddress, socket.localPort) : `${path}:0`,
    kind: path === null ? 'tcp' : 'unix',
    descriptor: descriptorOf(socket),
  });
  host.log('verbose', `Accepted ${session.about.address}`);
  socket.on('data', (bytes) => {
    host.receive(session, bytes);
    if (sink.congested) socket.pause();
  });
  socket.on('end', () => host.endOfInput(session));
  socket.on('drain', () => takeUpAgain(host, session, socket));
  // Its end is told by `close`, which always follows.
  socket.on('error', (error) => host.log('verbose', `Reading from client: ${error.message}`));
  socket.on('close', () => {
    host.log('verbose', `Client closed connection id=${session.id} addr=${session.about.address}`);
    host.disconnect(session);
  });
}

function takeUpAgain(host: Host, session: Session, socket: Socket): void {
  host.resumeCongested(session);
  if (!session.sink.congested) socket.resume();
}

class SocketSink implements ReplySink {
  constructor(
    private readonly socket: Socket,
    private readonly gate: ReplyGate,
  ) {}

  get congested(): boolean {
    return this.socket.writableLength > QUEUED_BYTES_MAX;
  }

  /** One write per batch; the bytes are the core's, so they are copied. */
  write(bytes: Uint8Array): void {
    const { socket } = this;
    if (!socket.writable) return;
    this.gate.beforeWrite(socket);
    socket.write(Buffer.from(bytes));
  }

  end(): void {
    this.gate.end(this.socket);
  }

  abort(): void {
    this.socket.destroy();
  }

  get pendingBytes(): number {
    return this.socket.writableLength;
  }
}

/** `127.0.0.1:50123`, `[::1]:50123`; IPv4 within IPv6 is shown as IPv4. */
export function addressText(address: string | undefined, port: number | undefined): string {
  const plain = (address ?? '?').replace(/^::ffff:(?=\d+\.)/, '');
  return plain.includes(':') ? `[${plain}]:${port ?? 0}` : `${plain}:${port ?? 0}`;
}

/** Node keeps the descriptor to itself; CLIENT LIST shows it where it can be had. */
function descriptorOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  const descriptor: unknown = handle instanceof Object ? Reflect.get(handle, 'fd') : undefined;
  return typeof descriptor === 'number' ? descriptor : -1;
}
