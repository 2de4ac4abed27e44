/** The entry for floats.test.ts and for the differential test of floats. */
import { parsedDouble } from '../../assembly/memory/float-text';

export { addFloats } from '../../assembly/memory/extended';
export { formatDouble, parseDouble } from '../../assembly/memory/float-text';

export function parsed(): f64 {
  return parsedDouble;
}
