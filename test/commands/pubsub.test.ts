/** SUBSCRIBE, PUBLISH and their kin: replies, messages, counts, and who may ask for what. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('SUBSCRIBE tells of each channel, and of one twice, with the number of all')`
  SUBSCRIBE a b a
    -> >["subscribe" "a" :1]
  -> >["subscribe" "b" :2]
  -> >["subscribe" "a" :2]
  PSUBSCRIBE a* -> >["psubscribe" "a*" :3]
  SSUBSCRIBE a b
    -> >["ssubscribe" "a" :1]
  -> >["ssubscribe" "b" :2]
`;

given('PUBLISH reaches channels and patterns, and counts each that it reached')`
  a> SUBSCRIBE news -> >["subscribe" "news" :1]
  b> PSUBSCRIBE n* -> >["psubscribe" "n*" :1]
  c> PUBLISH news hello -> :2
  a> -> >["message" "news" "hello"]
  b> -> >["pmessage" "n*" "news" "hello"]
  c> PUBLISH NEWS hello -> :0
  c> PUBLISH newt "" -> :1
  b> -> >["pmessage" "n*" "newt" ""]
`;

given('the channel speaks before the pattern; a session is counted for each')`
  a> PSUBSCRIBE ne?s -> >["psubscribe" "ne?s" :1]
  a> SUBSCRIBE news -> >["subscribe" "news" :2]
  b> PUBLISH news x -> :2
  a> -> >["message" "news" "x"]
  a> -> >["pmessage" "ne?s" "news" "x"]
`;

given('sessions of a channel are told, patterns follow the rules of KEYS')`
  a> PSUBSCRIBE "[b-d]\\*" -> >["psubscribe" "[b-d]\\*" :1]
  b> PUBLISH c* 1 -> :1
  b> PUBLISH a* 1 -> :0
  b> PUBLISH cx 1 -> :0
  a> -> >["pmessage" "[b-d]\\*" "c*" "1"]
`;

given('an empty channel is matched by no star')`
  a> PSUBSCRIBE * "" -> >["psubscribe" "*" :1]
  a> -> >["psubscribe" "" :2]
  b> PUBLISH "" x -> :1
  a> -> >["pmessage" "" "" "x"]
  b> PUBSUB CHANNELS "" -> []
`;

given('names and messages are bytes')`
  a> SUBSCRIBE "\x00\xff\r\n" <bytes> -> >["subscribe" "\x00\xff\r\n" :1]
  a> -> >["subscribe" <bytes> :2]
  b> PUBLISH "\x00\xff\r\n" <bytes> -> :1
  a> -> >["message" "\x00\xff\r\n" <bytes>]
  b> PUBLISH "\x00\xfe\r\n" x -> :0
  b> PUBSUB NUMSUB <bytes> -> [<bytes> :1]
`;

given('UNSUBSCRIBE tells of each channel, also of strange ones')`
  SUBSCRIBE a b -> >["subscribe" "a" :1]
  -> >["subscribe" "b" :2]
  PSUBSCRIBE p -> >["psubscribe" "p" :3]
  UNSUBSCRIBE x a -> >["unsubscribe" "x" :3]
  -> >["unsubscribe" "a" :2]
  PUNSUBSCRIBE q -> >["punsubscribe" "q" :2]
  UNSUBSCRIBE -> >["unsubscribe" "b" :1]
  UNSUBSCRIBE -> >["unsubscribe" nil :1]
  PUNSUBSCRIBE -> >["punsubscribe" "p" :0]
  GET x -> nil
`;

given('to end what never was is answered too')`
  UNSUBSCRIBE -> >["unsubscribe" nil :0]
  PUNSUBSCRIBE -> >["punsubscribe" nil :0]
  SUNSUBSCRIBE -> >["sunsubscribe" nil :0]
  UNSUBSCRIBE a b -> >["unsubscribe" "a" :0]
  -> >["unsubscribe" "b" :0]
  PUNSUBSCRIBE p -> >["punsubscribe" "p" :0]
  SUNSUBSCRIBE s -> >["sunsubscribe" "s" :0]
`;

given('shard channels are a space of their own')`
  a> SSUBSCRIBE s -> >["ssubscribe" "s" :1]
  a> SUBSCRIBE s -> >["subscribe" "s" :1]
  a> PSUBSCRIBE s* -> >["psubscribe" "s*" :2]
  b> SPUBLISH s one -> :1
  a> -> >["smessage" "s" "one"]
  b> PUBLISH s two -> :2
  a> -> >["message" "s" "two"]
  a> -> >["pmessage" "s*" "s" "two"]
  b> PUBSUB SHARDCHANNELS -> ["s"]
  b> PUBSUB SHARDCHANNELS t* -> []
  b> PUBSUB SHARDNUMSUB s t -> ["s" :1 "t" :0]
  b> PUBSUB SHARDNUMSUB -> []
  a> SUNSUBSCRIBE -> >["sunsubscribe" "s" :0]
  b> SPUBLISH s three -> :0
  b> SPUBLISH s -> -ERR wrong number of arguments for 'spublish' command
`;

given('PUBSUB tells who listens to what')`
  a> SUBSCRIBE x y -> >["subscribe" "x" :1]
  a> -> >["subscribe" "y" :2]
  b> SUBSCRIBE x -> >["subscribe" "x" :1]
  b> PSUBSCRIBE p* q* -> >["psubscribe" "p*" :2]
  b> -> >["psubscribe" "q*" :3]
  d> PSUBSCRIBE p* -> >["psubscribe" "p*" :1]
  c> PUBSUB CHANNELS -> any["x" "y"]
  c> PUBSUB CHANNELS X -> []
  c> PUBSUB CHANNELS [x]* -> ["x"]
  c> PUBSUB NUMSUB -> []
  c> PUBSUB NUMSUB x y z x -> ["x" :2 "y" :1 "z" :0 "x" :2]
  c> PUBSUB NUMPAT -> :2
`;

given('PUBSUB knows its subcommands')`
  PUBSUB -> -ERR wrong number of arguments for 'pubsub' command
  PUBSUB FOO -> -ERR unknown subcommand 'FOO'. Try PUBSUB HELP.
  PUBSUB CHANNELS a b -> -ERR unknown subcommand or wrong number of arguments for 'CHANNELS'. Try PUBSUB HELP.
  PUBSUB ShardChannels a b -> -ERR unknown subcommand or wrong number of arguments for 'ShardChannels'. Try PUBSUB HELP.
  PUBSUB NUMPAT x -> -ERR wrong number of arguments for 'pubsub|numpat' command
  PUBSUB HELP -> *
  SUBSCRIBE -> -ERR wrong number of arguments for 'subscribe' command
  PSUBSCRIBE -> -ERR wrong number of arguments for 'psubscribe' command
  SSUBSCRIBE -> -ERR wrong number of arguments for 'ssubscribe' command
  PUBLISH a -> -ERR wrong number of arguments for 'publish' command
`;

given('a RESP2 subscriber may ask for little', { protocols: [2] })`
  SUBSCRIBE a -> ["subscribe" "a" :1]
  GET x -> -ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
  PUBLISH a x -> -ERR Can't execute 'publish': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
  CLIENT ID -> -ERR Can't execute 'client|id': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
  HELLO 3 -> -ERR Can't execute 'hello': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
  MULTI -> -ERR Can't execute 'multi': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
  FOO -> -"ERR unknown command 'FOO', with args beginning with: "
  GET -> -ERR wrong number of arguments for 'get' command
  PING -> ["pong" ""]
  PING hi -> ["pong" "hi"]
  PING a b -> -ERR wrong number of arguments for 'ping' command
  UNSUBSCRIBE a -> ["unsubscribe" "a" :0]
  GET x -> nil
  PING -> +PONG
  SSUBSCRIBE s -> ["ssubscribe" "s" :1]
  GET x -> -ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
  SUNSUBSCRIBE -> ["sunsubscribe" "s" :0]
  PSUBSCRIBE p -> ["psubscribe" "p" :1]
  PING x -> ["pong" "x"]
  RESET -> +RESET
  GET x -> nil
  PUBSUB NUMPAT -> :0
  SUBSCRIBE a -> ["subscribe" "a" :1]
  QUIT -> +OK
  -> (closed)
`;

given('a RESP3 subscriber may ask for everything and hears itself first', { protocols: [3] })`
  SUBSCRIBE a -> >["subscribe" "a" :1]
  GET x -> nil
  PING -> +PONG
  PING hi -> "hi"
  PUBLISH a me -> >["message" "a" "me"]
  -> :1
  HELLO 2 -> *
  GET x -> -ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
  PING -> ["pong" ""]
  UNSUBSCRIBE -> ["unsubscribe" "a" :0]
  GET x -> nil
`;

given('within a transaction a message looks like its replies', { protocols: [2] })`
  MULTI -> +OK
  SUBSCRIBE a -> +QUEUED
  PING -> +QUEUED
  GET x -> +QUEUED
  UNSUBSCRIBE a -> +QUEUED
  EXEC -> [["subscribe" "a" :1] ["pong" ""] nil ["unsubscribe" "a" :0]]
  GET x -> nil
`;

given('PUBLISH waits for EXEC')`
  a> SUBSCRIBE ch -> >["subscribe" "ch" :1]
  b> MULTI -> +OK
  b> PUBLISH ch 1 -> +QUEUED
  b> SPUBLISH ch 1 -> +QUEUED
  b> PUBSUB NUMPAT -> +QUEUED
  a> -> (none)
  b> EXEC -> [:1 :0 :0]
  a> -> >["message" "ch" "1"]
`;

given('CLIENT REPLY does not hold messages back', { protocols: [3] })`
  CLIENT REPLY OFF -> (none)
  SUBSCRIBE a -> >["subscribe" "a" :1]
  PUBLISH a x -> >["message" "a" "x"]
  CLIENT REPLY ON -> +OK
  CLIENT REPLY SKIP -> (none)
  SUBSCRIBE b c -> >["subscribe" "b" :2]
  -> >["subscribe" "c" :3]
  PUBLISH b 1 -> >["message" "b" "1"]
  -> :1
  CLIENT REPLY SKIP -> (none)
  PUBLISH b 2 -> >["message" "b" "2"]
  PING -> +PONG
`;

given('whoever leaves or is reset listens no more')`
  a> SUBSCRIBE x -> >["subscribe" "x" :1]
  a> PSUBSCRIBE p -> >["psubscribe" "p" :2]
  a> SSUBSCRIBE s -> >["ssubscribe" "s" :1]
  b> SUBSCRIBE x -> >["subscribe" "x" :1]
  a> RESET -> +RESET
  b> QUIT -> +OK
  b> -> (closed)
  c> PUBLISH x 1 -> :0
  c> PUBLISH p 1 -> :0
  c> SPUBLISH s 1 -> :0
  c> PUBSUB CHANNELS -> []
  a> GET x -> nil
`;
