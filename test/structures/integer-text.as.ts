/** Makes `parsedInteger` a function for integer-text.test.ts. */
import { parsedInteger } from '../../assembly/memory/integer-text';

export { formatInteger, parseInteger } from '../../assembly/memory/integer-text';

export function parsed(): i64 {
  return parsedInteger;
}
