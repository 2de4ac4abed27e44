/** CONFIG GET, SET, REWRITE, RESETSTAT. */

import { binaryBytes } from '../binary-text.js';
import { ConfigSetError, UnknownParameterError } from '../config.js';
import { rewriteConfig } from '../config-rewrite.js';
import { type CommandContext, type Handlers, SYNTAX_ERROR } from '../context.js';
import { helpReply } from './help.js';
import { allowsProtected } from './protection.js';

const decoder = new TextDecoder();

export const CONFIG: Handlers = {
  'config|get': get,
  'config|help': help,
  'config|resetstat': resetStatistics,
  'config|rewrite': rewrite,
  'config|set': set,
};

function get(context: CommandContext): void {
  const { args, host, reply } = context;
  const patterns = args.slice(2).map((_, at) => context.text(at + 2));
  const found = host.config.match(patterns);
  reply.map(found.size);
  for (const [name, value] of found) {
    reply.bulk(name);
    reply.bulk(value);
  }
}

function set(context: CommandContext) {
  const { args, host, reply } = context;
  if (args.length % 2 !== 0) return context.fail(SYNTAX_ERROR);
  const pairs: [string, string][] = [];
  for (let at = 2; at < args.length; at += 2) pairs.push([context.text(at), context.text(at + 1)]);
  const mayChangeProtected = () => allowsProtected(context, 'enable-protected-configs');
  try {
    const pending = host.config.set(pairs, mayChangeProtected);
    if (pending === undefined) reply.simple('OK');
    else {
      context.wait(pending, (failure) => {
        if (failure === null) reply.simple('OK');
        else context.fail(refusalText(failure));
      });
    }
  } catch (error) {
    context.fail(refusalText(error));
  }
}

function refusalText(error: unknown): string {
  if (error instanceof UnknownParameterError) {
    return `ERR Unknown option or number of arguments for CONFIG SET - '${error.parameter}'`;
  }
  if (!(error instanceof ConfigSetError)) throw error;
  const { parameter, message } = error;
  return `ERR CONFIG SET failed (possibly related to argument '${parameter}') - ${message}`;
}

function rewrite(context: CommandContext) {
  const { host, reply } = context;
  const { acl, config, configFile } = host;
  if (configFile === null) return context.fail('ERR The server is running without a config file');
  try {
    const text = rewriteConfig(configFile.read(), {
      text: (name) => config.text(name),
      users: acl.file === null ? acl.lines().map(withoutWord) : null,
    });
    configFile.replace(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    host.log('warning', `CONFIG REWRITE failed: ${reason}`);
    return context.fail(`ERR Rewriting config file: ${reason}`);
  }
  host.log('warning', 'CONFIG REWRITE executed with success.');
  reply.simple('OK');
}

/** A user's line as the configuration file has it: UTF-8, without the word `user`. */
function withoutWord(line: string): string {
  return decoder.decode(binaryBytes(line.slice('user '.length)));
}

function resetStatistics({ host, reply }: CommandContext): void {
  host.statistics.reset(host.engine.statistics().errors);
  host.engine.resetStatistics();
  reply.simple('OK');
}

function help({ reply }: CommandContext): void {
  helpReply(reply, 'CONFIG', [
    'GET <pattern>',
    '    Return parameters matching the glob-like <pattern> and their values.',
    'SET <directive> <value>',
    '    Set the configuration <directive> to <value>.',
    'RESETSTAT',
    '    Reset statistics reported by the INFO command.',
    'REWRITE',
    '    Rewrite the configuration file.',
  ]);
}
