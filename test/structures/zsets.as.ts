/** Sorted sets as blocks: the drawn bytes, both encodings, and the heap back to its start. */
import { copyLiteral } from '../../assembly/memory/bytes';
import { start, usedBytes } from '../../assembly/memory/heap';
import * as entries from '../../assembly/structures/entry';
import * as garbage from '../../assembly/values/garbage';
import { blockOf } from '../../assembly/values/kind';
import * as zsets from '../../assembly/values/zsets';

const key: usize = memory.data(64, 16);

function add(entry: entries.Entry, score: f64, member: string): u32 {
  return zsets.add(entry, score, key, copyLiteral(key, member));
}

export function theDrawnListpackIsLaidOutAsDrawn(): void {
  start();
  const entry = zsets.createEntry(key, 1, 0);
  add(entry, 2, 'b');
  add(entry, 1.5, 'a');
  const pack = blockOf(entry);
  assert(load<u64>(pack) == 0x6181_0004_0000_0014);
  assert(load<u8>(pack, 8) == 2 && load<u32>(pack, 9) == 0x352e3183 && load<u8>(pack, 13) == 4);
  assert(
    load<u32>(pack, 14) == 0x02026281 && load<u8>(pack, 18) == 1 && load<u8>(pack, 19) == 0xff,
  );
  zsets.disposeValue(entry);
  entries.dispose(entry);
  assert(usedBytes() == 0);
}

export function aTableAndItsCopyHoldTheSame(): void {
  start();
  const entry = zsets.createTable(key, 1, 0);
  for (let number: u32 = 0; number < 5000; number++) {
    store<u32>(key, number);
    zsets.add(entry, <f64>((number * 7919) % 5000), key, 4);
  }
  const copied = zsets.copyEntry(entry, key, 1, 0);
  assert(zsets.count(copied) == 5000);
  zsets.walk(copied, 0, false);
  for (let rank: u32 = 0; rank < 5000; rank++) {
    zsets.step();
    assert(zsets.score == <f64>rank);
  }
  zsets.removeRange(entry, 100, 4900);
  assert(zsets.count(entry) == 100);
  zsets.compact(entry);
  assert(!zsets.isTable(entry) && zsets.count(entry) == 100);
  zsets.disposeValue(entry);
  zsets.disposeValue(copied);
  entries.dispose(entry);
  entries.dispose(copied);
  while (!garbage.isEmpty()) garbage.step();
  assert(usedBytes() == 0, 'the heap is back where it was');
}
