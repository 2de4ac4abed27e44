/**
 * Packs: how the reader gets listpacks out of what a snapshot has: listpacks, which are looked
 * through, and ziplists, which are made listpacks of.
 */
import { release } from '../memory/heap';
import * as listpack from '../structures/listpack';
import * as reader from './reader';
import * as ziplist from './ziplist';

/** What a ziplist grows by as a listpack: an element's frame is five bytes larger at the most. */
const GROWTH_SHIFT: usize = 3;
const SLACK: usize = 64;

/** Reads a string that is a listpack; returns it in a block of its own, or 0. */
export function readPack(): usize {
  const text = reader.first;
  if (!reader.string(text)) return 0;
  if (!listpack.validate(text.address, text.length, true)) return refuse();
  return reader.take(text);
}

/** Reads a string that is a ziplist; returns a listpack of the same elements, or 0. */
export function readZiplist(): usize {
  const text = reader.first;
  if (!reader.string(text)) return 0;
  if (!ziplist.open(text.address, text.length)) return refuse();
  if (!reader.hasMemory(((<u64>text.length) << GROWTH_SHIFT) + SLACK)) return 0;
  let pack = listpack.createEmpty(text.length);
  while (ziplist.next()) pack = listpack.append(pack, ziplist.address, ziplist.length);
  return listpack.trim(pack);
}

function refuse(): usize {
  reader.refuse();
  return 0;
}

/** Frees a pack that is not as it should be. Always null, as what could not be made of it. */
export function discard(pack: usize): usize {
  reader.refuse();
  release(pack);
  return 0;
}
