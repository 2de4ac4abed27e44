/**
 * Read sorted sets: a sorted set from any of the forms that Redis has written it in.
 */
import { copy } from '../memory/bytes';
import { parseDouble, parsedDouble } from '../memory/float-text';
import { release } from '../memory/heap';
import { create, Entry } from '../structures/entry';
import * as listpack from '../structures/listpack';
import { REFERENCE_SIZE, setBlock, ZSET_LISTPACK } from '../values/kind';
import { zsetListpackEntries } from '../values/limits';
import * as zsets from '../values/zsets';
import * as packs from '../values/zsets-listpack';
import { areDistinct } from './distinct';
import * as format from './format';
import { discard, readPack, readZiplist } from './packs';
import * as reader from './reader';

// Lengths of a score's text that say what it is
const NOT_A_NUMBER: u32 = 253;
const POSITIVE_INFINITE: u32 = 254;
const NEGATIVE_INFINITE: u32 = 255;
/** What a member takes as a table beside its bytes. */
const MEMBER_COST: u64 = 128;
const SLACK: u64 = 1 << 16;

const integerText: usize = memory.data(32, 16);

/** Reads the body of a sorted set; null, or the caller looks for trouble. */
export function readSortedSet(type: u32, key: usize, keyLength: usize, flags: u32): Entry | null {
  if (type == format.ZSET || type == format.ZSET_2) {
    return readMembers(type == format.ZSET, key, keyLength, flags);
  }
  const pack = type == format.ZSET_LISTPACK ? readPack() : readZiplist();
  if (!pack) return null;
  if (!isSortedSet(pack)) {
    discard(pack);
    return null;
  }
  const cost = ((<u64>listpack.bytesOf(pack)) << 1) + <u64>packs.count(pack) * MEMBER_COST + SLACK;
  if (!reader.hasMemory(cost)) {
    release(pack);
    return null;
  }
  const entry = create(key, keyLength, ZSET_LISTPACK | flags, REFERENCE_SIZE);
  setBlock(entry, pack);
  if (<i64>packs.count(pack) > zsetListpackEntries) zsets.toTable(entry);
  return entry;
}

/** Whether a listpack has members and numbers in turn, in order and without repetition. */
function isSortedSet(pack: usize): bool {
  const elements = listpack.count(pack);
  if (!elements || elements & 1) return false;
  let before: usize = 0;
  let scoreBefore: f64 = 0;
  for (let at = listpack.first(pack); at; at = packs.next(pack, at)) {
    if (!isScore(listpack.next(pack, at))) return false;
    const score = packs.scoreAt(pack, at);
    if (before && score <= scoreBefore) {
      if (score < scoreBefore) return false;
      if (!isBefore(before, at)) return false;
    }
    before = at;
    scoreBefore = score;
  }
  return areDistinct(pack, 2);
}

/** Whether the text of one element comes before that of another. */
function isBefore(first: usize, second: usize): bool {
  listpack.readText(first);
  const size = listpack.length;
  let bytes = listpack.address;
  if (listpack.isInteger) {
    copy(integerText, bytes, size);
    bytes = integerText;
  }
  return packs.compareAt(second, bytes, size) > 0;
}

function isScore(at: usize): bool {
  listpack.read(at);
  if (listpack.isInteger) return true;
  if (!parseDouble(listpack.address, listpack.length)) return false;
  return parsedDouble == parsedDouble;
}

function readMembers(asText: bool, key: usize, keyLength: usize, flags: u32): Entry | null {
  const members = reader.count(2);
  if (!members) reader.refuse();
  const entry = zsets.createTable(key, keyLength, flags);
  let bytes: u64 = 0;
  for (let left = members; left; left--) {
    if (!readMember(entry, asText)) return entry;
    bytes += reader.first.length;
  }
  if (!reader.trouble && reader.hasMemory((bytes << 1) + SLACK)) zsets.compact(entry);
  return entry;
}

/** Reads one member, with its score as text or as eight bytes; false if there is trouble. */
export function readMember(entry: Entry, asText: bool): bool {
  const text = reader.first;
  if (!reader.string(text)) return false;
  const score = asText ? readScore() : reader.double();
  if (score != score) reader.refuse();
  return !reader.trouble && add(entry, score, text.address, text.length);
}

function add(entry: Entry, score: f64, bytes: usize, size: usize): bool {
  if (!reader.hasMemory(zsets.addCost(entry, 1, size))) return false;
  return zsets.add(entry, score, bytes, size) == zsets.ADDED || reader.refuse();
}

function readScore(): f64 {
  const size = reader.byte();
  if (size == POSITIVE_INFINITE) return Infinity;
  if (size == NEGATIVE_INFINITE) return -Infinity;
  const bytes = size == NOT_A_NUMBER ? 0 : reader.raw(size);
  return bytes && parseDouble(bytes, size) ? parsedDouble : NaN;
}
