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
const PING = encode([['PING']]);

function opening(protocol: number): Uint8Array {
  return encode([...(protocol === 3 ? [['HELLO', '3']] : []), ['CLIENT', 'ID']]);
}

function idIn(text: string): string {
  return /:(\d+)\r\n$/.exec(text)?.[1] ?? '';
}

// Ours

export async function openOurStore(): Promise<Store> {
  return storeOf(await openInline());
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

export async function openTheirStore(port: number): Promise<TheirStore> {
  const waiting = new Set<() => void>();
  const look = () => {
    for (const check of waiting) check();
  };
  const until = (isSo: () => boolean, limitMs: number): Promise<void> => {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        waiting.delete(check);
        resolve();
      };
      const check = () => {
        if (isSo()) finish();
      };
      const timer = setTimeout(finish, limitMs);
      waiting.add(check);
    });
  };
  const ask = async (end: End, request: Uint8Array, isWhole: (text: string) => boolean) => {
    end.received = '';
    end.write(request);
    await until(() => isWhole(end.received), 20_000);
    return end.received;
  };
  const open = async (protocol: number): Promise<End> => {
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
      look();
    });
    socket.on('close', () => {
      end.closed = true;
      look();
    });
    end.id = idIn(await ask(end, opening(protocol), (text) => /:\d+\r\n$/.test(text)));
    end.received = '';
    return end;
  };
  const watcher = await open(2);
  const barrier = async () => {
    await ask(watcher, PING, (text) => text === '+PONG\r\n');
  };
  return {
    open,
    barrier,
    untilGone: async (ids) => {
      const list = encode([['CLIENT', 'LIST', 'ID', ...ids]]);
      while (!(await ask(watcher, list, (text) => text.endsWith('\r\n'))).startsWith('$0'));
    },
    untilReceived: (ends, lengths) => {
      const isSo = () =>
        ends.every(({ received, closed }, index) => {
          const expected = lengths[index] as Expected;
          return received.length >= expected.bytes && closed >= expected.closed;
        });
      return until(isSo, DIFFERENCE_MS);
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
