/**
 * Sort patterns: what SORT looks up for an element by BY and GET.
 *
 *   weight_*      the string at the key with the element in place of the first *
 *   user_*->age   the field of the hash there
 *   #             the element itself
 *
 * A pattern without * finds nothing. Redis looks for * and -> in C strings: a NUL ends the search.
 */
import * as database from '../keyspace/database';
import { Buffer, bufferAt } from '../memory/buffer';
import * as hashes from '../values/hashes';
import { TYPE_HASH, TYPE_STRING, typeOf } from '../values/kind';
import * as strings from '../values/strings';
import * as args from './arguments';

const STAR: u8 = 0x2a;
const HASH_SIGN: u8 = 0x23;
const MINUS: u8 = 0x2d;
const GREATER: u8 = 0x3e;

/** The key that a pattern makes of an element. */
const key: Buffer = bufferAt(memory.data(48, 16));

/** What was found, until the next search. */
export let address: usize = 0;
export let length: usize = 0;
/** True if a search since `begin` did not find the memory that it needs. */
export let refused: bool = false;

export function begin(): void {
  refused = false;
}

/** Whether the pattern at argument `index` has a place for the element. */
export function hasPlace(index: u32): bool {
  const pattern = args.address(index);
  return indexOf(pattern, args.length(index)) < args.length(index);
}

/** Where the first * is, or the length if there is none before the first NUL. */
function indexOf(pattern: usize, size: usize): usize {
  for (let at: usize = 0; at < size; at++) {
    const byte = load<u8>(pattern + at);
    if (byte == STAR) return at;
    if (!byte) break;
  }
  return size;
}

/** Where the first -> with something behind it is, from `at` on; or the length. */
function arrowFrom(pattern: usize, at: usize, size: usize): usize {
  for (; at + 2 < size; at++) {
    const byte = load<u8>(pattern + at);
    if (!byte) break;
    if (byte != MINUS || load<u8>(pattern + at + 1) != GREATER) continue;
    return load<u8>(pattern + at + 2) ? at : size;
  }
  return size;
}

/** Finds what the pattern at argument `index` means for an element: `address` and `length`. */
export function find(index: u32, element: usize, elementLength: usize): bool {
  const pattern = args.address(index);
  const size = args.length(index);
  if (size == 1 && load<u8>(pattern) == HASH_SIGN) {
    address = element;
    length = elementLength;
    return true;
  }
  const star = indexOf(pattern, size);
  if (star == size) return false;
  const arrow = arrowFrom(pattern, star + 1, size);
  if (!makeKey(pattern, star, arrow, element, elementLength)) return false;
  return arrow == size ? readString() : readField(pattern + arrow + 2, size - arrow - 2);
}

function makeKey(pattern: usize, star: usize, end: usize, element: usize, size: usize): bool {
  key.clear();
  if (!key.hasRoom(end + size)) {
    refused = true;
    return false;
  }
  key.raw(pattern, star);
  key.raw(element, size);
  key.raw(pattern + star + 1, end - star - 1);
  return true;
}

function readString(): bool {
  const entry = database.read(key.bytes, key.length);
  if (!entry || typeOf(entry) != TYPE_STRING) return false;
  strings.read(entry);
  address = strings.address;
  length = strings.length;
  return true;
}

function readField(field: usize, size: usize): bool {
  const entry = database.read(key.bytes, key.length);
  if (!entry || typeOf(entry) != TYPE_HASH || !hashes.find(entry, field, size)) return false;
  address = hashes.address;
  length = hashes.length;
  return true;
}
