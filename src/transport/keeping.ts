/** STAND-IN until host.persistence is there. */
import type { Host } from '../host/host.js';
import type { PersistenceEvent, StorageInfo } from '../resp/persistence.js';
import { isFault } from '../storage/errors.js';
import type { Storage } from '../storage/storage.js';

export function keepingOf(host: Host, storage: Storage, tell: (event: PersistenceEvent) => void) {
  storage.onState(({ kind, error }) => {
    if (isFault(error, 'wiped')) return tell({ state: 'wiped', message: error.message });
    tell(
      error === null
        ? { state: 'ok', message: 'what is written is kept again' }
        : { state: kind === 'full' ? 'full' : 'degraded', message: error.message },
    );
  });
  const info = (): StorageInfo => {
    const { report, facts, state, journals } = storage;
    return {
      ...facts,
      backend: report.backend,
      durability: host.config.text('appendfsync') as StorageInfo['durability'],
      appendOnly: journals,
      lastSaveAt: null,
      bytesLost: report.damaged?.bytesLost ?? 0,
      epoch: report.epoch,
      created: report.created,
      state: state.kind,
      reason: state.error?.message ?? report.reason,
    };
  };
  return {
    persistence: { info, destroy: () => storage.destroy() },
    snapshots: host.snapshots,
    executedIsDurable: () => host.executedIsDurable(),
  };
}
