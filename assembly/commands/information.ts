/**
 * Information: what INFO and DEBUG OBJECT tell about the store, in a record that the
 * host reads. Its order is append-only; src/engine/statistics.ts knows it.
 */
import * as access from '../keyspace/access';
import * as database from '../keyspace/database';
import * as databases from '../keyspace/databases';
import * as effects from '../keyspace/effects';
import * as heap from '../memory/heap';
import * as errorCounts from '../protocol/error-counts';
import * as reply from '../protocol/reply';
import * as payload from '../snapshot/payload';
import * as dict from '../structures/dict';
import { Entry, VOLATILE } from '../structures/entry';
import * as quicklist from '../structures/quicklist';
import { Quicklist } from '../structures/quicklist';
import { TYPE_LIST, typeOf } from '../values/kind';
import * as lists from '../values/lists';
import { referencesTo } from '../values/value';
import * as registry from './registry';
import * as timing from './timing';

const record: usize = memory.data(128, 16);
let put: usize = 0;
let deadlineSum: f64 = 0;
let deadlineCount: f64 = 0;

function field(value: f64): void {
  store<f64>(record + (put++ << 3), value);
}

/** Address of the store's statistics, f64 each. */
export function ofStore(): usize {
  put = 0;
  field(<f64>heap.usedBytes());
  field(<f64>heap.usedBytesMax());
  field(<f64>memory.size() * 65536);
  field(<f64>database.hits);
  field(<f64>database.misses);
  field(<f64>database.expiredKeys);
  field(commandsExecuted());
  field(<f64>reply.errors);
  field(<f64>effects.changes);
  field(<f64>database.expiredFields);
  return record;
}

function commandsExecuted(): f64 {
  let sum: u64 = 0;
  for (let id: u32 = 0; id < registry.count; id++) sum += registry.at(id).calls;
  return <f64>sum;
}

/**
 * Address of { keys, volatile keys, mean time to live in ms, bytes of the table of keys, bytes of
 * the tables for deadlines } of a database, f64 each.
 */
export function ofDatabase(index: u32): usize {
  put = 0;
  field(databases.keyCount(index));
  field(databases.volatileCount(index));
  field(meanTimeToLive(index));
  field(<f64>dict.memoryOf(database.keysOf(index)));
  const deadlines = dict.memoryOf(database.volatilesOf(index));
  field(<f64>(deadlines + dict.memoryOf(database.expiringOf(index))));
  return record;
}

/** The mean over the volatile keys of up to this many buckets. */
const SAMPLED_BUCKETS: u32 = 64;

function meanTimeToLive(index: u32): f64 {
  const volatiles = database.volatilesOf(index);
  deadlineSum = 0;
  deadlineCount = 0;
  const buckets = min(volatiles.bucketCount, SAMPLED_BUCKETS);
  for (let number: u32 = 0; number < buckets; number++) {
    dict.visitBucket<Entry>(volatiles, number, addTimeToLive);
  }
  return deadlineCount ? Math.floor(deadlineSum / deadlineCount) : 0;
}

function addTimeToLive(entry: Entry): void {
  deadlineSum += <f64>max<i64>(0, entry.expiresAt - database.now);
  deadlineCount++;
}

/** Address of { calls, rejected, failed, microseconds } of a command, f64 each. */
export function ofCommand(id: u32): usize {
  const command = registry.at(id);
  timing.settle(command);
  put = 0;
  field(<f64>command.calls);
  field(<f64>command.rejected);
  field(<f64>command.failed);
  field(command.microseconds);
  return record;
}

/** Address of the counts of a command's durations, see timing.ts. */
export function histogramOf(id: u32): usize {
  const command = registry.at(id);
  timing.settle(command);
  return timing.histogramOf(command);
}

/** Counts one more call of a command that the host executed. */
export function countCall(id: u32, failed: bool, microseconds: f64): void {
  const command = registry.at(id);
  command.calls++;
  if (failed) command.failed++;
  timing.addCall(command, microseconds);
}

/** Takes one call of a command back that was counted. */
export function uncountCall(id: u32): void {
  registry.at(id).calls--;
}

export function reset(): void {
  database.resetStatistics();
  registry.resetStatistics();
  timing.reset();
  errorCounts.reset();
  heap.resetPeak();
}

/**
 * Address of { present, address, kind, size in a snapshot, references, idle, clock }, f64 each;
 * for a list { nodes, elements, fill, depth of compression, size of all nodes } follow.
 */
export function ofKey(key: usize, keyLength: usize): usize {
  const entry = database.lookup(key, keyLength);
  put = 0;
  field(entry ? 1 : 0);
  if (!entry) return record;
  field(<f64>changetype<usize>(entry));
  field(entry.kind & ~VOLATILE);
  field(<f64>payload.bodySize(entry));
  field(<f64>referencesTo(entry));
  field(access.idleSeconds(entry.clock));
  field(entry.clock);
  if (typeOf(entry) == TYPE_LIST) describeList(lists.listOf(entry));
  return record;
}

function describeList(list: Quicklist): void {
  field(list.length);
  field(list.count);
  field(list.fill);
  field(list.depth);
  field(<f64>quicklist.uncompressedSize(list));
}
