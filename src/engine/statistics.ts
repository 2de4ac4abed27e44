/**
 * What the core counts, read from its records of f64 (assembly/commands/information.ts).
 */

export interface EngineStatistics {
  /** Bytes in allocated blocks of the core's heap. */
  readonly usedMemory: number;
  /** The most that `usedMemory` has been. */
  readonly peakMemory: number;
  /** Size of the core's linear memory in bytes. */
  readonly memoryBytes: number;
  readonly hits: number;
  readonly misses: number;
  /** Keys that ended because their time had come. */
  readonly expired: number;
  /** Commands that were executed, the host's included. */
  readonly commands: number;
  /** Error replies that the core wrote. */
  readonly errors: number;
  /** Changes to the data, as Redis counts them for its save rules. */
  readonly changes: number;
  /** Fields of hashes that ended because their time had come. */
  readonly expiredFields: number;
  keys(database: number): number;
  /** Keys that have a deadline. */
  expires(database: number): number;
  /** Mean time to live of a sample of the volatile keys, in milliseconds. */
  averageTtl(database: number): number;
  /** Bytes of the hash table of its keys, without the keys. */
  tableBytes(database: number): number;
  /** Bytes of the tables of what has a deadline. */
  deadlineBytes(database: number): number;
}

export interface CommandStatistics {
  readonly calls: number;
  /** Refused before they ran: wrong arity, no memory. */
  readonly rejected: number;
  /** Answered with an error. */
  readonly failed: number;
  /** What all calls took together. */
  readonly microseconds: number;
}

/** Counts in a histogram of durations: assembly/commands/timing.ts draws it. */
export const HISTOGRAM_BUCKETS = 96;

/** The fields of the store's record, in its order. */
export const STORE_FIELDS = [
  'usedMemory',
  'peakMemory',
  'memoryBytes',
  'hits',
  'misses',
  'expired',
  'commands',
  'errors',
  'changes',
  'expiredFields',
] as const;
