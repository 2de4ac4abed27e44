/**
 * MIGRATE: the store reaches no other server, so a key that is there cannot be sent anywhere. What
 * else Redis answers is answered.
 */
import { type CommandContext, type Handlers, NOT_AN_INTEGER, SYNTAX_ERROR } from '../context.js';
import { parseInteger } from '../integers.js';

export const MIGRATE: Handlers = { migrate };

const WITH_KEY =
  'ERR When using MIGRATE KEYS option, the key argument must be set to the empty string';
const UNREACHABLE = 'IOERR error or timeout connecting to the client';

/** MIGRATE host port key db timeout [COPY] [REPLACE] [AUTH password | AUTH2 user password] [KEYS key ...] */
function migrate(context: CommandContext) {
  const { args, host, reply, session } = context;
  let firstKey = 3;
  let lastKey = 3;
  for (let at = 6; at < args.length; at++) {
    const word = context.text(at).toLowerCase();
    const left = args.length - 1 - at;
    if (word === 'auth' && left >= 1) at += 1;
    else if (word === 'auth2' && left >= 2) at += 2;
    else if (word === 'keys') {
      if (args[3]?.length !== 0) return context.fail(WITH_KEY);
      firstKey = at + 1;
      lastKey = args.length - 1;
      break;
    } else if (word !== 'copy' && word !== 'replace') return context.fail(SYNTAX_ERROR);
  }
  if (parseInteger(context.text(5)) === null || parseInteger(context.text(4)) === null) {
    return context.fail(NOT_AN_INTEGER);
  }
  const keys = args.slice(firstKey, lastKey + 1);
  const isThere = keys.some((key) => host.engine.debugObject(session.database, key) !== null);
  if (isThere) context.fail(UNREACHABLE);
  else reply.simple('NOKEY');
}
