/** The worker's side without a worker: opening, ending, and data ports. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
  FormatError,
  LeaderLostError,
  StorageError,
  StoreBusyError,
} from '../../src/resp/errors.js';
import type { StorageInfo } from '../../src/resp/persistence.js';
import { StorageFault } from '../../src/storage/errors.js';
import { DataPort, type Port } from '../../src/worker/data-port.js';
import type { PortMessage, StoreReport, WorkerOpenOptions } from '../../src/worker/messages.js';
import { StoreServer } from '../../src/worker/store-server.js';

type Sink = { write(bytes: Uint8Array): void; end(): void };

const INFO: StorageInfo = {
  backend: 'indexeddb',
  durability: 'everysec',
  appendOnly: true,
  generation: 0,
  snapshotBytes: 0,
  journalBytes: 0,
  lastDurableAt: null,
  lastSaveAt: null,
  bytesLost: 0,
  epoch: 1,
  created: true,
  state: 'ok',
  reason: null,
};

class FakeHost {
  readonly sinks: Sink[] = [];
  readonly events: string[] = [];
  onReceive: (sink: Sink, bytes: Uint8Array) => void = (sink, bytes) => sink.write(bytes);

  connect(sink: Sink): Sink {
    this.sinks.push(sink);
    return sink;
  }
  receive(sink: Sink, bytes: Uint8Array): void {
    this.onReceive(sink, bytes);
  }
  disconnect(): void {
    this.events.push('disconnect');
  }
  readonly requests = {
    flush: async () => void this.events.push('flush'),
    durable: async () => void this.events.push('durable'),
    deleteStore: async () => void this.events.push('delete'),
    storage: async () => INFO,
    importRdb: async () => {
      throw new FormatError('no RDB file');
    },
    exportRdb: async () => new Blob(['REDIS']),
  };
  async close(): Promise<void> {
    this.events.push('close');
  }
}

class FakePort implements Port {
  onmessage: ((event: MessageEvent) => void) | null = null;
  readonly sent: { message: PortMessage; transfer: Transferable[] }[] = [];
  isClosed = false;

  postMessage(message: PortMessage, transfer: Transferable[]): void {
    this.sent.push({ message, transfer });
  }
  close(): void {
    this.isClosed = true;
  }
  deliver(message: PortMessage): void {
    this.onmessage?.({ data: message } as MessageEvent);
  }
  send(text: string, capacity = 64 * 1024): ArrayBuffer {
    const { buffer } = new Uint8Array(capacity);
    const { written } = new TextEncoder().encodeInto(text, new Uint8Array(buffer));
    this.deliver({ buffer, length: written });
    return buffer;
  }
  texts(): string[] {
    return this.sent.map(({ message }) => {
      if ('end' in message) return `end ${message.end?.name ?? ''}`;
      return Buffer.from(message.buffer, 0, message.length).toString();
    });
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const write = (sink: Sink | undefined, text: string) => sink?.write(Buffer.from(text));

describe('a data port', () => {
  let host: FakeHost;
  let port: FakePort;
  let ended: number;
  let failures: unknown[];

  beforeEach(() => {
    host = new FakeHost();
    port = new FakePort();
    ended = 0;
    failures = [];
    const events = { ended: () => ended++, failed: (error: unknown) => failures.push(error) };
    new DataPort(port, host, 'worker:1', events);
  });

  test('sends the replies back in the buffer that the requests came in', () => {
    host.onReceive = (sink) => {
      write(sink, '+a\r\n');
      write(sink, '+b\r\n');
    };
    const buffer = port.send('requests');
    expect(port.texts()).toEqual(['+a\r\n+b\r\n']);
    expect(port.sent[0]?.message).toMatchObject({ length: 8 });
    expect(port.sent[0]?.transfer[0]).toBe(buffer);
  });

  test('does not write into requests that the host still reads', () => {
    let seen = '';
    host.onReceive = (sink, bytes) => {
      write(sink, 'XXXX');
      seen = Buffer.from(bytes).toString();
    };
    port.send('requests');
    expect(seen).toBe('requests');
  });

  test('takes a larger buffer for a larger reply', () => {
    const large = 'x'.repeat(300_000);
    host.onReceive = (sink) => write(sink, large);
    port.send('request');
    expect(port.texts()).toEqual([large]);
  });

  test('sends nothing while there is no reply, and later replies together', async () => {
    host.onReceive = () => undefined;
    port.send('request');
    expect(port.sent).toEqual([]);
    write(host.sinks[0], '+late\r\n');
    write(host.sinks[0], '+later\r\n');
    await settled();
    expect(port.texts()).toEqual(['+late\r\n+later\r\n']);
  });

  test('ends after the last replies when the host ends the session', () => {
    host.onReceive = (sink) => {
      write(sink, '+OK\r\n');
      sink.end();
    };
    port.send('QUIT');
    expect(port.texts()).toEqual(['+OK\r\n', 'end ']);
    expect([port.isClosed, ended, host.events]).toEqual([true, 1, ['disconnect']]);
  });

  test('lets the session go when the page says so, and is silent from then on', async () => {
    port.deliver({ end: null });
    expect([port.isClosed, ended, host.events]).toEqual([true, 1, ['disconnect']]);
    write(host.sinks[0], '+late\r\n');
    await settled();
    expect(port.sent).toEqual([]);
  });

  test('reports what the host throws', () => {
    host.onReceive = () => {
      throw new Error('unreachable');
    };
    port.send('request');
    expect(failures).toEqual([new Error('unreachable')]);
  });
});

describe('a store server', () => {
  const options: WorkerOpenOptions = {
    name: 's',
    wasmUrl: null,
    luaUrl: null,
    persistence: 'memory',
    config: {},
    lockTimeoutMs: 0,
    recover: 'refuse',
  };
  const report: StoreReport = {
    backend: 'memory',
    created: true,
    epoch: 1,
    frames: 0,
    bytes: 0,
    snapshotBytes: 0,
    damaged: null,
    warnings: [],
  };
  let host: FakeHost;
  let events: string[];
  let lost: (error: LeaderLostError) => void;
  let fail: (error: Error) => void;
  let lockError: Error | null;
  let openError: Error | null;
  let server: StoreServer<Sink>;

  beforeEach(() => {
    host = new FakeHost();
    events = host.events;
    lockError = openError = null;
    server = new StoreServer<Sink>({
      lock: async (_, onLost) => {
        lost = onLost;
        if (lockError !== null) throw lockError;
        return {
          release: async () => {
            events.push('release');
          },
        };
      },
      open: async (_, hasLock, onEnd) => {
        fail = onEnd;
        if (openError !== null) throw openError;
        expect(hasLock).toBe(true);
        return { host, report };
      },
      inspect: async (name) => {
        events.push(`inspect ${name}`);
        return { quarantine: [], diagnosis: null };
      },
      stop: () => events.push('stop'),
    });
  });

  const connect = () => {
    const port = new FakePort();
    return { port, outcome: server.connect(port as unknown as MessagePort) };
  };

  test('opens once, connects clients, flushes and closes in order', async () => {
    expect(await server.open(options)).toEqual({ value: report });
    const { port } = connect();
    port.send('echo');
    expect(port.texts()).toEqual(['echo']);
    expect(server.health()).toEqual({ value: { state: 'open', clients: 1 } });
    await server.ask('flush', []);
    expect(await server.close()).toEqual({ value: null });
    expect(events).toEqual(['flush', 'close', 'release']);
    expect(port.texts().at(-1)).toBe('end ');
    expect(await server.open(options)).toMatchObject({ error: { name: 'ClosedError' } });
    expect(connect().outcome).toMatchObject({ error: { name: 'ClosedError' } });
  });

  test('a lock that is taken or a storage that fails keeps its type, and the lock is given up', async () => {
    openError = new StorageError('unopenable');
    expect(await server.open(options)).toMatchObject({ error: { name: 'StorageError' } });
    expect(events).toEqual(['release']);
    expect(connect().outcome).toMatchObject({ error: { name: 'ClosedError' } });
  });

  test('a store that is busy says so', async () => {
    lockError = new StoreBusyError('taken');
    expect(await server.open(options)).toMatchObject({ error: { name: 'StoreBusyError' } });
  });

  test('a stolen lock ends the store and tells every client', async () => {
    await server.open(options);
    const ports = [connect().port, connect().port];
    lost(new LeaderLostError('stolen'));
    await settled();
    for (const port of ports) expect(port.texts()).toEqual(['end LeaderLostError']);
    ports[0]?.send('request');
    expect(ports[0]?.sent).toHaveLength(1);
    expect(server.health()).toMatchObject({ value: { state: 'ended' } });
    fail(new Error('once more'));
    expect(ports[1]?.sent).toHaveLength(1);
  });

  test('a trap in the core ends the store; what was appended before is still saved', async () => {
    await server.open(options);
    const { port } = connect();
    host.onReceive = () => {
      throw new WebAssembly.RuntimeError('unreachable');
    };
    port.send('request');
    await settled();
    expect(port.texts()).toEqual(['end RuntimeError']);
    expect(events).toEqual(['flush', 'release']);
  });

  test('what is asked is answered, and an error keeps its type', async () => {
    expect(await server.ask('storage', [])).toMatchObject({ error: { name: 'ClosedError' } });
    await server.open(options);
    expect(await server.ask('storage', [])).toEqual({ value: INFO });
    expect(await server.ask('importRdb', [new Uint8Array(1)])).toMatchObject({
      error: { name: 'FormatError', message: 'no RDB file' },
    });
  });

  test('a store that is deleted may end its sessions: clients hear why all the same', async () => {
    await server.open(options);
    const { port } = connect();
    host.requests.deleteStore = async () => {
      for (const sink of host.sinks) sink.end();
      await settled();
    };
    await server.ask('deleteStore', []);
    expect(port.texts()).toEqual(['end ClosedError']);
  });

  test('a store can be looked at without being opened', async () => {
    const found = { quarantine: [], diagnosis: null };
    expect(await server.inspect('other')).toEqual({ value: found });
    expect(events).toEqual(['inspect other']);
  });

  test('a deleted store executes nothing more, and its lock is given up afterwards', async () => {
    await server.open(options);
    const { port } = connect();
    expect(await server.ask('deleteStore', [])).toEqual({ value: undefined });
    port.send('too late');
    expect(port.texts()).toEqual(['end ClosedError']);
    expect(events).toEqual(['delete', 'release']);
    expect(await server.ask('storage', [])).toMatchObject({ error: { name: 'ClosedError' } });
    expect(connect().outcome).toMatchObject({ error: { name: 'ClosedError' } });
  });

  test('after data were deleted from outside nothing is written, and clients may come anew', async () => {
    await server.open(options);
    const { port } = connect();
    fail(new StorageFault('wiped', 'the data was deleted'));
    await settled();
    expect(port.sent.map(({ message }) => message)).toEqual([
      { end: { name: 'StorageError', message: 'the data was deleted', cause: 'wiped' } },
    ]);
    expect(events).toEqual(['release']);
  });

  test('leaving gives up the lock at once, saves, and stops the worker', async () => {
    await server.open(options);
    expect(server.leave()).toEqual({ value: null });
    expect(events).toEqual(['close', 'release']);
    await settled();
    expect(events).toEqual(['close', 'release', 'stop']);
  });
});
