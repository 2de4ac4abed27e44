/**
 * Geo area: what is searched, a circle or a box around a place, and the cells that cover it: that
 * of the centre and those of its neighbours that the area reaches.
 *
 *   north west   north    north east        5 1 4      the order in which they are searched
 *   west         centre   east          6   3 0 2      (as Redis has it: centre, N, S, E, W,
 *   south west   south    south east        8 .. 7      NE, NW, SE, SW)
 */
import { quickCosine, quickSine } from '../memory/trigonometry';
import * as filter from './geo-filter';
import * as geohash from './geohash';
import * as sphere from './sphere';

export const CELLS: u32 = 9;
/** Half of the equator as Mercator draws it, in metres: a cell of no steps is so wide. */
const MERCATOR_MAX: f64 = 20037726.37;

// The area, to be filled in; radius, width and height are in units of so many metres.
export let isBox: bool = false;
export let longitude: f64 = 0;
export let latitude: f64 = 0;
export let metres: f64 = 1;
let radius: f64 = 0;
let width: f64 = 0;
let height: f64 = 0;

/** Radii in metres below this are told by their haversine. */
const HAVERSINE_MAX: f64 = 500000;
/** Degrees that limits are too wide by, so that nothing is missed. */
const MARGIN: f64 = 0.00001;

/** Steps of the cells that `cover` chose. */
export let step: u32 = 0;
/** Bit n is set if cell n is to be searched. */
let searched: u32 = 0;
let centre: u64 = 0;

/** How many degrees of the centre a place must be near, to be looked at. */
let latitudeLimit: f64 = 0;
let longitudeLimit: f64 = 0;
/** The haversine of the radius; 0 if that is too great to tell. */
let haversineLimit: f64 = 0;
/** How wrong the haversine of a flat earth may be; beyond 1 if it is not to be asked. */
let flatError: f64 = 2;
export let isDistanceWanted: bool = true;

/** The centre's cosine and sine. */
let cosine: f64 = 1;
let sine: f64 = 0;

let southMost: f64 = 0;
let northMost: f64 = 0;
let westMost: f64 = 0;
let eastMost: f64 = 0;

export function setCentre(x: f64, y: f64): void {
  longitude = x;
  latitude = y;
}

export function setCircle(units: f64, metresOfUnit: f64): void {
  isBox = false;
  radius = units;
  metres = metresOfUnit;
}

export function setBox(wide: f64, high: f64, metresOfUnit: f64): void {
  isBox = true;
  width = wide;
  height = high;
  metres = metresOfUnit;
}

/** Whether the area may have a place. Says no only if it is sure, also if x and y are not exact. */
export function mayHave(x: f64, y: f64): bool {
  if (abs(y - latitude) > latitudeLimit) return false;
  const across = abs(x - longitude);
  return min(across, 360 - across) <= longitudeLimit;
}

/**
 * Whether a place is in the area as if the earth were flat around: above zero if surely, below if
 * surely not, zero if that is not sure. x and y need not be exact.
 */
export function hasRoughly(x: f64, y: f64): i32 {
  const along = sphere.toRadians(y - latitude);
  const across = sphere.toRadians(x - longitude);
  if (flatError > 1 || abs(across) > 1) return 0;
  const shrunk = cosine - along * (sine + 0.5 * along * cosine);
  const away = 0.25 * (along * along + cosine * shrunk * across * across);
  if (abs(away - haversineLimit) <= haversineLimit * flatError) return 0;
  return away < haversineLimit ? 1 : -1;
}

/**
 * The distance to a place if the area has it, else -1. It may be a quick one; if nobody wants it,
 * it may be 0.
 */
export function distanceWithin(x: f64, y: f64): f64 {
  return isBox ? distanceWithinBox(x, y) : distanceWithinCircle(x, y);
}

function distanceWithinCircle(x: f64, y: f64): f64 {
  const limit = radius * metres;
  if (!isDistanceWanted && haversineLimit > 0) {
    const away = sphere.quickHaversine(longitude, latitude, x, y);
    if (abs(away - haversineLimit) > haversineLimit * (4 * sphere.QUICK_ERROR)) {
      return away > haversineLimit ? -1 : 0;
    }
  }
  const distance = sphere.quickDistance(longitude, latitude, x, y);
  if (abs(distance - limit) > limit * sphere.QUICK_ERROR) return distance > limit ? -1 : distance;
  return sphere.distance(longitude, latitude, x, y) > limit ? -1 : distance;
}

function distanceWithinBox(x: f64, y: f64): f64 {
  if (sphere.latitudeDistance(y, latitude) > (height * metres) / 2) return -1;
  const limit = (width * metres) / 2;
  let across = sphere.quickDistance(x, y, longitude, y);
  if (abs(across - limit) <= limit * sphere.QUICK_ERROR) {
    across = sphere.distance(x, y, longitude, y);
  }
  return across > limit ? -1 : sphere.quickDistance(longitude, latitude, x, y);
}

// Cells

/** Chooses the cells. Distances are `wanted` if they are answered, stored or sorted by. */
export function cover(wanted: bool): void {
  isDistanceWanted = wanted;
  bound();
  filter.set(longitude, latitude, longitudeLimit, latitudeLimit);
  step = stepsFor();
  encodeCentre();
  if (step > 1 && !neighboursReach()) {
    step--;
    encodeCentre();
  }
  searched = ((<u32>1) << CELLS) - 1;
  if (step >= 2) leaveOut();
}

function encodeCentre(): void {
  centre = geohash.encode(longitude, latitude, geohash.LATITUDE_MAX, step);
}

/** The box of coordinates around the area; it is wider at the end nearer to a pole. */
function bound(): void {
  const high = metres * (isBox ? height / 2 : radius);
  const wide = metres * (isBox ? width / 2 : radius);
  const latitudeReach = sphere.toDegrees(high / sphere.EARTH_RADIUS);
  const edge = latitude < 0 ? latitude - latitudeReach : latitude + latitudeReach;
  const shrunk = quickCosine(sphere.toRadians(edge));
  const longitudeReach = sphere.toDegrees(wide / sphere.EARTH_RADIUS / shrunk);
  westMost = longitude - longitudeReach;
  eastMost = longitude + longitudeReach;
  latitudeLimit = latitudeReach + MARGIN;
  // Narrow areas far from the poles lie within these longitudes; boxes may be a little wider.
  const narrow = !isBox && wide < HAVERSINE_MAX && abs(edge) < 80;
  longitudeLimit = narrow ? longitudeReach + MARGIN : 360;
  haversineLimit = narrow ? sphere.haversineOf(wide) : 0;
  setFlatError(wide / sphere.EARTH_RADIUS, sphere.toRadians(longitudeReach));
  southMost = latitude - latitudeReach;
  northMost = latitude + latitudeReach;
}

/**
 * Series are cut off after their second terms, of angles of at most half of `reach`; and the last
 * digit of coordinates counts the more the smaller `angle` is.
 */
function setFlatError(angle: f64, reach: f64): void {
  const widest = reach + sphere.toRadians(MARGIN);
  flatError = haversineLimit > 0 ? 0.15 * widest * widest + 1e-13 / angle : 2;
  cosine = quickCosine(sphere.toRadians(latitude));
  sine = quickSine(sphere.toRadians(latitude));
}

/** How many steps leave cells that are as large as the area; fewer near the poles. */
function stepsFor(): u32 {
  const halfWidth = width / 2;
  const halfHeight = height / 2;
  let range = metres * (isBox ? sqrt(halfWidth * halfWidth + halfHeight * halfHeight) : radius);
  if (range == 0) return geohash.STEPS_MAX;
  let steps = -1;
  while (range < MERCATOR_MAX) {
    range *= 2;
    steps++;
  }
  if (abs(latitude) > 66) steps--;
  if (abs(latitude) > 80) steps--;
  return max(1, min(<i32>geohash.STEPS_MAX, steps));
}

/** True if the cells to the north, south, east and west reach beyond the area. */
function neighboursReach(): bool {
  geohash.decode(geohash.neighbour(centre, step, 0, 1), step);
  if (geohash.north < northMost) return false;
  geohash.decode(geohash.neighbour(centre, step, 0, -1), step);
  if (geohash.south > southMost) return false;
  geohash.decode(geohash.neighbour(centre, step, 1, 0), step);
  if (geohash.east < eastMost) return false;
  geohash.decode(geohash.neighbour(centre, step, -1, 0), step);
  return geohash.west <= westMost;
}

/** Leaves out the neighbours on sides where the centre's own cell goes beyond the area. */
function leaveOut(): void {
  geohash.decode(centre, step);
  if (geohash.south < southMost) searched &= ~((1 << 2) | (1 << 7) | (1 << 8));
  if (geohash.north > northMost) searched &= ~((1 << 1) | (1 << 5) | (1 << 6));
  if (geohash.west < westMost) searched &= ~((1 << 4) | (1 << 6) | (1 << 8));
  if (geohash.east > eastMost) searched &= ~((1 << 3) | (1 << 5) | (1 << 7));
}

export function isSearched(cell: u32): bool {
  return ((searched >> cell) & 1) != 0;
}

/** The hash of a cell. */
export function cellHash(cell: u32): u64 {
  const columns =
    cell == 3 || cell == 5 || cell == 7 ? 1 : cell == 4 || cell == 6 || cell == 8 ? -1 : 0;
  const rows =
    cell == 1 || cell == 5 || cell == 6 ? 1 : cell == 2 || cell == 7 || cell == 8 ? -1 : 0;
  return cell ? geohash.neighbour(centre, step, columns, rows) : centre;
}
