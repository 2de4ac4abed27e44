/**
 * Where the pages of a run come from, and what they report to: an HTTP server, and a WebSocket to
 * each page. What a page has sent is here even if the browser is killed at the next moment.
 *
 * Only as much of RFC 6455 as browsers use for short text messages without extensions.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServedFile } from '../../support/browser.js';

/** The other end of a page's WebSocket. Messages are JSON. */
export class PageLink {
  private readonly early: unknown[] = [];
  private listener: ((message: unknown) => void) | null = null;

  constructor(private readonly socket: Duplex) {
    const frames = new FrameReader();
    socket.on('data', (chunk: Buffer) => {
      for (const text of frames.push(chunk)) this.hear(JSON.parse(text));
    });
    socket.on('end', () => socket.destroy());
    socket.on('error', () => socket.destroy());
  }

  /** `listener` hears what has come already and all that comes. */
  listen(listener: (message: unknown) => void): void {
    this.listener = listener;
    this.early.splice(0).forEach(listener);
  }

  close(): void {
    this.socket.destroy();
  }

  send(message: unknown): void {
    this.socket.write(frameOf(JSON.stringify(message)));
  }

  private hear(message: unknown): void {
    if (this.listener === null) this.early.push(message);
    else this.listener(message);
  }
}

export class Station {
  private readonly all: PageLink[] = [];
  private readonly links: PageLink[] = [];
  private readonly waiting: ((link: PageLink) => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly files: Readonly<Record<string, ServedFile>>,
  ) {}

  static async open(files: Readonly<Record<string, ServedFile>>): Promise<Station> {
    const server = createServer();
    const station = new Station(server, files);
    server.on('request', (request, response) => {
      const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
      const file = station.files[path];
      if (file === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': file.type }).end(file.body);
    });
    server.on('upgrade', (request, socket) => {
      greet(socket, request.headers['sec-websocket-key'] ?? '');
      station.arrive(socket);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return station;
  }

  /** The origin stays the same as long as the station is open: it owns the data. */
  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next page that opens. */
  nextPage(): Promise<PageLink> {
    const link = this.links.shift();
    if (link !== undefined) return Promise.resolve(link);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async close(): Promise<void> {
    for (const link of this.all) link.close();
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private arrive(socket: Duplex): void {
    const link = new PageLink(socket);
    this.all.push(link);
    const take = this.waiting.shift();
    if (take === undefined) this.links.push(link);
    else take(link);
  }
}

const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

function greet(socket: Duplex, key: string): void {
  const accept = createHash('sha1')
    .update(key + MAGIC)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

const TEXT = 1;
const CONTINUATION = 0;

/** A text frame of the server: not masked. */
function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > 65535) throw new Error('the message is too long');
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | TEXT, payload.length])
      : Buffer.from([0x80 | TEXT, 126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([head, payload]);
}

/**
 * Frames of a browser, which are always masked:
 *
 *   81         8x         [2 or 8 bytes]   4 bytes  x bytes
 *   fin, text  mask, x    x = 126 or 127   mask     payload
 */
class FrameReader {
  private pending: Buffer = Buffer.alloc(0);
  private text: Buffer[] = [];

  push(chunk: Buffer): string[] {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    const texts: string[] = [];
    while (this.takeFrame(texts));
    return texts;
  }

  private takeFrame(texts: string[]): boolean {
    const { pending } = this;
    if (pending.length < 2) return false;
    const [flags = 0, second = 0] = pending;
    const short = second & 127;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (pending.length < start + 4) return false;
    const length =
      start === 2
        ? short
        : start === 4
          ? pending.readUInt16BE(2)
          : Number(pending.readBigUInt64BE(2));
    const end = start + 4 + length;
    if (pending.length < end) return false;
    const mask = pending.subarray(start, start + 4);
    const payload = Buffer.from(pending.subarray(start + 4, end));
    for (let at = 0; at < length; at++) payload[at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
    this.pending = pending.subarray(end);
    const kind = flags & 15;
    if (kind !== TEXT && kind !== CONTINUATION) return true;
    this.text.push(payload);
    if ((flags & 0x80) !== 0) texts.push(Buffer.concat(this.text.splice(0)).toString());
    return true;
  }
}
