/**
 * Command flags: what a command may do and when it may run.
 *
 * All but the last five are Redis's, in the order in which COMMAND INFO names them. Those say
 * how a command is executed here and never reach a client. scripts/generate-table.ts copies the same
 * bits into the core.
 */

export enum CommandFlag {
  WRITE = 1 << 0,
  READONLY = 1 << 1,
  DENYOOM = 1 << 2,
  ADMIN = 1 << 3,
  PUBSUB = 1 << 4,
  NOSCRIPT = 1 << 5,
  BLOCKING = 1 << 6,
  LOADING = 1 << 7,
  STALE = 1 << 8,
  SKIP_MONITOR = 1 << 9,
  SKIP_SLOWLOG = 1 << 10,
  ASKING = 1 << 11,
  FAST = 1 << 12,
  NO_AUTH = 1 << 13,
  NO_MANDATORY_KEYS = 1 << 14,
  NO_ASYNC_LOADING = 1 << 15,
  NO_MULTI = 1 << 16,
  /** Some keys cannot be found by first, last and step; derived from the key specs. */
  MOVABLE_KEYS = 1 << 17,
  ALLOW_BUSY = 1 << 18,

  /** Replicas are to repeat it although it is no write. */
  MAY_REPLICATE = 1 << 23,

  /** The host executes it: the core stops and hands it over. */
  HOST = 1 << 24,
  /** A fact only: executing it answers that it is not implemented yet. */
  LATER = 1 << 25,
  /** Has subcommands; the first argument chooses one. */
  CONTAINER = 1 << 26,
  /** May take long: the core times each call on its own (assembly/commands/timing.ts). */
  TIMED = 1 << 27,
}

/** The flags that clients see, each with Redis's word for it, in Redis's order. */
export const FLAG_WORDS: readonly (readonly [CommandFlag, string])[] = [
  [CommandFlag.WRITE, 'write'],
  [CommandFlag.READONLY, 'readonly'],
  [CommandFlag.DENYOOM, 'denyoom'],
  [CommandFlag.ADMIN, 'admin'],
  [CommandFlag.PUBSUB, 'pubsub'],
  [CommandFlag.NOSCRIPT, 'noscript'],
  [CommandFlag.BLOCKING, 'blocking'],
  [CommandFlag.LOADING, 'loading'],
  [CommandFlag.STALE, 'stale'],
  [CommandFlag.SKIP_MONITOR, 'skip_monitor'],
  [CommandFlag.SKIP_SLOWLOG, 'skip_slowlog'],
  [CommandFlag.ASKING, 'asking'],
  [CommandFlag.FAST, 'fast'],
  [CommandFlag.NO_AUTH, 'no_auth'],
  [CommandFlag.NO_MANDATORY_KEYS, 'no_mandatory_keys'],
  [CommandFlag.NO_ASYNC_LOADING, 'no_async_loading'],
  [CommandFlag.NO_MULTI, 'no_multi'],
  [CommandFlag.MOVABLE_KEYS, 'movablekeys'],
  [CommandFlag.ALLOW_BUSY, 'allow_busy'],
];

/** Those that only the table knows. */
const HIDDEN_WORDS: readonly (readonly [CommandFlag, string])[] = [
  [CommandFlag.MAY_REPLICATE, 'may_replicate'],
];

const BITS: ReadonlyMap<string, CommandFlag> = new Map(
  [...FLAG_WORDS, ...HIDDEN_WORDS].map((entry) => [entry[1], entry[0]]),
);

/** The bits of flag words, or throws: a word that is not a flag is a bug in the table. */
export function flagBits(words: readonly string[]): number {
  return words.reduce((bits, word) => {
    const bit = BITS.get(word);
    if (bit === undefined) throw new Error(`'${word}' is not a command flag`);
    return bits | bit;
  }, 0);
}

/** The words of the flags that clients see, in Redis's order. */
export function flagWords(bits: number): string[] {
  return FLAG_WORDS.filter(([bit]) => bits & bit).map(([, word]) => word);
}
