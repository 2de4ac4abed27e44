/**
 * Distinct: whether the elements of a listpack from outside are different, in time that the
 * sender cannot choose: few are compared with each other, many go through a table.
 */
import { hash } from '../memory/siphash';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import * as listpack from '../structures/listpack';
import * as member from '../structures/member';
import { Member } from '../structures/member';
import * as reader from './reader';

/** Up to so many are compared with each other. */
const FEW: u32 = 32;
/** What an element takes in a table beside its bytes. */
const ELEMENT_COST: usize = 96;

const table: Dict = changetype<Dict>(memory.data(32, 16));
if (offsetof<Dict>() > 32) ERROR('a table fits');

/**
 * Whether no two of the elements are the same, of which every `stride`-th is looked at. The bytes
 * are a listpack. False without memory too, and then the reader knows.
 */
export function areDistinct(pack: usize, stride: u32): bool {
  return listpack.count(pack) / stride <= FEW
    ? areFewDistinct(pack, stride)
    : areMany(pack, stride);
}

function skip(pack: usize, at: usize, elements: u32): usize {
  while (at && elements--) at = listpack.next(pack, at);
  return at;
}

function areFewDistinct(pack: usize, stride: u32): bool {
  for (let at = listpack.first(pack); at; ) {
    const next = skip(pack, at, stride);
    listpack.readText(at);
    if (listpack.find(pack, next, listpack.address, listpack.length, stride - 1)) return false;
    at = next;
  }
  return true;
}

function areMany(pack: usize, stride: u32): bool {
  let distinct: bool = true;
  for (let at = listpack.first(pack); at && distinct; at = skip(pack, at, stride)) {
    listpack.readText(at);
    distinct = add(listpack.address, listpack.length);
  }
  const buckets = table.bucketCount;
  for (let number: u32 = 0; number < buckets; number++) {
    dict.visitBucket<Member>(table, number, member.dispose);
  }
  dict.dispose(table);
  return distinct;
}

function add(bytes: usize, size: usize): bool {
  if (!reader.hasMemory(size + ELEMENT_COST)) return false;
  const hashed = hash(bytes, size);
  if (dict.find<Member>(table, hashed, bytes, size)) return false;
  dict.insert<Member>(table, hashed, member.create(bytes, size, 0, 0));
  return true;
}
