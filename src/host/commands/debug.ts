/** DEBUG, for tests and for the curious. Off unless `enable-debug-command` allows it. */
import type { CommandRow } from '../../commands/row.js';
import { findCommand } from '../../commands/table.js';
import { parseSize } from '../config-values.js';
import type { CommandContext, Handlers } from '../context.js';
import { matchesGlob } from '../glob.js';
import * as internals from './debug-internals.js';
import { debugProtocol } from './debug-protocol.js';
import { loadJournal, reload } from './debug-reload.js';
import { helpReply } from './help.js';
import { allowsProtected } from './protection.js';

type Subcommand = (context: CommandContext) => void;

/** Subcommands with the least and the greatest number of arguments, `DEBUG` included. */
const SUBCOMMANDS: Readonly<Record<string, readonly [number, number, Subcommand]>> = {
  'aof-flush-sleep': [3, 3, ok],
  assert: [2, 2, internals.refuseToCrash],
  'change-repl-id': [2, 2, internals.changeReplicationId],
  'client-eviction': [2, 2, internals.clientEviction],
  'crash-and-recover': [2, 3, internals.refuseToCrash],
  'dict-resizing': [3, 3, ok],
  digest: [2, 2, digest],
  'digest-value': [2, Number.POSITIVE_INFINITY, digestValue],
  error: [3, 3, error],
  help: [2, 2, help],
  htstats: [3, 3, internals.tableStatistics],
  'htstats-key': [3, 3, internals.tableStatisticsOfKey],
  jmap: [2, 2, ok],
  leak: [3, 3, ok],
  listpack: [3, 3, listpack],
  loadaof: [2, Number.POSITIVE_INFINITY, loadJournal],
  log: [3, 3, log],
  object: [3, 3, object],
  oom: [2, 2, internals.refuseToCrash],
  panic: [2, 2, internals.refuseToCrash],
  'pause-cron': [3, 3, ok],
  populate: [3, 5, internals.populate],
  protocol: [3, 3, debugProtocol],
  quicklist: [3, 4, quicklist],
  'quicklist-packed-threshold': [3, 3, quicklistPackedThreshold],
  reload: [2, Number.POSITIVE_INFINITY, reload],
  replybuffer: [4, 4, internals.replyBuffer],
  restart: [2, 3, internals.refuseToCrash],
  sdslen: [3, 3, internals.stringLengths],
  segfault: [2, 2, internals.refuseToCrash],
  'set-active-expire': [3, 3, setActiveExpire],
  'set-disable-deny-scripts': [3, 3, ok],
  'set-skip-checksum-validation': [3, 3, ok],
  sleep: [3, 3, sleep],
  'stringmatch-len': [4, 4, stringMatch],
  ziplist: [3, 3, listpack],
};

/** Somewhat less than 4 GiB. */
const PACKED_THRESHOLD_MAX = 2n ** 32n - 2n ** 20n;

const ROW = findCommand('debug') as CommandRow;

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
  const { args, host, session } = context;
  const startedAt = host.microseconds();
  context.wait(host.pause(seconds * 1000), () => {
    host.meter.ran(session, ROW, () => args, host.microseconds() - startedAt);
    ok(context);
  });
}

/** STRINGMATCH-LEN pattern text */
function stringMatch(context: CommandContext): void {
  context.reply.integer(+matchesGlob(context.text(2), context.text(3)));
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
  helpReply(reply, 'DEBUG', HELP);
}

const HELP = [
  'CHANGE-REPL-ID',
  '    Change the replication IDs of the instance.',
  '    Dangerous: should be used only for testing the replication subsystem.',
  'CLIENT-EVICTION',
  '    Show low level client eviction pools info (maxmemory-clients).',
  'DIGEST',
  '    Output a hex signature representing the current DB content.',
  'DIGEST-VALUE <key> [<key> ...]',
  '    Output a hex signature of the values of all the specified keys.',
  'ERROR <string>',
  '    Return a Redis protocol error with <string> as message. Useful for clients',
  '    unit tests to simulate Redis errors.',
  'HTSTATS <dbid>',
  '    Return hash table statistics of the specified Redis database.',
  'HTSTATS-KEY <key>',
  "    Like HTSTATS but for the hash table stored at <key>'s value.",
  'LEAK <string>',
  '    Create a memory leak of the input string.',
  'LISTPACK <key>',
  '    Show low level info about the listpack encoding of <key>.',
  'LOADAOF',
  '    Flush the AOF buffers on disk and reload the AOF in memory.',
  'LOG <message>',
  '    Write <message> to the server log.',
  'OBJECT <key>',
  '    Show low level info about `key` and associated value.',
  'PAUSE-CRON <0|1>',
  '    Stop periodic cron job processing.',
  'POPULATE <count> [<prefix>] [<size>]',
  '    Create <count> string keys named key:<num>. If <prefix> is specified then',
  "    it is used instead of the 'key' prefix. These are not propagated to",
  '    replicas. Cluster slots are not respected so keys not belonging to the',
  '    current node can be created in cluster mode.',
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
  'RELOAD [option ...]',
  '    Save the RDB on disk and reload it back to memory. Valid <option> values:',
  '    * MERGE: conflicting keys will be loaded from RDB.',
  '    * NOFLUSH: the existing database will not be removed before load, but',
  '      conflicting keys will generate an exception and kill the server.',
  '    * NOSAVE: the database will be loaded from an existing RDB file.',
  '    Examples:',
  '    * DEBUG RELOAD: verify that the server is able to persist, flush and reload',
  '      the database.',
  '    * DEBUG RELOAD NOSAVE: replace the current database with the contents of an',
  '      existing RDB file.',
  '    * DEBUG RELOAD NOSAVE NOFLUSH MERGE: add the contents of an existing RDB',
  '      file to the database.',
  'REPLYBUFFER PEAK-RESET-TIME <NEVER||RESET|time>',
  '    Sets the time (in milliseconds) to wait between client reply buffer peak resets.',
  'REPLYBUFFER RESIZING <0|1>',
  '    Enable or disable the reply buffer resize cron job',
  'SDSLEN <key>',
  '    Show low level SDS string info representing `key` and value.',
  'SET-ACTIVE-EXPIRE <0|1>',
  '    Setting it to 0 disables expiring keys in background when they are not',
  '    accessed (otherwise the Redis behavior). Setting it to 1 reenables back the',
  '    default.',
  'SLEEP <seconds>',
  '    Stop the server for <seconds>. Decimals allowed.',
];
