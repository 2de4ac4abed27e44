/** INCRBYFLOAT: 80-bit arithmetic and its text, as redis-server on x86-64 prints it. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

/** The long double that is nearest to a large integer: 64 bits of mantissa, ties to even. */
function nearest(exact: bigint): bigint {
  const shift = BigInt(Math.max(0, exact.toString(2).length - 64));
  const unit = 1n << shift;
  const mantissa = exact >> shift;
  const rest = (exact & (unit - 1n)) * 2n;
  const roundsUp = rest > unit || (rest === unit && (mantissa & 1n) === 1n);
  return (mantissa + (roundsUp ? 1n : 0n)) << shift;
}

given('INCRBYFLOAT begins at zero and answers a bulk string in both protocols')`
  INCRBYFLOAT k 1.5 -> "1.5"
  INCRBYFLOAT k 1.5 -> "3"
  GET k             -> "3"
  OBJECT ENCODING k -> "embstr"
  INCRBYFLOAT k -3  -> "0"
  GET k             -> "0"
`;

given('INCRBYFLOAT adds as 80-bit long doubles do, so 0.1 + 0.2 is 0.3')`
  SET k 0.1                          -> +OK
  INCRBYFLOAT k 0.2                  -> "0.3"
  INCRBYFLOAT k 0.1                  -> "0.4"
  INCRBYFLOAT k 0.1                  -> "0.5"
  SET k 10.50                        -> +OK
  INCRBYFLOAT k 0.1                  -> "10.6"
  INCRBYFLOAT k -5                   -> "5.6"
  SET k 5.0e3                        -> +OK
  INCRBYFLOAT k 2.0e2                -> "5200"
  SET k 3.0                          -> +OK
  INCRBYFLOAT k 0                    -> "3"
  SET k 1.1                          -> +OK
  INCRBYFLOAT k 2.2                  -> "3.3"
  SET k 0.7                          -> +OK
  INCRBYFLOAT k 0.1                  -> "0.8"
  SET k 1                            -> +OK
  INCRBYFLOAT k 1e-17                -> "1.00000000000000001"
  SET k 1                            -> +OK
  INCRBYFLOAT k 1e-18                -> "1"
  SET k 3                            -> +OK
  INCRBYFLOAT k 1.000000000000000005 -> "4.00000000000000001"
`;

given('INCRBYFLOAT prints 17 digits behind the point at most and drops trailing zeros')`
  INCRBYFLOAT a 0.1                            -> "0.1"
  INCRBYFLOAT b 0.12345678901234567890         -> "0.12345678901234568"
  INCRBYFLOAT c 1.00000000000000001            -> "1.00000000000000001"
  INCRBYFLOAT d 1e-5                           -> "0.00001"
  INCRBYFLOAT e 1e-16                          -> "0.0000000000000001"
  INCRBYFLOAT f 1e-17                          -> "0.00000000000000001"
  INCRBYFLOAT g 1e-18                          -> "0"
  INCRBYFLOAT h 5e-18                          -> "0"
  INCRBYFLOAT i 6e-18                          -> "0.00000000000000001"
  INCRBYFLOAT j 1.50000                        -> "1.5"
  INCRBYFLOAT k 100                            -> "100"
  INCRBYFLOAT l 3.14159265358979323846264338327950288 -> "3.14159265358979324"
  INCRBYFLOAT m 2.718281828459045235360287471352662497757 -> "2.71828182845904524"
  INCRBYFLOAT n 0.333333333333333333333333333333 -> "0.33333333333333333"
  INCRBYFLOAT o -0.1                           -> "-0.1"
  INCRBYFLOAT p -0                             -> "0"
  INCRBYFLOAT q -1e-20                         -> "0"
  INCRBYFLOAT r 0.00000000000000001            -> "0.00000000000000001"
  INCRBYFLOAT s 123456789.123456789            -> "123456789.12345678899873747"
  INCRBYFLOAT t 9007199254740993               -> "9007199254740993"
  INCRBYFLOAT u 9223372036854775807            -> "9223372036854775807"
  INCRBYFLOAT v 18446744073709551615           -> "18446744073709551615"
  INCRBYFLOAT w 18446744073709551617           -> "18446744073709551616"
  INCRBYFLOAT x 1e15                           -> "1000000000000000"
  INCRBYFLOAT y 1e20                           -> "100000000000000000000"
  INCRBYFLOAT z 123456789012345678901234567890 -> "123456789012345678899921813504"
`;

given('INCRBYFLOAT prints large numbers in full')`
  ${[21, 22, 23, 50, 100, 308, 400, 1000, 4000, 4932]
    .map((power) => `DEL a -> *\nINCRBYFLOAT a 1e${power} -> "${nearest(10n ** BigInt(power))}"`)
    .join('\n')}
  INCRBYFLOAT i -1e400 -> "-${nearest(10n ** 400n)}"
  INCRBYFLOAT g 1.7976931348623157e308 -> "${nearest(17976931348623157n * 10n ** 292n)}"
  INCRBYFLOAT l 1.18973149535723176502e4932
    -> "${(2n ** 64n - 1n) * 2n ** (16384n - 64n)}"
  INCRBYFLOAT m 1e4933                      -> -ERR value is not a valid float
  INCRBYFLOAT n 1e99999                     -> -ERR value is not a valid float
  INCRBYFLOAT o 1e-400                      -> "0"
  INCRBYFLOAT p 1e-4950                     -> "0"
  INCRBYFLOAT q 1e-99999                    -> -ERR value is not a valid float
`;

given('INCRBYFLOAT refuses results that are not finite, and leaves the value alone')`
  SET k 1.18973149535723176502e4932         -> +OK
  INCRBYFLOAT k 1.18973149535723176502e4932 -> -ERR increment would produce NaN or Infinity
  GET k                                     -> "1.18973149535723176502e4932"
  SET k 1                                   -> +OK
  INCRBYFLOAT k inf                         -> -ERR increment would produce NaN or Infinity
  INCRBYFLOAT k -inf                        -> -ERR increment would produce NaN or Infinity
  INCRBYFLOAT k +inf                        -> -ERR increment would produce NaN or Infinity
  INCRBYFLOAT k infinity                    -> -ERR increment would produce NaN or Infinity
  INCRBYFLOAT k INF                         -> -ERR increment would produce NaN or Infinity
  INCRBYFLOAT k nan                         -> -ERR value is not a valid float
  INCRBYFLOAT k NaN                         -> -ERR value is not a valid float
  INCRBYFLOAT k -nan                        -> -ERR value is not a valid float
  GET k                                     -> "1"
  SET k inf                                 -> +OK
  INCRBYFLOAT k 1                           -> -ERR increment would produce NaN or Infinity
  SET k -inf                                -> +OK
  INCRBYFLOAT k inf                         -> -ERR increment would produce NaN or Infinity
  SET k nan                                 -> +OK
  INCRBYFLOAT k 1                           -> -ERR value is not a valid float
`;

given('INCRBYFLOAT reads what strtold reads, and nothing around it')`
  INCRBYFLOAT k0 1                -> "1"
  INCRBYFLOAT k1 +1               -> "1"
  INCRBYFLOAT k2 -1               -> "-1"
  INCRBYFLOAT k3 01               -> "1"
  INCRBYFLOAT k4 1.               -> "1"
  INCRBYFLOAT k5 .5               -> "0.5"
  INCRBYFLOAT k6 -.5              -> "-0.5"
  INCRBYFLOAT k7 +.5              -> "0.5"
  INCRBYFLOAT k8 1e2              -> "100"
  INCRBYFLOAT k9 1E2              -> "100"
  INCRBYFLOAT k10 1e+2            -> "100"
  INCRBYFLOAT k11 1e-2            -> "0.01"
  INCRBYFLOAT k12 1.e2            -> "100"
  INCRBYFLOAT k13 .5e1            -> "5"
  INCRBYFLOAT k14 0x10            -> "16"
  INCRBYFLOAT k15 0xA.8           -> "10.5"
  INCRBYFLOAT k16 0x1p4           -> "16"
  INCRBYFLOAT k17 0x1.8p-1        -> "0.75"
  INCRBYFLOAT k18 -0x10           -> "-16"
  INCRBYFLOAT k19 000000000000000000000000000001 -> "1"
  INCRBYFLOAT k20 1e0000000000002 -> "100"
  INCRBYFLOAT k21 0.1e1           -> "1"
  INCRBYFLOAT k22 -0.0            -> "0"
  INCRBYFLOAT k23 0e5             -> "0"
`;

given('INCRBYFLOAT refuses what is not a number, in its argument and in the value')`
  SET k 1                 -> +OK
  INCRBYFLOAT k ""        -> -ERR value is not a valid float
  INCRBYFLOAT k " 1"      -> -ERR value is not a valid float
  INCRBYFLOAT k "1 "      -> -ERR value is not a valid float
  INCRBYFLOAT k "1\x00"   -> -ERR value is not a valid float
  INCRBYFLOAT k "1\n"     -> -ERR value is not a valid float
  INCRBYFLOAT k abc       -> -ERR value is not a valid float
  INCRBYFLOAT k 1a        -> -ERR value is not a valid float
  INCRBYFLOAT k 1e        -> -ERR value is not a valid float
  INCRBYFLOAT k 1e+       -> -ERR value is not a valid float
  INCRBYFLOAT k e5        -> -ERR value is not a valid float
  INCRBYFLOAT k .         -> -ERR value is not a valid float
  INCRBYFLOAT k -         -> -ERR value is not a valid float
  INCRBYFLOAT k +         -> -ERR value is not a valid float
  INCRBYFLOAT k --1       -> -ERR value is not a valid float
  INCRBYFLOAT k +-1       -> -ERR value is not a valid float
  INCRBYFLOAT k 1..2      -> -ERR value is not a valid float
  INCRBYFLOAT k 1.2.3     -> -ERR value is not a valid float
  INCRBYFLOAT k 1,5       -> -ERR value is not a valid float
  INCRBYFLOAT k 0x        -> -ERR value is not a valid float
  INCRBYFLOAT k 1_0       -> -ERR value is not a valid float
  GET k                   -> "1"
  SET k " 1"              -> +OK
  INCRBYFLOAT k 1         -> -ERR value is not a valid float
  SET k "1 "              -> +OK
  INCRBYFLOAT k 1         -> -ERR value is not a valid float
  SET k ""                -> +OK
  INCRBYFLOAT k 1         -> -ERR value is not a valid float
  SET k abc               -> +OK
  INCRBYFLOAT k 1         -> -ERR value is not a valid float
  SET k "1\x00"           -> +OK
  INCRBYFLOAT k 1         -> -ERR value is not a valid float
`;

given('INCRBYFLOAT works on integers, and integers on what it leaves')`
  SET k 10                  -> +OK
  INCRBYFLOAT k 5           -> "15"
  OBJECT ENCODING k         -> "embstr"
  INCR k                    -> :16
  OBJECT ENCODING k         -> "int"
  INCRBYFLOAT k 0.5         -> "16.5"
  INCR k                    -> -ERR value is not an integer or out of range
  INCRBYFLOAT k 0.5         -> "17"
  INCR k                    -> :18
  GET k                     -> "18"
  SET k 9223372036854775807 -> +OK
  INCRBYFLOAT k 1           -> "9223372036854775808"
  INCR k                    -> -ERR value is not an integer or out of range
`;

given('INCRBYFLOAT rounds to 64 bits of mantissa before it prints')`
  SET k 9223372036854775807      -> +OK
  INCRBYFLOAT k 0.5              -> "9223372036854775807.5"
  SET k 9007199254740993         -> +OK
  INCRBYFLOAT k 0.25             -> "9007199254740993.25"
  SET k 4611686018427387904      -> +OK
  INCRBYFLOAT k 0.125            -> "4611686018427387904"
  SET k 1000000000000            -> +OK
  INCRBYFLOAT k 0.0000001        -> "1000000000000.00000011920928955"
  SET k 123456789012345678       -> +OK
  INCRBYFLOAT k 0.1              -> "123456789012345678.1015625"
  SET k 0.1                      -> +OK
  INCRBYFLOAT k 1000000000000000 -> "1000000000000000.0999755859375"
  SET k 1e18                     -> +OK
  INCRBYFLOAT k 1.75             -> "1000000000000000001.75"
  SET k 1e19                     -> +OK
  INCRBYFLOAT k 1.5              -> "10000000000000000002"
  SET k 1e20                     -> +OK
  INCRBYFLOAT k 3                -> "100000000000000000000"
  SET k -0.5                     -> +OK
  INCRBYFLOAT k 0.5              -> "0"
  SET k 1.005                    -> +OK
  INCRBYFLOAT k 1.005            -> "2.01"
  SET k 4.35                     -> +OK
  INCRBYFLOAT k 100              -> "104.35"
  SET k 2.675                    -> +OK
  INCRBYFLOAT k 0.001            -> "2.676"
`;

given('INCRBYFLOAT reads numbers of up to 5,119 bytes')`
  INCRBYFLOAT a 0.<1*300>   -> "0.11111111111111111"
  INCRBYFLOAT b 0.<3*5117>  -> "0.33333333333333333"
  INCRBYFLOAT c 0.<3*5118>  -> -ERR value is not a valid float
  INCRBYFLOAT d <0*5118>7   -> "7"
  INCRBYFLOAT e <0*5119>7   -> -ERR value is not a valid float
  SET f 0.<3*5118>          -> +OK
  INCRBYFLOAT f 1           -> -ERR value is not a valid float
  INCRBYFLOAT g 0.<0*4000>1 -> "0"
  SET h 0.<5*5117>          -> +OK
  INCRBYFLOAT h 1           -> "1.55555555555555556"
`;
