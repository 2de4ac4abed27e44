/**
 * Read lists: a list from any of the forms that Redis has written it in.
 */
import { release } from '../memory/heap';
import { create, Entry } from '../structures/entry';
import * as listpack from '../structures/listpack';
import * as quicklist from '../structures/quicklist';
import { Quicklist } from '../structures/quicklist';
import { blockOf, LIST_QUICKLIST, REFERENCE_SIZE, setBlock, shapeOf } from '../values/kind';
import { listCompressDepth, listListpackSize } from '../values/limits';
import * as format from './format';
import { readPack, readZiplist } from './packs';
import * as reader from './reader';
import * as ziplist from './ziplist';

/** What a node takes beside its elements. */
const NODE_COST: u64 = 256;

/** Reads the body of a list; the caller looks for trouble. */
export function readList(type: u32, key: usize, keyLength: usize, flags: u32): Entry {
  const entry = createList(key, keyLength, flags);
  if (type == format.LIST_ZIPLIST) {
    readZiplistElements(listOf(entry));
  } else {
    const count = reader.count(type == format.LIST_QUICKLIST_2 ? 2 : 1);
    for (let left = count; left; left--) if (!readPart(type, entry)) break;
  }
  if (!listOf(entry).count) reader.refuse();
  return entry;
}

/** A list for nodes or elements that are to be read. */
export function createList(key: usize, keyLength: usize, flags: u32): Entry {
  const list = quicklist.create(listListpackSize, listCompressDepth);
  const entry = create(key, keyLength, LIST_QUICKLIST | flags, REFERENCE_SIZE);
  setBlock(entry, changetype<usize>(list));
  return entry;
}

/** True if it is a list without elements. */
export function isEmpty(entry: Entry): bool {
  return shapeOf(entry) == LIST_QUICKLIST && !listOf(entry).count;
}

function listOf(entry: Entry): Quicklist {
  return changetype<Quicklist>(blockOf(entry));
}

/** Reads one node, or one element where these are not in nodes; false if there is trouble. */
export function readPart(type: u32, entry: Entry): bool {
  const list = listOf(entry);
  if (type == format.LIST) return readElement(list);
  if (type == format.LIST_QUICKLIST_2) return readNode(list);
  const pack = readZiplist();
  return pack != 0 && addNode(list, pack);
}

function readElement(list: Quicklist): bool {
  const text = reader.first;
  return reader.string(text) && push(list, text.address, text.length);
}

function push(list: Quicklist, bytes: usize, size: usize): bool {
  if (!reader.hasMemory(((<u64>size) << 1) + quicklist.endsCost(list) + NODE_COST)) return false;
  quicklist.pushTail(list, bytes, size);
  return true;
}

function readZiplistElements(list: Quicklist): void {
  const text = reader.first;
  if (!reader.string(text)) return;
  if (!ziplist.open(text.address, text.length)) {
    reader.refuse();
    return;
  }
  while (ziplist.next()) if (!push(list, ziplist.address, ziplist.length)) return;
}

function readNode(list: Quicklist): bool {
  const container = reader.length();
  if (container == format.NODE_PLAIN) return readPlain(list);
  if (container != format.NODE_PACKED) return reader.refuse();
  const pack = readPack();
  return pack != 0 && addNode(list, pack);
}

function readPlain(list: Quicklist): bool {
  const text = reader.first;
  if (!reader.string(text)) return false;
  if (!text.length) return reader.refuse();
  const size = text.length;
  const block = reader.take(text);
  if (!block) return false;
  return append(list, block, size, true);
}

/** Adds a node unless it is empty; then it is freed, as in Redis. */
function addNode(list: Quicklist, pack: usize): bool {
  if (listpack.count(pack)) return append(list, pack, listpack.bytesOf(pack), false);
  release(pack);
  return true;
}

function append(list: Quicklist, block: usize, size: usize, plain: bool): bool {
  if (!reader.hasMemory(((<u64>size) << 1) + quicklist.endsCost(list) + NODE_COST)) {
    release(block);
    return false;
  }
  quicklist.appendBlock(list, block, size, plain);
  return true;
}
