/** The engine and the host in this very thread: no pipe, no process, only bytes in and out. */
import { randomFillSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { docsSource } from '../../src/commands/docs.js';
import { Engine } from '../../src/engine/engine.js';
import type { Clock } from '../../src/host/clock.js';
import { Host } from '../../src/host/host.js';
import { Connection, type Pipe, type PipeEvents } from './connection.js';
import type { Store } from './targets.js';

const DIST = new URL('../../dist/', import.meta.url);
const SEED_BYTES = 16;

let compiled: Promise<WebAssembly.Module> | null = null;

export interface InlineStore extends Store {
  readonly host: Host;
}

/** `clock` stands in for the system's, so that a case can let time pass. */
export async function openInline(clock?: Clock): Promise<InlineStore> {
  compiled ??= readFile(new URL('core.wasm', DIST)).then((bytes) => WebAssembly.compile(bytes));
  const module = await compiled;
  const host = await Host.open({
    engine: Engine.create(module, { seed: randomFillSync(new Uint8Array(SEED_BYTES)) }),
    storage: null,
    random: (bytes) => randomFillSync(bytes),
    config: { 'enable-debug-command': 'yes', save: '' },
    lua: () => readFile(new URL('lua.wasm', DIST)).then((bytes) => WebAssembly.compile(bytes)),
    docs: docsSource(() => readFile(new URL('command-docs.json', DIST), 'utf8')),
    ...(clock && { clock }),
  });
  let port = 50_000;
  return {
    host,
    connect: () => Connection.over((events) => openSession(host, `127.0.0.1:${port++}`, events)),
    close: () => host.close(),
  };
}

async function openSession(host: Host, address: string, events: PipeEvents): Promise<Pipe> {
  const sink = {
    write: (bytes: Uint8Array) => events.onBytes(Uint8Array.from(bytes)),
    end: () => events.onClose(),
  };
  const session = host.connect(sink, { address, localAddress: '127.0.0.1:0', kind: 'inline' });
  return {
    write: (bytes) => host.receive(session, bytes),
    close: () => host.disconnect(session),
  };
}
