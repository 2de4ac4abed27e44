/**
 * Two stores with several connections each, driven in step. Ours answers within the call, so what
 * it has sent tells how many bytes redis-server is waited for: nothing is ever waited for by time,
 * unless the two differ.
 */
import { connect, type Socket } from 'node:net';
import { type InlineStore, openInline } from '../support/target-inline.js';
import { encode } from './compare.js';

/** One connection of one store. What comes adds up in `received`, a character a byte. */
export interface End {
  readonly id: string;
  received: string;
  closed: boolean;
  write(bytes: Uint8Array): void;
  close(): void;
}

export interface Store {
  /** A connection that speaks this protocol, and has been told so. */
  open(protocol: number): Promise<End>;
  close(): Promise<void>;
}

export interface TheirStore extends Store {
  /** Everything that was written before has been read, as far as it can be. */
  barrier(): Promise<void>;
  /** Resolves when no connection of these is left. */
  untilGone(ids: readonly string[]): Promise<void>;
  /** Resolves when so many bytes have come on each, and closed ones are closed; or after a while. */
  untilReceived(ends: readonly End[], lengths: readonly Expected[]): Promise<void>;
}

export interface Expected {
  readonly bytes: number;
  readonly closed: boolean;
}

/** So long redis-server is waited for if it sends less than we do. */
const DIFFERENCE_MS = 400;
const ANSWER_MS = 20_000;
const PING = encode([['PING']]);

function opening(protocol: number): Uint8Array {
  return encode([...(protocol === 3 ? [['HELLO', '3']] : []), ['CLIENT', 'ID']]);
}

function idIn(text: string): string {
  return /:(\d+)\r\n$/.exec(text)?.[1] ?? '';
}

// Ours

export async function openOurStore(): Promise<Store> {
  const store = await openInline();
  const connection = await store.connect();
  // Scripts are loaded by the first one; from then on they answer within the call.
  await connection.send('EVAL', 'return 1', '0');
  connection.close();
  return storeOf(store);
}

function storeOf({ host, close }: InlineStore): Store {
  const open = async (protocol: number): Promise<End> => {
    const sink = {
      write: (bytes: Uint8Array) => {
        end.received += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
          'latin1',
        );
      },
      end: () => {
        end.closed = true;
      },
    };
    const about = { address: '127.0.0.1:1', localAddress: '127.0.0.1:0', kind: 'inline' } as const;
    const session = host.connect(sink, about);
    const end: End = {
      id: `${session.id}`,
      received: '',
      closed: false,
      write: (bytes) => host.receive(session, bytes),
      close: () => host.disconnect(session),
    };
    end.write(opening(protocol));
    end.received = '';
    return end;
  };
  return { open, close };
}

// Theirs

/** Who waits for bytes, and looks again when some have come. */
class Arrivals {
  private readonly checks = new Set<() => void>();

  tell(): void {
    for (const check of this.checks) check();
  }

  until(isSo: () => boolean, limitMs: number): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.checks.delete(check);
        resolve();
      };
      const check = () => {
        if (isSo()) finish();
      };
      const timer = setTimeout(finish, limitMs);
      this.checks.add(check);
    });
  }

  async ask(end: End, request: Uint8Array, isWhole: (text: string) => boolean): Promise<string> {
    end.received = '';
    end.write(request);
    await this.until(() => isWhole(end.received), ANSWER_MS);
    return end.received;
  }
}

async function openTheirEnd(port: number, arrivals: Arrivals, protocol: number): Promise<End> {
  const socket = await openSocket(port);
  const end: { -readonly [Name in keyof End]: End[Name] } = {
    id: '',
    received: '',
    closed: false,
    write: (bytes) => {
      socket.write(bytes);
    },
    close: () => {
      socket.destroy();
    },
  };
  socket.on('data', (chunk: Buffer) => {
    end.received += chunk.toString('latin1');
    arrivals.tell();
  });
  socket.on('close', () => {
    end.closed = true;
    arrivals.tell();
  });
  end.id = idIn(await arrivals.ask(end, opening(protocol), (text) => /:\d+\r\n$/.test(text)));
  end.received = '';
  return end;
}

export async function openTheirStore(port: number): Promise<TheirStore> {
  const arrivals = new Arrivals();
  const open = (protocol: number) => openTheirEnd(port, arrivals, protocol);
  const watcher = await open(2);
  return {
    open,
    barrier: async () => {
      await arrivals.ask(watcher, PING, (text) => text === '+PONG\r\n');
    },
    untilGone: async (ids) => {
      const list = encode([['CLIENT', 'LIST', 'ID', ...ids]]);
      const isWhole = (text: string) => text.endsWith('\r\n');
      while (!(await arrivals.ask(watcher, list, isWhole)).startsWith('$0'));
    },
    untilReceived: (ends, lengths) => {
      const isSo = () =>
        ends.every(({ received, closed }, index) => {
          const expected = lengths[index] as Expected;
          return received.length >= expected.bytes && closed >= expected.closed;
        });
      return arrivals.until(isSo, DIFFERENCE_MS);
    },
    close: async () => watcher.close(),
  };
}

function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.on('error', reject);
  });
}
