/** Geo searches: circles and boxes, their options, what they store, and the older forms. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('GEOSEARCH finds members within a circle around a place or a member')`
  GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 12.758489 38.788135 edge1 -> :3
  GEOADD g 17.241510 38.788135 edge2          -> :1
  GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km ASC -> ["Catania" "Palermo"]
  GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km DESC -> ["Palermo" "Catania"]
  GEOSEARCH g FROMMEMBER Palermo BYRADIUS 100 mi ASC -> ["Palermo" "edge1"]
  GEOSEARCH g FROMMEMBER Palermo BYRADIUS 0 m -> ["Palermo"]
  GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 1 m   -> []
  GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km ASC WITHCOORD WITHDIST WITHHASH
    -> [["Catania" "56.4413" :3479447370796909 [,15.08726745843887329 ,37.50266842333162032]]
    ["Palermo" "190.4424" :3479099956230698 [,13.36138933897018433 ,38.11555639549629859]]]
  GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km WITHHASH ASC
    -> [["Catania" :3479447370796909] ["Palermo" :3479099956230698]]
  GEOSEARCH g BYRADIUS 30000 km FROMLONLAT -170 -80 WITHDIST DESC
    -> [["edge1" "15435.3738"] ["edge2" "15426.4576"] ["Palermo" "15359.8391"] ["Catania"
    "15288.7961"]]
  GEOSEARCH missing FROMLONLAT 15 37 BYRADIUS 200 km -> []
  GEOSEARCH missing FROMMEMBER a BYRADIUS 200 km -> []
`;

given('GEOSEARCH finds members within a box')`
  GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 12.758489 38.788135 edge1 -> :3
  GEOADD g 17.241510 38.788135 edge2         -> :1
  GEOSEARCH g FROMLONLAT 15 37 BYBOX 400 400 km ASC WITHCOORD WITHDIST
    -> [["Catania" "56.4413" [,15.08726745843887329 ,37.50266842333162032]] ["Palermo" "190.4424"
    [,13.36138933897018433 ,38.11555639549629859]] ["edge2" "279.7403" [,17.24151045083999634
    ,38.78813451624225195]] ["edge1" "279.7405" [,12.7584877610206604 ,38.78813451624225195]]]
  GEOSEARCH g FROMMEMBER Catania BYBOX 10 500 km ASC -> ["Catania"]
  GEOSEARCH g FROMMEMBER Catania BYBOX 500000 10 ft ASC -> ["Catania"]
  GEOSEARCH g FROMMEMBER Catania BYBOX 0 0 m -> ["Catania"]
  GEOSEARCH g FROMLONLAT 0 0 BYBOX 50000 50000 km DESC -> ["edge2" "edge1" "Palermo" "Catania"]
`;

given('COUNT answers the nearest, with ANY the first that are found')`
  GEOADD g 1 1 a 1.001 1 b 1.002 1 c 1.003 1 d 1.004 1 e 1 1 same -> :6
  GEOSEARCH g FROMLONLAT 1.0021 1 BYRADIUS 1 km COUNT 2 -> ["c" "d"]
  GEOSEARCH g FROMLONLAT 1.0021 1 BYRADIUS 1 km COUNT 3 DESC -> ["a" "same" "e"]
  GEOSEARCH g FROMLONLAT 1.0021 1 BYRADIUS 1 km COUNT 100 -> ["c" "d" "b" "e" "a" "same"]
  GEOSEARCH g FROMLONLAT 1.0021 1 BYRADIUS 1 km COUNT 3 ANY -> ["a" "same" "b"]
  GEOSEARCH g FROMLONLAT 1.0021 1 BYRADIUS 1 km COUNT 3 ANY ASC -> ["b" "a" "same"]
  GEOSEARCH g FROMLONLAT 1.0021 1 BYRADIUS 1 km ANY -> -ERR the ANY argument requires COUNT argument
  GEOSEARCH g FROMLONLAT 1.0021 1 BYRADIUS 1 km COUNT 0 -> -ERR COUNT must be > 0
  GEOSEARCH g FROMLONLAT 1.0021 1 BYRADIUS 1 km COUNT -1 ANY -> -ERR COUNT must be > 0
  GEOSEARCH g FROMLONLAT 1.0021 1 BYRADIUS 1 km COUNT x
    -> -ERR value is not an integer or out of range
  GEOSEARCH g FROMLONLAT 1.0021 1 BYRADIUS 1 km COUNT -> -ERR syntax error
  GEOSEARCH g FROMLONLAT 1 1 BYRADIUS 1 km COUNT 1 ASC -> ["a"]
`;

given('GEOSEARCH wants one centre and one area, and knows all of its words')`
  GEOADD g 13.361389 38.115556 Palermo         -> :1
  GEOSEARCH g FROMLONLAT 15 37 ASC WITHDIST WITHHASH
    -> -ERR exactly one of BYRADIUS and BYBOX can be specified for GEOSEARCH
  GeoSearch g BYRADIUS 1 km ASC DESC
    -> -ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for GeoSearch
  GEOSEARCH missing BYRADIUS 1 km ASC DESC
    -> -ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for GEOSEARCH
  GEOSEARCH g FROMLONLAT 15 37 FROMMEMBER Palermo BYRADIUS 1 km -> -ERR syntax error
  GEOSEARCH g FROMMEMBER Palermo BYRADIUS 1 km BYBOX 1 1 km -> -ERR syntax error
  GEOSEARCH g FROMMEMBER missing BYRADIUS 1 km -> -ERR could not decode requested zset member
  GEOSEARCH g FROMLONLAT 15 x BYRADIUS 1 km    -> -ERR value is not a valid float
  GEOSEARCH g FROMLONLAT 15 97 BYRADIUS 1 km
    -> -ERR invalid longitude,latitude pair 15.000000,97.000000
  GEOSEARCH g FROMMEMBER Palermo BYRADIUS x km -> -ERR need numeric radius
  GEOSEARCH g FROMMEMBER Palermo BYRADIUS -1 km -> -ERR radius cannot be negative
  GEOSEARCH g FROMMEMBER Palermo BYRADIUS 1 kms
    -> -ERR unsupported unit provided. please use M, KM, FT, MI
  GEOSEARCH g FROMMEMBER Palermo BYBOX x 1 km  -> -ERR need numeric width
  GEOSEARCH g FROMMEMBER Palermo BYBOX 1 x km  -> -ERR need numeric height
  GEOSEARCH g FROMMEMBER Palermo BYBOX 1 -1 km -> -ERR height or width cannot be negative
  GEOSEARCH g FROMMEMBER Palermo BYBOX 1 1 kms
    -> -ERR unsupported unit provided. please use M, KM, FT, MI
  GEOSEARCH g FROMMEMBER Palermo BYRADIUS 1 km FOO -> -ERR syntax error
  GEOSEARCH g FROMMEMBER Palermo BYRADIUS 1 km STORE d -> -ERR syntax error
  GEOSEARCH g FROMMEMBER Palermo BYRADIUS 1 km STOREDIST -> -ERR syntax error
  GEOSEARCH g FROMMEMBER
    -> -ERR wrong number of arguments for 'geosearch' command
  RPUSH l x                                    -> :1
  GEOSEARCH l FROMMEMBER a BYRADIUS 1 km
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('GEOSEARCHSTORE stores hashes or distances, in place of whatever was there')`
  GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania -> :2
  SET d old                 -> +OK
  GEOSEARCHSTORE d g FROMLONLAT 15 37 BYRADIUS 200 km -> :2
  ZRANGE d 0 -1             -> ["Palermo" "Catania"]
  ZMSCORE d Palermo Catania -> [,3479099956230698 ,3479447370796909]
  OBJECT ENCODING d         -> "listpack"
  GEOSEARCHSTORE d g FROMLONLAT 15 37 BYBOX 400 400 km ASC COUNT 1 STOREDIST -> :1
  ZRANGE d 0 -1             -> ["Catania"]
  ZMSCORE d Palermo Catania -> [nil ,56.441257870158204]
  GEOSEARCHSTORE g g FROMLONLAT 15 37 BYRADIUS 100 km -> :1
  ZRANGE g 0 -1             -> ["Catania"]
  GEOSEARCHSTORE d g FROMLONLAT 15 37 BYRADIUS 1 m -> :0
  EXISTS d                  -> :0
  SET d old                 -> +OK
  GEOSEARCHSTORE d missing FROMLONLAT 15 37 BYRADIUS 1 m -> :0
  EXISTS d                  -> :0
  GEOSEARCHSTORE d g FROMLONLAT 15 37 BYRADIUS 1 m WITHDIST
    -> -ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options
  GEOSEARCHSTORE d g FROMLONLAT 15 37 BYRADIUS 1 m STORE x -> -ERR syntax error
  GEOSEARCHSTORE d g FROMLONLAT 15 37 ASC WITHCOORD DESC
    -> -ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options
  RPUSH l x                 -> :1
  GEOSEARCHSTORE d l FROMLONLAT 15 37 BYRADIUS 1 m
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('GEORADIUS and GEORADIUSBYMEMBER search circles, and may store')`
  GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania -> :2
  GEORADIUS g 15 37 200 km WITHDIST WITHCOORD WITHHASH ASC
    -> [["Catania" "56.4413" :3479447370796909 [,15.08726745843887329 ,37.50266842333162032]]
  ["Palermo" "190.4424" :3479099956230698 [,13.36138933897018433 ,38.11555639549629859]]]
  GEORADIUS g 15 37 200 km COUNT 1 DESC        -> ["Palermo"]
  GEORADIUSBYMEMBER g Palermo 200 km ASC       -> ["Palermo" "Catania"]
  GEORADIUSBYMEMBER g missing 200 km           -> -ERR could not decode requested zset member
  GEORADIUSBYMEMBER missing a 200 km           -> []
  GEORADIUS g 15 37 200 km STORE d             -> :2
  ZRANGE d 0 -1                                -> ["Palermo" "Catania"]
  ZMSCORE d Palermo Catania                    -> [,3479099956230698 ,3479447370796909]
  GEORADIUSBYMEMBER g Palermo 200 km STOREDIST d DESC COUNT 1 -> :1
  ZRANGE d 0 -1                                -> ["Catania"]
  ZMSCORE d Palermo Catania                    -> [nil ,166.27415156960032]
  GEORADIUS g 15 37 200 km STORE d STOREDIST e -> :2
  EXISTS d e                                   -> :2
  GEORADIUSBYMEMBER missing a x y STORE d      -> :0
  EXISTS d                                     -> :0
  GEORADIUS g 15 37 1 m STORE e                -> :0
  EXISTS e                                     -> :0
`;

given('GEORADIUS and its kin refuse what GEOSEARCH refuses')`
  GEOADD g 13.361389 38.115556 Palermo      -> :1
  GEORADIUS g 15 37 200 km STORE d WITHDIST
    -> -ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options
  GEORADIUS g 15 37 200 km STORE            -> -ERR syntax error
  GEORADIUS g 15 37 x km                    -> -ERR need numeric radius
  GEORADIUS g 15 37 -1 km                   -> -ERR radius cannot be negative
  GEORADIUS g 15 37 1 parsec
    -> -ERR unsupported unit provided. please use M, KM, FT, MI
  GEORADIUS g 1500 37 1 km
    -> -ERR invalid longitude,latitude pair 1500.000000,37.000000
  GEORADIUS g 15 37 1 km FROMMEMBER Palermo -> -ERR syntax error
  GEORADIUS g 15 37 1 km COUNT 0            -> -ERR COUNT must be > 0
  GEORADIUS g 15 37 1 km ANY                -> -ERR the ANY argument requires COUNT argument
  GEORADIUSBYMEMBER g Palermo -1 km         -> -ERR radius cannot be negative
  GEORADIUSBYMEMBER g Palermo 1
    -> -ERR wrong number of arguments for 'georadiusbymember' command
  GEORADIUS g 15 37 1
    -> -ERR wrong number of arguments for 'georadius' command
  RPUSH l x                                 -> :1
  GEORADIUS l x 37 1 km
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  GEORADIUSBYMEMBER l a 1 km
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('the _RO forms never store')`
  GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania -> :2
  GEORADIUS_RO g 15 37 200 km ASC     -> ["Catania" "Palermo"]
  GEORADIUSBYMEMBER_RO g Palermo 200 km DESC WITHDIST
    -> [["Catania" "166.2742"] ["Palermo" "0.0000"]]
  GEORADIUS_RO g 15 37 200 km STORE d -> -ERR syntax error
  GEORADIUSBYMEMBER_RO g Palermo 200 km STOREDIST d -> -ERR syntax error
  GEORADIUS_RO g 15 37 200            -> -ERR wrong number of arguments for 'georadius_ro' command
  GEORADIUSBYMEMBER_RO g Palermo 200
    -> -ERR wrong number of arguments for 'georadiusbymember_ro' command
  EXISTS d                            -> :0
`;
