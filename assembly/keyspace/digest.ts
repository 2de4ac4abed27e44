/**
 * Digest: the whole data set as one SHA-1, computed as Redis does for DEBUG DIGEST, so
 * that two servers can be compared. Order does not matter: entries are XORed.
 *
 *   mix(d, x)   d = SHA1(d xor SHA1(x))       order matters
 *   add(d, x)   d = d xor SHA1(x)             order does not matter
 *
 *   all    = for each database: mix(number, big endian), then add(entry) for each entry
 *   entry  = mix(key), then value
 *   value  = mix(type, u32 big endian), contents, and add("!!expire!!") if volatile
 *
 *   string, list   mix(bytes), mix(each element)
 *   set            add(each member)
 *   hash, zset     add(d) for each pair, d = mix(field), mix(value or score as %.17g); for a
 *                  field with a deadline also add("!!hexpire!!") to d
 *   stream         mix("ms.seq") and mix(each field and value), for each entry
 */
import { copyLiteral } from '../memory/bytes';
import { formatDouble } from '../memory/float-text';
import { formatUnsigned } from '../memory/integer-text';
import { DIGEST_SIZE, sha1 } from '../memory/sha1';
import * as dict from '../structures/dict';
import { Entry } from '../structures/entry';
import * as hashes from '../values/hashes';
import { TYPE_HASH, TYPE_LIST, TYPE_SET, TYPE_STRING, TYPE_ZSET, typeOf } from '../values/kind';
import * as lists from '../values/lists';
import * as sets from '../values/sets';
import * as streams from '../values/streams';
import * as strings from '../values/strings';
import * as zsets from '../values/zsets';
import * as database from './database';

const DOT: u8 = 0x2e;
const scratch: usize = memory.data(32, 16);
const entryDigest: usize = memory.data(32, 16);
const total: usize = memory.data(32, 16);
const word: usize = memory.data(16, 16);
/** The digest of one pair, before it is added. */
const pairDigest: usize = memory.data(32, 16);
/** A score or an id as text. */
const text: usize = memory.data(48, 16);
/** The digest that the visitors of a value's contents work on. */
let contents: usize = 0;
/** The hash whose fields are visited. */
let visited: Entry | null = null;

/** Where the last digest is: DIGEST_SIZE bytes. */
export function result(): usize {
  return total;
}

/** Computes the digest of all databases. */
export function ofAll(): void {
  memory.fill(total, 0, DIGEST_SIZE);
  for (let index: u32 = 0; index < database.count; index++) {
    const keys = database.keysOf(index);
    if (!keys.count) continue;
    mixNumber(total, index);
    for (let number: u32 = 0; number < keys.bucketCount; number++) {
      dict.visitBucket<Entry>(keys, number, addEntry);
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
  const type = typeOf(entry);
  mixNumber(digest, type);
  contents = digest;
  if (type == TYPE_STRING) mixString(entry);
  else if (type == TYPE_LIST) lists.visit(entry, mixText);
  else if (type == TYPE_SET) sets.visit(entry, addText);
  else if (type == TYPE_ZSET) zsets.visit(entry, addScored);
  else if (type == TYPE_HASH) visitHash(entry);
  else streams.visit(entry, mixId, mixText);
  if (entry.isVolatile) add(digest, word, copyLiteral(word, '!!expire!!'));
}

// Contents of values

function mixString(entry: Entry): void {
  strings.read(entry);
  mixText(strings.address, strings.length);
}

function mixText(address: usize, length: usize): void {
  mix(contents, address, length);
}

function addText(address: usize, length: usize): void {
  add(contents, address, length);
}

function addPair(field: usize, fieldLength: usize, value: usize, valueLength: usize): void {
  beginPair(field, fieldLength, value, valueLength);
  add(contents, pairDigest, DIGEST_SIZE);
}

function beginPair(field: usize, fieldLength: usize, value: usize, valueLength: usize): void {
  memory.fill(pairDigest, 0, DIGEST_SIZE);
  mix(pairDigest, field, fieldLength);
  mix(pairDigest, value, valueLength);
}

function visitHash(entry: Entry): void {
  if (!hashes.isExpiring(entry)) return hashes.visit(entry, addPair);
  visited = entry;
  hashes.visit(entry, addField);
  visited = null;
}

function addField(field: usize, fieldLength: usize, value: usize, valueLength: usize): void {
  beginPair(field, fieldLength, value, valueLength);
  const entry = visited;
  if (entry && hashes.deadlineOf(entry, field, fieldLength) != hashes.NO_DEADLINE) {
    add(pairDigest, text, copyLiteral(text, '!!hexpire!!'));
  }
  add(contents, pairDigest, DIGEST_SIZE);
}

function addScored(member: usize, length: usize, score: f64): void {
  addPair(member, length, text, formatDouble(score, text));
}

function mixId(milliseconds: u64, sequence: u64): void {
  let length = formatUnsigned(milliseconds, text);
  store<u8>(text + length++, DOT);
  length += formatUnsigned(sequence, text + length);
  mix(contents, text, length);
}

// Arithmetic of digests

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
