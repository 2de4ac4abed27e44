/** The entry for floats.test.ts and for the differential test of floats. */
import { parsedDouble } from '../../assembly/memory/float-text';

export {
  addFloats,
  FIRST_NOT_A_FLOAT,
  SECOND_NOT_A_FLOAT,
  SUM_NOT_FINITE,
} from '../../assembly/memory/extended';
export { DOUBLE_TEXT_ROOM, formatDouble, parseDouble } from '../../assembly/memory/float-text';

export function parsed(): f64 {
  return parsedDouble;
}
