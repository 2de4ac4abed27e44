/** MEMORY: what the store takes, as a whole. (MEMORY USAGE of one key is the core's.) */
import type { CommandContext, Handlers } from '../context.js';
import type { Host } from '../host.js';
import { humanSize } from '../info/section.js';
import { memoryOverhead } from '../memory-overhead.js';
import { helpReply } from './help.js';

export const MEMORY: Handlers = {
  'memory|doctor': doctor,
  'memory|help': help,
  'memory|malloc-stats': allocatorStatistics,
  'memory|purge': purge,
  'memory|stats': stats,
};

/** Below this there is nothing to judge. */
const SMALL_BYTES = 5 * 1024 * 1024;
const PEAK_RATIO = 1.5;
const WASTE_RATIO = 1.4;
const WASTE_BYTES = 10 * 1024 * 1024;
const CLIENT_BYTES = 200 * 1024;

interface Usage {
  readonly used: number;
  readonly peak: number;
  /** Size of the core's linear memory. */
  readonly reserved: number;
  /** Of the process. */
  readonly resident: number;
}

function usageOf(host: Host): Usage {
  const { usedMemory: used, peakMemory, memoryBytes: reserved } = host.engine.statistics();
  const resident = Math.max(host.facts.residentMemory(), reserved);
  return { used, peak: Math.max(peakMemory, used), reserved, resident };
}

function stats({ host, reply }: CommandContext): void {
  const { used, peak, reserved, resident } = usageOf(host);
  const { startup, clients, journal, databases, total } = memoryOverhead(host);
  const core = host.engine.statistics();
  const keys = databases.reduce((sum, { index }) => sum + core.keys(index), 0);
  const data = Math.max(0, used - total);
  const grown = Math.max(0, used - startup);
  const integer = (name: string, value: number) => {
    reply.bulk(name);
    reply.integer(Math.round(value));
  };
  const double = (name: string, value: number) => {
    reply.bulk(name);
    reply.double(value);
  };
  reply.map(27 + databases.length);
  integer('peak.allocated', peak);
  integer('total.allocated', used);
  integer('startup.allocated', startup);
  integer('replication.backlog', 0);
  integer('clients.slaves', 0);
  integer('clients.normal', clients);
  integer('cluster.links', 0);
  integer('aof.buffer', journal);
  integer('lua.caches', 0);
  integer('functions.caches', 0);
  for (const { index, keys: table, deadlines } of databases) {
    reply.bulk(`db.${index}`);
    reply.map(3);
    integer('overhead.hashtable.main', table);
    integer('overhead.hashtable.expires', deadlines);
    integer('overhead.hashtable.slot-to-keys', 0);
  }
  integer('overhead.total', total);
  integer('keys.count', keys);
  integer('keys.bytes-per-key', keys === 0 ? 0 : Math.floor(grown / keys));
  integer('dataset.bytes', data);
  double('dataset.percentage', grown === 0 ? 0 : (data * 100) / grown);
  double('peak.percentage', (used * 100) / peak);
  integer('allocator.allocated', used);
  integer('allocator.active', reserved);
  integer('allocator.resident', reserved);
  double('allocator-fragmentation.ratio', reserved / used);
  integer('allocator-fragmentation.bytes', reserved - used);
  double('allocator-rss.ratio', 1);
  integer('allocator-rss.bytes', 0);
  double('rss-overhead.ratio', resident / reserved);
  integer('rss-overhead.bytes', resident - reserved);
  double('fragmentation', resident / used);
  integer('fragmentation.bytes', resident - used);
}

function doctor({ host, reply }: CommandContext): void {
  reply.verbatim('txt', `${findings(host).join('\n')}\n`);
}

function findings(host: Host): string[] {
  const { used, peak, reserved } = usageOf(host);
  const { clients } = memoryOverhead(host);
  if (used < SMALL_BYTES) {
    return [
      'This store is empty or nearly so: there is nothing to judge about its memory. Ask again ' +
        'once it holds some data.',
    ];
  }
  const found: string[] = [];
  if (peak > used * PEAK_RATIO) {
    found.push(
      `* Peak: the store has held ${humanSize(peak)}, now it holds ${humanSize(used)}. The memory ` +
        'of WebAssembly never gets smaller; what is free in it is used again. A store that is ' +
        'opened anew starts small.',
    );
  }
  if (reserved > used * WASTE_RATIO && reserved - used > WASTE_BYTES) {
    found.push(
      `* Free memory: ${humanSize(reserved - used)} of ${humanSize(reserved)} are free. They are ` +
        'filled before the memory grows again.',
    );
  }
  if (host.sessions.size > 0 && clients / host.sessions.size > CLIENT_BYTES) {
    found.push(
      '* Clients: requests of clients that are not complete yet take much memory. Send large ' +
        'values in one piece, or split them.',
    );
  }
  return found.length > 0 ? found : ['No trouble was found with the memory of this store.'];
}

/** There are no pages to give back: linear memory only grows. */
function purge({ reply }: CommandContext): void {
  reply.simple('OK');
}

function allocatorStatistics({ host, reply }: CommandContext): void {
  const { used, peak, reserved } = usageOf(host);
  reply.verbatim(
    'txt',
    [
      '___ Allocator of Redstart ___',
      `Allocated: ${used}`,
      `Most ever allocated: ${peak}`,
      `Linear memory: ${reserved}, in ${reserved / 65536} pages of 64 KiB`,
      `Free in it: ${reserved - used}`,
      '',
    ].join('\n'),
  );
}

function help({ reply }: CommandContext): void {
  helpReply(reply, 'MEMORY', [
    'DOCTOR',
    '    Return memory problems reports.',
    'MALLOC-STATS',
    '    Return internal statistics report from the memory allocator.',
    'PURGE',
    '    Attempt to purge dirty pages for reclamation by the allocator.',
    'STATS',
    '    Return information about the memory usage of the server.',
    'USAGE <key> [SAMPLES <count>]',
    '    Return memory in bytes used by <key> and its value. Nested values are',
    '    sampled up to <count> times (default: 5, 0 means sample all).',
  ]);
}
