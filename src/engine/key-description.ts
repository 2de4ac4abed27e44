/**
 * What DEBUG OBJECT tells of a key, from the record of the core (assembly/commands/information.ts).
 */

/** The fields of the record of a list, which is the longest. */
export const KEY_FIELDS = 12;

/** Names of encodings by the number of type and encoding (assembly/values/kind.ts). */
const ENCODINGS = new Map([
  [0, 'int'],
  [8, 'embstr'],
  [1, 'quicklist'],
  [2, 'intset'],
  [10, 'hashtable'],
  [3, 'listpack'],
  [11, 'skiplist'],
  [4, 'listpack'],
  [12, 'hashtable'],
  [76, 'hashtable'],
  [6, 'stream'],
]);
const LIST = 1;
/** Names of types by the last three bits of that number. */
const TYPES = ['string', 'list', 'set', 'zset', 'hash', 'module', 'stream'];

/** What TYPE tells of a key, or null without such a key. */
export function keyType(record: Iterable<number>): string | null {
  const [present, , kind = 0] = record;
  return present ? (TYPES[kind & 7] ?? null) : null;
}

/** The line of DEBUG OBJECT, or null without such a key. */
export function keyDescription(record: Iterable<number>): string | null {
  const [present, address = 0, kind = 0, size, references, idle, clock, ...list] = record;
  if (!present) return null;
  const encoding = ENCODINGS.get(kind) ?? 'raw';
  return (
    `Value at:0x${address.toString(16)} refcount:${references} encoding:${encoding} ` +
    `serializedlength:${size} lru:${clock} lru_seconds_idle:${idle}` +
    (kind === LIST ? listDescription(list) : '')
  );
}

function listDescription(record: readonly number[]): string {
  const [nodes = 0, elements = 0, fill = 0, depth = 0, size = 0] = record;
  return (
    ` ql_nodes:${nodes} ql_avg_node:${twoDigits(elements / nodes)} ql_listpack_max:${fill}` +
    ` ql_compressed:${depth ? 1 : 0} ql_uncompressed_size:${size}`
  );
}

/** As printf's `%.2f`, which rounds what lies in the middle to the even digit. */
function twoDigits(value: number): string {
  const between = Number.isInteger(value * 8) && !Number.isInteger(value * 4);
  return (between ? Math.round(value * 50) / 50 : value).toFixed(2);
}
