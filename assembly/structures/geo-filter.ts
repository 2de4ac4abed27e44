/**
 * Geo filter: which places of a leaf lie between two meridians and two parallels, told from their
 * scores. The bits of a longitude stay in order among those of the latitude between them, so that
 * both are compared where they are:
 *
 *   score        x y x y x y ...    as an integer: the low 52 bits of score + 2^52
 *   & COLUMNS    x 0 x 0 x 0 ...    from `west` to `east`
 *   & ROWS       0 y 0 y 0 y ...    from `south` to `north`
 *
 * Example: of the hashes 0 to 3 in the corner, row 1 has 1 and 3:
 *
 *   south = north = 1    00 & 01 = 0    01 & 01 = 1    10 & 01 = 0    11 & 01 = 1
 */
import { column, LATITUDE_MAX, LONGITUDE_MAX, row } from './geohash';
import { Node } from './skiplist-node';

const COLUMNS: i64 = 0x000aaaaaaaaaaaaa;
const ROWS: i64 = 0x0005555555555555;
/** Added to a score below it, it leaves the integer in the low bits. */
const WHOLE: f64 = 4503599627370496;

let west: i64 = 0;
let east: i64 = 0;
let south: i64 = 0;
let north: i64 = 0;

/** Lets places pass that are so near in degrees; all longitudes, if they go around the earth. */
export function set(x: f64, y: f64, across: f64, along: f64): void {
  south = row(max(y - along, -LATITUDE_MAX));
  north = row(min(y + along, LATITUDE_MAX));
  const isAround = x - across < -LONGITUDE_MAX || x + across > LONGITUDE_MAX;
  west = isAround ? 0 : column(x - across);
  east = isAround ? COLUMNS : column(x + across);
}

/** A bit for each entry of the leaf that may pass. All scores are 0 or more, and below 2^52. */
export function passing(leaf: Node): u32 {
  let passed: u32 = 0;
  for (let index: u32 = 0; index < leaf.count; index += 4) {
    const at = leaf.scorePlace(index);
    const four = outside(v128.load(at)) | (outside(v128.load(at, 16)) << 2);
    passed |= (four ^ 15) << index;
  }
  return passed;
}

function outside(scores: v128): u32 {
  const whole = f64x2.add(f64x2.floor(scores), f64x2.splat(WHOLE));
  const x = v128.and(whole, i64x2.splat(COLUMNS));
  const y = v128.and(whole, i64x2.splat(ROWS));
  const apart = v128.or(i64x2.gt_s(i64x2.splat(west), x), i64x2.gt_s(x, i64x2.splat(east)));
  const beside = v128.or(i64x2.gt_s(i64x2.splat(south), y), i64x2.gt_s(y, i64x2.splat(north)));
  return <u32>i64x2.bitmask(v128.or(apart, beside));
}
