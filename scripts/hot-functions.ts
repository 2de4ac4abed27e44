/**
 * The functions that callees are inlined into when the core is built for release: those in which
 * the benchmarks of test/bench spend their time, and their like. Everywhere else calls stay calls,
 * because size counts more (docs/decisions/0012). A function that is missing here works as well,
 * only slower.
 *
 * A module, then its functions or `*`; lines that are indented go on.
 */
const HOT = `
commands/arguments *
commands/counters *
commands/elements *
commands/execute *
commands/expiry expireAfter
commands/geo isPlace
commands/geo-leaves *
commands/geo-search geosearch
commands/hash-target goOn measure setPairs targetOf
commands/hashes hdel hget hgetall hmget hset replyAll setPairs
commands/hyperloglog pfadd
commands/keyed *
commands/keys del discard exists randomkey scan
commands/lcs cellPlace lcs
commands/lists lindex llen lpop lpush lrange push pushAll replyRange rpop rpush
commands/members *
commands/registry *
commands/scanning collect collectEntry
commands/set-algebra drop operandCount replyMember sinter takesOperands
commands/set-samples spop
commands/sets addMembers sadd sismember srem
commands/soundness begin end
commands/stream-ids accepts assign effectId format increment isByte isNumber replyId
commands/stream-trimming parse propagate
commands/streams xadd
commands/strings append assign assignAll get getrange mget mset replyString set setrange
commands/zset-ranges isRange
commands/zsets addPairs replyRank signalRemoved zadd zcard zincrby zrank zrem zscore
index begin clearOutput execute
keyspace/access *
keyspace/database add erase find give insert keysOf lookup move notify read replace setDeadline
  signal signalBy touch touched write
keyspace/effects argument begin changed changedBy hasRoom integer literal selectDatabase
keyspace/expected *
keyspace/notifications notify
memory/buffer *
memory/bytes *
memory/decimal powerOfFive scanDecimal
memory/float-text parseDouble powerOfTwo
memory/heap *
memory/integer-text *
memory/random *
memory/siphash *
memory/trigonometry quickArcSine quickCosine quickSine quickSineOf
memory/wide quotientDigit
protocol/reply *
protocol/request *
snapshot/save advance isSliceFull next select write
snapshot/write-value begin step string whole writeHead
snapshot/writer *
structures/bitmap countBits
structures/bucket *
structures/dict *
structures/dict-join *
structures/dict-random *
structures/dict-touch *
structures/entry *
structures/geo-filter *
structures/geo-points push
structures/geohash *
structures/hyperloglog denseRegister hasCardinality hash invalidate isDense place raiseDense
  shiftOf wordOf
structures/hyperloglog-sparse raise readOpcode registersOf
structures/listpack addToCount append behind count createEmpty elementAt equals find first
  insertBefore last next orNone read readText remove replace
structures/listpack-element *
structures/member *
structures/member-table *
structures/quicklist pop pushHead pushTail
structures/quicklist-node append isLarge prepend sizeMax takes
structures/quicklist-walk *
structures/skiplist disposeBelow follow insert note seek stepAt
structures/skiplist-node *
structures/sorting swap
structures/sphere *
structures/stream-index blockAt last locate placeOf put putCost
structures/stream-node deletedCount finish grownSize integerAt liveCount open openAtEnd readHead
  setCounts sizeBound writeArgument writeInteger
values/hash-table find
values/hashes count countMember countThere find findIn isTable remove set setDeadline visit
  visitMember visitMemberTexts visitMembers
values/hyperloglogs begin isDense isHyperLogLog raise raiseInDense
values/kind *
values/lists count visit
values/set-algebra intersect select
values/sets add addInteger addToTable count has isTable random remove
values/streams addListpack find refreshFirst
values/strings createEntry fillValue placeSize read shapeFor textShape
values/value disposeValue
values/zsets add addCost addMember addToTarget advance count countBefore countBelow isTable listOf
  removeRange scoreOf step touch visitNext
values/zsets-listpack find
`;

/** `'commands/strings/get'`, or `'memory/heap/*'` for a whole module. */
export const HOT_FUNCTIONS: ReadonlySet<string> = new Set(
  HOT.trim()
    .replaceAll('\n  ', ' ')
    .split('\n')
    .flatMap((line) => {
      const [module, ...functions] = line.split(' ');
      return functions.map((name) => `${module}/${name}`);
    }),
);
