/** Lists: changing, inserting, removing and trimming by index and by element. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('LSET gives the element at an index other bytes')`
  RPUSH k a b c                -> :3
  LSET k 0 x                   -> +OK
  LSET k -1 300                -> +OK
  LSET k 1 <y*100>             -> +OK
  LRANGE k 0 -1                -> ["x" <y*100> "300"]
  LSET k 3 z                   -> -ERR index out of range
  LSET k -4 z                  -> -ERR index out of range
  LSET k 9223372036854775807 z -> -ERR index out of range
  LSET k x z                   -> -ERR value is not an integer or out of range
  LSET missing 0 z             -> -ERR no such key
  LSET missing x z             -> -ERR no such key
  LSET k 0                     -> -ERR wrong number of arguments for 'lset' command
`;

given('LINSERT puts an element before or after the first that equals the pivot')`
  RPUSH k a b c b 7          -> :5
  LINSERT k BEFORE b x       -> :6
  LINSERT k AFTER b y        -> :7
  LINSERT k before a first   -> :8
  LINSERT k after 7 last     -> :9
  LINSERT k BEFORE 7 8       -> :10
  LRANGE k 0 -1              -> ["first" "a" "x" "b" "y" "c" "b" "8" "7" "last"]
  LINSERT k BEFORE nobody z  -> :-1
  LINSERT k BEFORE 07 z      -> :-1
  LINSERT missing BEFORE a b -> :0
  LINSERT k MIDDLE a b       -> -ERR syntax error
  LINSERT missing MIDDLE a b -> -ERR syntax error
  LINSERT k BEFORE a         -> -ERR wrong number of arguments for 'linsert' command
`;

given('LREM removes so many from the head, from the tail, or all')`
  RPUSH k a b a c a 1 a         -> :7
  LREM k 1 a                    -> :1
  LRANGE k 0 -1                 -> ["b" "a" "c" "a" "1" "a"]
  LREM k -2 a                   -> :2
  LRANGE k 0 -1                 -> ["b" "a" "c" "1"]
  LREM k 0 nobody               -> :0
  LREM k 0 1                    -> :1
  LREM k 0 a                    -> :1
  LREM k 5 b                    -> :1
  LRANGE k 0 -1                 -> ["c"]
  LREM k 0 c                    -> :1
  EXISTS k                      -> :0
  LREM k 0 c                    -> :0
  LREM k x c                    -> -ERR value is not an integer or out of range
  LREM missing x c              -> -ERR value is not an integer or out of range
  RPUSH m a b a                 -> :3
  LREM m -9223372036854775808 a -> :2
  LREM m 9223372036854775807 b  -> :1
  EXISTS m                      -> :0
`;

given('LTRIM keeps a range, and removes the key if nothing is left')`
  RPUSH k a b c d e f -> :6
  LTRIM k 1 -2        -> +OK
  LRANGE k 0 -1       -> ["b" "c" "d" "e"]
  LTRIM k -3 100      -> +OK
  LRANGE k 0 -1       -> ["c" "d" "e"]
  LTRIM k 0 -1        -> +OK
  LTRIM k -100 1      -> +OK
  LRANGE k 0 -1       -> ["c" "d"]
  LTRIM k 5 10        -> +OK
  EXISTS k            -> :0
  LTRIM missing 0 1   -> +OK
  RPUSH k a b         -> :2
  LTRIM k 1 0         -> +OK
  EXISTS k            -> :0
  RPUSH k a b         -> :2
  LTRIM k -9223372036854775808 9223372036854775807 -> +OK
  LRANGE k 0 -1       -> ["a" "b"]
  LTRIM k 9223372036854775807 9223372036854775807 -> +OK
  EXISTS k            -> :0
  LTRIM k x 1         -> -ERR value is not an integer or out of range
  LTRIM missing 1 x   -> -ERR value is not an integer or out of range
`;
