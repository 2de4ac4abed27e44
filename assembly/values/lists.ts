/**
 * Lists: the value of a key as a quicklist, whose address is the entry's value.
 */
import { create, Entry } from '../structures/entry';
import * as quicklist from '../structures/quicklist';
import { Quicklist } from '../structures/quicklist';
import * as walk from '../structures/quicklist-walk';
import * as garbage from './garbage';
import { blockOf, LIST_QUICKLIST, REFERENCE_SIZE, setBlock } from './kind';
import { listCompressDepth, listListpackSize } from './limits';

/** The quicklist of an entry that is a list. */
export function listOf(entry: Entry): Quicklist {
  return changetype<Quicklist>(blockOf(entry));
}

/** A new entry with a list without elements. `flags` is VOLATILE or 0. */
export function createEntry(key: usize, keyLength: usize, flags: u32): Entry {
  return around(quicklist.create(listListpackSize, listCompressDepth), key, keyLength, flags);
}

function around(list: Quicklist, key: usize, keyLength: usize, flags: u32): Entry {
  const entry = create(key, keyLength, LIST_QUICKLIST | flags, REFERENCE_SIZE);
  setBlock(entry, changetype<usize>(list));
  return entry;
}

/** How many elements there are. */
export function count(entry: Entry): u32 {
  return listOf(entry).count;
}

/** Adds an element at the end. Memory must be reserved: twice its length and 128 bytes. */
export function pushTail(entry: Entry, bytes: usize, length: usize): void {
  quicklist.pushTail(listOf(entry), bytes, length);
}

/** Frees what lies outside of the entry. */
export function disposeValue(entry: Entry): void {
  garbage.disposeList(listOf(entry));
}

/** An upper bound of the memory that a copy of the value takes. */
export function copyCost(entry: Entry): usize {
  return quicklist.footprint(listOf(entry), 0);
}

/** A deep copy of the value under another key. `flags` is VOLATILE or 0. */
export function copyEntry(entry: Entry, key: usize, keyLength: usize, flags: u32): Entry {
  return around(quicklist.duplicate(listOf(entry)), key, keyLength, flags);
}

/** What OBJECT ENCODING calls the value. */
export function encodingName(_entry: Entry): string {
  return 'quicklist';
}

/** Bytes that the value takes outside of its entry; `samples` elements are measured, 0 for all. */
export function memoryOf(entry: Entry, samples: u32): usize {
  return quicklist.footprint(listOf(entry), samples);
}

/** Visits what the value holds, in its order. The visitor must not change it. */
export function visit(entry: Entry, visitor: (address: usize, length: usize) => void): void {
  for (let more = walk.begin(listOf(entry), 0, false); more; more = walk.step()) {
    walk.readText();
    visitor(walk.address, walk.length);
  }
  walk.end();
}
