/**
 * For each row of the command table that the core runs: calls that ask for memory in all the ways
 * that the row can (docs/RELIABILITY.md, R10). A call is a line of words:
 *
 *   LPUSH l:{small,large} ~300 x   {a,b}  one call for each
 *                                  ~300   300 bytes of text; ~300.a has an `a` behind them
 *                                  @key   the payload that DUMP gives of this key
 *
 * The keys are those of KEYSPACE: a value in each of its encodings.
 */

/** `many(2, 'f# v#')` is `f0 v0 f1 v1`. */
function many(count: number, words: string): string {
  return Array.from({ length: count }, (_, n) => words.replaceAll('#', String(n))).join(' ');
}

/** Limits of encodings, so low that few elements make a value large. */
export const LIMITS = {
  'hash-max-listpack-entries': 8,
  'hash-max-listpack-value': 32,
  'list-max-listpack-size': 4,
  'set-max-intset-entries': 8,
  'zset-max-listpack-entries': 8,
  'zset-max-listpack-value': 32,
  'stream-node-max-entries': 4,
} as const;

const ENTRIES = Array.from({ length: 30 }, (_, n) => `XADD x:large ${n + 1}-1 f v${n} g ~20`);
const POINTS = many(30, '#.5 4#e-1 place#');

const KEYSPACE: readonly string[] = [
  'SET s:int 12345',
  'SET s:short hello',
  'SET s:long ~300',
  'SET s:huge ~20000',
  'SET s:bits ~100',
  'SET s:float 10.5',
  'SET s:due hello PX 100000',
  'RPUSH l:one only',
  'RPUSH l:small a b c',
  `RPUSH l:large ${many(40, 'element#-of-a-list-of-some-length')}`,
  'RPUSH l:plain ~9000 small ~9001',
  'RPUSH l:due a b c',
  'PEXPIRE l:due 100000',
  `RPUSH l:huge ${many(30, '~600')}`,
  'SADD i:small 1 2 3',
  `SADD i:full ${many(8, '#00')}`,
  'SADD m:small a b c',
  `SADD m:large ${many(40, 'member#')}`,
  `SADD m:huge ${many(30, '~600.#')}`,
  'HSET h:small f0 v0 f1 1 f2 2.5',
  `HSET h:full ${many(8, 'f# #')}`,
  `HSET h:large ${many(40, 'f# #')}`,
  `HSET h:huge ${many(30, 'f# ~600.#')}`,
  `HSET h:due ${many(3, 'f# #')}`,
  'HPEXPIRE h:due 100000 FIELDS 2 f0 f1',
  `HSET h:dues ${many(40, 'f# #')}`,
  `HPEXPIRE h:dues 100000 FIELDS 20 ${many(20, 'f#')}`,
  'ZADD z:small 1 a 2 b 3 c',
  `ZADD z:full ${many(8, '# member#')}`,
  `ZADD z:large ${many(40, '# member#')}`,
  `ZADD z:same ${many(40, '0 member#')}`,
  `ZADD z:huge ${many(30, '# ~600.#')}`,
  'XADD x:small 1-1 f v',
  'XADD x:small 2-1 f v',
  'XADD x:small 3-1 f v',
  'XGROUP CREATE x:small g 0',
  'XGROUP CREATE x:small fresh 0',
  'XREADGROUP GROUP g c COUNT 2 STREAMS x:small >',
  ...ENTRIES,
  'XGROUP CREATE x:large g 0',
  'XGROUP CREATE x:large fresh 0',
  'XREADGROUP GROUP g c COUNT 20 STREAMS x:large >',
  'XREADGROUP GROUP g d COUNT 5 STREAMS x:large >',
  'XADD x:gone 1-1 f v',
  'XGROUP CREATE x:gone g 0',
  'XREADGROUP GROUP g c STREAMS x:gone >',
  'XDEL x:gone 1-1',
  'XADD x:huge 1-1 f ~20000',
  'XGROUP CREATE x:huge g 0',
  `PFADD p:sparse ${many(20, 'e#')}`,
  `PFADD p:sparser ${many(5, 'x#')}`,
  'PFADD p:dense a',
  'PFDEBUG TODENSE p:dense',
  'GEOADD g:small 13.36 38.11 Palermo 15.08 37.50 Catania',
  `GEOADD g:large ${POINTS}`,
  `MSET ${many(3, 'w:# 1# n:# name#')}`,
  'RPUSH o:ids 2 0 1',
];

const KEY = /^@?([a-z]:[^ >]*)/;

/** The lines of KEYSPACE that make what the call names; all of them if it names nothing. */
export function keyspaceOf(call: string): readonly string[] {
  const names = keysIn(call).map((name) => name.replace(/[*-].*/, ''));
  if (names.length === 0) return KEYSPACE;
  return KEYSPACE.filter((line) =>
    keysIn(line).some((key) => names.some((name) => key === name || isPattern(name, key))),
  );
}

function keysIn(line: string): string[] {
  return line.split(' ').flatMap((word) => KEY.exec(word)?.[1] ?? []);
}

/** `w:` is what is left of the pattern `w:*`. */
function isPattern(name: string, key: string): boolean {
  return name.endsWith(':') && key.startsWith(name);
}

const GENERIC = `
COPY {s:int,s:short,s:long,s:due,l:small,l:large,l:plain,i:small,m:large,h:small,h:large,h:due,h:dues} to
COPY {z:small,z:large,x:small,x:large,p:sparse,p:dense,g:large} to
COPY {s:long,l:large,m:large,h:dues,z:large,x:large} {s:due,z:large,x:small} REPLACE
COPY {s:long,h:due,z:large} there DB 1
DEL s:int l:large m:large h:dues z:large x:large none
UNLINK s:int l:large m:large h:dues z:large x:large none
DUMP {s:int,s:short,s:long,s:huge,l:small,l:large,l:plain,l:huge,i:small,m:large,m:huge,h:small,h:large,h:huge}
DUMP {z:small,z:large,z:huge,x:small,x:large,x:huge,p:sparse,p:dense,none}
EXISTS s:int none l:large
{EXPIRE,PEXPIRE} {s:int,s:due,l:large,h:dues,x:large} 1000
{EXPIRE,PEXPIRE} s:int 1000 NX
{EXPIREAT,PEXPIREAT} {s:int,s:due,h:due} 1900000000000
{EXPIRE,PEXPIREAT} {s:int,l:large} -1
{EXPIRETIME,PEXPIRETIME,TTL,PTTL,TYPE} {s:int,s:due}
KEYS {*,s:*,none}
MOVE {s:int,s:due,l:large,h:dues,x:large} 1
OBJECT {ENCODING,IDLETIME,REFCOUNT} {s:int,l:large,x:large}
OBJECT FREQ s:int
OBJECT HELP
PERSIST {s:due,l:due,s:int}
RANDOMKEY
RENAME {s:int,s:due,l:large,h:dues,x:large} {s:long,z:large,fresh}
RENAMENX {s:int,s:due,l:large,h:dues} fresh
RENAMENX s:int s:long
{RESTORE,RESTORE-ASKING} fresh 0 {@s:int,@s:short,@s:long,@s:huge,@l:small,@l:large,@l:plain,@i:small,@m:small,@m:large}
RESTORE fresh 0 {@h:small,@h:large,@z:small,@z:large,@x:small,@x:large,@p:sparse,@p:dense}
RESTORE fresh 100000 {@s:short,@h:large,@z:large}
RESTORE {s:long,z:large,x:large} 0 {@s:short,@h:large,@x:small} REPLACE IDLETIME 10
SCAN 0 COUNT 100
SCAN 0 MATCH s:* COUNT 1000 TYPE string
SORT {o:ids,l:small,l:huge} ALPHA
SORT o:ids BY w:* GET # GET n:* LIMIT 0 2
SORT {i:small,i:full,o:ids,z:small} DESC
SORT {l:small,l:large,m:large,z:large} ALPHA STORE {to,s:long,l:large}
SORT o:ids BY w:* GET n:* STORE o:ids
SORT none STORE l:large
SORT_RO {l:large,m:large,z:large} ALPHA
SORT_RO o:ids BY h:large->f* GET h:large->f*
TOUCH s:int none l:large
`;

const STRINGS = `
APPEND {s:int,s:short,s:long,s:huge,s:due,none} {x,~300,~20000}
{DECR,INCR} {s:int,none}
{DECRBY,INCRBY} {s:int,none} 1000000
GET {s:int,s:short,s:long,s:huge,none}
GETDEL {s:int,s:long,s:huge,s:due,none}
GETEX {s:short,s:huge,s:due} {PERSIST,EX 100,PXAT 1900000000000}
GETRANGE {s:int,s:huge} 0 -1
SUBSTR {s:int,s:huge} 0 -1
GETSET {s:int,s:long,s:huge,s:due,none} {1,~300,~20000}
INCRBYFLOAT {s:int,s:float,none} {1.5,1e20}
LCS s:short s:long
LCS s:long s:huge {LEN,IDX WITHMATCHLEN}
MGET s:int s:short s:long s:huge none
MSET {fresh,s:int,s:huge} {x,~300} s:long ~20000 other 1
MSET ${many(60, 'k# ~100.#')}
MSETNX fresh ~300 other 1 third ~20000
MSETNX fresh 1 s:int 2
{PSETEX,SETEX} {s:int,s:due,fresh} 1000 {x,~300,~20000}
SET {s:int,s:short,s:huge,s:due,l:large,x:large,fresh} {7,x,~300,~20000}
SET {s:int,s:huge,s:due,fresh} ~300 {KEEPTTL,GET,EX 100,PXAT 1900000000000,XX}
SET {s:huge,s:due} x GET KEEPTTL
SET fresh ~300 NX GET
SET l:large ~300 EX 100
SETNX {s:int,fresh} ~300
SETRANGE {s:int,s:short,s:huge,s:due,fresh} {0,5,30000} {abc,~300}
STRLEN {s:int,none}
BITCOUNT {s:bits,s:int}
BITFIELD {s:bits,s:int,s:due,fresh} SET u8 0 255 INCRBY i5 100 1 GET u4 0 OVERFLOW FAIL INCRBY u2 30000 1
BITFIELD {s:bits,fresh} ${many(400, 'SET u63 # 9000000000000000000')}
BITFIELD s:bits GET u8 0
BITFIELD_RO s:bits GET u8 0 GET i16 100
BITOP {AND,OR,XOR} {to,s:huge,l:large,s:bits} s:bits s:huge s:int
BITOP NOT {to,s:bits} s:long
BITPOS {s:bits,s:int} {0,1}
GETBIT {s:bits,s:int} 7
SETBIT {s:bits,s:int,s:due,fresh} {0,7,100000} 1
`;

const LISTS = `
BLMOVE {l:one,l:small,l:large,l:plain} {l:large,l:small,fresh} {LEFT,RIGHT} LEFT 0
BLMOVE l:large l:large LEFT RIGHT 0
BLMPOP 0 2 none {l:one,l:small,l:large,l:plain,l:huge} {LEFT,RIGHT} COUNT 20
BLMPOP 1 2 none nothing LEFT
{BLPOP,BRPOP} none {l:one,l:small,l:large,l:plain,l:huge} 0
BLPOP none 1
BRPOPLPUSH {l:one,l:large,l:plain} {l:large,fresh} 0
LINDEX {l:small,l:large,l:plain,l:huge} {0,-1,2}
LINSERT {l:one,l:small} {BEFORE,AFTER} {only,b} {x,~300,~9000}
LINSERT l:large {BEFORE,AFTER} element{0,2,20,39}-of-a-list-of-some-length {x,~300,~9000}
LINSERT l:plain {BEFORE,AFTER} small {x,~9000}
LLEN {l:large,none}
LMOVE {l:one,l:small,l:large,l:plain,l:huge} {l:one,l:large,l:plain,fresh} {LEFT,RIGHT} {LEFT,RIGHT}
LMPOP 2 none {l:one,l:small,l:large,l:plain,l:huge} {LEFT,RIGHT} COUNT 25
LMPOP 1 l:large LEFT
{LPOP,RPOP} {l:one,l:small,l:large,l:plain,l:huge}
{LPOP,RPOP} {l:one,l:small,l:large,l:plain,l:huge} {1,25}
LPOS {l:small,l:large,l:plain} {b,small} COUNT 0 RANK -1
LPOS l:large element20-of-a-list-of-some-length
{LPUSH,RPUSH} {l:one,l:small,l:large,l:plain,l:due,fresh} {x,~300,~9000}
{LPUSH,RPUSH} {l:large,fresh} ${many(60, 'new#')}
{LPUSH,RPUSH} {l:large,fresh} ${many(1500, 'new#')}
{LPUSHX,RPUSHX} {l:large,l:plain,none} {x,~9000}
LRANGE {l:small,l:large,l:plain,l:huge,none} 0 -1
LREM {l:one,l:small,l:large,l:plain} {0,1,-1} {only,b,element20-of-a-list-of-some-length,small}
LREM l:huge 0 ~600
LSET {l:one,l:small,l:large,l:plain} {0,-1} {x,~300,~9000}
LSET l:large {9,20} {x,~300,~9000}
LTRIM {l:one,l:small,l:large,l:plain,l:huge} {1 -1,0 -2,5 10,1 0}
RPOPLPUSH {l:one,l:large,l:plain} {l:one,l:large,fresh}
`;

const SETS = `
SADD {i:small,i:full,m:small,m:large,fresh} {4,70000,9000000000,text,~300}
SADD {i:small,i:full,m:large,fresh} ${many(60, 'new#')}
SADD {i:small,fresh} ${many(60, '#')}
SCARD {i:small,m:large}
{SDIFF,SINTER,SUNION} {i:small,i:full,m:small,m:large,m:huge,none} {i:full,m:large,m:huge}
{SDIFFSTORE,SINTERSTORE,SUNIONSTORE} {to,i:small,m:large,s:long} {i:small,m:small,m:large,m:huge} {i:full,m:large,none}
SINTERSTORE m:large none
SINTERCARD 2 {i:small,m:large} {i:full,m:large} LIMIT 3
SISMEMBER {i:small,m:large} 1
SMEMBERS {i:small,m:small,m:large,m:huge}
SMISMEMBER {i:small,m:large} 1 member1 c
SMOVE {i:small,i:full} {i:full,m:large,fresh} {1,300}
SMOVE {m:small,m:large} {i:small,i:full,m:small,m:large,fresh} {a,member5}
SPOP {i:small,i:full,m:small,m:large,m:huge}
SPOP {i:small,i:full,m:small,m:large,m:huge} {2,30,100}
SRANDMEMBER {i:small,m:large,m:huge} {3,50,-50}
SRANDMEMBER m:large
SREM {i:small,i:full,m:small,m:large} 1 300 a member1 member2
SREM m:large ${many(39, 'member#')}
SSCAN {i:small,m:large,m:huge} 0 COUNT 100 MATCH *
`;

const ZSETS = `
BZMPOP 0 2 none {z:small,z:large,z:huge} {MIN,MAX} COUNT 25
BZMPOP 1 1 none MIN
{BZPOPMIN,BZPOPMAX} none {z:small,z:large,z:huge} 0
ZADD {z:small,z:full,z:large,fresh} 1.5 {a,new,~300}
ZADD {z:small,z:full,z:large,fresh} {NX,XX,GT CH,LT CH,CH} 0.5 member3 7 a 9 new
ZADD {z:small,z:large,fresh} INCR 3.25 {a,new,member3}
ZADD {z:small,z:large,fresh} ${many(60, '#.5 new#')}
ZCARD z:large
{ZCOUNT,ZRANGEBYSCORE,ZREMRANGEBYSCORE} {z:small,z:full,z:large,z:huge} 1 (30
{ZLEXCOUNT,ZRANGEBYLEX,ZREMRANGEBYLEX} {z:same,z:small} [member1 +
{ZDIFF,ZINTER,ZUNION} 2 {z:small,z:large,m:large,z:huge} {z:large,m:huge} WITHSCORES
{ZDIFFSTORE,ZINTERSTORE,ZUNIONSTORE} {to,z:large,s:long} 2 {z:small,z:large,m:large} {z:large,z:huge,m:small,none}
{ZINTERSTORE,ZUNIONSTORE} {to,z:small} 2 z:large m:large WEIGHTS 2 3 AGGREGATE MAX
ZINTER 2 z:large m:large WEIGHTS 2 3 AGGREGATE MIN
ZINTERCARD 2 z:large m:large LIMIT 3
ZINCRBY {z:small,z:full,z:large,fresh} 1.5 {a,member3,new,~300}
ZMPOP 2 none {z:small,z:large,z:huge} {MIN,MAX} COUNT 25
ZMPOP 1 z:large MIN
ZMSCORE {z:small,z:large} a member3 none
{ZPOPMIN,ZPOPMAX} {z:small,z:large,z:huge}
{ZPOPMIN,ZPOPMAX} {z:small,z:large,z:huge} {2,25,100}
ZRANDMEMBER {z:small,z:large,z:huge} {3,50,-50} WITHSCORES
ZRANDMEMBER z:large
{ZRANGE,ZREVRANGE} {z:small,z:large,z:huge} 0 -1 WITHSCORES
ZRANGE z:same [member1 + BYLEX LIMIT 1 20
ZRANGE z:large 30 1 BYSCORE REV
ZREVRANGEBYLEX {z:same,z:small} + [member1
ZREVRANGEBYSCORE {z:small,z:large,z:huge} +inf 2
ZRANGESTORE {to,z:large,z:small,s:long} {z:small,z:large,z:huge} 0 {2,-1}
ZRANGESTORE to {z:large,z:same} - + BYLEX
ZRANGESTORE z:large none 0 -1
{ZRANK,ZREVRANK} {z:small,z:large} {a,member3}
ZREM {z:small,z:full,z:large} a b c member1 member2 ${many(40, 'member#')}
ZREM z:large member1 member2
ZREMRANGEBYRANK {z:small,z:full,z:large,z:huge} {1 -1,0 -1,0 20}
ZSCAN {z:small,z:large,z:huge} 0 COUNT 100
ZSCORE {z:small,z:large} {a,member3}
GEOADD {g:small,g:large,fresh} 13.5 38.5 {Palermo,new,~300}
GEOADD {g:small,fresh} ${POINTS}
GEOADD g:large XX CH 1.5 1.5 place1
GEODIST g:small Palermo Catania km
GEOHASH {g:small,g:large} Palermo place1
GEOPOS {g:small,g:large} Palermo place1
GEORADIUS {g:small,g:large} 15 40 5000 km WITHCOORD WITHDIST WITHHASH ASC
GEORADIUS {g:small,g:large} 15 40 5000 km {STORE,STOREDIST} {to,z:large,g:large,s:long}
GEORADIUS_RO g:large 15 40 5000 km COUNT 5
GEORADIUSBYMEMBER g:large place1 5000 km
GEORADIUSBYMEMBER g:large place1 5000 km STORE {to,g:small}
GEORADIUSBYMEMBER_RO g:large place1 5000 km DESC
GEOSEARCH {g:small,g:large} FROMLONLAT 15 40 BYBOX 9000 9000 km ASC WITHDIST
GEOSEARCHSTORE {to,z:large,g:large} {g:small,g:large,none} FROMLONLAT 15 40 BYRADIUS 5000 km
GEOSEARCHSTORE to g:large FROMMEMBER place1 BYBOX 9000 9000 km STOREDIST COUNT 7 ANY
`;

const HASHES = `
HDEL {h:small,h:full,h:large,h:due,h:dues} f0 f1 f2
HDEL h:large ${many(40, 'f#')}
{HEXISTS,HGET,HSTRLEN} {h:small,h:large,h:dues} {f0,none}
{HEXPIRE,HPEXPIRE} {h:small,h:full,h:large,h:due,h:dues,none} 100000 FIELDS 3 f0 f2 none
{HEXPIREAT,HPEXPIREAT} {h:small,h:large,h:due,h:dues} 1900000000000 FIELDS 2 f0 f2
{HEXPIREAT,HPEXPIRE} {h:small,h:large,h:due,h:dues} 0 FIELDS 2 f0 f1
HPEXPIRE h:large 100000 {NX,GT} FIELDS 40 ${many(40, 'f#')}
{HEXPIRETIME,HPEXPIRETIME,HPTTL,HTTL} {h:small,h:due,h:dues} FIELDS 2 f0 f2
{HGETALL,HKEYS,HVALS} {h:small,h:large,h:huge,h:due,h:dues}
HGETDEL {h:small,h:large,h:due,h:dues,h:huge} FIELDS 2 f0 f1
HGETDEL h:huge FIELDS 30 ${many(30, 'f#')}
HGETEX {h:small,h:large,h:due,h:dues} {PX 100000,PXAT 1900000000000,PERSIST,EX 0} FIELDS 3 f0 f1 f2
HGETEX h:huge {PX 100000,PERSIST} FIELDS 30 ${many(30, 'f#')}
HINCRBY {h:small,h:full,h:large,h:due,h:dues,fresh} {f1,new} 1000000
HINCRBYFLOAT {h:small,h:full,h:large,h:due,fresh} {f1,new} 1.5
HLEN h:large
HMGET {h:small,h:large,h:huge} f0 f1 none
HMSET {h:small,h:full,h:large,fresh} f1 {x,~300} new x
HPERSIST {h:due,h:dues,h:small} FIELDS 2 f0 f1
HRANDFIELD {h:small,h:large,h:huge} {3,50,-50} WITHVALUES
HRANDFIELD h:large
HSCAN {h:small,h:large,h:huge,h:dues} 0 COUNT 100
HSET {h:small,h:full,h:large,h:due,h:dues,fresh} {f0,new,~300} {x,~300}
HSET {h:small,h:large,h:dues,fresh} ${many(60, 'new# #')}
HSETEX {h:small,h:full,h:large,h:due,h:dues,fresh} {PX 100000,KEEPTTL,PXAT 1900000000000} FIELDS 2 f0 ~300 new 1
HSETEX h:dues {FNX,FXX} EX 100 FIELDS 1 f0 1
HSETNX {h:small,h:full,h:large,fresh} {f0,new} {x,~300}
`;

const STREAMS = `
XACK {x:small,x:large} g 1-1 2-1
XADD {x:small,x:large,fresh} {*,90-1,90-*} f v
XADD {x:small,x:large,x:huge,fresh} 90-1 f ~300 g ~9000
XADD {x:small,x:large} {MAXLEN 2,MAXLEN ~ 5,MINID 20,MAXLEN = 0} 90-1 other v
XADD {x:large,none} NOMKSTREAM 90-1 ${many(60, 'f# v#')}
XAUTOCLAIM {x:small,x:large,x:gone} g {c,d,other} 0 0 COUNT 100
XAUTOCLAIM {x:small,x:large,x:gone} g other 0 0 COUNT 5 JUSTID
XCLAIM {x:small,x:large,x:gone} g {c,d,other} 0 1-1 2-1 3-1
XCLAIM {x:small,x:large} g {d,other} 0 1-1 2-1 29-1 30-1 IDLE 10 RETRYCOUNT 5 FORCE LASTID 30-1
XCLAIM {x:small,x:large,x:gone} g other 0 1-1 2-1 FORCE JUSTID
XDEL {x:small,x:large} 1-1 2-1 3-1 20-1
XGROUP CREATE {x:small,x:large} other {0,$,2-1} ENTRIESREAD 2
XGROUP CREATE fresh other $ MKSTREAM
XGROUP CREATECONSUMER {x:small,x:large} g {other,~300}
XGROUP DELCONSUMER {x:small,x:large} g c
XGROUP DESTROY {x:small,x:large} g
XGROUP HELP
XGROUP SETID {x:small,x:large} g 1-1
XINFO CONSUMERS {x:small,x:large} g
XINFO GROUPS {x:small,x:large}
XINFO HELP
XINFO STREAM {x:small,x:large} FULL COUNT 100
XINFO STREAM {x:large,x:huge}
XLEN x:large
XPENDING {x:small,x:large} g
XPENDING x:large g - + 100
{XRANGE,XREVRANGE} {x:small,x:large,x:huge} {- +,+ -}
XREAD COUNT 100 STREAMS x:small x:large x:huge 0 0 0
XREADGROUP GROUP g {c,other} STREAMS {x:small,x:large,x:huge} >
XREADGROUP GROUP g {c,other} STREAMS x:small x:large x:huge > > >
XREADGROUP GROUP g {c,other} COUNT 3 STREAMS x:small x:large > 0
XREADGROUP GROUP g other NOACK STREAMS x:small x:large > >
XREADGROUP GROUP fresh {new,~300} STREAMS x:small x:large > >
XREADGROUP GROUP g c STREAMS {x:small,x:large,x:gone} 0
XREADGROUP GROUP g other STREAMS {x:gone,x:small} >
XSETID {x:small,x:large} 90-1 ENTRIESADDED 100 MAXDELETEDID 5-1
XTRIM {x:small,x:large} {MAXLEN 2,MAXLEN ~ 5,MINID 20,MAXLEN 0}
PFADD {p:sparse,p:dense,fresh} {new,~300}
PFADD {p:sparse,fresh} ${many(400, 'n#')}
PFADD fresh
PFCOUNT {p:sparse,p:dense}
PFCOUNT p:sparse p:dense p:sparser none
PFDEBUG TODENSE p:sparse
PFDEBUG GETREG {p:sparse,p:dense}
PFDEBUG ENCODING p:sparse
PFDEBUG DECODE p:sparse
PFMERGE {to,p:sparse,p:dense,p:sparser} p:sparse p:dense
PFMERGE {to,p:sparser} p:sparse p:sparser
PFSELFTEST
`;

const DATABASES = `
DBSIZE
ECHO ~20000
FLUSHALL {SYNC,ASYNC}
FLUSHDB {SYNC,ASYNC}
MEMORY USAGE {s:huge,l:large,m:large,h:dues,z:large,x:large} SAMPLES 0
PING
PING ~20000
SWAPDB 0 1
TIME
`;

/** Rows with chance in them: what they reply, and what they leave, is of the right kind alone. */
export const CHANCE = /^(SPOP|[SHZ]RAND|RANDOMKEY|XADD \S+ \*)/;

const LINES = [GENERIC, STRINGS, LISTS, SETS, ZSETS, HASHES, STREAMS, DATABASES];

/** All calls, one line each. */
export const CALLS: readonly string[] = LINES.flatMap((lines) =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .flatMap(expand),
);

/** One line for each choice of what stands in braces. */
function expand(line: string): string[] {
  const found = /^(.*?)\{(.*?)\}(.*)$/s.exec(line);
  if (found === null) return [line];
  const [, before = '', choices = '', behind = ''] = found;
  return choices.split(',').flatMap((choice) => expand(before + choice + behind));
}
