/** The host's clock, for durations and nothing else: no reply and no effect may follow from it. */
import { clock } from '../env';

/** Microseconds since some start; never goes back. */
export function microsecondsNow(): f64 {
  return clock();
}
