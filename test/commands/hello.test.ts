/** HELLO: choosing the protocol, with a name and a password on the way. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('HELLO 3 answers a map and switches to RESP3', { protocols: [2] })`
  GET missing -> nil
  HELLO 3
    -> {"server" => "redis" "version" => "7.0.15" "proto" => :3 "id" => :* "mode" => "standalone"
    "role" => "master" "modules" => []}
  GET missing -> nil
  CONFIG GET maxmemory -> {"maxmemory" => "0"}
  HELLO 2
    -> {"server" => "redis" "version" => "7.0.15" "proto" => :2 "id" => :* "mode" => "standalone"
    "role" => "master" "modules" => []}
  GET missing -> nil
  CONFIG GET maxmemory -> {"maxmemory" => "0"}
`;

given('HELLO without a version tells and changes nothing', { protocols: [2] })`
  HELLO
    -> {"server" => "redis" "version" => "7.0.15" "proto" => :2 "id" => :* "mode" => "standalone"
    "role" => "master" "modules" => []}
  GET missing -> nil
`;

given('HELLO without a version tells the protocol that is spoken', { protocols: [3] })`
  HELLO
    -> {"server" => "redis" "version" => "7.0.15" "proto" => :3 "id" => :* "mode" => "standalone"
    "role" => "master" "modules" => []}
  GET missing -> nil
`;

given('HELLO refuses versions that there are not')`
  HELLO 1                   -> -NOPROTO unsupported protocol version
  HELLO 4                   -> -NOPROTO unsupported protocol version
  HELLO 0                   -> -NOPROTO unsupported protocol version
  HELLO -1                  -> -NOPROTO unsupported protocol version
  HELLO x                   -> -ERR Protocol version is not an integer or out of range
  HELLO ""                  -> -ERR Protocol version is not an integer or out of range
  HELLO 2.0                 -> -ERR Protocol version is not an integer or out of range
  HELLO 9223372036854775808 -> -ERR Protocol version is not an integer or out of range
  GET missing               -> nil
`;

given('HELLO takes a name for the connection')`
  HELLO 2 SETNAME me
    -> {"server" => "redis" "version" => "7.0.15" "proto" => :2 "id" => :* "mode" => "standalone"
    "role" => "master" "modules" => []}
  CLIENT GETNAME -> "me"
  HELLO 3 setname ""
    -> {"server" => "redis" "version" => "7.0.15" "proto" => :3 "id" => :* "mode" => "standalone"
    "role" => "master" "modules" => []}
  CLIENT GETNAME -> nil
  HELLO 3 SETNAME "with space"
    -> -ERR Client names cannot contain spaces, newlines or special characters.
  HELLO 3 SETNAME -> -ERR Syntax error in HELLO option 'SETNAME'
  CLIENT GETNAME -> nil
`;

given('HELLO AUTH checks the user before anything changes')`
  HELLO 3 AUTH nobody secret
    -> -WRONGPASS invalid username-password pair or user is disabled.
  HELLO 3 AUTH nobody secret SETNAME me
    -> -WRONGPASS invalid username-password pair or user is disabled.
  HELLO 3 AUTH default       -> -ERR Syntax error in HELLO option 'AUTH'
  HELLO 3 AUTH               -> -ERR Syntax error in HELLO option 'AUTH'
  HELLO 3 "a\xff\x80b"       -> -"ERR Syntax error in HELLO option 'a\xff\x80b'"
  HELLO 3 "a\x00b"           -> -ERR Syntax error in HELLO option 'a'
  HELLO 3 FOO                -> -ERR Syntax error in HELLO option 'FOO'
  HELLO 3 SETNAME me FOO     -> -ERR Syntax error in HELLO option 'FOO'
  HELLO 3 SETNAME me AUTH nobody secret
    -> -WRONGPASS invalid username-password pair or user is disabled.
  HELLO 4 AUTH default wrong -> -NOPROTO unsupported protocol version
  CLIENT GETNAME             -> "me"
`;

given('HELLO AUTH for a user without a password accepts any')`
  HELLO 2 AUTH default anything SETNAME me
    -> {"server" => "redis" "version" => "7.0.15" "proto" => :2 "id" => :* "mode" => "standalone"
    "role" => "master" "modules" => []}
  CLIENT GETNAME -> "me"
`;
