/** INFO about the program, its clients, its processor time, and replication. */
import type { Host } from '../host.js';
import { REDIS_VERSION } from '../version.js';
import type { Section } from './section.js';

const LRU_CLOCK_MAX = 2 ** 24;

export function serverSection(host: Host, now: number): Section {
  const { config, facts } = host;
  const uptime = Math.max(0, Math.floor((now - host.startedAt) / 1000));
  const hz = config.number('hz');
  return [
    ['redis_version', REDIS_VERSION],
    ['redis_git_sha1', '00000000'],
    ['redis_git_dirty', 0],
    ['redis_build_id', 0],
    ['redis_mode', 'standalone'],
    ['os', facts.os],
    ['arch_bits', facts.archBits],
    ['monotonic_clock', 'performance.now'],
    ['multiplexing_api', facts.multiplexing],
    ['atomicvar_api', 'none'],
    ['gcc_version', facts.compiler],
    ['process_id', facts.processId],
    ['process_supervised', supervision(config.text('supervised'))],
    ['run_id', host.runId],
    ['tcp_port', facts.port],
    ['server_time_usec', Math.floor(now * 1000)],
    ['uptime_in_seconds', uptime],
    ['uptime_in_days', Math.floor(uptime / 86400)],
    ['hz', hz],
    ['configured_hz', hz],
    ['lru_clock', Math.floor(now / 1000) % LRU_CLOCK_MAX],
    ['executable', facts.executable],
    ['config_file', facts.configFile],
    ['io_threads_active', 0],
  ];
}

/** By whom the process was told that it is supervised. */
function supervision(word: string): string {
  return word === 'auto' ? 'no' : word;
}

export function clientsSection(host: Host): Section {
  const now = host.clock.now();
  const postponed = [...host.sessions.values()].filter((session) => session.isPostponed);
  return [
    ['connected_clients', host.sessions.size],
    ['cluster_connections', 0],
    ['maxclients', host.config.number('maxclients')],
    ['client_recent_max_input_buffer', host.limits.inputPeak.most(now)],
    ['client_recent_max_output_buffer', host.limits.outputPeak.most(now)],
    ['blocked_clients', host.blocking.count + postponed.length],
    ['tracking_clients', host.tracking.clients],
    ['clients_in_timeout_table', host.blocking.timedCount],
  ];
}

export function replicationSection(host: Host): Section {
  return [
    ['role', 'master'],
    ['connected_slaves', 0],
    ['master_failover_state', 'no-failover'],
    ['master_replid', host.replicationId],
    ['master_replid2', '0'.repeat(40)],
    ['master_repl_offset', 0],
    ['second_repl_offset', -1],
    ['repl_backlog_active', 0],
    ['repl_backlog_size', host.config.number('repl-backlog-size')],
    ['repl_backlog_first_byte_offset', 0],
    ['repl_backlog_histlen', 0],
  ];
}

export function cpuSection(host: Host): Section {
  const { user, system } = host.facts.processorTime();
  return [
    ['used_cpu_sys', system.toFixed(6)],
    ['used_cpu_user', user.toFixed(6)],
    ['used_cpu_sys_children', '0.000000'],
    ['used_cpu_user_children', '0.000000'],
    ['used_cpu_sys_main_thread', system.toFixed(6)],
    ['used_cpu_user_main_thread', user.toFixed(6)],
  ];
}
