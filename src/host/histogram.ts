/**
 * What the core's histogram of durations tells (assembly/commands/timing.ts draws it): percentiles
 * for INFO latencystats, and counts by powers of two for LATENCY HISTOGRAM.
 */

/** Four buckets to each power of two of nanoseconds, from this one on; one for what is below. */
const OCTAVE_MIN = 7;
const QUARTERS = 4;
const OCTAVE_MAX = 30;
/** Redis counts nothing finer than this: 1,024 ns, a microsecond. */
const SHOWN_MIN = 10;

/** Nanoseconds at which a bucket begins. */
function lowerBound(bucket: number): number {
  if (bucket === 0) return 0;
  const octave = OCTAVE_MIN + Math.floor((bucket - 1) / QUARTERS);
  return 2 ** octave * (1 + ((bucket - 1) % QUARTERS) / QUARTERS);
}

export function totalOf(histogram: Float64Array): number {
  return histogram.reduce((sum, count) => sum + count, 0);
}

/** Microseconds below which `percent` of the durations are; those of a bucket lie evenly in it. */
export function percentile(histogram: Float64Array, percent: number): number {
  const wanted = (totalOf(histogram) * Math.min(100, percent)) / 100;
  let below = 0;
  let bound = 0;
  for (const [bucket, count] of histogram.entries()) {
    if (count === 0) continue;
    const start = lowerBound(bucket);
    bound = lowerBound(bucket + 1);
    if (below + count >= wanted) {
      return (start + ((wanted - below) / count) * (bound - start)) / 1000;
    }
    below += count;
  }
  return bound / 1000;
}

/**
 * [microseconds, how many took at most that] for each power of two at which there is a new one.
 * The microseconds are those that Redis shows: of 2^n ns, and what it cannot tell from that.
 */
export function distribution(histogram: Float64Array): [number, number][] {
  const total = totalOf(histogram);
  const counts: [number, number][] = [];
  let before = 0;
  for (let octave = SHOWN_MIN; octave <= OCTAVE_MAX; octave++) {
    const buckets = 1 + (octave - OCTAVE_MIN) * QUARTERS;
    const below = octave === OCTAVE_MAX ? total : totalOf(histogram.subarray(0, buckets));
    if (below > before) counts.push([shownBound(octave), below]);
    before = below;
  }
  return counts;
}

function shownBound(octave: number): number {
  return Math.floor((2 ** octave + 2 ** (octave - 7) - 1) / 1000);
}
