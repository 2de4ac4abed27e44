/**
 * The subcommands of DEBUG about what is inside of a server. What has no counterpart here is taken
 * and does nothing, so that test suites go on; what would end the process is refused.
 */
import { asciiText } from '../../commands/ascii.js';
import { type Argument, RequestWriter } from '../../resp/request-writer.js';
import { type CommandContext, NOT_AN_INTEGER } from '../context.js';
import { parseInteger } from '../integers.js';
import { randomHex } from '../random-hex.js';

const REPLICATION_ID_BYTES = 20;
const POPULATE_CHUNK = 1000;
const NOT_POSITIVE = 'ERR value is out of range, must be positive';
const NOT_A_TABLE =
  'ERR The value stored at the specified key is not represented using an hash table';
const COUNTS: Readonly<Record<string, string>> = { set: 'SCARD', hash: 'HLEN', zset: 'ZCARD' };

export function changeReplicationId({ host, reply }: CommandContext): void {
  host.replicationId = randomHex(host.random, REPLICATION_ID_BYTES);
  reply.simple('OK');
}

export function refuseToCrash(context: CommandContext): void {
  context.fail('ERR Redstart does not end a store for a test: close it, or end its process');
}

export function clientEviction(context: CommandContext): void {
  if (context.host.config.number('maxmemory-clients') === 0) {
    context.fail('ERR maxmemory-clients is disabled.');
  } else context.reply.simple('OK');
}

/** REPLYBUFFER PEAK-RESET-TIME time | RESIZING flag: no client has a buffer of its own here. */
export function replyBuffer(context: CommandContext) {
  const [option, value] = [context.text(2).toLowerCase(), context.text(3).toLowerCase()];
  if (option !== 'resizing' && option !== 'peak-reset-time') {
    return context.failQuoting(
      "ERR unknown subcommand or wrong number of arguments for '",
      1,
      "'. Try DEBUG HELP.",
    );
  }
  const isNumber = parseInteger(value) !== null || value === 'never' || value === 'reset';
  if (option === 'peak-reset-time' && !isNumber) return context.fail(NOT_AN_INTEGER);
  context.reply.simple('OK');
}

/** POPULATE count [prefix] [size]: string keys, without touching those that are there. */
export function populate(context: CommandContext) {
  const { args, host, reply, session } = context;
  const count = parseInteger(context.text(2));
  const size = args.length > 4 ? parseInteger(context.text(4)) : 0n;
  if (count === null || count < 0n || size === null || size < 0n) {
    return context.fail(NOT_POSITIVE);
  }
  const prefix = args.length > 3 ? context.text(3) : 'key';
  for (let from = 0; from < count; from += POPULATE_CHUNK) {
    const until = Math.min(Number(count), from + POPULATE_CHUNK);
    const commands: Argument[][] = [];
    for (let number = from; number < until; number++) {
      commands.push(['SET', `${prefix}:${number}`, sized(`value:${number}`, Number(size)), 'NX']);
    }
    host.run(session, requests(commands));
  }
  reply.simple('OK');
}

/** SDSLEN key: lengths of a string and of its key. There is no room behind them. */
export function stringLengths(context: CommandContext) {
  const { args, host, reply, session } = context;
  const key = args[2] as Uint8Array;
  const text = host.engine.debugObject(session.database, key);
  if (text === null) return context.fail('ERR no such key');
  if (!/ encoding:(raw|embstr) /.test(text)) return context.fail('ERR Not an sds encoded string.');
  const length = asked(context, 'STRLEN');
  reply.simple(
    `key_sds_len:${key.length}, key_sds_avail:0, key_zmalloc: ${rounded(key.length)}, ` +
      `val_sds_len:${length}, val_sds_avail:0, val_zmalloc: ${rounded(Number(length))}`,
  );
}

/** HTSTATS index: how full the tables of a database are. */
export function tableStatistics(context: CommandContext) {
  const { host, reply } = context;
  const index = parseInteger(context.text(2));
  if (index === null) return context.fail(NOT_AN_INTEGER);
  if (index < 0n || index >= BigInt(host.config.text('databases'))) {
    return context.fail('ERR Out of range database');
  }
  const core = host.engine.statistics();
  reply.verbatim(
    'txt',
    `[Dictionary HT]\n${table(core.keys(Number(index)))}` +
      `[Expires HT]\n${table(core.expires(Number(index)))}`,
  );
}

/** HTSTATS-KEY key */
export function tableStatisticsOfKey(context: CommandContext) {
  const { args, host, reply, session } = context;
  const text = host.engine.debugObject(session.database, args[2] as Uint8Array);
  if (text === null) return context.fail('ERR no such key');
  if (!/ encoding:(hashtable|skiplist) /.test(text)) return context.fail(NOT_A_TABLE);
  reply.verbatim('txt', table(asked(context, COUNTS[asked(context, 'TYPE')] ?? 'HLEN')));
}

/** Cut or filled with NULs to `size` bytes; as it is if that is 0. */
function sized(text: string, size: number): string {
  return size === 0 ? text : text.slice(0, size).padEnd(size, '\0');
}

function requests(commands: readonly (readonly Argument[])[]): Uint8Array {
  const writer = new RequestWriter();
  for (const command of commands) writer.command(command);
  return writer.bytes.subarray(0, writer.length);
}

function table(elements: string | number): string {
  return `Hash table 0 stats (main hash table):\n number of elements: ${elements}\n`;
}

/** What a command answers about the key, without the mark in front. */
function asked({ args, host, session }: CommandContext, command: string): string {
  const reply = host.run(session, requests([[command, args[2] as Uint8Array]]));
  return asciiText(reply).slice(1).trimEnd();
}

/** With the byte that ends it, in units of the allocator. */
function rounded(length: number): number {
  return Math.ceil((length + 2) / 8) * 8;
}
