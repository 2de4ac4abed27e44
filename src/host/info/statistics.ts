/** INFO stats, commandstats, errorstats and keyspace. */
import { COMMANDS } from '../../commands/table.js';
import { percentile, totalOf } from '../histogram.js';
import type { Host } from '../host.js';
import { sampleRates } from '../tasks.js';
import { type Section, zeros } from './section.js';

export function statisticsSection(host: Host): Section {
  sampleRates(host);
  const { pubsub, statistics, tracking } = host;
  const core = host.engine.statistics();
  return [
    ['total_connections_received', statistics.connections],
    ['total_commands_processed', core.commands],
    ['instantaneous_ops_per_sec', Math.round(statistics.commandRate.perSecond)],
    ...trafficFields(host),
    ['rejected_connections', statistics.rejectedConnections],
    ...zeros('sync_full', 'sync_partial_ok', 'sync_partial_err'),
    ['expired_keys', core.expired],
    ['expired_subkeys', core.expiredFields],
    ['expired_stale_perc', '0.00'],
    ['expired_time_cap_reached_count', statistics.expiryInterruptions],
    ['expire_cycle_cpu_milliseconds', Math.floor(statistics.expiryMs)],
    ['evicted_keys', 0],
    ['evicted_clients', statistics.evictedClients],
    ...zeros('total_eviction_exceeded_time', 'current_eviction_exceeded_time'),
    ['keyspace_hits', core.hits],
    ['keyspace_misses', core.misses],
    ['pubsub_channels', pubsub.channelCount],
    ['pubsub_patterns', pubsub.patternCount],
    ['pubsubshard_channels', pubsub.shardCount],
    ['latest_fork_usec', 0],
    ...zeros('total_forks', 'migrate_cached_sockets', 'slave_expires_tracked_keys'),
    ...zeros('active_defrag_hits', 'active_defrag_misses', 'active_defrag_key_hits'),
    ...zeros('active_defrag_key_misses', 'total_active_defrag_time', 'current_active_defrag_time'),
    ['tracking_total_keys', tracking.keyCount],
    ['tracking_total_items', tracking.items],
    ['tracking_total_prefixes', tracking.prefixCount],
    ['unexpected_error_replies', 0],
    ['total_error_replies', core.errors - statistics.coreErrorsBefore + statistics.errorReplies],
    ['dump_payload_sanitizations', 0],
    ['total_reads_processed', statistics.reads],
    ['total_writes_processed', statistics.writes],
    ...zeros('io_threaded_reads_processed', 'io_threaded_writes_processed'),
    ...zeros('reply_buffer_shrinks', 'reply_buffer_expands'),
  ];
}

function trafficFields({ statistics }: Host): Section {
  return [
    ['total_net_input_bytes', statistics.inputBytes],
    ['total_net_output_bytes', statistics.outputBytes],
    ...zeros('total_net_repl_input_bytes', 'total_net_repl_output_bytes'),
    ['instantaneous_input_kbps', (statistics.inputRate.perSecond / 1024).toFixed(2)],
    ['instantaneous_output_kbps', (statistics.outputRate.perSecond / 1024).toFixed(2)],
    ['instantaneous_input_repl_kbps', '0.00'],
    ['instantaneous_output_repl_kbps', '0.00'],
  ];
}

export function commandStatisticsSection(host: Host): Section {
  const fields: [string, string][] = [];
  for (const { id, name } of COMMANDS) {
    const statistics = host.engine.commandStatistics(id);
    const { calls, rejected, failed } = statistics;
    if (calls + rejected + failed === 0) continue;
    const counts = `rejected_calls=${rejected},failed_calls=${failed}`;
    const sum = Math.round(statistics.microseconds);
    const mean = (calls === 0 ? 0 : sum / calls).toFixed(2);
    fields.push([`cmdstat_${name}`, `calls=${calls},usec=${sum},usec_per_call=${mean},${counts}`]);
  }
  return fields;
}

/** Percentiles of what commands take, for each that has been called. */
export function latencyStatisticsSection(host: Host): Section {
  if (!host.config.flag('latency-tracking')) return [];
  const percents = host.config.text('latency-tracking-info-percentiles').split(' ');
  const wanted = percents.filter((percent) => percent !== '');
  const fields: [string, string][] = [];
  for (const { id, name } of COMMANDS) {
    if (host.engine.commandStatistics(id).calls === 0) continue;
    const histogram = host.engine.commandHistogram(id);
    if (totalOf(histogram) === 0) continue;
    const values = wanted.map(
      (percent) => `p${percent}=${percentile(histogram, Number(percent)).toFixed(3)}`,
    );
    fields.push([`latency_percentiles_usec_${name}`, values.join(',')]);
  }
  return fields;
}

export function errorStatisticsSection(host: Host): Section {
  const counts = host.engine.errorCounts();
  for (const [code, count] of host.statistics.errors) {
    counts.set(code, (counts.get(code) ?? 0) + count);
  }
  const errors = [...counts];
  errors.sort(([a], [b]) => (a < b ? -1 : 1));
  return errors.map(([code, count]) => [`errorstat_${code}`, `count=${count}`]);
}

export function keyspaceSection(host: Host): Section {
  const fields: [string, string][] = [];
  const databases = host.config.number('databases');
  const core = host.engine.statistics();
  for (let index = 0; index < databases; index++) {
    const keys = core.keys(index);
    if (keys === 0) continue;
    const times = `expires=${core.expires(index)},avg_ttl=${core.averageTtl(index)}`;
    fields.push([`db${index}`, `keys=${keys},${times}`]);
  }
  return fields;
}
