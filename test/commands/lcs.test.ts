/** LCS: the longest common subsequence of two strings, as text, length or matching ranges. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('LCS answers a longest common subsequence')`
  MSET key1 ohmytext key2 mynewtext -> +OK
  LCS key1 key2                     -> "mytext"
  LCS key2 key1                     -> "mytext"
  LCS key1 key1                     -> "ohmytext"
  LCS key1 missing                  -> ""
  LCS missing key1                  -> ""
  LCS missing missing2              -> ""
`;

given('LCS LEN answers only its length')`
  MSET key1 ohmytext key2 mynewtext -> +OK
  LCS key1 key2 LEN                 -> :6
  LCS key1 missing LEN              -> :0
  LCS key1 key1 LEN                 -> :8
`;

given('LCS IDX answers the ranges that match, the last ones first')`
  MSET key1 ohmytext key2 mynewtext            -> +OK
  LCS key1 key2 IDX
    -> {"matches" => [[[:4 :7] [:5 :8]] [[:2 :3] [:0 :1]]] "len" => :6}
  LCS key1 key2 IDX MINMATCHLEN 4              -> {"matches" => [[[:4 :7] [:5 :8]]] "len" => :6}
  LCS key1 key2 IDX WITHMATCHLEN
    -> {"matches" => [[[:4 :7] [:5 :8] :4] [[:2 :3] [:0 :1] :2]] "len" => :6}
  LCS key1 key2 IDX MINMATCHLEN 4 WITHMATCHLEN -> {"matches" => [[[:4 :7] [:5 :8] :4]] "len" => :6}
  LCS key1 key2 IDX MINMATCHLEN 5              -> {"matches" => [] "len" => :6}
  LCS key1 missing IDX                         -> {"matches" => [] "len" => :0}
  LCS key1 key1 IDX WITHMATCHLEN               -> {"matches" => [[[:0 :7] [:0 :7] :8]] "len" => :8}
`;

given('LCS MINMATCHLEN below one filters nothing, and matters only with IDX')`
  MSET key1 ohmytext key2 mynewtext -> +OK
  LCS key1 key2 IDX MINMATCHLEN 0
    -> {"matches" => [[[:4 :7] [:5 :8]] [[:2 :3] [:0 :1]]] "len" => :6}
  LCS key1 key2 IDX MINMATCHLEN -1
    -> {"matches" => [[[:4 :7] [:5 :8]] [[:2 :3] [:0 :1]]] "len" => :6}
  LCS key1 key2 IDX MINMATCHLEN -9223372036854775808
    -> {"matches" => [[[:4 :7] [:5 :8]] [[:2 :3] [:0 :1]]] "len" => :6}
  LCS key1 key2 IDX MINMATCHLEN 9223372036854775807 -> {"matches" => [] "len" => :6}
  LCS key1 key2 MINMATCHLEN 4       -> "mytext"
  LCS key1 key2 LEN MINMATCHLEN 100 -> :6
  LCS key1 key2 WITHMATCHLEN        -> "mytext"
  LCS key1 key2 LEN WITHMATCHLEN    -> :6
`;

given('LCS refuses LEN together with IDX, unknown words, and wrong numbers')`
  MSET key1 ohmytext key2 mynewtext            -> +OK
  LCS key1 key2 LEN IDX
    -> -ERR If you want both the length and indexes, please just use IDX.
  LCS key1 key2 IDX LEN
    -> -ERR If you want both the length and indexes, please just use IDX.
  LCS key1 key2 FOO                            -> -ERR syntax error
  LCS key1 key2 IDX FOO                        -> -ERR syntax error
  LCS key1 key2 IDX MINMATCHLEN                -> -ERR syntax error
  LCS key1 key2 IDX MINMATCHLEN x              -> -ERR value is not an integer or out of range
  LCS key1 key2 IDX MINMATCHLEN 1.5            -> -ERR value is not an integer or out of range
  LCS key1 key2 IDX MINMATCHLEN 9223372036854775808 -> -ERR value is not an integer or out of range
  LCS key1 key2 MINMATCHLEN x                  -> -ERR value is not an integer or out of range
  LCS key1 key2 LEN LEN                        -> :6
  LCS key1 key2 IDX IDX MINMATCHLEN 4 MINMATCHLEN 1
    -> {"matches" => [[[:4 :7] [:5 :8]] [[:2 :3] [:0 :1]]] "len" => :6}
  LCS key1                                     -> -ERR wrong number of arguments for 'lcs' command
  LCS                                          -> -ERR wrong number of arguments for 'lcs' command
  LCS missing missing2 LEN IDX
    -> -ERR If you want both the length and indexes, please just use IDX.
  LCS missing missing2 FOO                     -> -ERR syntax error
  lcs key1 key2 idx withmatchlen minmatchlen 2
    -> {"matches" => [[[:4 :7] [:5 :8] :4] [[:2 :3] [:0 :1] :2]] "len" => :6}
`;

given('LCS breaks ties as Redis does')`
  MSET a abcbdab b bdcaba  -> +OK
  LCS a b                  -> "bdab"
  LCS b a                  -> "bcba"
  LCS a b IDX              -> {"matches" => [[[:5 :6] [:3 :4]] [[:3 :4] [:0 :1]]] "len" => :4}
  LCS b a IDX WITHMATCHLEN
    -> {"matches" => [[[:5 :5] [:5 :5] :1] [[:4 :4] [:3 :3] :1] [[:2 :2] [:2 :2] :1] [[:0 :0] [:1
    :1] :1]] "len" => :4}
  MSET a AGGTAB b GXTXAYB  -> +OK
  LCS a b                  -> "GTAB"
  LCS a b IDX WITHMATCHLEN
    -> {"matches" => [[[:5 :5] [:6 :6] :1] [[:4 :4] [:4 :4] :1] [[:3 :3] [:2 :2] :1] [[:2 :2] [:0
    :0] :1]] "len" => :4}
  MSET a aaaa b aa         -> +OK
  LCS a b IDX              -> {"matches" => [[[:2 :3] [:0 :1]]] "len" => :2}
  LCS b a IDX              -> {"matches" => [[[:0 :1] [:2 :3]]] "len" => :2}
  MSET a abab b baba       -> +OK
  LCS a b                  -> "bab"
  LCS b a                  -> "aba"
  LCS a b IDX              -> {"matches" => [[[:1 :3] [:0 :2]]] "len" => :3}
  MSET a xyz b abc         -> +OK
  LCS a b                  -> ""
  LCS a b IDX              -> {"matches" => [] "len" => :0}
  LCS a b LEN              -> :0
`;

given('LCS compares bytes, empty strings, and integers as text')`
  SET a <bytes>  -> +OK
  SET b <bytes>  -> +OK
  LCS a b LEN    -> :256
  LCS a b IDX    -> {"matches" => [[[:0 :255] [:0 :255]]] "len" => :256}
  SET b ""       -> +OK
  LCS a b        -> ""
  LCS a b IDX    -> {"matches" => [] "len" => :0}
  LCS b b        -> ""
  SET n 123456   -> +OK
  SET m 13579246 -> +OK
  LCS n m        -> "1356"
  LCS n m IDX
    -> {"matches" => [[[:5 :5] [:7 :7]] [[:4 :4] [:2 :2]] [[:2 :2] [:1 :1]] [[:0 :0] [:0 :0]]]
    "len" => :4}
  SET "" x       -> +OK
  LCS "" ""      -> "x"
`;

given('LCS of longer strings')`
  SET a <ab*500>              -> +OK
  SET b <ba*400>              -> +OK
  LCS a b LEN                 -> :800
  SET c <abc*300>             -> +OK
  LCS a c LEN                 -> :600
  LCS c b LEN                 -> :600
  LCS a b IDX MINMATCHLEN 100 -> {"matches" => [[[:199 :998] [:0 :799]]] "len" => :800}
  LCS c a IDX MINMATCHLEN 3   -> {"matches" => [] "len" => :600}
`;

given('LCS sees no expired key')`
  SET a abc PXAT 1 -> +OK
  SET b abc        -> +OK
  LCS a b          -> ""
  LCS a b LEN      -> :0
`;

given('LCS refuses strings whose table would be too large, and works again after that')`
  SET long <x*20000> -> +OK
  SET k abc          -> +OK
  LCS long long
    -> -ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len
  LCS k k            -> "abc"
  LCS long long LEN
    -> -ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len
  LCS k k IDX        -> {"matches" => [[[:0 :2] [:0 :2]]] "len" => :3}
  LCS long k LEN     -> :0
`;
