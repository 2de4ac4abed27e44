/**
 * What the core asks of its host: exact floating point for the inputs that the core's own
 * fast paths leave alone (src/engine/floats.ts), and a clock to measure durations with. Wasm sees these as
 * imports of the module "env", after the name of this file.
 */

/** The double that strtod would read from exactly these bytes; NaN where Redis refuses. */
export declare function parseDouble(address: usize, length: usize): f64;

/** Writes a finite `value` as `%.17g`, at most 24 bytes; returns the length. */
export declare function formatDouble(value: f64, to: usize): usize;

/**
 * Adds two decimals as 80-bit long doubles and writes the sum as Redis's LD_STR_HUMAN, at
 * most 4952 bytes; returns the length, or a status below zero (see memory/extended.ts).
 */
export declare function addExtended(
  a: usize,
  aLength: usize,
  b: usize,
  bLength: usize,
  to: usize,
): i32;

/** Microseconds since some start; never goes back. */
export declare function clock(): f64;
