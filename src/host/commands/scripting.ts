/** EVAL and its kin, SCRIPT. */
import { isTrap } from '../../engine/engine.js';
import type { CommandContext, Handler, Handlers } from '../context.js';
import { NOT_AN_INTEGER } from '../context.js';
import { parseInteger } from '../integers.js';
import { BROKEN_OFF } from '../scripts/script-calls.js';
import { ScriptError } from '../scripts/script-error.js';
import { type Script, ShebangError } from '../scripts/shebang.js';
import { helpReply } from './help.js';

const NO_SCRIPT = 'NOSCRIPT No matching script. Please use EVAL.';
const TOO_MANY_KEYS = "ERR Number of keys can't be greater than number of args";
const NEGATIVE_KEYS = "ERR Number of keys can't be negative";
export const NEEDS_WRITES = 'ERR Can not execute a script with write flag using *_ro command.';
/** Behind the command, the script and the number of keys. */
const FIRST_KEY = 3;

const HELP = [
  'DEBUG (YES|SYNC|NO)',
  '    Set the debug mode for subsequent scripts executed.',
  'EXISTS <sha1> [<sha1> ...]',
  '    Return information about the existence of the scripts in the script cache.',
  'FLUSH [ASYNC|SYNC]',
  '    Flush the Lua scripts cache. Very dangerous on replicas.',
  '    When called without the optional mode argument, the behavior is determined by the',
  '    lazyfree-lazy-user-flush configuration directive. Valid modes are:',
  '    * ASYNC: Asynchronously flush the scripts cache.',
  '    * SYNC: Synchronously flush the scripts cache.',
  'KILL',
  '    Kill the currently executing Lua script.',
  'LOAD <script>',
  '    Load a script into the scripts cache without executing it.',
];

export const SCRIPTING: Handlers = {
  eval: withLua((context) => evaluateCode(context, false)),
  eval_ro: withLua((context) => evaluateCode(context, true)),
  evalsha: withLua((context) => evaluateName(context, false)),
  evalsha_ro: withLua((context) => evaluateName(context, true)),
  'script|debug': debug,
  'script|exists': exists,
  'script|flush': flush,
  'script|help': ({ reply }) => helpReply(reply, 'SCRIPT', HELP),
  'script|kill': kill,
  'script|load': withLua(load),
};

type Work = (context: CommandContext) => undefined | Promise<void>;

/** A command that needs lua.wasm: it waits for it the first time. Its ScriptErrors are replies. */
export function withLua(work: Work): Handler {
  return (context) => {
    const { scripts } = context.host;
    const attempt = () => {
      try {
        return work(context);
      } catch (error) {
        if (isTrap(error)) throw error;
        fail(context, error);
        return undefined;
      }
    };
    if (!scripts.isLoaded) return context.wait(afterLoading(context, attempt), answer(context));
    const rest = attempt();
    if (rest !== undefined) context.wait(rest, answer(context));
  };
}

async function afterLoading(context: CommandContext, attempt: () => undefined | Promise<void>) {
  const { host } = context;
  await host.scripts.load();
  let rest: undefined | Promise<void>;
  const isSound = host.persistence.recovery.guard(() => {
    rest = attempt();
  });
  if (!isSound) throw new ScriptError(BROKEN_OFF);
  if (rest !== undefined) return rest;
  host.persistence.recovery.guard(() => host.settle(true));
  host.takeEffects();
}

/** The reply is there already, unless something has failed. */
function answer(context: CommandContext): (failure: unknown) => void {
  return (failure) => {
    if (failure !== null) fail(context, failure);
  };
}

function fail(context: CommandContext, error: unknown) {
  if (error instanceof ScriptError || error instanceof ShebangError) {
    return context.fail(error.message);
  }
  context.host.log('warning', `Internal error in a script: ${String(error)}`);
  context.fail('ERR internal error');
}

export interface Keys {
  readonly keys: readonly Uint8Array[];
  readonly args: readonly Uint8Array[];
}

/** KEYS and ARGV of the command at hand; null if their number is wrong: that has been answered. */
export function readKeys(context: CommandContext, notANumber: string): Keys | null {
  const { args } = context;
  const number = parseInteger(context.text(2));
  const count = Number(number);
  if (number === null) context.fail(notANumber);
  else if (count > args.length - FIRST_KEY) context.fail(TOO_MANY_KEYS);
  else if (count < 0) context.fail(NEGATIVE_KEYS);
  else
    return { keys: args.slice(FIRST_KEY, FIRST_KEY + count), args: args.slice(FIRST_KEY + count) };
  return null;
}

function evaluateCode(context: CommandContext, isReadOnly: boolean) {
  const { host, args } = context;
  const keys = readKeys(context, NOT_AN_INTEGER);
  if (keys === null) return undefined;
  const name = host.scripts.add(args[1] ?? new Uint8Array(0));
  return evaluate(context, name, keys, isReadOnly);
}

function evaluateName(context: CommandContext, isReadOnly: boolean) {
  const name = context.text(1).toLowerCase();
  if (context.host.scripts.find(name) === undefined) {
    context.fail(NO_SCRIPT);
    return undefined;
  }
  const keys = readKeys(context, NOT_AN_INTEGER);
  return keys === null ? undefined : evaluate(context, name, keys, isReadOnly);
}

function evaluate(context: CommandContext, name: string, keys: Keys, isReadOnly: boolean) {
  const script = context.host.scripts.find(name);
  const refusal = refusalOf(script, isReadOnly);
  if (refusal !== null) {
    context.fail(refusal);
    return undefined;
  }
  const isHarmless = isReadOnly || script?.flags?.has('no-writes') === true;
  return execute(context, 'script', name, keys, isHarmless);
}

function refusalOf(script: Script | undefined, isReadOnly: boolean): string | null {
  const flags = script?.flags ?? null;
  return isReadOnly && flags !== null && !flags.has('no-writes') ? NEEDS_WRITES : null;
}

/** Executes a script or function; its reply may come later. */
export function execute(
  context: CommandContext,
  kind: 'script' | 'function',
  name: string,
  { keys, args }: Keys,
  isReadOnly: boolean,
): undefined | Promise<void> {
  const { host, isNested, reply, session } = context;
  const call = { kind, name, command: context.args, keys, args, isReadOnly, isNested };
  const put = (bytes: Uint8Array) => {
    if (bytes[0] === 0x2d) host.statistics.countError(new TextDecoder().decode(bytes.subarray(1)));
    reply.raw(bytes);
  };
  const answer = host.scripts.evaluate({ session, protocol: session.protocol, call });
  if (answer instanceof Promise) return answer.then(put);
  put(answer);
  return undefined;
}

function load({ args, host, reply }: CommandContext): undefined {
  reply.bulk(host.scripts.add(args[2] ?? new Uint8Array(0)));
}

function exists(context: CommandContext): void {
  const { args, host, reply } = context;
  reply.array(args.length - 2);
  for (let at = 2; at < args.length; at++) {
    reply.integer(host.scripts.find(context.text(at).toLowerCase()) === undefined ? 0 : 1);
  }
}

function flush(context: CommandContext) {
  const mode = context.args.length === 3 ? context.text(2).toLowerCase() : 'sync';
  if (context.args.length > 3 || (mode !== 'sync' && mode !== 'async')) {
    return context.fail('ERR SCRIPT FLUSH only support SYNC|ASYNC option');
  }
  context.host.scripts.flush();
  context.reply.simple('OK');
}

function kill(context: CommandContext): void {
  const refusal = context.host.scripts.kill('script');
  if (refusal === null) context.reply.simple('OK');
  else context.fail(refusal);
}

/** There is no debugger: scripts are executed as ever. */
function debug(context: CommandContext) {
  if (!['yes', 'no', 'sync'].includes(context.text(2).toLowerCase())) {
    return context.fail('ERR Use SCRIPT DEBUG YES/SYNC/NO');
  }
  context.reply.simple('OK');
}
