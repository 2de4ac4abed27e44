/** DEBUG, for tests and for the curious. Off unless `enable-debug-command` allows it. */
import { parseSize } from '../config-values.js';
import type { CommandContext, Handlers } from '../context.js';
import { debugProtocol } from './debug-protocol.js';
import { helpReply } from './help.js';
import { allowsProtected } from './protection.js';

type Subcommand = (context: CommandContext) => void;

/** Subcommands with the least and the greatest number of arguments, `DEBUG` included. */
const SUBCOMMANDS: Readonly<Record<string, readonly [number, number, Subcommand]>> = {
  digest: [2, 2, digest],
  'digest-value': [2, Number.POSITIVE_INFINITY, digestValue],
  error: [3, 3, error],
  help: [2, 2, help],
  jmap: [2, 2, ok],
  listpack: [3, 3, listpack],
  log: [3, 3, log],
  object: [3, 3, object],
  protocol: [3, 3, debugProtocol],
  quicklist: [3, 4, quicklist],
  'quicklist-packed-threshold': [3, 3, quicklistPackedThreshold],
  'set-active-expire': [3, 3, setActiveExpire],
  sleep: [3, 3, sleep],
};

/** Somewhat less than 4 GiB. */
const PACKED_THRESHOLD_MAX = 2n ** 32n - 2n ** 20n;

export const DEBUG: Handlers = { debug };

function debug(context: CommandContext) {
  if (!allowsProtected(context, 'enable-debug-command')) {
    return context.fail(
      'ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you ' +
        'can run it from a local connection, otherwise you need to set this option in the ' +
        'configuration file, and then restart the server.',
    );
  }
  const name = context.text(1);
  const known = Object.hasOwn(SUBCOMMANDS, name.toLowerCase());
  const [min, max, run] = (known && SUBCOMMANDS[name.toLowerCase()]) || [1, 0, ok];
  if (context.args.length < min || context.args.length > max) {
    const shown = name.slice(0, 128);
    return context.fail(
      `ERR unknown subcommand or wrong number of arguments for '${shown}'. Try DEBUG HELP.`,
    );
  }
  run(context);
}

function ok({ reply }: CommandContext): void {
  reply.simple('OK');
}

/** The store answers nobody for that long; in a page its thread goes on. */
function sleep(context: CommandContext) {
  const seconds = Number.parseFloat(context.text(2)) || 0;
  if (seconds <= 0) return ok(context);
  context.wait(context.host.pause(seconds * 1000), () => ok(context));
}

function setActiveExpire(context: CommandContext): void {
  context.host.expiresActively = (Number.parseInt(context.text(2), 10) || 0) !== 0;
  ok(context);
}

function object(context: CommandContext): void {
  const key = context.args[2] as Uint8Array;
  const text = context.host.engine.debugObject(context.session.database, key);
  if (text === null) context.fail('ERR no such key');
  else context.reply.simple(text);
}

/** There is no standard output to print to: the reply is all. */
function listpack(context: CommandContext): void {
  printed(context, 'listpack', 'Listpack');
}

function quicklist(context: CommandContext): void {
  printed(context, 'quicklist', 'Quicklist');
}

function printed(context: CommandContext, encoding: string, title: string): void {
  const key = context.args[2] as Uint8Array;
  const text = context.host.engine.debugObject(context.session.database, key);
  if (text === null) context.fail('ERR no such key');
  else if (text.includes(` encoding:${encoding} `)) {
    context.reply.simple(`${title} structure printed on stdout`);
  } else context.fail(`ERR Not a ${encoding} encoded object.`);
}

function quicklistPackedThreshold(context: CommandContext) {
  const size = parseSize(context.text(2));
  if (size === null || size > PACKED_THRESHOLD_MAX) {
    return context.fail('ERR argument must be a memory value bigger than 1 and smaller than 4gb');
  }
  context.host.engine.configure('quicklist-packed-threshold', Number(size));
  ok(context);
}

function digest({ host, reply }: CommandContext): void {
  reply.simple(host.engine.digest());
}

function digestValue({ args, host, reply, session }: CommandContext): void {
  reply.array(args.length - 2);
  for (const key of args.slice(2)) reply.simple(host.engine.digestValue(session.database, key));
}

function error(context: CommandContext): void {
  context.fail(context.text(2));
}

function log(context: CommandContext): void {
  context.host.log('warning', `DEBUG LOG: ${context.text(2)}`);
  ok(context);
}

function help({ reply }: CommandContext): void {
  helpReply(reply, 'DEBUG', [
    'DIGEST',
    '    Output a hex signature representing the current DB content.',
    'DIGEST-VALUE <key> [<key> ...]',
    '    Output a hex signature of the values of all the specified keys.',
    'ERROR <string>',
    '    Return a Redis protocol error with <string> as message. Useful for clients',
    '    unit tests to simulate Redis errors.',
    'LISTPACK <key>',
    '    Show low level info about the listpack encoding of <key>.',
    'LOG <message>',
    '    Write <message> to the server log.',
    'OBJECT <key>',
    '    Show low level info about `key` and associated value.',
    'PROTOCOL <type>',
    '    Reply with a test value of the specified type. <type> can be: string,',
    '    integer, double, bignum, null, array, set, map, attrib, push, verbatim,',
    '    true, false.',
    'QUICKLIST <key> [<0|1>]',
    '    Show low level info about the quicklist encoding of <key>.',
    '    The optional argument (0 by default) sets the level of detail',
    'QUICKLIST-PACKED-THRESHOLD <size>',
    '    Sets the threshold for elements to be inserted as plain vs packed nodes',
    '    Default value is 1GB, allows values up to 4GB. Setting to 0 restores to default.',
    'SET-ACTIVE-EXPIRE <0|1>',
    '    Setting it to 0 disables expiring keys in background when they are not',
    '    accessed (otherwise the Redis behavior). Setting it to 1 reenables back the',
    '    default.',
    'SLEEP <seconds>',
    '    Stop the server for <seconds>. Decimals allowed.',
  ]);
}
