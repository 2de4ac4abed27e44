/** HyperLogLogs: the replies, and the very bytes of the values. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('PFADD answers whether a register changed, and makes an empty one without elements')`
  PFADD h a b c                       -> :1
  PFADD h a b c                       -> :0
  PFADD h d                           -> :1
  PFADD empty                         -> :1
  PFADD empty                         -> :0
  TYPE h                              -> +string
  OBJECT ENCODING h                   -> "raw"
  GET h
    -> "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\\{\x80Dv\x80P\xb1\x84K\xfb\x80BZ"
  GET empty
    -> "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xff"
  PFADD bytes "" \x00 <bytes> <x*100> -> :1
  GET bytes
    -> "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80W1\x84Y\x15\x80Km\x80A\x90\x80B\xb4"
`;

given('PFCOUNT counts one key, which remembers it, or the union of several')`
  PFADD a 1 2 3 4 5    -> :1
  PFADD b 4 5 6 7      -> :1
  PFCOUNT a            -> :5
  GET a
    -> "HYLL\x01\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00A\xee\x84H#\x80SQ\x80Mt\x80Q,\x8cC\xf3"
  PFCOUNT a            -> :5
  PFCOUNT a b          -> :7
  PFCOUNT b missing    -> :4
  PFCOUNT missing      -> :0
  PFCOUNT missing also -> :0
  PFADD empty          -> :1
  PFCOUNT empty        -> :0
  GET empty            -> "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x7f\xff"
`;

given('PFMERGE writes the union, sparse if all are')`
  PFADD a 1 2 3       -> :1
  PFADD b 3 4         -> :1
  PFMERGE c a b       -> +OK
  PFCOUNT c           -> :4
  GET c
    -> "HYLL\x01\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00A\xee\x84[v\x80Mt\x80Q,\x8cC\xf3"
  PFMERGE a b missing -> +OK
  PFCOUNT a           -> :4
  PFMERGE d           -> +OK
  GET d               -> "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xff"
  PFMERGE d missing   -> +OK
  PFDEBUG TODENSE b   -> :1
  PFMERGE e a b       -> +OK
  PFDEBUG ENCODING e  -> +dense
  PFCOUNT e           -> :4
`;

given('PFDEBUG shows the registers and how they are stored')`
  PFADD h a b c            -> :1
  PFDEBUG DECODE h         -> "Z:8436 v:1,1 Z:4274 v:2,1 Z:3068 v:1,1 Z:603"
  PFDEBUG encoding h       -> +sparse
  PFDEBUG TODENSE h        -> :1
  PFDEBUG TODENSE h        -> :0
  PFDEBUG ENCODING h       -> +dense
  PFDEBUG DECODE h         -> -ERR HLL encoding is not sparse
  PFCOUNT h                -> :3
  STRLEN h                 -> :12304
  PFDEBUG FOO h            -> -ERR Unknown PFDEBUG subcommand 'FOO'
  PFDEBUG ENCODING missing -> -ERR The specified key does not exist
  PFDEBUG GETREG           -> -ERR wrong number of arguments for 'pfdebug' command
  PFDEBUG GETREG h x       -> -ERR wrong number of arguments for 'pfdebug' command
`;

given('a sparse one becomes dense when it grows, or by a value that it cannot hold')`
  CONFIG SET hll-sparse-max-bytes 40         -> +OK
  PFADD h 1 2 3 4 5 6 7 8                    -> :1
  PFDEBUG ENCODING h                         -> +dense
  PFADD h 9 10 11 12 13 14 15 16 17 18 19 20 -> :1
  PFDEBUG ENCODING h                         -> +dense
  STRLEN h                                   -> :12304
  PFCOUNT h                                  -> :20
  CONFIG SET hll-sparse-max-bytes 3000       -> +OK
`;

given('values that are no HyperLogLog are refused')`
  SET text foo                               -> +OK
  SET number 12                              -> +OK
  RPUSH l x                                  -> :1
  SET short HYLL\x01\x00\x00\x00\x00\x00\x00 -> +OK
  SET dense HYLL\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00abc -> +OK
  SET encoding HYLL\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00abc -> +OK
  PFADD text x
    -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFADD text
    -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFADD number x
    -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFADD l x
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  PFADD short x
    -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFADD dense x
    -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFADD encoding x
    -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFCOUNT text
    -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFCOUNT l
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  PFCOUNT missing text
    -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFMERGE d text
    -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFMERGE text missing
    -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFDEBUG ENCODING text
    -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFDEBUG ENCODING l
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  PFADD                                      -> -ERR wrong number of arguments for 'pfadd' command
  PFCOUNT                                    -> -ERR wrong number of arguments for 'pfcount' command
  PFMERGE                                    -> -ERR wrong number of arguments for 'pfmerge' command
`;

given('corrupt registers are an error, however they are corrupt')`
  SET past HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xff\x7f\xff -> +OK
  PFCOUNT past         -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFMERGE d past       -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFCOUNT past missing -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFDEBUG TODENSE past -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFDEBUG GETREG past  -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFADD past a         -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  SET few HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x00\x84 -> +OK
  PFCOUNT few          -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFADD few a b c      -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFMERGE d few        -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFDEBUG DECODE few   -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  SET none HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80 -> +OK
  PFCOUNT none         -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFADD none a         -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  PFDEBUG DECODE none  -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  SET known HYLL\x01\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x00 -> +OK
  PFCOUNT known        -> -WRONGTYPE Key is not a valid HyperLogLog string value.
  EXISTS d             -> :0
`;

given('PFSELFTEST finds all well')`
  PFSELFTEST   -> +OK
`;
