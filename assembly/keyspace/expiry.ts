/**
 * Active expiry: removes keys whose time has come although nobody asks for them.
 *
 * A pass walks the volatile keys of each database in small slices, with a scan cursor
 * that survives growth and shrinking, then the hashes whose fields have deadlines
 * (field-expiry.ts). What it sees tells the earliest deadline that is left, so between
 * passes nothing runs until a key or a field can really be due.
 */
import { microsecondsNow } from '../memory/clock';
import * as dict from '../structures/dict';
import { Entry } from '../structures/entry';
import * as database from './database';
import * as fieldExpiry from './field-expiry';

/** At most this many keys are removed by one slice; more wait for the next. */
const VICTIMS_MAX: u32 = 64;

const victims: usize = memory.data(256, 8);
let victimCount: u32 = 0;
let overflowed: bool = false;
let passDatabase: u32 = 0;
/** True while the pass is at the hashes of the database. */
let passInFields: bool = false;
let passCursor: u32 = 0;
let passEarliest: i64 = database.NEVER;
let passRunning: bool = false;
let enabled: bool = true;
/** What the longest removal of the keys of one bucket took, in microseconds. */
let longest: f64 = 0;

export function enable(on: bool): void {
  enabled = on;
}

/** The longest removal, in microseconds, since it was asked for last. */
export function takeLongest(): f64 {
  const microseconds = longest;
  longest = 0;
  return microseconds;
}

/** Milliseconds until there may be something to do: 0 now, negative never. */
export function dueIn(): i64 {
  if (!enabled) return -1;
  if (passRunning) return 0;
  if (database.earliestExpiry == database.NEVER) return -1;
  return max<i64>(0, database.earliestExpiry - database.now + 1);
}

/** Does up to `steps` steps of a pass, each one bucket; begins one if keys may be due. */
export function run(steps: u32): void {
  if (!enabled) return;
  if (!passRunning && !begin()) return;
  const selected = database.selected;
  while (passRunning && steps--) step();
  database.select(selected);
}

function begin(): bool {
  if (database.now <= database.earliestExpiry) return false;
  passRunning = true;
  passDatabase = 0;
  passCursor = 0;
  passInFields = false;
  passEarliest = database.NEVER;
  fieldExpiry.begin();
  // From here on new deadlines lower it by themselves.
  database.setEarliestExpiry(database.NEVER);
  return true;
}

function step(): void {
  while (!passCursor && isEmpty(passDatabase)) passDatabase++;
  if (passDatabase == database.count) return finish();
  database.select(passDatabase);
  const next = passInFields ? fieldExpiry.step(passCursor) : stepKeys();
  if (passInFields ? fieldExpiry.isUnfinished() : overflowed) return;
  passCursor = next;
  if (next) return;
  if (passInFields) passDatabase++;
  passInFields = !passInFields;
}

/** True of a database without keys; of what is behind the last one it is not. */
function isEmpty(index: u32): bool {
  return index < database.count && !database.keysOf(index).count;
}

/** Removes keys of one bucket; returns the next cursor. */
function stepKeys(): u32 {
  victimCount = 0;
  overflowed = false;
  const next = dict.scan<Entry>(database.volatilesOf(passDatabase), passCursor, examine);
  if (victimCount) removeVictims();
  return next;
}

function removeVictims(): void {
  const start = microsecondsNow();
  for (let index: u32 = 0; index < victimCount; index++) {
    database.expire(changetype<Entry>(<usize>load<u32>(victims + ((<usize>index) << 2))));
  }
  longest = max<f64>(longest, microsecondsNow() - start);
}

function examine(entry: Entry): void {
  if (!database.isExpired(entry)) {
    passEarliest = min(passEarliest, entry.expiresAt);
  } else if (victimCount < VICTIMS_MAX) {
    store<u32>(victims + ((<usize>victimCount) << 2), <u32>changetype<usize>(entry));
    victimCount++;
  } else {
    overflowed = true;
  }
}

function finish(): void {
  passRunning = false;
  const earliest = min(passEarliest, fieldExpiry.earliestLeft());
  database.setEarliestExpiry(min(database.earliestExpiry, earliest));
}
