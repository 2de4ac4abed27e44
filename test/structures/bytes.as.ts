/** The entry for bytes.test.ts: literals can only be handed over from AssemblyScript. */
import { copyLiteral, isKeyword } from '../../assembly/memory/bytes';

export {
  compare,
  copy,
  equals,
  fill,
  toLower,
} from '../../assembly/memory/bytes';

export function isExat(address: usize, length: usize): bool {
  return isKeyword(address, length, 'EXAT');
}

export function writeLiteral(to: usize): usize {
  return copyLiteral(to, '-ERR value is not an integer or out of range');
}

export function writeShort(to: usize): usize {
  return copyLiteral(to, '+OK');
}
