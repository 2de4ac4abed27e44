/** SLOWLOG and MONITOR. */
import type { CommandContext, Handlers } from '../context.js';
import { INT64_MAX, parseInteger } from '../integers.js';
import { helpReply } from './help.js';

const COUNT_DEFAULT = 10;

export const SLOWLOG: Handlers = {
  monitor,
  'slowlog|get': get,
  'slowlog|help': help,
  'slowlog|len': ({ host, reply }) => reply.integer(host.meter.slowlog.length),
  'slowlog|reset': reset,
};

function get(context: CommandContext) {
  const { args, host, reply } = context;
  if (args.length > 3) {
    return context.failQuoting(
      "ERR unknown subcommand or wrong number of arguments for '",
      1,
      "'. Try SLOWLOG HELP.",
    );
  }
  const count = args.length === 3 ? countOf(context.text(2)) : COUNT_DEFAULT;
  if (count === null) return context.fail('ERR count should be greater than or equal to -1');
  const entries = host.meter.slowlog.latest(count);
  reply.array(entries.length);
  for (const entry of entries) {
    reply.array(6);
    reply.integer(entry.id);
    reply.integer(entry.at);
    reply.integer(entry.microseconds);
    reply.array(entry.args.length);
    for (const argument of entry.args) reply.bulk(argument);
    reply.bulk(entry.address);
    reply.bulk(entry.clientName);
  }
}

/** -1 is all of them. */
function countOf(text: string): number | null {
  const count = parseInteger(text);
  if (count === null || count < -1n) return null;
  return Number(count === -1n ? INT64_MAX : count);
}

function reset({ host, reply }: CommandContext): void {
  host.meter.slowlog.reset();
  reply.simple('OK');
}

/** A second MONITOR is not answered. */
function monitor(context: CommandContext) {
  const { host, reply, session } = context;
  if (context.isNested) {
    return context.fail("ERR MONITOR isn't allowed for DENY BLOCKING client");
  }
  if (session.isMonitor) return;
  host.monitors.add(session);
  reply.simple('OK');
}

function help({ reply }: CommandContext): void {
  helpReply(reply, 'SLOWLOG', [
    'GET [<count>]',
    '    Return top <count> entries from the slowlog (default: 10, -1 mean all).',
    '    Entries are made of:',
    '    id, timestamp, time in microseconds, arguments array, client IP and port,',
    '    client name',
    'LEN',
    '    Return the length of the slowlog.',
    'RESET',
    '    Reset the slowlog.',
  ]);
}
