/** FUNCTION, FCALL, FCALL_RO. */
import { RequestWriter } from '../../resp/request-writer.js';
import type { CommandContext, Handlers } from '../context.js';
import { matchesGlob } from '../glob.js';
import type { Host } from '../host.js';
import { makePayload, PayloadError, readPayload } from '../scripts/function-payload.js';
import type { Library } from '../scripts/libraries.js';
import { ScriptError } from '../scripts/script-error.js';
import { helpReply } from './help.js';
import { execute, NEEDS_WRITES, readKeys, withLua } from './scripting.js';

const NOT_FOUND = 'ERR Function not found';
const BAD_NUMBER = 'ERR Bad number of keys provided';
const BAD_POLICY =
  'ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.';

const HELP = [
  'LOAD [REPLACE] <FUNCTION CODE>',
  '    Create a new library with the given library name and code.',
  'DELETE <LIBRARY NAME>',
  '    Delete the given library.',
  'LIST [LIBRARYNAME PATTERN] [WITHCODE]',
  '    Return general information on all the libraries:',
  '    * Library name',
  '    * The engine used to run the Library',
  '    * Library description',
  '    * Functions list',
  '    * Library code (if WITHCODE is given)',
  '    It also possible to get only function that matches a pattern using LIBRARYNAME argument.',
  'STATS',
  '    Return information about the current function running:',
  '    * Function name',
  '    * Command used to run the function',
  '    * Duration in MS that the function is running',
  '    If no function is running, return nil',
  '    In addition, returns a list of available engines.',
  'KILL',
  '    Kill the current running function.',
  'FLUSH [ASYNC|SYNC]',
  '    Delete all the libraries.',
  '    When called without the optional mode argument, the behavior is determined by the',
  '    lazyfree-lazy-user-flush configuration directive. Valid modes are:',
  '    * ASYNC: Asynchronously flush the libraries.',
  '    * SYNC: Synchronously flush the libraries.',
  'DUMP',
  '    Return a serialized payload representing the current libraries, can be restored using ' +
    'FUNCTION RESTORE command',
  'RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]',
  '    Restore the libraries represented by the given payload, it is possible to give a restore ' +
    'policy to',
  '    control how to handle existing libraries (default APPEND):',
  '    * FLUSH: delete all existing libraries.',
  '    * APPEND: appends the restored libraries to the existing libraries. On collision, abort.',
  '    * REPLACE: appends the restored libraries to the existing libraries, On collision, replace ' +
    'the old',
  '      libraries with the new libraries (notice that even on this option there is a chance of ' +
    'failure',
  '      in case of functions name collision with another library).',
];

export const FUNCTIONS: Handlers = {
  fcall: withLua((context) => callFunction(context, false)),
  fcall_ro: withLua((context) => callFunction(context, true)),
  'function|delete': withLua(remove),
  'function|dump': ({ host, reply }) => reply.bulk(makePayload(host.scripts.libraries.codes())),
  'function|flush': flush,
  'function|help': ({ reply }) => helpReply(reply, 'FUNCTION', HELP),
  'function|kill': kill,
  'function|list': withLua(list),
  'function|load': withLua(load),
  'function|restore': withLua(restore),
  'function|stats': withLua(stats),
};

function callFunction(context: CommandContext, isReadOnly: boolean) {
  const called = context.host.scripts.libraries.find(context.text(1));
  if (called === undefined) {
    context.fail(NOT_FOUND);
    return undefined;
  }
  const keys = readKeys(context, BAD_NUMBER);
  if (keys === null) return undefined;
  const isHarmless = called.flags.includes('no-writes');
  if (isReadOnly && !isHarmless) {
    context.fail(NEEDS_WRITES);
    return undefined;
  }
  return execute(context, 'function', called.name, keys, isHarmless);
}

function load(context: CommandContext): undefined {
  const { args, host, reply } = context;
  const options = args.slice(2, -1).map((_, at) => context.text(at + 2));
  for (const option of options) {
    if (option.toLowerCase() !== 'replace') {
      throw new ScriptError(`ERR Unknown option given: ${option}`);
    }
  }
  const code = args[args.length - 1] ?? new Uint8Array(0);
  const name = host.scripts.libraries.load(code, options.length > 0);
  propagate(host, ['FUNCTION', 'LOAD', 'REPLACE', code]);
  reply.bulk(name);
}

function remove(context: CommandContext): undefined {
  const { host, reply } = context;
  const name = context.text(2);
  if (!host.scripts.libraries.delete(name)) throw new ScriptError('ERR Library not found');
  propagate(host, ['FUNCTION', 'DELETE', name]);
  reply.simple('OK');
}

function flush(context: CommandContext) {
  const { args, host, reply } = context;
  if (args.length > 3) return wrongNumber(context, 'FLUSH');
  const mode = args.length === 3 ? context.text(2).toLowerCase() : 'sync';
  if (mode !== 'sync' && mode !== 'async') {
    return context.fail('ERR FUNCTION FLUSH only supports SYNC|ASYNC option');
  }
  host.scripts.libraries.flush();
  propagate(host, ['FUNCTION', 'FLUSH']);
  reply.simple('OK');
}

function wrongNumber(context: CommandContext, subcommand: string): void {
  context.fail(
    `ERR unknown subcommand or wrong number of arguments for '${subcommand}'. Try FUNCTION HELP.`,
  );
}

function restore(context: CommandContext): undefined {
  const { args, host, reply } = context;
  if (args.length > 4) {
    wrongNumber(context, 'RESTORE');
    return;
  }
  const policy = args.length === 4 ? context.text(3).toLowerCase() : 'append';
  if (!['append', 'replace', 'flush'].includes(policy)) throw new ScriptError(BAD_POLICY);
  const codes = readCodes(args[2] ?? new Uint8Array(0));
  const isFlushing = policy === 'flush';
  host.scripts.libraries.loadAll(codes, policy === 'replace', isFlushing);
  if (isFlushing) propagate(host, ['FUNCTION', 'FLUSH']);
  for (const code of codes) propagate(host, ['FUNCTION', 'LOAD', 'REPLACE', code]);
  reply.simple('OK');
}

function readCodes(payload: Uint8Array): Uint8Array[] {
  try {
    return readPayload(payload);
  } catch (error) {
    if (error instanceof PayloadError) throw new ScriptError(error.message);
    throw error;
  }
}

function kill(context: CommandContext): void {
  const refusal = context.host.scripts.kill('function');
  if (refusal === null) context.reply.simple('OK');
  else context.fail(refusal);
}

function list(context: CommandContext): undefined {
  const { args, host, reply } = context;
  let pattern: string | null = null;
  let withCode = false;
  for (let at = 2; at < args.length; at++) {
    const word = context.text(at);
    if (!withCode && word.toLowerCase() === 'withcode') withCode = true;
    else if (pattern === null && word.toLowerCase() === 'libraryname') {
      if (at + 1 >= args.length) throw new ScriptError('ERR library name argument was not given');
      pattern = context.text(++at);
    } else throw new ScriptError(`ERR Unknown argument ${word}`);
  }
  const wanted = pattern?.toLowerCase();
  const libraries = [...host.scripts.libraries.all()].filter(
    ({ name }) => wanted === undefined || matchesGlob(wanted, name.toLowerCase()),
  );
  reply.array(libraries.length);
  for (const library of libraries) describe(context, library, withCode);
}

function describe({ reply }: CommandContext, library: Library, withCode: boolean): void {
  reply.map(withCode ? 4 : 3);
  reply.bulk('library_name');
  reply.bulk(library.name);
  reply.bulk('engine');
  reply.bulk('LUA');
  reply.bulk('functions');
  reply.array(library.functions.length);
  for (const { name, description, flags } of library.functions) {
    reply.map(3);
    reply.bulk('name');
    reply.bulk(name);
    reply.bulk('description');
    if (description === null) reply.null();
    else reply.bulk(description);
    reply.bulk('flags');
    reply.set(flags.length);
    for (const flag of flags) reply.simple(flag);
  }
  if (!withCode) return;
  reply.bulk('library_code');
  reply.bulk(library.code);
}

function stats({ host, reply }: CommandContext): undefined {
  const { libraries, running } = host.scripts;
  reply.map(2);
  reply.bulk('running_script');
  if (running === null) reply.null();
  else {
    reply.map(3);
    reply.bulk('name');
    reply.bulk(running.call.name);
    reply.bulk('command');
    reply.array(running.call.command.length);
    for (const arg of running.call.command) reply.bulk(arg);
    reply.bulk('duration_ms');
    reply.integer(Math.round(running.duration));
  }
  const count = [...libraries.all()].length;
  reply.bulk('engines');
  reply.map(1);
  reply.bulk('LUA');
  reply.map(2);
  reply.bulk('libraries_count');
  reply.integer(count);
  reply.bulk('functions_count');
  reply.integer(libraries.functionCount);
}

function propagate(host: Host, words: readonly (string | Uint8Array)[]): void {
  const writer = new RequestWriter();
  writer.command(words);
  host.propagate(writer.bytes.subarray(0, writer.length));
}
