/**
 * DUMP and RESTORE: a value as bytes that can travel, to another key or another server.
 */
import * as access from '../keyspace/access';
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import {
  BAD_DATA_FORMAT,
  BUSY_KEY,
  INVALID_FREQUENCY,
  INVALID_IDLE_TIME,
  INVALID_TTL,
  OUT_OF_MEMORY,
  SYNTAX_ERROR,
  WRONG_PAYLOAD,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as payload from '../snapshot/payload';
import * as reader from '../snapshot/reader';
import { dispose, Entry, VOLATILE } from '../structures/entry';
import { disposeValue } from '../values/value';
import * as args from './arguments';
import * as keyed from './keyed';

const PAYLOAD: u32 = 3;
/** What an option says that was not given. */
const NOT_GIVEN: i64 = -1;

/** DUMP key */
export function dump(): void {
  const entry = database.read(args.address(1), args.length(1));
  if (!entry) return reply.nil();
  const bytes = payload.make(entry);
  if (bytes.length) reply.bulk(bytes.bytes, bytes.length);
  else reply.error(OUT_OF_MEMORY);
  payload.clear();
}

// The options of RESTORE.
let replacing: bool = false;
let absolute: bool = false;
let idleSeconds: i64 = NOT_GIVEN;
let frequency: i64 = NOT_GIVEN;
let expiresAt: i64 = 0;

/** RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency] */
export function restore(): void {
  if (!readOptions()) return;
  if (!replacing && database.write(args.address(1), args.length(1))) return reply.error(BUSY_KEY);
  if (!readTime()) return;
  const bytes = args.address(PAYLOAD);
  const size = args.length(PAYLOAD);
  if (!payload.isSealed(bytes, size)) return reply.error(WRONG_PAYLOAD);
  const flags = expiresAt ? VOLATILE : 0;
  const entry = payload.read(bytes, size, args.address(1), args.length(1), flags);
  if (entry) put(entry);
  else reply.error(reader.trouble == reader.NO_MEMORY ? OUT_OF_MEMORY : BAD_DATA_FORMAT);
}

function readOptions(): bool {
  replacing = false;
  absolute = false;
  idleSeconds = NOT_GIVEN;
  frequency = NOT_GIVEN;
  for (let index = PAYLOAD + 1; index < args.count; index++) {
    if (args.is(index, 'REPLACE')) {
      replacing = true;
    } else if (args.is(index, 'ABSTTL')) {
      absolute = true;
    } else if (index + 1 == args.count) {
      return refuse(SYNTAX_ERROR);
    } else if (args.is(index, 'IDLETIME') && frequency == NOT_GIVEN) {
      if (!isWithin(++index, i64.MAX_VALUE, INVALID_IDLE_TIME)) return false;
      idleSeconds = args.integer;
    } else if (args.is(index, 'FREQ') && idleSeconds == NOT_GIVEN) {
      if (!isWithin(++index, 255, INVALID_FREQUENCY)) return false;
      frequency = args.integer;
    } else {
      return refuse(SYNTAX_ERROR);
    }
  }
  return true;
}

/** Reads argument `index` as an integer from 0 to `most`, or replies what is wrong. */
function isWithin(index: u32, most: i64, error: string): bool {
  if (!args.isInteger(index)) return false;
  return args.integer >= 0 && args.integer <= most ? true : refuse(error);
}

function refuse(error: string): bool {
  reply.error(error);
  return false;
}

/** Reads the time to live; a sum that is too large comes out in the past, as in Redis. */
function readTime(): bool {
  if (!isWithin(2, i64.MAX_VALUE, INVALID_TTL)) return false;
  expiresAt = args.integer;
  if (expiresAt && !absolute) expiresAt += database.now;
  return true;
}

/** Puts the value into the selected database, unless its time has come already. */
function put(entry: Entry): void {
  // What has ended already is replaced as well, without being missed first.
  const taken = replacing ? database.peek(entry.keyAddress, entry.keyLength) : null;
  if (expiresAt && expiresAt <= database.now && !database.isLoading()) {
    if (taken) propagateDeletion(taken);
    disposeValue(entry);
    dispose(entry);
    return reply.ok();
  }
  if (taken) database.vanish(taken);
  if (entry.isVolatile) entry.expiresAt = expiresAt;
  entry.clock = access.initial();
  if (frequency != NOT_GIVEN) entry.clock = access.usedOften(entry.clock, <u32>frequency);
  if (idleSeconds != NOT_GIVEN) entry.clock = access.idleSince(entry.clock, idleSeconds);
  database.give(entry);
  keyed.notify(notifications.RESTORE, 1);
  if (expiresAt && !absolute) propagateAbsolute();
  reply.ok();
}

function propagateDeletion(taken: Entry): void {
  keyed.remove(taken);
  effects.begin(database.selected, 2);
  effects.literal('DEL');
  effects.argument(args.address(1), args.length(1));
}

/** The command as it came, but with the time at which the key expires. */
function propagateAbsolute(): void {
  effects.begin(database.selected, args.count + 1);
  for (let index: u32 = 0; index < args.count; index++) {
    if (index == 2) effects.integer(expiresAt);
    else effects.argument(args.address(index), args.length(index));
  }
  effects.literal('ABSTTL');
}
