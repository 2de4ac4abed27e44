/**
 * The two sides of a comparison as pipes of bytes: a batch of requests in, all of its replies
 * out. Nothing is parsed on the way, which is what makes twenty million commands affordable.
 */
import { connect } from 'node:net';
import { type InlineStore, openInline } from '../support/target-inline.js';
import { fromLatin1 } from '../support/wire.js';

export interface Side {
  /**
   * Sends requests, `slice` bytes at a time (0: all at once), and resolves to their replies:
   * to fewer of them if the side fails or ends.
   */
  exchange(requests: Uint8Array, slice: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The last reply of a batch: no other one ends like this. */
const LAST = 'end of batch \x00\x01\xfe\xff';
const LAST_REQUEST = fromLatin1(`*2\r\n$4\r\nECHO\r\n$${LAST.length}\r\n${LAST}\r\n`);
const LAST_REPLY = Buffer.from(`$${LAST.length}\r\n${LAST}\r\n`, 'latin1');
const TIMEOUT_MS = 60_000;

/** Collects replies until the last one has come. */
class Collector {
  private chunks: Uint8Array[] = [];
  private length = 0;
  private finish: ((replies: Uint8Array) => void) | null = null;
  private timer: NodeJS.Timeout | null = null;

  wait(): Promise<Uint8Array> {
    return new Promise((resolve) => {
      this.finish = resolve;
      this.timer = setTimeout(() => this.end(), TIMEOUT_MS);
      if (this.isComplete()) this.end();
    });
  }

  /** `chunk` is kept. */
  add(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (this.isComplete()) this.end();
  }

  /** Nothing comes any more. */
  end(): void {
    if (this.finish === null) return;
    clearTimeout(this.timer as NodeJS.Timeout);
    const replies = Buffer.concat(this.chunks, this.length);
    const { finish } = this;
    this.finish = null;
    this.chunks = [];
    this.length = 0;
    finish(this.endsWell(replies) ? replies.subarray(0, -LAST_REPLY.length) : replies);
  }

  private isComplete(): boolean {
    const last = this.chunks.at(-1);
    if (last === undefined || this.length < LAST_REPLY.length) return false;
    if (last.length >= LAST_REPLY.length) return this.endsWell(last);
    this.chunks = [Buffer.concat(this.chunks, this.length)];
    return this.endsWell(this.chunks[0] as Uint8Array);
  }

  private endsWell(bytes: Uint8Array): boolean {
    return LAST_REPLY.equals(bytes.subarray(-LAST_REPLY.length));
  }
}

/** Any server that is reached over TCP. */
export async function connectSide(port: number): Promise<Side> {
  const collector = new Collector();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('data', (chunk) => collector.add(chunk));
  socket.on('close', () => collector.end());
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.on('error', reject);
  });
  return {
    exchange: (requests, slice) => {
      const replies = collector.wait();
      for (const piece of pieces(requests, slice)) socket.write(piece);
      return replies;
    },
    close: async () => {
      socket.destroy();
    },
  };
}

/** The engine and the host in this thread, new and empty. */
export async function openInlineSide(): Promise<Side> {
  return inlineSide(await openInline());
}

export function inlineSide({ host, close }: InlineStore): Side {
  const collector = new Collector();
  const sink = {
    write: (bytes: Uint8Array) => collector.add(Uint8Array.from(bytes)),
    end: () => collector.end(),
  };
  const about = { address: '127.0.0.1:1', localAddress: '127.0.0.1:0', kind: 'inline' } as const;
  const session = host.connect(sink, about);
  return {
    close,
    exchange: async (requests, slice) => {
      const replies = collector.wait();
      try {
        for (const piece of pieces(requests, slice)) host.receive(session, piece);
      } catch (error) {
        collector.add(fromLatin1(`-TRAP ${String(error).replace(/\s/g, ' ')}\r\n`));
        collector.end();
      }
      return replies;
    },
  };
}

function* pieces(requests: Uint8Array, slice: number): Generator<Uint8Array> {
  const step = slice || requests.length;
  for (let at = 0; at < requests.length; at += step) yield requests.subarray(at, at + step);
  yield LAST_REQUEST;
}
