/**
 * Payload: one value without its key, as DUMP answers it and RESTORE takes it.
 *
 *   0      1              size - 10   size - 8
 *   +------+--------------+-----------+-------+
 *   | type | body         | version   | crc64 |
 *   +------+--------------+-----------+-------+
 *     u8                    u16         u64, of all bytes in front of it
 *
 * Example: the string "hello".
 *
 *   00    05 68 65 6c 6c 6f   0a 00   63 72 df 76 65 34 20 0a
 *   type  "hello"             10
 */
import { Buffer, bufferAt } from '../memory/buffer';
import { crc64 } from '../memory/crc64';
import { Entry } from '../structures/entry';
import { HASH_METADATA, VERSION, VERSION_MAX } from './format';
import * as value from './read-value';
import * as reader from './reader';
import { formatOf, whole } from './write-value';
import * as writer from './writer';

const FOOTER_SIZE: usize = 10;
const CHECKSUM_SIZE: usize = 8;

const buffer: Buffer = bufferAt(memory.data(48, 16));

/** The payload of a value, until `clear`; its length is 0 if it did not fit into memory. */
export function make(entry: Entry): Buffer {
  writer.open(buffer);
  const type = formatOf(entry);
  writer.byte(type);
  whole(entry);
  // Whoever cannot read fields with deadlines is to say so, rather than that the data are bad.
  writer.byte(type == HASH_METADATA ? VERSION_MAX : VERSION);
  writer.byte(0);
  writer.word(crc64(0, buffer.bytes, buffer.length));
  if (writer.failed) buffer.clear();
  return buffer;
}

/** Frees the payload. */
export function clear(): void {
  buffer.clear();
}

/** Bytes that the body of a value takes in a snapshot; 0 if there is no memory to tell. */
export function bodySize(entry: Entry): usize {
  writer.open(buffer);
  whole(entry);
  const size = writer.failed ? 0 : buffer.length;
  buffer.clear();
  return size;
}

/** True if the payload ends with a version that we read and with its own checksum. */
export function isSealed(address: usize, size: usize): bool {
  if (size < FOOTER_SIZE) return false;
  if (<u32>load<u16>(address + size - FOOTER_SIZE) > VERSION_MAX) return false;
  const sealed = size - CHECKSUM_SIZE;
  return crc64(0, address, sealed) == load<u64>(address + sealed);
}

/** The value of a sealed payload under a key, or null: `reader.trouble` says why. */
export function read(
  address: usize,
  size: usize,
  key: usize,
  keyLength: usize,
  flags: u32,
): Entry | null {
  reader.open(address, size - FOOTER_SIZE);
  const entry = value.read(reader.byte(), key, keyLength, flags, true);
  reader.close();
  return entry;
}
