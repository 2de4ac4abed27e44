/**
 * Error counts: how often each error code was replied, for INFO errorstats.
 *
 *   0         8        12                    44        code: the first word of the error
 *   +---------+--------+---------------------+
 *   | count   | length | code bytes          |         u64, u32
 *   +---------+--------+---------------------+
 */
import { copy, equals } from '../memory/bytes';

const CODE_MAX: usize = 32;
const RECORD_SIZE: usize = 48;
const RECORDS_MAX: u32 = 64;
const SPACE: u8 = 0x20;
const CR: u8 = 0x0d;

const records: usize = memory.data(3072, 16);
if (RECORD_SIZE * RECORDS_MAX != 3072) ERROR('all records fit');
let count: u32 = 0;

/** Address of the records. */
export function place(): usize {
  return records;
}

/** How many codes were seen. */
export function codes(): u32 {
  return count;
}

export function reset(): void {
  memory.fill(records, 0, <usize>count * RECORD_SIZE);
  count = 0;
}

/** Counts the error whose text begins at `text` and ends before `end`. */
export function add(text: usize, end: usize): void {
  let length: usize = 0;
  while (length < CODE_MAX && text + length < end && !isEnd(load<u8>(text + length))) length++;
  for (let index: u32 = 0; index < count; index++) {
    const record = records + <usize>index * RECORD_SIZE;
    if (load<u32>(record, 8) == <u32>length && equals(record + 12, text, length)) {
      store<u64>(record, load<u64>(record) + 1);
      return;
    }
  }
  if (count < RECORDS_MAX) addRecord(text, length);
}

function isEnd(byte: u8): bool {
  return byte == SPACE || byte == CR;
}

function addRecord(text: usize, length: usize): void {
  const record = records + <usize>count * RECORD_SIZE;
  store<u64>(record, 1);
  store<u32>(record, <u32>length, 8);
  copy(record + 12, text, length);
  count++;
}
