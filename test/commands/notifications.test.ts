/** Keyspace notifications: which events there are, in which order, and who hears of them. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('both channels of a change, the key first')`
  CONFIG SET notify-keyspace-events KEA -> +OK
  a> PSUBSCRIBE __key*__:* -> >["psubscribe" "__key*__:*" :1]
  b> SET k v EX 100 -> +OK
  a> -> >["pmessage" "__key*__:*" "__keyspace@0__:k" "set"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:set" "k"]
  a> -> >["pmessage" "__key*__:*" "__keyspace@0__:k" "expire"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:expire" "k"]
  b> CONFIG SET notify-keyspace-events "" -> +OK
  b> SET k w -> +OK
  a> -> (none)
`;

given('events alone, keys alone, or neither')`
  a> PSUBSCRIBE __key*__:* -> >["psubscribe" "__key*__:*" :1]
  b> CONFIG SET notify-keyspace-events E$ -> +OK
  b> SET k v -> +OK
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:set" "k"]
  b> CONFIG SET notify-keyspace-events K$ -> +OK
  b> SET k v -> +OK
  a> -> >["pmessage" "__key*__:*" "__keyspace@0__:k" "set"]
  b> CONFIG SET notify-keyspace-events A -> +OK
  b> SET k v -> +OK
  b> LPUSH l x -> :1
  a> -> (none)
  b> CONFIG SET notify-keyspace-events "" -> +OK
`;

given('only classes that are wanted')`
  CONFIG SET notify-keyspace-events Elx -> +OK
  a> PSUBSCRIBE __key*__:* -> >["psubscribe" "__key*__:*" :1]
  b> SET k v -> +OK
  b> RPUSH l 1 2 -> :2
  b> LPOP l 2 -> ["1" "2"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:rpush" "l"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:lpop" "l"]
  b> CONFIG SET notify-keyspace-events "" -> +OK
`;

given('all classes do not show that new keys are among them, but they are')`
  CONFIG SET notify-keyspace-events EAn -> +OK
  CONFIG GET notify-keyspace-events -> {"notify-keyspace-events" => "AE"}
  a> PSUBSCRIBE __key*__:* -> >["psubscribe" "__key*__:*" :1]
  b> SADD s x -> :1
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:new" "s"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:sadd" "s"]
  b> CONFIG SET notify-keyspace-events AE -> +OK
  b> SADD t x -> :1
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:sadd" "t"]
  b> CONFIG SET notify-keyspace-events nKm -> +OK
  b> CONFIG GET notify-keyspace-events -> {"notify-keyspace-events" => "nKm"}
  b> CONFIG SET notify-keyspace-events "" -> +OK
`;

given('a key that was missed')`
  CONFIG SET notify-keyspace-events Em -> +OK
  a> PSUBSCRIBE __key*__:* -> >["psubscribe" "__key*__:*" :1]
  b> MGET x y -> [nil nil]
  b> OBJECT ENCODING x -> nil
  b> INCR x -> :1
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:keymiss" "x"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:keymiss" "y"]
  b> CONFIG SET notify-keyspace-events "" -> +OK
`;

given('the database of a key is that in which it was')`
  CONFIG SET notify-keyspace-events KA -> +OK
  a> PSUBSCRIBE __key*__:* -> >["psubscribe" "__key*__:*" :1]
  b> SELECT 3 -> +OK
  b> SET k v -> +OK
  b> MOVE k 5 -> :1
  b> COPY k j DB 4 -> :0
  a> -> >["pmessage" "__key*__:*" "__keyspace@3__:k" "set"]
  a> -> >["pmessage" "__key*__:*" "__keyspace@3__:k" "move_from"]
  a> -> >["pmessage" "__key*__:*" "__keyspace@5__:k" "move_to"]
  b> CONFIG SET notify-keyspace-events "" -> +OK
`;

given('a transaction tells what its commands do, those that pop the last element too')`
  CONFIG SET notify-keyspace-events EA -> +OK
  a> PSUBSCRIBE __key*__:* -> >["psubscribe" "__key*__:*" :1]
  b> MULTI -> +OK
  b> RPUSH l 1 -> +QUEUED
  b> LMOVE l m LEFT RIGHT -> +QUEUED
  a> -> (none)
  b> EXEC -> [:1 "1"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:rpush" "l"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:rpush" "m"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:lpop" "l"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:del" "l"]
  b> CONFIG SET notify-keyspace-events "" -> +OK
`;

given('keys and their names are bytes')`
  CONFIG SET notify-keyspace-events KE$ -> +OK
  a> PSUBSCRIBE __key*__:* -> >["psubscribe" "__key*__:*" :1]
  b> SET "\x00\xff \r\n" v -> +OK
  b> SET "" v -> +OK
  a> -> >["pmessage" "__key*__:*" "__keyspace@0__:\x00\xff \r\n" "set"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:set" "\x00\xff \r\n"]
  a> -> >["pmessage" "__key*__:*" "__keyspace@0__:" "set"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:set" ""]
  b> CONFIG SET notify-keyspace-events "" -> +OK
`;

given('a key that expires is told of although nobody asks for it')`
  CONFIG SET notify-keyspace-events Ex -> +OK
  a> SUBSCRIBE __keyevent@0__:expired -> >["subscribe" "__keyevent@0__:expired" :1]
  b> SET k v PX 1 -> +OK
  a> -> >["message" "__keyevent@0__:expired" "k"]
  b> CONFIG SET notify-keyspace-events "" -> +OK
`;

given('commands that may block tell the same as those that do not')`
  RPUSH l 1 2 3 -> :3
  ZADD z 1 a 2 b -> :2
  CONFIG SET notify-keyspace-events EA -> +OK
  a> PSUBSCRIBE __key*__:* -> >["psubscribe" "__key*__:*" :1]
  b> BLPOP none l 0 -> ["l" "1"]
  b> BRPOPLPUSH l m 0 -> "3"
  b> BLMPOP 0 1 l RIGHT COUNT 5 -> ["l" ["2"]]
  b> BZPOPMAX z 0 -> ["z" "b" ,2]
  b> BZMPOP 0 1 z MIN -> ["z" [["a" ,1]]]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:lpop" "l"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:lpush" "m"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:rpop" "l"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:rpop" "l"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:del" "l"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:zpopmax" "z"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:zpopmin" "z"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:del" "z"]
  b> CONFIG SET notify-keyspace-events "" -> +OK
`;

const later = { skip: { redis: '7.0 has no fields that end' } };

given('fields that end, as Redis 8.0 tells of them', later)`
  CONFIG SET notify-keyspace-events EA -> +OK
  a> PSUBSCRIBE __key*__:* -> >["psubscribe" "__key*__:*" :1]
  b> HSET h x 1 y 2 z 3 -> :3
  b> HEXPIRE h 100 FIELDS 2 x y -> [:1 :1]
  b> HPERSIST h FIELDS 1 x -> [:1]
  b> HEXPIREAT h 1 FIELDS 1 x -> [:2]
  b> HSETEX h EX 100 FIELDS 1 w 4 -> :1
  b> HGETEX h PERSIST FIELDS 1 w -> ["4"]
  b> HGETDEL h FIELDS 2 z w -> ["3" "4"]
  b> HPEXPIRE h 1 FIELDS 1 y -> [:1]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:hset" "h"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:hexpire" "h"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:hpersist" "h"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:hdel" "h"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:hset" "h"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:hexpire" "h"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:hpersist" "h"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:hdel" "h"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:hexpire" "h"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:hexpired" "h"]
  a> -> >["pmessage" "__key*__:*" "__keyevent@0__:del" "h"]
  b> CONFIG SET notify-keyspace-events "" -> +OK
`;
