/** Cases for commands that wait until there is something to answer. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('BLPOP waits until somebody pushes')`
  a> BLPOP k 0          -> (blocked)
  a> PING               -> (blocked)
  b> RPUSH k v          -> :1
  a>                    -> ["k" "v"]
  a>                    -> +PONG
  a>                    -> (none)
  a> BLPOP k 0          -> (blocked)
  b> CLIENT UNBLOCK <id:a> ERROR -> :1
  a>                    -> -UNBLOCKED client unblocked via CLIENT UNBLOCK
  a> BLPOP k 0          -> (blocked)
  b> CLIENT KILL ID <id:a> -> :1
  a>                    -> (closed)
`;
