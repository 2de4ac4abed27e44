/** INFO persistence, and what only we have to tell: where the data is kept, if it is. */
import type { Host } from '../host.js';
import { waitingForStorage } from '../memory-overhead.js';
import { REDSTART_VERSION } from '../version.js';
import type { Section } from './section.js';

export function persistenceSection(host: Host): Section {
  const kept = keeps(host);
  return [
    ['loading', 0],
    ['async_loading', 0],
    ['current_cow_peak', 0],
    ['current_cow_size', 0],
    ['current_cow_size_age', 0],
    ['current_fork_perc', '0.00'],
    ['current_save_keys_processed', 0],
    ['current_save_keys_total', 0],
    ['rdb_changes_since_last_save', host.engine.statistics().changes],
    ['rdb_bgsave_in_progress', 0],
    ['rdb_last_save_time', Math.floor(host.startedAt / 1000)],
    ['rdb_last_bgsave_status', 'ok'],
    ['rdb_last_bgsave_time_sec', -1],
    ['rdb_current_bgsave_time_sec', -1],
    ['rdb_saves', 0],
    ['rdb_last_cow_size', 0],
    ['rdb_last_load_keys_expired', 0],
    ['rdb_last_load_keys_loaded', 0],
    ['aof_enabled', kept ? 1 : 0],
    ['aof_rewrite_in_progress', 0],
    ['aof_rewrite_scheduled', 0],
    ['aof_last_rewrite_time_sec', -1],
    ['aof_current_rewrite_time_sec', -1],
    ['aof_last_bgrewrite_status', 'ok'],
    ['aof_rewrites', 0],
    ['aof_rewrites_consecutive_failures', 0],
    ['aof_last_write_status', host.refusal === null ? 'ok' : 'err'],
    ['aof_last_cow_size', 0],
    ['module_fork_in_progress', 0],
    ['module_fork_last_cow_size', 0],
    ...(kept ? journalFields(host) : []),
  ];
}

/** As Redis tells them while its AOF is on. The journal has no base to be rewritten from. */
function journalFields(host: Host): Section {
  return [
    ['aof_current_size', host.storage?.position ?? 0],
    ['aof_base_size', 0],
    ['aof_pending_rewrite', 0],
    ['aof_buffer_length', waitingForStorage(host)],
    ['aof_pending_bio_fsync', 0],
    ['aof_delayed_fsync', 0],
  ];
}

export function redstartSection(host: Host): Section {
  return [
    ['redstart_version', REDSTART_VERSION],
    ['redstart_storage', host.report?.backend ?? 'none'],
    ['redstart_durable', keeps(host) ? 'yes' : 'no'],
    ['redstart_journal_bytes', host.storage?.position ?? 0],
    ['redstart_journal_bytes_durable', host.storage?.durablePosition ?? 0],
  ];
}

/** Whether anything outlives the program. */
function keeps(host: Host): boolean {
  return host.report !== null && host.report.backend !== 'memory';
}
