/** Literals can only be handed to `bytes` from AssemblyScript: the entry for bytes.test.ts. */
import { copyLiteral, isKeyword } from '../../assembly/memory/bytes';

export function isExat(address: usize, length: usize): bool {
  return isKeyword(address, length, 'EXAT');
}

export function writeLiteral(to: usize): usize {
  return copyLiteral(to, '-ERR value is not an integer or out of range');
}

export function writeShort(to: usize): usize {
  return copyLiteral(to, '+OK');
}
