/**
 * The parameters that the core must know, by name. The numbers are those of `configure`
 * in assembly/index.ts and are append-only.
 */
export const PARAMETERS = {
  databases: 0,
  'memory-pages-max': 1,
  'max-bulk-length': 2,
  unauthenticated: 3,
  effects: 4,
  loading: 5,
  'active-expire': 6,
  /** For tests: the n-th reservation of memory from now fails. */
  'refuse-reservation': 7,
  /** 1 under an LFU policy, else 0. */
  'count-frequency': 8,
  'lfu-log-factor': 9,
  'lfu-decay-minutes': 10,
  /** Bytes from which on an element of a list gets a node of its own; 0 for the default. */
  'quicklist-packed-threshold': 11,
  /** `rdbcompression`: 1 unless strings of snapshots and of DUMP are to stay as they are. */
  'snapshot-compression': 12,
  /** From how many microseconds on a command ends with StopReason.Slow; below 0 none does. */
  'slow-microseconds': 13,
  /** 1 to keep histograms of what commands take. */
  'latency-tracking': 14,
  /** For tests, and only in a core that was built for them: the n-th step from now on traps. */
  'trap-after': 15,
  /** 1 during CLIENT PAUSE: what has expired is not seen, and stays. */
  'freeze-expiry': 20,
  /** 1 for clients whose commands are not to alter the access clock (CLIENT NO-TOUCH). */
  'no-touch': 21,
  /** The classes of keyspace events that are noted down: a bit each, see `eventClasses`. */
  notifications: 22,
  /** What is told beside keys of interest: 1 that a database was emptied, 2 all keys; or both. */
  follow: 23,
  // Limits of encodings, named as in the configuration.
  'hash-max-listpack-entries': 32,
  'hash-max-listpack-value': 33,
  'list-max-listpack-size': 34,
  'list-compress-depth': 35,
  'set-max-intset-entries': 36,
  'zset-max-listpack-entries': 37,
  'zset-max-listpack-value': 38,
  'stream-node-max-bytes': 39,
  'stream-node-max-entries': 40,
  'hll-sparse-max-bytes': 41,
} as const;

/** The first of the limits of encodings. */
const LIMITS_BEGIN = 32;

export type ParameterName = keyof typeof PARAMETERS;

/** Parameters of the configuration that the core takes as they are. */
export const LIMIT_NAMES = (Object.keys(PARAMETERS) as ParameterName[]).filter(
  (name) => PARAMETERS[name] >= LIMITS_BEGIN,
);
