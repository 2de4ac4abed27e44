/**
 * Digest: the whole data set as one SHA-1, computed as Redis does for DEBUG DIGEST, so
 * that two servers can be compared. Order does not matter: entries are XORed.
 *
 *   mix(d, x)   d = SHA1(d xor SHA1(x))       order matters
 *   add(d, x)   d = d xor SHA1(x)             order does not matter
 *
 *   all    = for each database: mix(number, big endian), then add(entry) for each entry
 *   entry  = mix(key), then value
 *   value  = mix(type, u32 big endian), mix(bytes), and add("!!expire!!") if volatile
 */
import { copyLiteral } from '../memory/bytes';
import { DIGEST_SIZE, sha1 } from '../memory/sha1';
import * as dict from '../structures/dict';
import { Entry } from '../structures/entry';
import { typeOf } from '../values/kind';
import * as strings from '../values/strings';
import * as database from './database';
import * as databases from './databases';

const scratch: usize = memory.data(32, 16);
const entryDigest: usize = memory.data(32, 16);
const total: usize = memory.data(32, 16);
const word: usize = memory.data(16, 16);

/** Where the last digest is: DIGEST_SIZE bytes. */
export function result(): usize {
  return total;
}

/** Computes the digest of all databases. */
export function ofAll(): void {
  memory.fill(total, 0, DIGEST_SIZE);
  for (let index: u32 = 0; index < databases.count; index++) {
    const keys = database.keysOf(index);
    if (!keys.count) continue;
    mixNumber(total, index);
    for (let number: u32 = 0; number < keys.bucketCount; number++) {
      dict.visitBucket(keys, number, addEntry);
    }
  }
}

/** Computes the digest of one value of the selected database; zeros if it is missing. */
export function ofValue(key: usize, keyLength: usize): void {
  memory.fill(total, 0, DIGEST_SIZE);
  const entry = database.peek(key, keyLength);
  if (entry) mixValue(total, entry);
}

function addEntry(entry: Entry): void {
  memory.fill(entryDigest, 0, DIGEST_SIZE);
  mix(entryDigest, entry.keyAddress, entry.keyLength);
  mixValue(entryDigest, entry);
  add(total, entryDigest, DIGEST_SIZE);
}

function mixValue(digest: usize, entry: Entry): void {
  mixNumber(digest, typeOf(entry));
  strings.read(entry);
  mix(digest, strings.address, strings.length);
  if (entry.isVolatile) add(digest, word, copyLiteral(word, '!!expire!!'));
}

function mixNumber(digest: usize, value: u32): void {
  store<u32>(word, bswap<u32>(value));
  mix(digest, word, 4);
}

function mix(digest: usize, bytes: usize, length: usize): void {
  add(digest, bytes, length);
  sha1(digest, DIGEST_SIZE, scratch);
  memory.copy(digest, scratch, DIGEST_SIZE);
}

function add(digest: usize, bytes: usize, length: usize): void {
  sha1(bytes, length, scratch);
  store<u64>(digest, load<u64>(digest) ^ load<u64>(scratch));
  store<u64>(digest, load<u64>(digest, 8) ^ load<u64>(scratch, 8), 8);
  store<u32>(digest, load<u32>(digest, 16) ^ load<u32>(scratch, 16), 16);
}
