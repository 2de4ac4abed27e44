/** Names of groups and consumers: their bytes, and that they stay in the order of bytes. */
import { compare } from '../../assembly/memory/bytes';
import { release, start, usedBytes } from '../../assembly/memory/heap';
import { below, seed } from '../../assembly/memory/random';
import * as names from '../../assembly/structures/stream-names';
import { NAMES_SIZE, Named, Names } from '../../assembly/structures/stream-names';

const all = changetype<Names>(memory.data(8, 16));
if (NAMES_SIZE != 8) ERROR('the place of the names is as large as they are');
const text: usize = memory.data(16, 16);

function begin(): void {
  start();
  seed(9, 9);
  memory.fill(changetype<usize>(all), 0, NAMES_SIZE);
}

export function theDrawnExampleIsLaidOutAsDrawn(): void {
  begin();
  store<u16>(text, 0x6261);
  const named = names.create(8, text, 2);
  assert(load<u64>(changetype<usize>(named)) == 0x0000_0008_0000_0002);
  assert(load<u16>(changetype<usize>(named), 8) == 0x6261);
  names.add(all, named);
  assert(names.find(all, text, 2) == changetype<usize>(named));
  assert(names.find(all, text, 1) == 0);
  names.remove(all, named);
  assert(usedBytes() == 0);
}

function randomName(): usize {
  const length = <usize>below(4);
  for (let at: usize = 0; at < length; at++) store<u8>(text + at, <u8>(0x7e + below(4)));
  return length;
}

function checkOrder(): void {
  for (let position: u32 = 1; position < all.count; position++) {
    const one = changetype<Named>(names.at(all, position - 1));
    const other = changetype<Named>(names.at(all, position));
    assert(compare(one.name, one.nameLength, other.name, other.nameLength) < 0);
    assert(names.positionOf(all, other) == position);
  }
}

export function namesComeAndGoInOrder(): void {
  begin();
  for (let step = 0; step < 5000; step++) {
    const length = randomName();
    const found = names.find(all, text, length);
    if (!found) names.add(all, names.create(8, text, length));
    else if (below(2)) names.remove(all, changetype<Named>(found));
    checkOrder();
  }
  for (let position: u32 = 0; position < all.count; position++) release(names.at(all, position));
  names.dispose(all);
  assert(usedBytes() == 0);
}
