/** Puts a store together in the worker: core, storage, host. */
import { docsSource } from '../commands/docs.js';
import { Engine } from '../engine/engine.js';
import { openHost } from '../host/open-host.js';
import type { Session } from '../host/session.js';
import { FencedError, LeaderLostError } from '../resp/errors.js';
import { MemoryStorage } from '../storage/memory.js';
import { openStorage } from '../storage/open.js';
import { systemScheduler } from '../storage/scheduler.js';
import type { Durability, Storage } from '../storage/storage.js';
import { loadCore } from './load-core.js';
import type { StoreReport, WorkerOpenOptions } from './messages.js';
import type { OpenedStore } from './store-server.js';

const SEED_BYTES = 16;
const DURABILITIES: readonly string[] = ['always', 'everysec', 'no'];

export async function openStore(
  options: WorkerOpenOptions,
  hasLock: boolean,
  ended: (error: Error) => void,
): Promise<OpenedStore<Session>> {
  // The storage is being opened while the core is on its way.
  const [core, storage] = await both(
    loadCore(options.wasmUrl ?? new URL('./core.wasm', import.meta.url).href),
    chooseStorage(options),
  );
  const engine = Engine.create(core.module, { seed: random(new Uint8Array(SEED_BYTES)) });
  const docs = docsSource(() => fetchText(new URL('./command-docs.json', import.meta.url)));
  const lua = async () => (await loadCore(luaAddress(options))).module;
  const opening = openHost({ engine, storage, random, config: options.config, docs, lua });
  const [host] = await both(opening, Promise.resolve(storage));
  storage.onState(({ error }) => {
    if (!(error instanceof FencedError)) return;
    ended(
      new LeaderLostError(`Another tab took over the store '${options.name}'`, { cause: error }),
    );
  });
  return {
    host: {
      connect: (sink, about) => host.connect(sink, about),
      receive: (session, bytes) => host.receive(session, bytes),
      disconnect: (session) => host.disconnect(session),
      flush: () => host.executedIsDurable(),
      close: () => host.close(),
    },
    report: makeReport(storage, options.persistence, [
      core.warning,
      hasLock ? null : 'there are no Web Locks here: only storage guards against a second owner',
    ]),
  };
}

function luaAddress({ luaUrl }: WorkerOpenOptions): string {
  return luaUrl ?? new URL('./lua.wasm', import.meta.url).href;
}

function chooseStorage({ name, persistence, config }: WorkerOpenOptions): Promise<Storage> {
  const asked = config.appendfsync ?? 'everysec';
  const durability = (DURABILITIES.includes(asked) ? asked : 'everysec') as Durability;
  if (persistence === 'memory') {
    return Promise.resolve(new MemoryStorage(durability, 'asked for'));
  }
  return openStorage({ name, durability, scheduler: systemScheduler, random });
}

function makeReport(
  storage: Storage,
  persistence: WorkerOpenOptions['persistence'],
  more: readonly (string | null)[],
): StoreReport {
  const { backend, epoch, frames, bytes, damaged, reason } = storage.report;
  const isKept = backend !== 'memory' || persistence === 'memory';
  const warnings = [isKept ? null : `nothing will be kept: ${reason}`, ...more];
  return {
    backend,
    epoch,
    frames,
    bytes,
    damaged,
    warnings: warnings.filter((warning) => warning !== null),
  };
}

/** Both results; if one fails, the storage does not stay open. */
async function both<T>(other: Promise<T>, storage: Promise<Storage>): Promise<[T, Storage]> {
  try {
    return await Promise.all([other, storage]);
  } catch (error) {
    void storage.then((opened) => opened.close()).catch(() => undefined);
    throw error;
  }
}

/** Only COMMAND DOCS wants it, so it is not fetched before that. */
async function fetchText(url: URL): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} was answered with status ${response.status}`);
  return response.text();
}

function random(bytes: Uint8Array): Uint8Array {
  return crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
}
