/**
 * Geo leaves: how a search goes through a sorted set that is a table. It reads the scores, and of
 * the members only those that are found.
 */
import * as area from '../structures/geo-area';
import { passing } from '../structures/geo-filter';
import * as points from '../structures/geo-points';
import * as geohash from '../structures/geohash';
import { leaf as foundLeaf, place as foundPlace } from '../structures/skiplist';
import { Node } from '../structures/skiplist-node';

/** No heads of members have all these bits, and more. */
const NO_HEADS: u32 = 0xffffffff;

/**
 * Collects the points below the score `high` from where the set's last `countBelow` was; with a
 * limit until there are so many. False without memory.
 */
export function search(high: f64, limit: i64): bool {
  let leaf = foundLeaf;
  let place = foundPlace;
  while (leaf) {
    const end = leaf.countBelow(high);
    const inCell = (((<u64>1) << end) - 1) & ~(((<u64>1) << place) - 1);
    const found = passing(leaf) & <u32>inCell;
    if (found && !searchLeaf(leaf, found, limit)) return false;
    if (end < leaf.count || (limit && <i64>points.count >= limit)) return true;
    leaf = leaf.next;
    place = 0;
  }
  return true;
}

/** Looks closely at those entries of a leaf whose bits are set. */
function searchLeaf(leaf: Node, found: u32, limit: i64): bool {
  touch(leaf, found);
  for (; found; found &= found - 1) {
    const index = ctz(found);
    const score = leaf.score(index);
    const distance = distanceOf(score);
    if (distance < 0) continue;
    const member = leaf.member(index);
    if (!points.push(distance, score, member.keyAddress, member.keyLength)) return false;
    if (limit && <i64>points.count >= limit) return true;
  }
  return true;
}

/** Reads a little of members that may be found, so that their cache misses overlap. */
function touch(leaf: Node, found: u32): void {
  let heads: u32 = 0;
  for (; found; found &= found - 1) heads |= leaf.member(ctz(found)).head;
  // Never so, but the compiler does not know.
  if (heads == NO_HEADS) unreachable();
}

/** The distance of the place with this score, if the area has it, else -1. */
export function distanceOf(score: f64): f64 {
  if (geohash.decodeNearly(score)) {
    const x = geohash.longitude;
    const y = geohash.latitude;
    if (!area.mayHave(x, y)) return -1;
    const rough = area.hasRoughly(x, y);
    if (rough < 0) return -1;
    if (rough > 0 && !area.isDistanceWanted) return 0;
  }
  geohash.decodeScore(score);
  return area.distanceWithin(geohash.longitude, geohash.latitude);
}
