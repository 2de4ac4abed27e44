/** Puts a store together in the worker: core, storage, host. */
import { docsSource } from '../commands/docs.js';
import { Engine } from '../engine/engine.js';
import { openHost } from '../host/open-host.js';
import type { Session } from '../host/session.js';
import { FencedError, LeaderLostError } from '../resp/errors.js';
import type { StoreNotice } from '../resp/persistence.js';
import { isFault } from '../storage/errors.js';
import { MemoryStorage } from '../storage/memory.js';
import { openStorage } from '../storage/open.js';
import { systemScheduler } from '../storage/scheduler.js';
import type { Durability, Storage } from '../storage/storage.js';
import { HostRequests } from '../transport/host-requests.js';
import { loadCore } from './load-core.js';
import type { StoreReport, WorkerOpenOptions } from './messages.js';
import type { OpenedStore } from './store-server.js';

/** Browsers that keep IndexedDB in LevelDB: a commit is safe there once it is written twice (F24). */
const LEVELDB = /Chrom(e|ium)\//;
const SEED_BYTES = 16;
const DURABILITIES: readonly string[] = ['always', 'everysec', 'no'];

export async function openStore(
  options: WorkerOpenOptions,
  hasLock: boolean,
  ended: (error: Error) => void,
  tell: (notice: StoreNotice) => void,
): Promise<OpenedStore<Session>> {
  // The storage is being opened while the core is on its way.
  const [core, storage] = await both(
    loadCore(options.wasmUrl ?? new URL('./core.wasm', import.meta.url).href),
    chooseStorage(options),
  );
  const engine = Engine.create(core.module, { seed: random(new Uint8Array(SEED_BYTES)) });
  const docs = docsSource(() => fetchText(new URL('./command-docs.json', import.meta.url)));
  const lua = async () => (await loadCore(luaAddress(options))).module;
  const opening = openHost({
    engine,
    storage,
    random,
    config: options.config,
    docs,
    lua,
    beforeLoad: (persistence) => {
      persistence.on((event) => tell({ persistence: event }));
      persistence.onProgress((progress) => tell({ progress }));
      persistence.onEnd((error) => ended(reasonOf(error, options.name)));
    },
  });
  const [host] = await both(opening, Promise.resolve(storage));
  storage.onState(({ error }) => {
    const isOver = error instanceof FencedError || isFault(error, 'wiped');
    if (isOver) ended(reasonOf(error, options.name));
  });
  const beginsToKeep = tellWhenKept(storage, tell);
  return {
    host: {
      connect: (sink, about) => host.connect(sink, about),
      receive: (session, bytes) => {
        host.receive(session, bytes);
        beginsToKeep();
      },
      disconnect: (session) => host.disconnect(session),
      requests: new HostRequests(host, tell),
      close: () => host.close(),
    },
    report: makeReport(storage, options.persistence, [
      core.warning,
      hasLock ? null : 'there are no Web Locks here: only storage guards against a second owner',
    ]),
  };
}

/** Why a store has ended, as its clients know it. */
function reasonOf(error: Error, name: string): Error {
  if (!(error instanceof FencedError)) return error;
  return new LeaderLostError(`Another tab took over the store '${name}'`, { cause: error });
}

/** To be called after each batch: says once that something was written since the store was opened. */
function tellWhenKept(storage: Storage, tell: (notice: StoreNotice) => void): () => void {
  let isTold = storage.report.backend === 'memory';
  return () => {
    if (isTold || storage.position === 0) return;
    isTold = true;
    tell({ kept: storage.position });
  };
}

function luaAddress({ luaUrl }: WorkerOpenOptions): string {
  return luaUrl ?? new URL('./lua.wasm', import.meta.url).href;
}

function chooseStorage(options: WorkerOpenOptions): Promise<Storage> {
  const { name, persistence, config, recover = 'refuse' } = options;
  const asked = config.appendfsync ?? 'everysec';
  const durability = (DURABILITIES.includes(asked) ? asked : 'everysec') as Durability;
  if (persistence === 'memory') {
    return Promise.resolve(new MemoryStorage(durability, 'asked for'));
  }
  const journals = config.appendonly !== 'no';
  const scheduler = systemScheduler;
  const isLevelDB = LEVELDB.test(navigator.userAgent);
  const care = { twice: isLevelDB, freshFiles: isLevelDB };
  return openStorage({ name, durability, scheduler, random, recover, journals, ...care });
}

function makeReport(
  storage: Storage,
  persistence: WorkerOpenOptions['persistence'],
  more: readonly (string | null)[],
): StoreReport {
  const { backend, created, epoch, frames, bytes, snapshotBytes, damaged, reason } = storage.report;
  const isKept = backend !== 'memory' || persistence === 'memory';
  const warnings = [isKept ? null : `nothing will be kept: ${reason}`, ...more];
  return {
    backend,
    created,
    epoch,
    frames,
    bytes,
    snapshotBytes,
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
