/**
 * Read sets: a set from any of the forms that Redis has written it in.
 */
import { release } from '../memory/heap';
import { create, Entry } from '../structures/entry';
import * as intset from '../structures/intset';
import * as listpack from '../structures/listpack';
import { REFERENCE_SIZE, SET_INTSET, setBlock } from '../values/kind';
import { setIntsetEntries } from '../values/limits';
import * as sets from '../values/sets';
import * as format from './format';
import { readPack } from './packs';
import * as reader from './reader';

/** Reads the body of a set; null, or the caller looks for trouble. */
export function readSet(type: u32, key: usize, keyLength: usize, flags: u32): Entry | null {
  if (type == format.SET) return readMembers(key, keyLength, flags);
  if (type == format.SET_INTSET) return readIntset(key, keyLength, flags);
  return readListpack(key, keyLength, flags);
}

/** A set for so many members, which are to be read. */
export function createFor(members: u64, key: usize, keyLength: usize, flags: u32): Entry {
  return <i64>members > setIntsetEntries
    ? sets.createTableEntry(key, keyLength, flags)
    : sets.createEntry(key, keyLength, flags);
}

/** Adds a member; false, and it is trouble, if there is no memory or it is there already. */
function add(entry: Entry, bytes: usize, size: usize): bool {
  if (!reader.hasMemory(sets.growthCost(entry, 1, size))) return false;
  return sets.add(entry, bytes, size) || reader.refuse();
}

function readMembers(key: usize, keyLength: usize, flags: u32): Entry | null {
  const members = reader.count(1);
  if (!members) return refuse();
  const entry = createFor(members, key, keyLength, flags);
  for (let left = members; left; left--) if (!readMember(entry)) break;
  return entry;
}

/** Reads one member; false if there is trouble. */
export function readMember(entry: Entry): bool {
  const text = reader.first;
  return reader.string(text) && add(entry, text.address, text.length);
}

function refuse(): Entry | null {
  reader.refuse();
  return null;
}

function readIntset(key: usize, keyLength: usize, flags: u32): Entry | null {
  const text = reader.first;
  if (!reader.string(text)) return null;
  if (!intset.validate(text.address, text.length)) return refuse();
  const members = intset.count(text.address);
  const block = reader.take(text);
  if (!block) return null;
  if (!reader.hasMemory(members * 128)) {
    release(block);
    return null;
  }
  const entry = create(key, keyLength, SET_INTSET | flags, REFERENCE_SIZE);
  setBlock(entry, block);
  if (<i64>members > setIntsetEntries) sets.convert(entry);
  return entry;
}

function readListpack(key: usize, keyLength: usize, flags: u32): Entry | null {
  const pack = readPack();
  if (!pack) return null;
  const members = listpack.count(pack);
  const entry = createFor(members, key, keyLength, flags);
  if (!members) reader.refuse();
  for (let at = listpack.first(pack); at; at = listpack.next(pack, at)) {
    listpack.readText(at);
    if (!add(entry, listpack.address, listpack.length)) break;
  }
  release(pack);
  return entry;
}
