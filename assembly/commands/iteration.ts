/**
 * Iteration commands: KEYS and SCAN.
 */
import * as database from '../keyspace/database';
import { isKeyword } from '../memory/bytes';
import * as reply from '../protocol/reply';
import * as dict from '../structures/dict';
import { Entry } from '../structures/entry';
import { typeName } from '../values/value';
import * as scanning from './scanning';

let written: u64 = 0;

/** KEYS pattern */
export function keys(): void {
  scanning.lookFor(1);
  const table = database.keysOf(database.selected);
  const head = reply.openArray();
  written = 0;
  for (let number: u32 = 0; number < table.bucketCount; number++) {
    dict.visitBucket<Entry>(table, number, replyIfWanted);
  }
  reply.closeArray(head, written);
}

function replyIfWanted(entry: Entry): void {
  if (isEnded(entry) || !scanning.matches(entry.keyAddress, entry.keyLength)) return;
  reply.bulk(entry.keyAddress, entry.keyLength);
  written++;
}

function isEnded(entry: Entry): bool {
  return entry.isVolatile && database.isExpired(entry);
}

/** SCAN cursor [MATCH pattern] [COUNT count] [TYPE type] */
export function scan(): void {
  if (!scanning.isCursor(1) || !scanning.hasOptions(2, true)) return;
  scanning.walkEntries(database.keysOf(database.selected));
  reply.array(2);
  reply.bulkInteger(scanning.cursor);
  const found = scanning.found;
  const head = reply.openArray();
  written = 0;
  for (let at = found.bytes; at < found.end; at += 4) {
    answer(changetype<Entry>(<usize>load<u32>(at)));
  }
  reply.closeArray(head, written);
  found.clear();
}

/** Replies the key if it is of the wanted type. An expired one goes; its type is none. */
function answer(entry: Entry): void {
  const ended = isEnded(entry);
  const type = ended ? 'none' : typeName(entry);
  const wanted = scanning.typeAddress;
  if (wanted ? isKeyword(wanted, scanning.typeLength, type) : !ended) {
    reply.bulk(entry.keyAddress, entry.keyLength);
    written++;
  }
  // Asking for the type has missed the key.
  if (ended) database.expireSeen(entry, wanted != 0);
}
