/**
 * Geo commands on single members: GEOADD, GEOPOS, GEODIST, GEOHASH. A geo set is a sorted set
 * whose scores are geohashes; searches are in geo-search.ts.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import { FIXED_TEXT_ROOM, formatFixed, formatShortest } from '../memory/fixed-text';
import { parseDouble, parsedDouble } from '../memory/float-text';
import { formatUnsigned } from '../memory/integer-text';
import { GEO_UNIT, NOT_A_FLOAT, SYNTAX_ERROR } from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as geohashes from '../structures/geohash';
import * as sphere from '../structures/sphere';
import { TYPE_ZSET } from '../values/kind';
import * as zsets from '../values/zsets';
import * as args from './arguments';
import * as keyed from './keyed';

/** The letters of a geohash as text, five bits each. */
const ALPHABET: usize = memory.data<u8>([
  0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67,
  0x68, 0x6a, 0x6b, 0x6d, 0x6e, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a,
]);
const HASH_LETTERS: u32 = 11;
const HASH_BITS: u32 = 52;
const COORDINATE_PLACES: u32 = 17;
const DISTANCE_SCALE: u64 = 10000;
const POINT: u8 = 0x2e;
const ERROR_PLACES: u32 = 6;

const NX: u32 = 1;
const XX: u32 = 2;
const CH: u32 = 4;

const text: usize = memory.data(384, 8);
if (FIXED_TEXT_ROOM > 384) ERROR('the longest number fits');

/** What the last `isPlace` found. */
export let longitude: f64 = 0;
export let latitude: f64 = 0;
/** Metres of the unit that the last `isUnit` found. */
export let metres: f64 = 1;

// Shared with searches

/** Reads longitude and latitude from argument `index` on, or replies what is wrong. */
export function isPlace(index: u32): bool {
  if (!isFloat(index)) return false;
  longitude = parsedDouble;
  if (!isFloat(index + 1)) return false;
  latitude = parsedDouble;
  if (abs(longitude) <= geohashes.LONGITUDE_MAX && abs(latitude) <= geohashes.LATITUDE_MAX) {
    return true;
  }
  reply.beginError();
  reply.errorText('ERR invalid longitude,latitude pair ');
  reply.errorBytes(text, formatFixed(longitude, ERROR_PLACES, text));
  reply.errorText(',');
  reply.errorBytes(text, formatFixed(latitude, ERROR_PLACES, text));
  reply.endError();
  return false;
}

function isFloat(index: u32): bool {
  if (parseDouble(args.address(index), args.length(index))) return true;
  reply.error(NOT_A_FLOAT);
  return false;
}

/** Reads the unit at argument `index` into `metres`, or replies that it is none. */
export function isUnit(index: u32): bool {
  if (args.is(index, 'm')) metres = 1;
  else if (args.is(index, 'km')) metres = 1000;
  else if (args.is(index, 'ft')) metres = 0.3048;
  else if (args.is(index, 'mi')) metres = 1609.34;
  else {
    reply.error(GEO_UNIT);
    return false;
  }
  return true;
}

/** Replies the place that `geohashes.decode` found last. */
export function replyPlace(): void {
  reply.array(2);
  reply.doubleOf(text, formatShortest(geohashes.longitude, COORDINATE_PLACES, text));
  reply.doubleOf(text, formatShortest(geohashes.latitude, COORDINATE_PLACES, text));
}

/**
 * Replies a distance that is in its unit already, with four places. As in Redis it is the product
 * with 10,000 that is rounded, which printf would not do.
 */
export function replyDistance(distance: f64): void {
  const scaled = <u64>nearest(distance * <f64>DISTANCE_SCALE);
  const length = formatUnsigned(scaled / DISTANCE_SCALE, text);
  // A one in front keeps the zeros that the places begin with; the point then takes its place.
  const places = formatUnsigned(DISTANCE_SCALE + (scaled % DISTANCE_SCALE), text + length);
  store<u8>(text + length, POINT);
  reply.bulk(text, length + places);
}

/** True if the digits of a quick distance could be others than those of the exact one. */
export function isDoubtful(distance: f64): bool {
  const scaled = distance * <f64>DISTANCE_SCALE;
  const error = scaled * (2 * sphere.QUICK_ERROR) + 1e-9;
  return abs(scaled - floor(scaled) - 0.5) <= error;
}

/** Finds the place of the member at argument `index`; false if there is none. */
export function findMember(entry: Entry, index: u32): bool {
  if (!zsets.scoreOf(entry, args.address(index), args.length(index))) return false;
  geohashes.decodeScore(zsets.score);
  return true;
}

// GEOADD

/** GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member ...] */
export function geoadd(): void {
  let options: u32 = 0;
  let first: u32 = 2;
  for (let option = optionAt(first); option; option = optionAt(++first)) options |= option;
  const words = args.count - first;
  if (words % 3 || !words || (options & NX && options & XX)) return reply.error(SYNTAX_ERROR);
  for (let index = first; index < args.count; index += 3) {
    if (!isPlace(index)) return;
  }
  if (keyed.writes(1, TYPE_ZSET)) addPlaces(first, options);
}

function optionAt(index: u32): u32 {
  if (index >= args.count) return 0;
  if (args.is(index, 'NX')) return NX;
  if (args.is(index, 'XX')) return XX;
  return args.is(index, 'CH') ? CH : 0;
}

function addPlaces(first: u32, options: u32): void {
  const found = keyed.entry;
  if (!found && options & XX) return reply.integer(0);
  let bytes: usize = 0;
  for (let index = first + 2; index < args.count; index += 3) bytes += args.length(index);
  if (!keyed.hasMemory(zsets.addCost(found, (args.count - first) / 3, bytes))) return;
  const entry = found ? found : zsets.createEntry(args.address(1), args.length(1), 0);
  const flags = (options & NX ? zsets.NX : 0) | (options & XX ? zsets.XX : 0);
  let added: u64 = 0;
  let updated: u64 = 0;
  for (let index = first; index < args.count; index += 3) {
    const place = args.address(index + 2);
    const status = zsets.add(entry, scoreAt(index), place, args.length(index + 2), flags);
    if (status == zsets.ADDED) added++;
    else if (status == zsets.UPDATED) updated++;
  }
  const changes = added + updated;
  if (!found) database.add(entry);
  const told: u64 = found ? 0 : 1;
  if (changes > told) database.signalBy(entry, changes - told);
  if (changes) {
    keyed.notify(notifications.ZADD, 1);
    propagate(first);
  }
  reply.integer(options & CH ? changes : added);
}

/** The score of the coordinates at `index`, which have been checked. */
function scoreAt(index: u32): f64 {
  return <f64>hashAt(index);
}

function hashAt(index: u32): u64 {
  parseDouble(args.address(index), args.length(index));
  const x = parsedDouble;
  parseDouble(args.address(index + 1), args.length(index + 1));
  return geohashes.encode(x, parsedDouble, geohashes.LATITUDE_MAX, geohashes.STEPS_MAX);
}

/** As Redis writes it down: the ZADD that GEOADD is. */
function propagate(first: u32): void {
  if (!effects.wanted) return effects.suppress();
  effects.begin(database.selected, first + ((args.count - first) / 3) * 2);
  effects.literal('zadd');
  for (let index: u32 = 1; index < first; index++) {
    effects.argument(args.address(index), args.length(index));
  }
  for (let index = first; index < args.count; index += 3) {
    effects.integer(hashAt(index));
    effects.argument(args.address(index + 2), args.length(index + 2));
  }
}

// Places of members

/** GEOPOS key [member ...] */
export function geopos(): void {
  if (!keyed.reads(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  reply.array(args.count - 2);
  for (let index: u32 = 2; index < args.count; index++) {
    if (entry && findMember(entry, index)) replyPlace();
    else reply.nilArray();
  }
}

/** GEODIST key member1 member2 [M | KM | FT | MI] */
export function geodist(): void {
  if (args.count > 5) return reply.error(SYNTAX_ERROR);
  metres = 1;
  if (args.count == 5 && !isUnit(4)) return;
  if (!keyed.reads(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  if (!entry || !findMember(entry, 2)) return reply.nil();
  const x = geohashes.longitude;
  const y = geohashes.latitude;
  if (!findMember(entry, 3)) return reply.nil();
  let distance = sphere.quickDistance(x, y, geohashes.longitude, geohashes.latitude) / metres;
  if (isDoubtful(distance)) {
    distance = sphere.distance(x, y, geohashes.longitude, geohashes.latitude) / metres;
  }
  replyDistance(distance);
}

/** GEOHASH key [member ...] */
export function geohash(): void {
  if (!keyed.reads(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  reply.array(args.count - 2);
  for (let index: u32 = 2; index < args.count; index++) {
    if (entry && findMember(entry, index)) replyHash();
    else reply.nil();
  }
}

/** The standard geohash of the place that was decoded; its last letter has no bits left. */
function replyHash(): void {
  const x = geohashes.longitude;
  const y = geohashes.latitude;
  const hash = geohashes.encode(x, y, geohashes.LATITUDE_STANDARD, geohashes.STEPS_MAX);
  for (let letter: u32 = 0; letter < HASH_LETTERS; letter++) {
    const shift = HASH_BITS - (letter + 1) * 5;
    const bits: usize = letter + 1 < HASH_LETTERS ? <usize>(hash >> shift) & 31 : 0;
    store<u8>(text + letter, load<u8>(ALPHABET + bits));
  }
  reply.bulk(text, HASH_LETTERS);
}
