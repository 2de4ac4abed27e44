/**
 * Geo searches: GEOSEARCH, GEORADIUS and their kin. The area is covered with cells; each cell is
 * a range of scores, whose members are looked at one by one.
 */
import * as database from '../keyspace/database';
import * as notifications from '../keyspace/notifications';
import { copy } from '../memory/bytes';
import { allocate, release, reserve } from '../memory/heap';
import { OUT_OF_MEMORY } from '../protocol/errors';
import * as reply from '../protocol/reply';
import { dispose, Entry } from '../structures/entry';
import * as area from '../structures/geo-area';
import * as points from '../structures/geo-points';
import { Point } from '../structures/geo-points';
import * as geohash from '../structures/geohash';
import { TYPE_ZSET } from '../values/kind';
import * as zsets from '../values/zsets';
import * as args from './arguments';
import * as geo from './geo';
import * as leaves from './geo-leaves';
import * as options from './geo-options';
import * as keyed from './keyed';

/** Scores below this are geohashes. */
const SCORE_END: f64 = 4503599627370496;

/** Whether members must be copied: those of a listpack may lie in a scratch place. */
let copies: bool = false;

/**
 * GEORADIUS key longitude latitude radius M | KM | FT | MI [WITHCOORD] [WITHDIST] [WITHHASH]
 * [COUNT count [ANY]] [ASC | DESC] [STORE key | STOREDIST key]
 */
export function georadius(): void {
  searchAroundPlace(options.STORES);
}

/** GEORADIUS_RO, as GEORADIUS without STORE */
export function georadiusRo(): void {
  searchAroundPlace(0);
}

/** GEORADIUSBYMEMBER key member radius M | KM | FT | MI, and the options of GEORADIUS */
export function georadiusbymember(): void {
  searchAroundMember(options.STORES);
}

/** GEORADIUSBYMEMBER_RO, as GEORADIUSBYMEMBER without STORE */
export function georadiusbymemberRo(): void {
  searchAroundMember(0);
}

/**
 * GEOSEARCH key FROMMEMBER member | FROMLONLAT longitude latitude BYRADIUS radius unit | BYBOX
 * width height unit [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]
 */
export function geosearch(): void {
  if (!keyed.reads(1, TYPE_ZSET)) return;
  if (options.read(2, keyed.entry, options.IS_SEARCH)) run(keyed.entry);
}

/** GEOSEARCHSTORE destination source, then as GEOSEARCH, and STOREDIST */
export function geosearchstore(): void {
  if (!keyed.reads(2, TYPE_ZSET)) return;
  if (options.read(3, keyed.entry, options.STORES | options.IS_SEARCH)) run(keyed.entry);
}

function searchAroundPlace(kind: u32): void {
  if (!keyed.reads(1, TYPE_ZSET)) return;
  if (!options.takePlace(2) || !options.takeRadius(4)) return;
  if (options.read(6, keyed.entry, kind)) run(keyed.entry);
}

function searchAroundMember(kind: u32): void {
  if (!keyed.reads(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  if (entry && !(options.takeMember(entry, 2) && options.takeRadius(3))) return;
  if (options.read(5, entry, kind)) run(entry);
}

function run(entry: Entry | null): void {
  if (!entry) {
    if (options.storeKey) storeNothing();
    else reply.array(0);
    return;
  }
  copies = !zsets.isTable(entry);
  points.begin(area.longitude, area.latitude);
  if (!searchCells(entry) || !sortPoints()) reply.error(OUT_OF_MEMORY);
  else if (options.storeKey) storePoints();
  else replyPoints();
  if (copies) releaseCopies();
  points.end();
}

/** How many of the points found are wanted. */
function wanted(): u32 {
  const limit = options.limit;
  return limit && limit < <i64>points.count ? <u32>limit : points.count;
}

/** COUNT alone means the nearest; false without memory. */
function sortPoints(): bool {
  const asked = options.asked;
  if (asked & options.DESCENDING) return points.sort(true, wanted());
  const nearest = options.limit && !(asked & options.ANY);
  return !(asked & options.ASCENDING || nearest) || points.sort(false, wanted());
}

// Finding

/** Collects the points of all cells; false without memory. */
function searchCells(entry: Entry): bool {
  const limit: i64 = options.asked & options.ANY ? options.limit : 0;
  let last: u32 = 0;
  area.cover(wantsDistances());
  for (let cell: u32 = 0; cell < area.CELLS; cell++) {
    if (!area.isSearched(cell)) continue;
    const hash = area.cellHash(cell);
    // Cells around a large area may be the same; as in Redis the first is not compared with.
    if (last && hash == area.cellHash(last)) continue;
    if (limit && <i64>points.count >= limit) break;
    if (!searchCell(entry, hash, limit)) return false;
    last = cell;
  }
  return true;
}

function searchCell(entry: Entry, hash: u64, limit: i64): bool {
  const low = <f64>geohash.align(hash, area.step);
  const high = <f64>geohash.align(hash + 1, area.step);
  const first = zsets.countBelow(entry, low, false);
  let left = zsets.count(entry) - first;
  if (left && zsets.isTable(entry) && high <= SCORE_END) return leaves.search(high, limit);
  if (left) zsets.walk(entry, first, false);
  for (; left; left--) {
    zsets.step();
    if (zsets.score >= high) return true;
    const distance = leaves.distanceOf(zsets.score);
    if (distance < 0) continue;
    if (!addPoint(distance)) return false;
    if (limit && <i64>points.count >= limit) return true;
  }
  return true;
}

/** True if distances are answered, stored or sorted by. */
function wantsDistances(): bool {
  const asked = options.asked;
  const sorted = options.ASCENDING | options.DESCENDING;
  if (asked & (sorted | options.WITH_DISTANCE | options.STORE_DISTANCE)) return true;
  return options.limit != 0 && !(asked & options.ANY);
}

/** Adds the member that was stepped on. */
function addPoint(distance: f64): bool {
  if (!copies) return points.push(distance, zsets.score, zsets.address, zsets.length);
  if (!reserve(zsets.length + points.POINT_SIZE)) return false;
  const member = allocate(zsets.length);
  copy(member, zsets.address, zsets.length);
  if (points.push(distance, zsets.score, member, zsets.length)) return true;
  release(member);
  return false;
}

function releaseCopies(): void {
  for (let index: u32 = 0; index < points.count; index++) release(points.at(index).member);
}

// Answering

function replyPoints(): void {
  const count = wanted();
  const extras =
    options.asked & (options.WITH_DISTANCE | options.WITH_HASH | options.WITH_COORDINATES);
  reply.array(count);
  for (let index: u32 = 0; index < count && reply.fits(); index++) {
    const point = points.at(index);
    if (extras) reply.array(1 + popcnt(extras));
    reply.bulk(point.member, point.length);
    if (extras) replyExtras(point, extras);
  }
}

function replyExtras(point: Point, extras: u32): void {
  if (extras & options.WITH_DISTANCE) {
    let distance = point.distance / area.metres;
    if (geo.isDoubtful(distance)) distance = points.exactDistance(point) / area.metres;
    geo.replyDistance(distance);
  }
  if (extras & options.WITH_HASH) reply.integer(<i64>point.score);
  if (extras & options.WITH_COORDINATES) {
    geohash.decodeScore(point.score);
    geo.replyPlace();
  }
}

// Storing

function storeNothing(): void {
  keyed.put(options.storeKey, null);
  reply.integer(0);
}

function storePoints(): void {
  const count = wanted();
  if (!count) return storeNothing();
  const key = options.storeKey;
  const stored = zsets.createTable(args.address(key), args.length(key), 0);
  for (let index: u32 = 0; index < count; index++) {
    const point = points.at(index);
    if (!reserve(zsets.addCost(stored, 1, point.length))) {
      zsets.disposeValue(stored);
      dispose(stored);
      return reply.error(OUT_OF_MEMORY);
    }
    const byDistance = options.asked & options.STORE_DISTANCE;
    const score = byDistance ? points.exactDistance(point) / area.metres : point.score;
    zsets.add(stored, score, point.member, point.length);
  }
  zsets.compact(stored);
  keyed.put(key, stored);
  if (count > 1) database.signalBy(stored, count - 1);
  // Only GEOSEARCHSTORE names the destination first.
  const isSearch = key == 1;
  keyed.notify(isSearch ? notifications.GEOSEARCHSTORE : notifications.GEORADIUSSTORE, key);
  reply.integer(count);
}
