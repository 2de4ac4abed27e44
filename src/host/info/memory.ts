/** INFO memory. The allocator is the core's: what it holds is its linear memory. */
import type { Host } from '../host.js';
import { type MemoryOverhead, type MemoryUsage, memoryUsage } from '../memory-overhead.js';
import { humanSize, percent, ratio, type Section, zeros } from './section.js';

export function memorySection(host: Host): Section {
  const usage = memoryUsage(host);
  return [
    ...usedFields(usage),
    ...machineFields(host),
    ...scriptFields(host),
    ...limitFields(host),
    ...ratioFields(usage),
    ...bufferFields(usage.overhead),
    ['mem_allocator', 'redstart'],
    ...zeros('active_defrag_running', 'lazyfree_pending_objects', 'lazyfreed_objects'),
  ];
}

function usedFields({ allocated, overhead, used, peak, reserved, resident }: MemoryUsage): Section {
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
    ['allocator_allocated', allocated],
    ['allocator_active', reserved],
    ['allocator_resident', reserved],
  ];
}

function machineFields({ facts }: Host): Section {
  return [
    ['total_system_memory', facts.totalMemory],
    ['total_system_memory_human', humanSize(facts.totalMemory)],
  ];
}

/** A Lua machine has a linear memory of its own. */
function scriptFields({ scripts }: Host): Section {
  const { libraries } = scripts;
  const [evaluating, functions] = [scripts.memoryOf('script'), scripts.memoryOf('function')];
  const code = scripts.codeBytes + libraries.codeBytes;
  return [
    ['used_memory_lua', evaluating],
    ['used_memory_vm_eval', evaluating],
    ['used_memory_lua_human', humanSize(evaluating)],
    ['used_memory_scripts_eval', scripts.codeBytes],
    ['number_of_cached_scripts', scripts.size],
    ['number_of_functions', libraries.functionCount],
    ['number_of_libraries', libraries.size],
    ['used_memory_vm_functions', functions],
    ['used_memory_vm_total', evaluating + functions],
    ['used_memory_vm_total_human', humanSize(evaluating + functions)],
    ['used_memory_functions', libraries.codeBytes],
    ['used_memory_scripts', code],
    ['used_memory_scripts_human', humanSize(code)],
  ];
}

function limitFields({ config }: Host): Section {
  const limit = config.number('maxmemory');
  return [
    ['maxmemory', limit],
    ['maxmemory_human', humanSize(limit)],
    ['maxmemory_policy', config.text('maxmemory-policy')],
  ];
}

function ratioFields({ allocated, used, reserved, resident }: MemoryUsage): Section {
  return [
    ['allocator_frag_ratio', ratio(reserved, allocated)],
    ['allocator_frag_bytes', reserved - allocated],
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
