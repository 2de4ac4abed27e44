/**
 * Geohash: a place on the earth as one integer. Latitude and longitude become fractions of their
 * ranges, of `step` bits each, whose bits take turns; places near each other share leading bits.
 *
 *   bit   51 50 49 48 ... 1  0
 *         x  y  x  y      x  y      x longitude, y latitude
 *
 * 26 steps make 52 bits, which a double holds exactly: the score of a sorted set. A cell of fewer
 * steps is a range of such scores, and a search looks at the nine cells around its centre.
 *
 * Example: Palermo, 13.361389 and 38.115556, is the score 3479099956230698:
 *
 *   0c 5c 3e 8a 39 2a 2a
 *
 * Bits are spread as in https://graphics.stanford.edu/~seander/bithacks.html#InterleaveBMN.
 */

export const STEPS_MAX: u32 = 26;
export const LONGITUDE_MAX: f64 = 180;
export const LATITUDE_MAX: f64 = 85.05112878;
/** The range of latitudes of geohashes as text. */
export const LATITUDE_STANDARD: f64 = 90;

const EVEN_BITS: u64 = 0x5555555555555555;

/** What `decode` found: the cell, and its middle. */
export let west: f64 = 0;
export let east: f64 = 0;
export let south: f64 = 0;
export let north: f64 = 0;
export let longitude: f64 = 0;
export let latitude: f64 = 0;

/** The bits of `value`, with a zero above each. */
function spread(value: u32): u64 {
  let bits: u64 = value;
  bits = (bits | (bits << 16)) & 0x0000ffff0000ffff;
  bits = (bits | (bits << 8)) & 0x00ff00ff00ff00ff;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f0f0f0f0f;
  bits = (bits | (bits << 2)) & 0x3333333333333333;
  return (bits | (bits << 1)) & EVEN_BITS;
}

/** The even bits of `value`, together. */
function gather(value: u64): u32 {
  let bits = value & EVEN_BITS;
  bits = (bits | (bits >> 1)) & 0x3333333333333333;
  bits = (bits | (bits >> 2)) & 0x0f0f0f0f0f0f0f0f;
  bits = (bits | (bits >> 4)) & 0x00ff00ff00ff00ff;
  bits = (bits | (bits >> 8)) & 0x0000ffff0000ffff;
  return <u32>(bits | (bits >> 16));
}

/** The hash of a place within its ranges, of `step` bits for each coordinate. */
export function encode(x: f64, y: f64, latitudeMax: f64, step: u32): u64 {
  const cells = <f64>((<u64>1) << step);
  const row = ((y + latitudeMax) / (latitudeMax + latitudeMax)) * cells;
  const column = ((x + LONGITUDE_MAX) / (LONGITUDE_MAX + LONGITUDE_MAX)) * cells;
  return spread(<u32>row) | (spread(<u32>column) << 1);
}

/** The bits of a longitude in a score. */
export function column(x: f64): u64 {
  return spread(fraction((x + LONGITUDE_MAX) / (LONGITUDE_MAX + LONGITUDE_MAX))) << 1;
}

/** The bits of a latitude in a score. */
export function row(y: f64): u64 {
  return spread(fraction((y + LATITUDE_MAX) / (LATITUDE_MAX + LATITUDE_MAX)));
}

/** Which of the smallest cells this part of the range is in. */
function fraction(part: f64): u32 {
  const cells = <f64>((<u64>1) << STEPS_MAX);
  return <u32>max<f64>(0, min(cells - 1, part * cells));
}

/** Finds the cell of a hash, and its middle. */
export function decode(hash: u64, step: u32): void {
  const cells = <f64>((<u64>1) << step);
  const row = gather(hash);
  const column = gather(hash >> 1);
  south = -LATITUDE_MAX + (<f64>row / cells) * (LATITUDE_MAX + LATITUDE_MAX);
  north = -LATITUDE_MAX + (<f64>(row + 1) / cells) * (LATITUDE_MAX + LATITUDE_MAX);
  west = -LONGITUDE_MAX + (<f64>column / cells) * (LONGITUDE_MAX + LONGITUDE_MAX);
  east = -LONGITUDE_MAX + (<f64>(column + 1) / cells) * (LONGITUDE_MAX + LONGITUDE_MAX);
  longitude = max(-LONGITUDE_MAX, min(LONGITUDE_MAX, (west + east) / 2));
  latitude = max(-LATITUDE_MAX, min(LATITUDE_MAX, (south + north) / 2));
}

/** Finds the place that a score stands for, whatever it is: x86 turns it into an integer so. */
export function decodeScore(score: f64): void {
  decode(toBits(score), STEPS_MAX);
}

/** As `decodeScore`, of a score that is a geohash, nearly; false of any other. */
export function decodeNearly(score: f64): bool {
  const bits = toBits(score);
  if (bits >> (STEPS_MAX << 1)) return false;
  const cell = 1 / <f64>((<u64>1) << STEPS_MAX);
  latitude = (<f64>gather(bits) + 0.5) * cell * (LATITUDE_MAX + LATITUDE_MAX) - LATITUDE_MAX;
  longitude =
    (<f64>gather(bits >> 1) + 0.5) * cell * (LONGITUDE_MAX + LONGITUDE_MAX) - LONGITUDE_MAX;
  return true;
}

function toBits(score: f64): u64 {
  const half = <f64>i64.MAX_VALUE;
  const top = (<u64>1) << 63;
  if (score < half) return score >= -half ? <u64>(<i64>score) : top;
  return score < half + half ? <u64>(<i64>(score - half)) ^ top : 0;
}

/** The score of a hash of fewer steps: that of the first place in its cell. */
export function align(hash: u64, step: u32): u64 {
  return hash << (52 - (step << 1));
}

/**
 * The hash of a neighbour: so many cells to the east and to the north, around the earth. On the
 * last meridian and parallel a hash has one bit too many, which stays where nothing moves.
 */
export function neighbour(hash: u64, step: u32, columns: i32, rows: i32): u64 {
  const mask = ((<u32>1) << step) - 1;
  let row = gather(hash);
  let column = gather(hash >> 1);
  if (rows) row = (row + rows) & mask;
  if (columns) column = (column + columns) & mask;
  return spread(row) | (spread(column) << 1);
}
