/**
 * Read lists: a list from any of the forms that Redis has written it in.
 */
import { release } from '../memory/heap';
import { create, Entry } from '../structures/entry';
import * as listpack from '../structures/listpack';
import * as quicklist from '../structures/quicklist';
import { Quicklist } from '../structures/quicklist';
import { LIST_QUICKLIST, REFERENCE_SIZE, setBlock } from '../values/kind';
import { listCompressDepth, listListpackSize } from '../values/limits';
import * as format from './format';
import { readPack, readZiplist } from './packs';
import * as reader from './reader';
import * as ziplist from './ziplist';

/** What a node takes beside its elements. */
const NODE_COST: u64 = 256;

/** Reads the body of a list; the caller looks for trouble. */
export function readList(type: u32, key: usize, keyLength: usize, flags: u32): Entry {
  const list = quicklist.create(listListpackSize, listCompressDepth);
  const entry = create(key, keyLength, LIST_QUICKLIST | flags, REFERENCE_SIZE);
  setBlock(entry, changetype<usize>(list));
  if (type == format.LIST) readElements(list);
  else if (type == format.LIST_ZIPLIST) readZiplistElements(list);
  else if (type == format.LIST_QUICKLIST) readZiplistNodes(list);
  else readNodes(list);
  if (!list.count) reader.refuse();
  return entry;
}

function readElements(list: Quicklist): void {
  const text = reader.first;
  for (let left = reader.count(1); left; left--) {
    if (!reader.string(text) || !push(list, text.address, text.length)) return;
  }
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

function readZiplistNodes(list: Quicklist): void {
  for (let left = reader.count(1); left; left--) {
    const pack = readZiplist();
    if (!pack || !addNode(list, pack)) return;
  }
}

function readNodes(list: Quicklist): void {
  for (let left = reader.count(2); left; left--) {
    const container = reader.length();
    if (container == format.NODE_PLAIN) {
      if (!readPlain(list)) return;
    } else if (container == format.NODE_PACKED) {
      const pack = readPack();
      if (!pack || !addNode(list, pack)) return;
    } else {
      reader.refuse();
      return;
    }
  }
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
