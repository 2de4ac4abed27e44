/**
 * What COMMAND INFO tells beside the table's facts: tips for proxies and cluster clients, and
 * notes on key specs. Nothing in the store depends on them.
 */

const TIP_GROUPS: readonly (readonly [tips: string, names: string])[] = [
  [
    'nondeterministic_output',
    'client|info client|list cluster|bumpepoch cluster|count-failure-reports ' +
      'cluster|getkeysinslot cluster|info cluster|links cluster|nodes cluster|replicas ' +
      'cluster|shards cluster|slaves cluster|slots dump hrandfield hscan lastsave migrate ' +
      'object|encoding object|freq object|idletime object|refcount pttl spop srandmember sscan ' +
      'time ttl xadd xautoclaim xclaim xinfo|consumers xpending xtrim zrandmember zscan',
  ],
  [
    'nondeterministic_output request_policy:all_nodes response_policy:special',
    'latency|doctor latency|graph latency|histogram latency|history latency|latest',
  ],
  [
    'nondeterministic_output request_policy:all_shards response_policy:special',
    'function|stats info memory|doctor memory|malloc-stats memory|stats',
  ],
  ['nondeterministic_output request_policy:special', 'scan'],
  [
    'nondeterministic_output_order',
    'command command|docs command|info command|list function|list hgetall hkeys hvals ' +
      'module|list sdiff sinter smembers sunion',
  ],
  ['request_policy:all_nodes nondeterministic_output', 'slowlog|get'],
  ['request_policy:all_nodes response_policy:agg_sum nondeterministic_output', 'slowlog|len'],
  [
    'request_policy:all_nodes response_policy:all_succeeded',
    'config|set latency|reset script|flush script|load slowlog|reset',
  ],
  ['request_policy:all_shards nondeterministic_output', 'randomkey'],
  ['request_policy:all_shards nondeterministic_output_order', 'keys'],
  ['request_policy:all_shards response_policy:agg_logical_and', 'script|exists'],
  ['request_policy:all_shards response_policy:agg_min', 'wait'],
  ['request_policy:all_shards response_policy:agg_sum', 'dbsize'],
  [
    'request_policy:all_shards response_policy:all_succeeded',
    'flushall flushdb function|delete function|flush function|load function|restore ' +
      'memory|purge ping',
  ],
  ['request_policy:all_shards response_policy:one_succeeded', 'function|kill script|kill'],
  ['request_policy:multi_shard', 'mget'],
  ['request_policy:multi_shard response_policy:agg_min', 'msetnx'],
  ['request_policy:multi_shard response_policy:agg_sum', 'del exists touch unlink'],
  ['request_policy:multi_shard response_policy:all_succeeded', 'mset'],
];

const TIPS: ReadonlyMap<string, readonly string[]> = new Map(
  TIP_GROUPS.flatMap(([tips, names]) => names.split(' ').map((name) => [name, tips.split(' ')])),
);

const NO_TIPS: readonly string[] = [];

/** The tips of a command, in Redis's order. */
export function commandTips(name: string): readonly string[] {
  return TIPS.get(name) ?? NO_TIPS;
}

/** Where Redis has a note, there is one here; the words are our own. */
const KEY_NOTES: ReadonlyMap<string, readonly (string | undefined)[]> = new Map([
  ['bitfield', ['only read if all operations are GET']],
  ['eval', ['any use is possible: a script decides']],
  ['eval_ro', ['any reading is possible: a script decides']],
  ['fcall', ['any use is possible: a function decides']],
  ['fcall_ro', ['any reading is possible: a function decides']],
  ['getex', ['written because the time to live may change']],
  ['pfcount', ['written because a cached count may be stored in it']],
  ['set', ['also read if GET is given']],
  ['sort', [undefined, 'names made by BY and GET from the elements', 'the key after STORE']],
  ['sort_ro', [undefined, 'names made by BY and GET from the elements']],
  ['xadd', ['an update because the stream may be trimmed']],
]);

/** The note on a key spec of a command, if it has one. */
export function keyNote(name: string, spec: number): string | undefined {
  return KEY_NOTES.get(name)?.[spec];
}
