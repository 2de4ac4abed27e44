/**
 * Skip: passes over a value without looking into it, to find out where it ends, or that it is not
 * all there yet.
 */
import * as format from './format';
import * as reader from './reader';

const SCORE_SIZE: u64 = 8;
const TIME_SIZE: u64 = 8;
const STREAM_ID_SIZE: u64 = 16;
/** A length of text that stands for a number which has none: not a number, or infinite. */
const SPECIAL_MIN: u32 = 253;

// Opcodes inside of what modules write.
const MODULE_END: u64 = 0;
const MODULE_UNSIGNED: u64 = 2;
const MODULE_FLOAT: u64 = 3;
const MODULE_DOUBLE: u64 = 4;
const MODULE_STRING: u64 = 5;

/** Passes over the body of a value of this type. */
export function skipValue(type: u32): void {
  if (type == format.LIST || type == format.SET || type == format.LIST_QUICKLIST) strings(1);
  else if (type == format.HASH) strings(2);
  else if (type == format.ZSET) scoredTexts();
  else if (type == format.ZSET_2) scored();
  else if (type == format.LIST_QUICKLIST_2) nodes();
  else if (type == format.HASH_METADATA) fieldsWithDeadlines();
  else if (type == format.HASH_LISTPACK_EX) timeAndString();
  else if (isStream(type)) stream(type);
  else if (type <= format.HASH_LISTPACK_EX && type != format.MODULE_2) reader.skipString();
  else reader.refuse();
}

export function isStream(type: u32): bool {
  return (
    type == format.STREAM_LISTPACKS ||
    type == format.STREAM_LISTPACKS_2 ||
    type == format.STREAM_LISTPACKS_3
  );
}

function strings(each: u64): void {
  for (let left = reader.count(1) * each; left && !reader.trouble; left--) reader.skipString();
}

function scoredTexts(): void {
  for (let left = reader.count(2); left && !reader.trouble; left--) {
    reader.skipString();
    const size = reader.byte();
    if (size < SPECIAL_MIN) reader.raw(size);
  }
}

function scored(): void {
  for (let left = reader.count(9); left && !reader.trouble; left--) {
    reader.skipString();
    reader.raw(SCORE_SIZE);
  }
}

function nodes(): void {
  for (let left = reader.count(2); left && !reader.trouble; left--) {
    reader.length();
    reader.skipString();
  }
}

function fieldsWithDeadlines(): void {
  reader.raw(TIME_SIZE);
  for (let left = reader.count(3); left && !reader.trouble; left--) {
    reader.length();
    reader.skipString();
    reader.skipString();
  }
}

function timeAndString(): void {
  reader.raw(TIME_SIZE);
  reader.skipString();
}

function lengths(count: u32): void {
  while (count--) reader.length();
}

function stream(type: u32): void {
  strings(2);
  skipRest(type);
}

/** Passes over what stands behind the nodes of a stream. */
export function skipRest(type: u32): void {
  lengths(type == format.STREAM_LISTPACKS ? 3 : 8);
  for (let groups = reader.count(1); groups && !reader.trouble; groups--) {
    reader.skipString();
    lengths(type == format.STREAM_LISTPACKS ? 2 : 3);
    for (let left = reader.count(25); left && !reader.trouble; left--) {
      reader.raw(STREAM_ID_SIZE + TIME_SIZE);
      reader.length();
    }
    for (let left = reader.count(1); left && !reader.trouble; left--) {
      reader.skipString();
      reader.raw(type == format.STREAM_LISTPACKS_3 ? TIME_SIZE << 1 : TIME_SIZE);
      reader.raw(reader.count(<u32>STREAM_ID_SIZE) * STREAM_ID_SIZE);
    }
  }
}

/** Passes over what a module has written beside keys. */
export function skipModuleAux(): void {
  lengths(3);
  while (!reader.trouble) {
    const opcode = reader.length();
    if (reader.trouble || opcode == MODULE_END) return;
    if (opcode <= MODULE_UNSIGNED) reader.length();
    else if (opcode == MODULE_FLOAT) reader.raw(4);
    else if (opcode == MODULE_DOUBLE) reader.raw(8);
    else if (opcode == MODULE_STRING) reader.skipString();
    else reader.refuse();
  }
}
