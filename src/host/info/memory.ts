/** INFO memory. The allocator is the core's: what it holds is its linear memory. */
import type { Host } from '../host.js';
import { type MemoryOverhead, memoryOverhead } from '../memory-overhead.js';
import { humanSize, percent, ratio, type Section, zeros } from './section.js';

interface Usage {
  readonly overhead: MemoryOverhead;
  /** Bytes of the data set. */
  readonly used: number;
  readonly peak: number;
  /** Size of the core's linear memory. */
  readonly reserved: number;
  /** Of the process. */
  readonly resident: number;
}

export function memorySection(host: Host): Section {
  const { usedMemory: used, peakMemory, memoryBytes: reserved } = host.engine.statistics();
  const resident = Math.max(host.facts.residentMemory(), reserved);
  const overhead = memoryOverhead(host);
  const usage = { overhead, used, peak: Math.max(peakMemory, used), reserved, resident };
  return [
    ...usedFields(usage),
    ...machineFields(host),
    ...ratioFields(usage),
    ...bufferFields(overhead),
    ['mem_allocator', 'redstart'],
    ...zeros('active_defrag_running', 'lazyfree_pending_objects', 'lazyfreed_objects'),
  ];
}

function usedFields({ overhead, used, peak, reserved, resident }: Usage): Section {
  const data = Math.max(0, used - overhead.total);
  return [
    ['used_memory', used],
    ['used_memory_human', humanSize(used)],
    ['used_memory_rss', resident],
    ['used_memory_rss_human', humanSize(resident)],
    ['used_memory_peak', peak],
    ['used_memory_peak_human', humanSize(peak)],
    ['used_memory_peak_perc', percent(used, peak)],
    ['used_memory_overhead', overhead.total],
    ['used_memory_startup', overhead.startup],
    ['used_memory_dataset', data],
    ['used_memory_dataset_perc', percent(data, used - overhead.startup)],
    ['allocator_allocated', used],
    ['allocator_active', reserved],
    ['allocator_resident', reserved],
  ];
}

function machineFields({ config, facts }: Host): Section {
  const limit = config.number('maxmemory');
  return [
    ['total_system_memory', facts.totalMemory],
    ['total_system_memory_human', humanSize(facts.totalMemory)],
    ...zeros('used_memory_lua', 'used_memory_vm_eval'),
    ['used_memory_lua_human', '0B'],
    ...zeros('used_memory_scripts_eval', 'number_of_cached_scripts', 'number_of_functions'),
    ...zeros('number_of_libraries', 'used_memory_vm_functions', 'used_memory_vm_total'),
    ['used_memory_vm_total_human', '0B'],
    ...zeros('used_memory_functions', 'used_memory_scripts'),
    ['used_memory_scripts_human', '0B'],
    ['maxmemory', limit],
    ['maxmemory_human', humanSize(limit)],
    ['maxmemory_policy', config.text('maxmemory-policy')],
  ];
}

function ratioFields({ used, reserved, resident }: Usage): Section {
  return [
    ['allocator_frag_ratio', ratio(reserved, used)],
    ['allocator_frag_bytes', reserved - used],
    ['allocator_rss_ratio', '1.00'],
    ['allocator_rss_bytes', 0],
    ['rss_overhead_ratio', ratio(resident, reserved)],
    ['rss_overhead_bytes', resident - reserved],
    ['mem_fragmentation_ratio', ratio(resident, used)],
    ['mem_fragmentation_bytes', resident - used],
  ];
}

function bufferFields({ clients, journal }: MemoryOverhead): Section {
  return [
    ['mem_not_counted_for_evict', journal],
    ...zeros('mem_replication_backlog', 'mem_total_replication_buffers', 'mem_clients_slaves'),
    ['mem_clients_normal', clients],
    ['mem_cluster_links', 0],
    ['mem_aof_buffer', journal],
  ];
}
