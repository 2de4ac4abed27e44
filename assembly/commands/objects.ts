/**
 * OBJECT and MEMORY USAGE: how a value is kept, and what it takes.
 */
import * as access from '../keyspace/access';
import * as database from '../keyspace/database';
import { NO_LFU_POLICY, NO_LRU_POLICY, SYNTAX_ERROR } from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import { encodingName, memoryOf, referencesTo } from '../values/value';
import * as args from './arguments';

const SAMPLES_DEFAULT: u32 = 5;
const SILENT: u32 = database.NO_TOUCH | database.NO_NOTICE;

function lookup(): Entry | null {
  const entry = database.read(args.address(2), args.length(2), SILENT);
  if (!entry) reply.nil();
  return entry;
}

/** OBJECT ENCODING key */
export function encoding(): void {
  const entry = lookup();
  if (entry) reply.bulkText(encodingName(entry));
}

/** OBJECT REFCOUNT key */
export function refcount(): void {
  const entry = lookup();
  if (entry) reply.integer(referencesTo(entry));
}

/** OBJECT IDLETIME key */
export function idletime(): void {
  const entry = lookup();
  if (!entry) return;
  if (access.isFrequency()) return reply.error(NO_LRU_POLICY);
  reply.integer(access.idleSeconds(entry.clock));
}

/** OBJECT FREQ key */
export function freq(): void {
  const entry = lookup();
  if (!entry) return;
  if (!access.isFrequency()) return reply.error(NO_LFU_POLICY);
  reply.integer(access.frequencyOf(entry.clock));
}

/** OBJECT HELP */
export function help(): void {
  reply.array(15);
  reply.simple('OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:');
  reply.simple('ENCODING <key>');
  reply.simple('    Return the kind of internal representation used in order to store the value');
  reply.simple('    associated with a <key>.');
  reply.simple('FREQ <key>');
  reply.simple('    Return the access frequency index of the <key>. The returned integer is');
  reply.simple('    proportional to the logarithm of the recent access frequency of the key.');
  reply.simple('IDLETIME <key>');
  reply.simple('    Return the idle time of the <key>, that is the approximated number of');
  reply.simple('    seconds elapsed since the last access to the key.');
  reply.simple('REFCOUNT <key>');
  reply.simple('    Return the number of references of the value associated with the specified');
  reply.simple('    <key>.');
  reply.simple('HELP');
  reply.simple('    Prints this help.');
}

/** MEMORY USAGE key [SAMPLES count] */
export function usage(): void {
  let samples = SAMPLES_DEFAULT;
  for (let index: u32 = 3; index < args.count; index += 2) {
    if (!args.is(index, 'SAMPLES') || index + 1 == args.count) return reply.error(SYNTAX_ERROR);
    if (!args.isInteger(index + 1)) return;
    if (args.integer < 0) return reply.error(SYNTAX_ERROR);
    samples = <u32>min<i64>(args.integer, u32.MAX_VALUE);
  }
  const entry = lookup();
  if (entry) reply.integer(memoryOf(entry, samples));
}
