/** What a store takes of memory beside its data: INFO memory tells it, and MEMORY STATS. */
import { totalBytes } from './client-memory.js';
import type { Host } from './host.js';
import type { Session } from './session.js';

export interface DatabaseOverhead {
  readonly index: number;
  /** Bytes of the table of its keys. */
  readonly keys: number;
  /** Bytes of the tables of what has a deadline. */
  readonly deadlines: number;
}

export interface MemoryOverhead {
  /** What the core took before there was anything in it. */
  readonly startup: number;
  readonly clients: number;
  /** Effects that the journal has not kept yet. */
  readonly journal: number;
  /** The text of cached scripts and of functions. */
  readonly scripts: number;
  readonly databases: readonly DatabaseOverhead[];
  /** All of it. */
  readonly total: number;
}

/** What a store takes, in bytes. */
export interface MemoryUsage {
  readonly overhead: MemoryOverhead;
  /** Of the core's heap, and what clients, scripts and the journal take outside of it. */
  readonly used: number;
  readonly peak: number;
  /** Allocated in the core's heap. */
  readonly allocated: number;
  /** Size of the core's linear memory. */
  readonly reserved: number;
  /** Of the process, or the core if nothing else is known. */
  readonly resident: number;
}

export function memoryUsage(host: Host): MemoryUsage {
  const overhead = memoryOverhead(host);
  const { usedMemory: allocated, peakMemory, memoryBytes: reserved } = host.engine.statistics();
  const outside = overhead.clients + overhead.journal + overhead.scripts;
  const used = allocated + outside;
  const resident = Math.max(host.facts.residentMemory(), reserved + outside);
  return {
    overhead,
    used,
    peak: Math.max(peakMemory + outside, used),
    allocated,
    reserved,
    resident,
  };
}

export function memoryOverhead(host: Host): MemoryOverhead {
  const databases = overheadOfDatabases(host);
  const clients = bytesOfClients(host.sessions.values());
  const journal = waitingForStorage(host);
  const tables = databases.reduce((sum, { keys, deadlines }) => sum + keys + deadlines, 0);
  const startup = host.startupMemory;
  const scripts = host.scripts.codeBytes + host.scripts.libraries.codeBytes;
  const total = startup + clients + journal + scripts + tables;
  return { startup, clients, journal, scripts, databases, total };
}

/** Bytes that the journal has not kept yet. */
export function waitingForStorage({ storage }: Host): number {
  return storage === null ? 0 : Math.max(0, storage.position - storage.durablePosition);
}

function overheadOfDatabases({ config, engine }: Host): DatabaseOverhead[] {
  const core = engine.statistics();
  const found: DatabaseOverhead[] = [];
  for (let index = 0; index < config.number('databases'); index++) {
    if (core.keys(index) === 0) continue;
    found.push({ index, keys: core.tableBytes(index), deadlines: core.deadlineBytes(index) });
  }
  return found;
}

function bytesOfClients(sessions: Iterable<Session>): number {
  let bytes = 0;
  for (const session of sessions) bytes += totalBytes(session);
  return bytes;
}
