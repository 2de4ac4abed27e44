/**
 * Sphere: distances on the earth, taken as a sphere, by the haversine formula, in metres.
 *
 *   a = sin²(Δlatitude / 2) + cos(latitude 1) cos(latitude 2) sin²(Δlongitude / 2)
 *   distance = 2 R asin √a
 *
 * `quickDistance` is within QUICK_ERROR of `distance`, relatively, and takes a tenth of the time;
 * who compares it or prints it asks for the other one where that could matter.
 */
import {
  arcSine,
  cosine,
  quickArcSine,
  quickCosine,
  quickSine,
  sine,
} from '../memory/trigonometry';

export const EARTH_RADIUS: f64 = 6372797.560856;
/** The most by which quickDistance is wrong, relatively; with a good margin. */
export const QUICK_ERROR: f64 = 1e-13;
const DEGREE: f64 = NativeMath.PI / 180;
/** Above this the arc sine is too steep for the quick way. */
const QUICK_MAX: f64 = 0.99;

export function toRadians(degrees: f64): f64 {
  return degrees * DEGREE;
}

export function toDegrees(radians: f64): f64 {
  return radians / DEGREE;
}

/** The distance between two latitudes on one meridian. */
export function latitudeDistance(y1: f64, y2: f64): f64 {
  return EARTH_RADIUS * abs(toRadians(y2) - toRadians(y1));
}

/** The distance between two places, to the last digit. */
export function distance(x1: f64, y1: f64, x2: f64, y2: f64): f64 {
  const v = sine((toRadians(x2) - toRadians(x1)) / 2);
  if (v == 0) return latitudeDistance(y1, y2);
  const latitude1 = toRadians(y1);
  const latitude2 = toRadians(y2);
  const u = sine((latitude2 - latitude1) / 2);
  const a = u * u + cosine(latitude1) * cosine(latitude2) * v * v;
  return 2 * EARTH_RADIUS * arcSine(sqrt(a));
}

/** The same, nearly. */
export function quickDistance(x1: f64, y1: f64, x2: f64, y2: f64): f64 {
  const a = quickHaversine(x1, y1, x2, y2);
  if (a > QUICK_MAX) return distance(x1, y1, x2, y2);
  return 2 * EARTH_RADIUS * quickArcSine(sqrt(a));
}

/** What the formula calls `a`, nearly: it grows with the distance. */
export function quickHaversine(x1: f64, y1: f64, x2: f64, y2: f64): f64 {
  const v = quickSine((toRadians(x2) - toRadians(x1)) / 2);
  const latitude1 = toRadians(y1);
  const latitude2 = toRadians(y2);
  const u = quickSine((latitude2 - latitude1) / 2);
  return u * u + quickCosine(latitude1) * quickCosine(latitude2) * v * v;
}

/** The haversine of a distance of at most half of the way around. */
export function haversineOf(metres: f64): f64 {
  const sine = quickSine(metres / (2 * EARTH_RADIUS));
  return sine * sine;
}
