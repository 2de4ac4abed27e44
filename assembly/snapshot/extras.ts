/**
 * Extras: what a snapshot holds beside keys: facts about its origin, and functions. They belong to
 * the host, which hands them in and takes them out as a row of records:
 *
 *   0      4             8              12
 *   +------+-------------+--------------+------+-------+
 *   | kind | name length | value length | name | value |
 *   +------+-------------+--------------+------+-------+
 *     u32    u32           u32
 *
 *   kind 250   a fact (AUX): name and value
 *   kind 245   a library of functions (FUNCTION2): its code is the value
 */
import { Buffer, bufferAt } from '../memory/buffer';
import { AUX, FUNCTION_2, VERSION } from './format';
import * as reader from './reader';
import * as writer from './writer';

const HEAD_SIZE: usize = 12;
const SIGNATURE: u64 = 0x30305349444552; // "REDIS00"
const SIGNATURE_SIZE: usize = 7;

const head: usize = memory.data(16, 8);
/** What a load has found. */
const found: Buffer = bufferAt(memory.data(48, 16));

/** Writes "REDIS" and the version. */
export function writeHead(): void {
  store<u64>(head, SIGNATURE);
  store<u8>(head, 0x30 + VERSION / 10, SIGNATURE_SIZE);
  store<u8>(head, 0x30 + (VERSION % 10), SIGNATURE_SIZE + 1);
  writer.raw(head, SIGNATURE_SIZE + 2);
}

/** Writes the records, as far as they are whole and of a known kind. */
export function write(address: usize, size: usize): void {
  const end = address + size;
  while (end - address >= HEAD_SIZE) {
    const kind = load<u32>(address);
    const nameLength = <usize>load<u32>(address, 4);
    const valueLength = <usize>load<u32>(address, 8);
    const name = address + HEAD_SIZE;
    if (<u64>nameLength + valueLength > end - name) return;
    if (kind == AUX) {
      writer.byte(AUX);
      writer.string(name, nameLength);
      writer.string(name + nameLength, valueLength);
    } else if (kind == FUNCTION_2) {
      writer.byte(FUNCTION_2);
      writer.string(name + nameLength, valueLength);
    }
    address = name + nameLength + valueLength;
  }
}

/** The records that a load has found. */
export function loaded(): Buffer {
  return found;
}

/** Keeps a record; the texts of the reader are name and value. */
export function keep(kind: u32, name: reader.Text, value: reader.Text): void {
  if (!found.hasRoom(HEAD_SIZE + name.length + value.length)) {
    reader.refuse(reader.NO_MEMORY);
    return;
  }
  store<u32>(found.end, kind);
  store<u32>(found.end, <u32>name.length, 4);
  store<u32>(found.end, <u32>value.length, 8);
  found.end += HEAD_SIZE;
  found.raw(name.address, name.length);
  found.raw(value.address, value.length);
}
