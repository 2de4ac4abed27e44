/** Geo sets: adding places, where members are, how far apart, and their geohashes. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('GEOADD adds members with their geohash as score')`
  GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania -> :2
  ZRANGE g 0 -1                         -> ["Palermo" "Catania"]
  ZMSCORE g Palermo Catania             -> [,3479099956230698 ,3479447370796909]
  TYPE g                                -> +zset
  OBJECT ENCODING g                     -> "listpack"
  GEOADD g 13.361389 38.115556 Palermo  -> :0
  GEOADD g CH 13.5 38.2 Palermo 1 1 New -> :2
  GEOADD g XX CH 1 2 New 3 4 Other      -> :1
  GEOADD g NX 3 4 Other 5 6 New         -> :1
  GEOADD g nx ch 1 1 Another            -> :1
  GEOADD missing XX 1 1 a               -> :0
  EXISTS missing                        -> :0
  GEOADD edge -180 -85.05112878 a 180 85.05112878 b 0 0 c -> :3
  ZRANGE edge 0 -1                      -> ["a" "c" "b"]
  ZMSCORE edge a b c                    -> [,0 ,13510798882111488 ,3377699720527872]
`;

given('GEOADD refuses places off the map, other numbers and words')`
  GEOADD g 200 100 a                  -> -ERR invalid longitude,latitude pair 200.000000,100.000000
  GEOADD g 1 85.05112879 a            -> -ERR invalid longitude,latitude pair 1.000000,85.051129
  GEOADD g -180.0001 1 a              -> -ERR invalid longitude,latitude pair -180.000100,1.000000
  GEOADD g inf -0.00000051 a          -> -ERR invalid longitude,latitude pair inf,-0.000001
  GEOADD g 200 1e300 a
    -> -ERR invalid longitude,latitude pair 200.000000,1000000000000000052504760255204420248704468581108159154915854115511802457988908195786371375080447864043704443832883878176942523235360430575644792184786706982848387200926575803737830233794788090059368953234970799945081119038967640880074652742780142494579258788820056842838115669472196386865459400540160.000000
  GEOADD g 1e22 123456789.987654321 a
    -> -ERR invalid longitude,latitude pair 10000000000000000000000.000000,123456789.987654
  GEOADD g x 1 a                      -> -ERR value is not a valid float
  GEOADD g 1 "" a                     -> -ERR value is not a valid float
  GEOADD g nan 1 a                    -> -ERR value is not a valid float
  GEOADD g 1 1 a 2 2                  -> -ERR syntax error
  GEOADD g NX XX 1 1 a                -> -ERR syntax error
  GEOADD g NX XX CH CH                -> -ERR syntax error
  GEOADD g NX 1 1                     -> -ERR syntax error
  GEOADD g 1 1                        -> -ERR wrong number of arguments for 'geoadd' command
  EXISTS g                            -> :0
  RPUSH l x                           -> :1
  GEOADD l 1 1 a
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  GEOADD l 300 1 a                    -> -ERR invalid longitude,latitude pair 300.000000,1.000000
`;

given('GEOPOS answers where members are')`
  GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania -> :2
  GEOPOS g Palermo Catania missing
    -> [[,13.36138933897018433 ,38.11555639549629859] [,15.08726745843887329
    ,37.50266842333162032] nil[]]
  GEOPOS g                         -> []
  GEOPOS missing a b               -> [nil[] nil[]]
  ZADD any -5 negative 1e300 huge inf infinite -inf least 18446744073709551616 wide 1.5 part -> :6
  GEOPOS any negative huge infinite least wide part
    -> [[,180 ,85.0511287799999991] [,-179.99999731779098511 ,-85.05112751263942528]
    [,-179.99999731779098511 ,-85.05112751263942528] [,180 ,-85.05112751263942528]
    [,-179.99999731779098511 ,-85.05112751263942528] [,-179.99999731779098511
    ,-85.05112497791824921]]
  GEOADD zero 0 0 a                -> :1
  GEOPOS zero a                    -> [[,0.00000268220901489 ,0.00000126736058093]]
  RPUSH l x                        -> :1
  GEOPOS l a
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('GEODIST answers how far members are apart, in metres or another unit')`
  GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania -> :2
  GEODIST g Palermo Catania      -> "166274.1516"
  GEODIST g Palermo Catania km   -> "166.2742"
  GEODIST g Palermo Catania MI   -> "103.3182"
  GEODIST g Palermo Catania ft   -> "545518.8700"
  GEODIST g Palermo Palermo      -> "0.0000"
  GEODIST g Palermo missing      -> nil
  GEODIST g missing Palermo      -> nil
  GEODIST missing a b            -> nil
  GEOADD h 0 0 a 180 0 b 0 85 c 0 -85 d -180 0 e -> :5
  GEODIST h a b                  -> "20020733.6202"
  GEODIST h c d                  -> "18908470.9226"
  GEODIST h b e                  -> "0.2983"
  GEODIST g Palermo Catania foo  -> -ERR unsupported unit provided. please use M, KM, FT, MI
  GEODIST missing a b foo        -> -ERR unsupported unit provided. please use M, KM, FT, MI
  GEODIST g Palermo Catania km x -> -ERR syntax error
  GEODIST g Palermo              -> -ERR wrong number of arguments for 'geodist' command
  RPUSH l x                      -> :1
  GEODIST l a b
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('GEOHASH answers standard geohashes of eleven letters')`
  GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 180 85 edge -180 -85 other -> :4
  GEOHASH g Palermo Catania missing edge other
    -> ["sqc8b49rny0" "sqdtr74hyu0" nil "bp0581b0bh0" "00bh2n0p050"]
  GEOHASH g                                    -> []
  GEOHASH missing a b                          -> [nil nil]
  RPUSH l x                                    -> :1
  GEOHASH l a
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;
