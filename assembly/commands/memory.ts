/**
 * MEMORY: what a key takes. The rest of MEMORY is about the whole store, and the host's.
 */
import * as database from '../keyspace/database';
import { SYNTAX_ERROR } from '../protocol/errors';
import * as reply from '../protocol/reply';
import { memoryOf } from '../values/value';
import * as args from './arguments';

const SAMPLES_DEFAULT: u32 = 5;

/** MEMORY USAGE key [SAMPLES count] */
export function usage(): void {
  let samples = SAMPLES_DEFAULT;
  for (let index: u32 = 3; index < args.count; index += 2) {
    if (!args.is(index, 'SAMPLES') || index + 1 == args.count) return reply.error(SYNTAX_ERROR);
    if (!args.isInteger(index + 1)) return;
    if (args.integer < 0) return reply.error(SYNTAX_ERROR);
    samples = <u32>min<i64>(args.integer, u32.MAX_VALUE);
  }
  const entry = database.read(args.address(2), args.length(2), database.NO_TOUCH);
  if (entry) reply.integer(memoryOf(entry, samples));
  else reply.nil();
}
