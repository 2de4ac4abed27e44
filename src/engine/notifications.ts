/**
 * Keyspace events as the core notes them down: their classes and names, in the order of the
 * numbers in assembly/keyspace/notifications.ts. An event is class * 32 + its place here.
 */

/** Letters of `notify-keyspace-events`, by class. */
const CLASSES = 'g$lshzxetmn';
const ALL = 'g$lshzxet';

const NAMES: readonly (readonly string[])[] = [
  'del expire persist rename_from rename_to move_from move_to copy_to restore',
  'set append setrange incrby incrbyfloat setbit pfadd',
  'lpush rpush lpop rpop lset linsert lrem ltrim sortstore',
  'sadd srem spop sinterstore sunionstore sdiffstore',
  'hset hdel hincrby hincrbyfloat hexpire hpersist hexpired',
  'zadd zincr zrem zremrangebyrank zremrangebyscore zremrangebylex zpopmin zpopmax ' +
    'zunionstore zinterstore zdiffstore zrangestore georadiusstore geosearchstore',
  'expired',
  'evicted',
  'xadd xtrim xdel xsetid xgroup-create xgroup-setid xgroup-destroy ' +
    'xgroup-createconsumer xgroup-delconsumer',
  'keymiss',
  'new',
].map((names) => names.split(' '));

/** What has become of a key. */
export interface KeyspaceEvent {
  /** As Redis names it: `set`, `expired`. */
  readonly event: string;
  readonly database: number;
  readonly key: Uint8Array;
}

const CLASS_SHIFT = 5;
const HEAD_BYTES = 12;

/** Reads the notes of the core. The events do not keep `bytes`. */
export function decodeEvents(bytes: Uint8Array): KeyspaceEvent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const events: KeyspaceEvent[] = [];
  for (let at = 0; at < bytes.length; ) {
    const begin = at + HEAD_BYTES;
    const end = begin + view.getUint32(at + 8, true);
    const event = nameOf(view.getUint32(at, true));
    events.push({ event, database: view.getUint32(at + 4, true), key: bytes.slice(begin, end) });
    at = end;
  }
  return events;
}

/**
 * The value of the parameter `notifications` for classes given as letters, `A` for those that
 * Redis means by it; others are passed over.
 */
export function eventClasses(flags: string): number {
  const letters = flags.replace('A', ALL);
  return [...CLASSES].reduce((bits, letter, at) => bits | (+letters.includes(letter) << at), 0);
}

function nameOf(event: number): string {
  return NAMES[event >> CLASS_SHIFT]?.[event & ((1 << CLASS_SHIFT) - 1)] ?? '';
}
