/** The COMMAND family: what the command table says, as Redis 7.0 tells it. */
import { asciiText } from '../../commands/ascii.js';
import type { CommandDocs, DocsSource } from '../../commands/docs.js';
import { CommandFlag } from '../../commands/flags.js';
import { keyFlagWords } from '../../commands/key-specs.js';
import { commandKeys, hasKeys, type KeyPosition } from '../../commands/keys.js';
import type { CommandNames } from '../../commands/names.js';
import type { CommandRow } from '../../commands/row.js';
import { COMMANDS } from '../../commands/table.js';
import { type CommandContext, type Handlers, SYNTAX_ERROR } from '../context.js';
import { matchesGlob } from '../glob.js';
import { writeArray, writeDocs, writeRow, writeWords } from './command-shapes.js';
import { helpReply } from './help.js';

const HELP = [
  '(no subcommand)',
  '    Return details about all Redis commands.',
  'COUNT',
  '    Return the total number of commands in this Redis server.',
  'LIST',
  '    Return a list of all commands in this Redis server.',
  'INFO [<command-name> ...]',
  '    Return details about multiple Redis commands.',
  '    If no command names are given, documentation details for all',
  '    commands are returned.',
  'DOCS [<command-name> ...]',
  '    Return documentation details about multiple Redis commands.',
  '    If no command names are given, documentation details for all',
  '    commands are returned.',
  'GETKEYS <full-command>',
  '    Return the keys from a full Redis command.',
  'GETKEYSANDFLAGS <full-command>',
  '    Return the keys and the access flags from a full Redis command.',
];

/** The handlers of COMMAND. `source` is asked when COMMAND DOCS is first called. */
export function commandHandlers(source: DocsSource): Handlers {
  return {
    command: tellRows,
    'command|count': ({ host, reply }) => reply.integer(host.names.rows.length),
    'command|docs': documentation(source),
    'command|getkeys': tellKeys,
    'command|getkeysandflags': tellKeysAndFlags,
    'command|help': ({ reply }) => helpReply(reply, 'COMMAND', HELP),
    'command|info': (context) => (context.args.length > 2 ? tellNamed(context) : tellRows(context)),
    'command|list': listNames,
  };
}

/** COMMAND, and COMMAND INFO without names */
function tellRows({ host, reply }: CommandContext): void {
  writeArray(reply, host.names.rows, (row) => writeRow(reply, row));
}

/** COMMAND INFO name [name ...] */
function tellNamed({ args, host, reply }: CommandContext): void {
  writeArray(reply, args.slice(2), (name) => {
    const row = host.names.find(asciiText(name));
    if (row) writeRow(reply, row);
    else reply.null();
  });
}

/** COMMAND DOCS [name ...] */
function documentation(source: DocsSource): (context: CommandContext) => void {
  let docs: CommandDocs | null = null;
  const load = async () => {
    docs = await source();
  };
  return (context) => {
    const { reply, args } = context;
    const { names } = context.host;
    const rows = args.length > 2 ? knownRows(names, args.slice(2)) : names.rows;
    if (docs) return writeDocs(reply, rows, docs);
    context.wait(load(), () => {
      if (docs) writeDocs(reply, rows, docs);
      else context.fail('ERR the documentation of commands cannot be loaded');
    });
  };
}

function knownRows(names: CommandNames, given: readonly Uint8Array[]): CommandRow[] {
  return given.map((name) => names.find(asciiText(name))).filter((row) => row !== undefined);
}

/** COMMAND LIST [FILTERBY MODULE name | ACLCAT category | PATTERN pattern] */
function listNames(context: CommandContext): void {
  const { reply, args } = context;
  const { names } = context.host;
  const rows = args.length === 2 ? COMMANDS : filteredRows(args.slice(2));
  const known = rows?.filter((row) => names.has(row));
  if (known) writeArray(reply, known, (row) => reply.bulk(row.name));
  else context.fail(SYNTAX_ERROR);
}

/** The rows that a filter lets through, or null when it is not one. */
function filteredRows(options: readonly Uint8Array[]): readonly CommandRow[] | null {
  const [keyword, kind, value = '', ...more] = options.map(asciiText);
  if (keyword?.toLowerCase() !== 'filterby' || options.length < 3 || more.length > 0) return null;
  switch (kind?.toLowerCase()) {
    case 'module':
      return [];
    case 'aclcat':
      return COMMANDS.filter(({ acl }) => acl.some((name) => name === value.toLowerCase()));
    case 'pattern':
      return COMMANDS.filter(({ name }) => matchesGlob(value, name));
    default:
      return null;
  }
}

/** COMMAND GETKEYS command [argument ...] */
function tellKeys(context: CommandContext): void {
  const { reply, args } = context;
  const line = args.slice(2);
  const keys = keysOf(context, line);
  if (keys) writeArray(reply, keys, ({ index }) => reply.bulk(line[index] as Uint8Array));
}

/** COMMAND GETKEYSANDFLAGS command [argument ...] */
function tellKeysAndFlags(context: CommandContext): void {
  const { reply, args } = context;
  const line = args.slice(2);
  const keys = keysOf(context, line);
  if (!keys) return;
  writeArray(reply, keys, ({ index, flags }) => {
    reply.array(2);
    reply.bulk(line[index] as Uint8Array);
    writeWords(reply, keyFlagWords(flags));
  });
}

/** The keys of a command line; null when that was answered with an error. */
function keysOf(context: CommandContext, line: readonly Uint8Array[]): KeyPosition[] | null {
  const row = context.host.names.ofLine(line);
  const keys = row ? keysOrMistake(row, line) : 'Invalid command specified';
  if (typeof keys !== 'string') return keys;
  context.fail(`ERR ${keys}`);
  return null;
}

function keysOrMistake(row: CommandRow, line: readonly Uint8Array[]): KeyPosition[] | string {
  if (!hasKeys(row)) return 'The command has no key arguments';
  const fits = row.arity > 0 ? line.length === row.arity : line.length >= -row.arity;
  if (!fits) return 'Invalid number of arguments specified for command';
  const keys = commandKeys(row, line);
  const needed = !(row.flags & CommandFlag.NO_MANDATORY_KEYS);
  return keys.length === 0 && needed ? 'Invalid arguments specified for command' : keys;
}
