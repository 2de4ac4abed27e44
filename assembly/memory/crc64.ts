/**
 * CRC64: the checksum that ends snapshots and the payloads of DUMP: Jones's polynomial,
 * reflected, begun with 0, without a final complement. Eight bytes at a time, by eight tables
 * (Kounavis and Berry, "A systematic approach to building high performance software-based CRC
 * generators", 2005).
 *
 * Example: the bytes of "123456789" give e9c6d914c4b8d9ca.
 */

/** 0xad93d23594c935a9 with its bits reversed. */
const POLYNOMIAL: u64 = 0x95ac9329ac4bc9b5;
const TABLE_SIZE: usize = 2048;

/** tables + n * TABLE_SIZE: what a byte does that n more bytes follow, u64 each. */
const tables: usize = memory.data(16384, 16);
if (TABLE_SIZE * 8 != 16384) ERROR('there are eight tables');
let ready: bool = false;

function prepare(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let value = <u64>byte;
    for (let bit = 0; bit < 8; bit++) value = (value >> 1) ^ (value & 1 ? POLYNOMIAL : 0);
    store<u64>(tables + ((<usize>byte) << 3), value);
  }
  // One zero byte more in each table than in the one before.
  for (let at = tables; at < tables + TABLE_SIZE * 7; at += 8) {
    const value = load<u64>(at);
    store<u64>(at, (value >> 8) ^ entry(0, value), TABLE_SIZE);
  }
  ready = true;
}

/** What the low byte of `value` does when `following` bytes come behind it. */
function entry(following: usize, value: u64): u64 {
  return load<u64>(tables + following * TABLE_SIZE + ((<usize>(value & 0xff)) << 3));
}

/** The checksum of what `seed` is the checksum of (0: nothing), followed by these bytes. */
export function crc64(seed: u64, address: usize, length: usize): u64 {
  if (!ready) prepare();
  const end = address + length;
  const lastWhole = address + (length & ~7);
  for (; address < lastWhole; address += 8) {
    const word = seed ^ load<u64>(address);
    seed =
      entry(7, word) ^
      entry(6, word >> 8) ^
      entry(5, word >> 16) ^
      entry(4, word >> 24) ^
      entry(3, word >> 32) ^
      entry(2, word >> 40) ^
      entry(1, word >> 48) ^
      entry(0, word >> 56);
  }
  for (; address < end; address++) seed = (seed >> 8) ^ entry(0, seed ^ load<u8>(address));
  return seed;
}
