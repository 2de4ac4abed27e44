/** Geo options: the arguments of a search, read in order; the first mistake is replied. */
import { parseDouble, parsedDouble } from '../memory/float-text';
import {
  GEO_ANY,
  GEO_BOX_NEGATIVE,
  GEO_COUNT,
  GEO_HEIGHT,
  GEO_MEMBER,
  GEO_RADIUS,
  GEO_RADIUS_NEGATIVE,
  GEO_WIDTH,
  SYNTAX_ERROR,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as area from '../structures/geo-area';
import * as geohash from '../structures/geohash';
import * as args from './arguments';
import * as geo from './geo';

// What a command is, beside what its arguments say
export const STORES: u32 = 1;
export const IS_SEARCH: u32 = 2;

// What was asked for
export const WITH_COORDINATES: u32 = 1;
export const WITH_DISTANCE: u32 = 2;
export const WITH_HASH: u32 = 4;
export const ASCENDING: u32 = 8;
export const DESCENDING: u32 = 16;
export const ANY: u32 = 32;
export const STORE_DISTANCE: u32 = 64;
const FROM_MEMBER: u32 = 128;
const FROM_PLACE: u32 = 256;
const BY_RADIUS: u32 = 512;
const BY_BOX: u32 = 1024;
const WITH: u32 = WITH_COORDINATES | WITH_DISTANCE | WITH_HASH;

export let asked: u32 = 0;
/** The most points to answer; 0 for all. */
export let limit: i64 = 0;
/** The argument that names the key to store to; 0 if there is none. */
export let storeKey: u32 = 0;

/** The words that the option read last took, its name included; 0 after a mistake. */
let taken: u32 = 0;

/**
 * Reads the options from argument `index` on; `entry` is the set searched, or null. False if one
 * was wrong, and that is replied.
 */
export function read(index: u32, entry: Entry | null, kind: u32): bool {
  asked = 0;
  limit = 0;
  storeKey = kind == (STORES | IS_SEARCH) ? 1 : 0;
  while (index < args.count) {
    taken = 1;
    if (!takeFlag(index, kind) && !takeOption(index, entry, kind)) return false;
    index += taken;
  }
  return fits(kind);
}

function refuse(error: string): bool {
  reply.error(error);
  return false;
}

/** Takes an option of one word, if it is one. */
function takeFlag(index: u32, kind: u32): bool {
  const before = asked;
  if (args.is(index, 'WITHDIST')) asked |= WITH_DISTANCE;
  else if (args.is(index, 'WITHHASH')) asked |= WITH_HASH;
  else if (args.is(index, 'WITHCOORD')) asked |= WITH_COORDINATES;
  else if (args.is(index, 'ANY')) asked |= ANY;
  else if (args.is(index, 'ASC')) asked = (asked & ~DESCENDING) | ASCENDING;
  else if (args.is(index, 'DESC')) asked = (asked & ~ASCENDING) | DESCENDING;
  else if (kind == (STORES | IS_SEARCH) && args.is(index, 'STOREDIST')) asked |= STORE_DISTANCE;
  else return asked != before;
  return true;
}

function takeOption(index: u32, entry: Entry | null, kind: u32): bool {
  const following = args.count - index - 1;
  if (following >= 1 && args.is(index, 'COUNT')) return takeCount(index + 1);
  if (kind & IS_SEARCH) return takeSearchOption(index, following, entry);
  if (following < 1 || !(kind & STORES)) return refuse(SYNTAX_ERROR);
  if (args.is(index, 'STORE')) asked &= ~STORE_DISTANCE;
  else if (args.is(index, 'STOREDIST')) asked |= STORE_DISTANCE;
  else return refuse(SYNTAX_ERROR);
  storeKey = index + 1;
  taken = 2;
  return true;
}

function takeCount(index: u32): bool {
  if (!args.isInteger(index)) return false;
  limit = args.integer;
  taken = 2;
  return limit > 0 || refuse(GEO_COUNT);
}

function takeSearchOption(index: u32, following: u32, entry: Entry | null): bool {
  if (following >= 1 && !(asked & FROM_PLACE) && args.is(index, 'FROMMEMBER')) {
    asked |= FROM_MEMBER;
    taken = 2;
    return !entry || takeMember(entry, index + 1);
  }
  if (following >= 2 && !(asked & FROM_MEMBER) && args.is(index, 'FROMLONLAT')) {
    asked |= FROM_PLACE;
    taken = 3;
    return takePlace(index + 1);
  }
  if (following >= 2 && !(asked & BY_BOX) && args.is(index, 'BYRADIUS')) {
    asked |= BY_RADIUS;
    taken = 3;
    return takeRadius(index + 1);
  }
  if (following >= 3 && !(asked & BY_RADIUS) && args.is(index, 'BYBOX')) {
    asked |= BY_BOX;
    taken = 4;
    return takeBox(index + 1);
  }
  return refuse(SYNTAX_ERROR);
}

/** Searches around the member at argument `index`. */
export function takeMember(entry: Entry, index: u32): bool {
  if (!geo.findMember(entry, index)) return refuse(GEO_MEMBER);
  area.setCentre(geohash.longitude, geohash.latitude);
  return true;
}

/** Searches around the place at argument `index` and the next. */
export function takePlace(index: u32): bool {
  if (!geo.isPlace(index)) return false;
  area.setCentre(geo.longitude, geo.latitude);
  return true;
}

/** Searches within the radius at argument `index`, its unit behind it. */
export function takeRadius(index: u32): bool {
  if (!isNumber(index, GEO_RADIUS)) return false;
  const radius = parsedDouble;
  if (radius < 0) return refuse(GEO_RADIUS_NEGATIVE);
  if (!geo.isUnit(index + 1)) return false;
  area.setCircle(radius, geo.metres);
  return true;
}

function takeBox(index: u32): bool {
  if (!isNumber(index, GEO_WIDTH)) return false;
  const width = parsedDouble;
  if (!isNumber(index + 1, GEO_HEIGHT)) return false;
  const height = parsedDouble;
  if (width < 0 || height < 0) return refuse(GEO_BOX_NEGATIVE);
  if (!geo.isUnit(index + 2)) return false;
  area.setBox(width, height, geo.metres);
  return true;
}

function isNumber(index: u32, error: string): bool {
  return parseDouble(args.address(index), args.length(index)) || refuse(error);
}

/** Whether all that was given goes together. */
function fits(kind: u32): bool {
  const isSearch = (kind & IS_SEARCH) != 0;
  if (storeKey && asked & WITH) {
    return refuseNamed(
      isSearch ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS',
      ' is not compatible with WITHDIST, WITHHASH and WITHCOORD options',
    );
  }
  if (isSearch && !(asked & (FROM_MEMBER | FROM_PLACE))) {
    return refuseFor('ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ');
  }
  if (isSearch && !(asked & (BY_RADIUS | BY_BOX))) {
    return refuseFor('ERR exactly one of BYRADIUS and BYBOX can be specified for ');
  }
  return !(asked & ANY) || limit != 0 || refuse(GEO_ANY);
}

function refuseNamed(name: string, text: string): bool {
  reply.beginError();
  reply.errorText('ERR ');
  reply.errorText(name);
  reply.errorText(text);
  reply.endError();
  return false;
}

/** Ends with the command's name as it was written. */
function refuseFor(text: string): bool {
  reply.beginError();
  reply.errorText(text);
  reply.errorBytes(args.address(0), args.length(0));
  reply.endError();
  return false;
}
