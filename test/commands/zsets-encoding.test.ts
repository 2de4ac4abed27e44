/** Sorted sets are listpacks while small, then skiplists; the limits can be changed. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();
const pairs = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, index) => `${from + index} m${from + index}`).join(' ');

given('128 members are a listpack, one more makes a skiplist of it')`
  ZADD z ${pairs(128)} -> :128
  OBJECT ENCODING z    -> "listpack"
  ZADD z 5 m127        -> :0
  OBJECT ENCODING z    -> "listpack"
  ZADD z 128 m128      -> :1
  OBJECT ENCODING z    -> "skiplist"
  ZRANK z m127         -> :5
  ZREM z m128          -> :1
  OBJECT ENCODING z    -> "skiplist"
  ZRANGE z 126 200     -> ["m125" "m126"]
`;

given('a member of 64 bytes stays in a listpack, one of 65 does not')`
  ZADD z 1 <x*64>      -> :1
  OBJECT ENCODING z    -> "listpack"
  ZADD z 1 <x*65>      -> :1
  OBJECT ENCODING z    -> "skiplist"
  ZRANGE z 0 -1        -> [<x*64> <x*65>]
  ZADD y 1 <y*70000>   -> :1
  OBJECT ENCODING y    -> "skiplist"
  ZSCORE y <y*70000>   -> ,1
  ZRANGE y 0 -1        -> [<y*70000>]
  ZREM y <y*70000>     -> :1
`;

given('the limits can be changed, by their old names too')`
  CONFIG SET zset-max-ziplist-entries 2  -> +OK
  CONFIG GET zset-max-listpack-entries   -> {"zset-max-listpack-entries" => "2"}
  ZADD z 1 a 2 b                         -> :2
  OBJECT ENCODING z                      -> "listpack"
  ZADD z 3 c                             -> :1
  OBJECT ENCODING z                      -> "skiplist"
  CONFIG SET zset-max-listpack-entries 0 -> +OK
  ZADD y 1 a                             -> :1
  OBJECT ENCODING y                      -> "skiplist"
  CONFIG SET zset-max-listpack-entries 128 zset-max-ziplist-value 3 -> +OK
  ZADD x 1 abc                           -> :1
  OBJECT ENCODING x                      -> "listpack"
  ZADD x 1 abcd                          -> :1
  OBJECT ENCODING x                      -> "skiplist"
  CONFIG SET zset-max-listpack-value 64  -> +OK
`;

given('results that are stored are as compact as they can be')`
  ZADD z ${pairs(129)}                   -> :129
  ZUNIONSTORE d 1 z                      -> :129
  OBJECT ENCODING d                      -> "skiplist"
  ZRANGESTORE d z 0 127                  -> :128
  OBJECT ENCODING d                      -> "listpack"
  ZINTERSTORE d 2 z d                    -> :128
  OBJECT ENCODING d                      -> "listpack"
  ZRANGESTORE d z 0 128                  -> :129
  OBJECT ENCODING d                      -> "skiplist"
  ZADD z 500 <x*65>                      -> :1
  ZRANGESTORE d z -1 -1                  -> :1
  OBJECT ENCODING d                      -> "skiplist"
  ZDIFFSTORE d 2 z d                     -> :129
  OBJECT ENCODING d                      -> "skiplist"
`;

given('minus zero is zero in a listpack, and stays in a skiplist')`
  ZADD z -0 a         -> :1
  ZSCORE z a          -> ,0
  ZADD z 1 <x*65>     -> :1
  ZSCORE z a          -> ,0
  ZADD z -0 b         -> :1
  ZSCORE z b          -> ,-0
  ZADD z CH 0 b       -> :0
  ZSCORE z b          -> ,-0
  ZRANGEBYSCORE z 0 0 -> ["a" "b"]
`;

given('a large sorted set answers as a small one does')`
  ZADD z ${pairs(1000)}               -> :1000
  ZRANK z m777                        -> :777
  ZREVRANK z m777                     -> :222
  ZRANGE z 498 501                    -> ["m498" "m499" "m500" "m501"]
  ZREVRANGE z 498 500                 -> ["m501" "m500" "m499"]
  ZCOUNT z 100 (900                   -> :800
  ZRANGEBYSCORE z (99 +inf LIMIT 2 2  -> ["m102" "m103"]
  ZREVRANGEBYSCORE z 99 -inf LIMIT 1 2 -> ["m98" "m97"]
  ZADD z 2.5 m900                     -> :0
  ZRANK z m900                        -> :3
  ZREMRANGEBYRANK z 10 989            -> :980
  ZRANGE z 8 12                       -> ["m7" "m8" "m990" "m991" "m992"]
  ZREMRANGEBYSCORE z 1 995            -> :15
  ZRANGE z 0 -1                       -> ["m0" "m996" "m997" "m998" "m999"]
  ZADD l 0 a 0 b 0 c 0 <x*65> 0 d     -> :5
  OBJECT ENCODING l                   -> "skiplist"
  ZRANGEBYLEX l [b (x                 -> ["b" "c" "d"]
  ZREVRANGEBYLEX l + (c               -> [<x*65> "d"]
  ZLEXCOUNT l - (d                    -> :3
  ZREMRANGEBYLEX l [b [d              -> :3
  ZRANGE l 0 -1                       -> ["a" <x*65>]
  ZMPOP 1 z MAX COUNT 2               -> ["z" [["m999" ,999] ["m998" ,998]]]
  COPY z y                            -> :1
  OBJECT ENCODING y                   -> "skiplist"
  ZRANGE y 0 -1                       -> ["m0" "m996" "m997"]
`;

given('ZSCAN of a large sorted set sees every member')`
  ZADD z 1 a 2.5 b 1e17 c inf <x*65>  -> :4
  ZSCAN z 0 COUNT 1000 MATCH ?        -> ["0" any["a" "1" "b" "2.5" "c" "1e+17"]]
  ZSCAN z 0 COUNT 1000 MATCH nope     -> ["0" []]
`;
