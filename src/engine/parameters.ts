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
} as const;

export type ParameterName = keyof typeof PARAMETERS;
