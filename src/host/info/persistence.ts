/** INFO persistence, and what only we have to tell: where the data is kept, if it is. */
import type { Host } from '../host.js';
import { waitingForStorage } from '../memory-overhead.js';
import type { SaveFigures } from '../persistence/saves.js';
import { REDSTART_VERSION } from '../version.js';
import type { Section } from './section.js';

const KEPT = { true: 'ok', false: 'err' } as const;

export function persistenceSection(host: Host, now: number): Section {
  const { saves } = host.persistence;
  const { base, dump } = saves;
  const isSaving = dump.startedAt !== null || base.startedAt !== null;
  return [
    ['loading', 0],
    ['async_loading', host.snapshots.loading === null ? 0 : 1],
    ['current_cow_peak', 0],
    ['current_cow_size', 0],
    ['current_cow_size_age', 0],
    ['current_fork_perc', '0.00'],
    ['current_save_keys_processed', 0],
    ['current_save_keys_total', isSaving ? saves.keysTotal : 0],
    ['rdb_changes_since_last_save', saves.changes],
    ['rdb_bgsave_in_progress', dump.startedAt === null ? 0 : 1],
    ['rdb_last_save_time', Math.floor(saves.lastSaveAt / 1000)],
    ['rdb_last_bgsave_status', statusOf(dump)],
    ['rdb_last_bgsave_time_sec', dump.lastSeconds],
    ['rdb_current_bgsave_time_sec', secondsOf(dump, now)],
    ['rdb_saves', dump.count],
    ['rdb_last_cow_size', 0],
    ['rdb_last_load_keys_expired', 0],
    ['rdb_last_load_keys_loaded', saves.loadedKeys],
    ['aof_enabled', hasJournal(host) ? 1 : 0],
    ['aof_rewrite_in_progress', base.startedAt === null ? 0 : 1],
    ['aof_rewrite_scheduled', base.isScheduled ? 1 : 0],
    ['aof_last_rewrite_time_sec', base.lastSeconds],
    ['aof_current_rewrite_time_sec', secondsOf(base, now)],
    ['aof_last_bgrewrite_status', statusOf(base)],
    ['aof_rewrites', base.count],
    ['aof_rewrites_consecutive_failures', base.failures],
    ['aof_last_write_status', hasJournal(host) ? journalStatus(host) : 'ok'],
    ['aof_last_cow_size', 0],
    ['module_fork_in_progress', 0],
    ['module_fork_last_cow_size', 0],
    ...(hasJournal(host) ? journalFields(host) : []),
    ...loadingFields(host, now),
  ];
}

function statusOf({ isOk }: SaveFigures): string {
  return KEPT[`${isOk}`];
}

/** How long it has been under way; -1 if it is not. */
function secondsOf({ startedAt }: SaveFigures, now: number): number {
  return startedAt === null ? -1 : Math.max(0, Math.floor((now - startedAt) / 1000));
}

function journalStatus({ storage }: Host): string {
  return KEPT[`${storage?.state.kind === 'ok'}`];
}

/** As Redis tells them while its AOF is on. */
function journalFields(host: Host): Section {
  const { journalBytes, snapshotBytes } = host.persistence.info();
  return [
    ['aof_current_size', snapshotBytes + journalBytes],
    ['aof_base_size', snapshotBytes],
    ['aof_pending_rewrite', 0],
    ['aof_buffer_length', waitingForStorage(host)],
    ['aof_pending_bio_fsync', 0],
    ['aof_delayed_fsync', 0],
  ];
}

/** While a file takes the place of all data. */
function loadingFields({ snapshots: { loading } }: Host, now: number): Section {
  if (loading === null) return [];
  const { loadedBytes, startedAt, totalBytes, usedMemoryBefore } = loading;
  const share = totalBytes === 0 ? 1 : loadedBytes / totalBytes;
  const elapsed = Math.max(0, now - startedAt) / 1000;
  return [
    ['loading_start_time', Math.floor(startedAt / 1000)],
    ['loading_total_bytes', totalBytes],
    ['loading_rdb_used_mem', usedMemoryBefore],
    ['loading_loaded_bytes', loadedBytes],
    ['loading_loaded_perc', (share * 100).toFixed(2)],
    ['loading_eta_seconds', share === 0 ? 1 : Math.floor((elapsed * (1 - share)) / share)],
  ];
}

export function redstartSection(host: Host): Section {
  const info = host.persistence.info();
  return [
    ['redstart_version', REDSTART_VERSION],
    ['redstart_storage', host.report?.backend ?? 'none'],
    ['redstart_storage_state', info.state],
    ['redstart_durable', host.persistence.isKept ? 'yes' : 'no'],
    ['redstart_generation', info.generation],
    ['redstart_epoch', info.epoch],
    ['redstart_bytes_lost', info.bytesLost],
    ['redstart_snapshot_bytes', info.snapshotBytes],
    ['redstart_journal_bytes', host.storage?.position ?? 0],
    ['redstart_journal_bytes_durable', host.storage?.durablePosition ?? 0],
    ['redstart_restarts', host.persistence.recovery.restarts],
  ];
}

/** Whether there is a journal that outlives the program. */
function hasJournal({ persistence, storage }: Host): boolean {
  return persistence.isKept && storage?.journals === true;
}
