/** What listpack.test.ts drives: the listpack of one block, arguments in a place of their own. */
import { blockSize, release, reserve, start, usedBytes } from '../../assembly/memory/heap';
import * as listpack from '../../assembly/structures/listpack';

let place: usize = 0;
let lp: usize = 0;
let other: usize = 0;

/** Begins; returns the place for arguments, a mebibyte. */
export function begin(_: i32): usize {
  start();
  reserve(64 << 20);
  place = memory.grow(16) << 16;
  return place;
}

export function create(capacity: usize): usize {
  lp = listpack.createEmpty(capacity);
  return lp;
}

export function where(_: i32): usize {
  assert(blockSize(lp) >= listpack.bytesOf(lp), 'the listpack fits its block');
  assert(listpack.validate(lp, listpack.bytesOf(lp), true), 'the listpack is valid');
  return lp;
}

export function end(_: i32): bool {
  release(lp);
  return usedBytes() == 0;
}

export function count(_: i32): u32 {
  return listpack.count(lp);
}

export function append(length: usize): void {
  lp = listpack.append(lp, place, length);
}

export function prepend(length: usize): void {
  lp = listpack.prepend(lp, place, length);
  assert(listpack.inserted == listpack.first(lp));
}

export function appendInteger(value: i64): void {
  lp = listpack.appendInteger(lp, value);
  assert(listpack.inserted == listpack.last(lp));
}

export function insertBefore(index: i32, length: usize): void {
  lp = listpack.insertBefore(lp, listpack.elementAt(lp, index), place, length);
  assert(listpack.inserted == listpack.elementAt(lp, index));
}

export function insertAfter(index: i32, length: usize): void {
  lp = listpack.insertAfter(lp, listpack.elementAt(lp, index), place, length);
  assert(listpack.inserted == listpack.elementAt(lp, index + 1));
}

export function replace(index: i32, length: usize): void {
  lp = listpack.replace(lp, listpack.elementAt(lp, index), place, length);
  assert(listpack.inserted == listpack.elementAt(lp, index));
}

export function replaceInteger(index: i32, value: i64): void {
  lp = listpack.replaceInteger(lp, listpack.elementAt(lp, index), value);
}

export function remove(index: i32): void {
  lp = listpack.remove(lp, listpack.elementAt(lp, index));
  assert(listpack.following == listpack.elementAt(lp, index));
}

export function removeRange(index: i32, elements: u32): void {
  lp = listpack.removeRange(lp, listpack.elementAt(lp, index), elements);
  assert(listpack.following == listpack.elementAt(lp, index));
}

/** Appends copies of all elements to a new listpack and joins both, the copies behind. */
export function double(_: i32): void {
  other = listpack.createEmpty(0);
  for (let at = listpack.first(lp); at; at = listpack.next(lp, at)) {
    other = listpack.appendFrom(other, at);
  }
  assert(listpack.count(other) == listpack.count(lp));
  lp = listpack.merge(lp, other);
}

export function trim(_: i32): void {
  lp = listpack.trim(lp);
}

/** Number of the element with these bytes, -1 if there is none. */
export function find(from: i32, length: usize, skip: u32): i32 {
  const found = listpack.find(lp, listpack.elementAt(lp, from), place, length, skip);
  if (!found) return -1;
  assert(listpack.equals(found, place, length));
  let index = 0;
  for (let at = listpack.first(lp); at != found; at = listpack.next(lp, at)) index++;
  return index;
}

/** Address of { u32 address, u32 length } of the element's text, 0 if there is none. */
export function textAt(index: i64): usize {
  const at = listpack.elementAt(lp, index);
  if (!at) return 0;
  listpack.readText(at);
  store<u32>(place, <u32>listpack.address);
  store<u32>(place + 4, <u32>listpack.length);
  return place;
}

/** Walks from the end; true if that sees as many elements as walking from the beginning. */
export function walksBack(_: i32): bool {
  let at = listpack.last(lp);
  let size: usize = 0;
  for (let index: i64 = -1; at; index--) {
    assert(at == listpack.elementAt(lp, index));
    size += listpack.span(at);
    at = listpack.previous(lp, at);
  }
  return size + listpack.EMPTY_SIZE == listpack.bytesOf(lp);
}

export function elementSize(length: usize): usize {
  return listpack.elementSize(place, length);
}

/** Validates so many bytes that end where linear memory does. */
export function validateAtEnd(size: usize, deep: bool): bool {
  const to = ((<usize>memory.size()) << 16) - size;
  memory.copy(to, place, size);
  return listpack.validate(to, size, deep);
}

/** If valid, whether all functions that read stay within the bytes. */
export function readsWithin(size: usize): bool {
  const to = ((<usize>memory.size()) << 16) - size;
  memory.copy(to, place, size);
  if (!listpack.validate(to, size, true)) return true;
  for (let at = listpack.first(to); at; at = listpack.next(to, at)) {
    listpack.read(at);
    if (!listpack.isInteger && listpack.address + listpack.length >= to + size) return false;
  }
  for (let at = listpack.last(to); at; at = listpack.previous(to, at)) {
    if (at < to) return false;
  }
  return true;
}
