/** MODULE: there are none, and none can be loaded. */
import type { CommandContext, Handlers } from '../context.js';
import { helpReply } from './help.js';
import { allowsProtected } from './protection.js';

const NOT_ALLOWED =
  'ERR MODULE command not allowed. If the enable-module-command option is set to "local", you ' +
  'can run it from a local connection, otherwise you need to set this option in the ' +
  'configuration file, and then restart the server.';

export const MODULES: Handlers = {
  'module|help': help,
  'module|list': ({ reply }) => reply.array(0),
  'module|load': load,
  'module|loadex': load,
  'module|unload': unload,
};

/** Modules are native libraries: there is nothing that could load one. */
function load(context: CommandContext): void {
  if (!allowsProtected(context, 'enable-module-command')) context.fail(NOT_ALLOWED);
  else context.fail('ERR Error loading the extension. Please check the server logs.');
}

function unload(context: CommandContext): void {
  if (!allowsProtected(context, 'enable-module-command')) context.fail(NOT_ALLOWED);
  else {
    context.fail('ERR Error unloading module: no such module with that name');
  }
}

function help({ reply }: CommandContext): void {
  helpReply(reply, 'MODULE', [
    'LIST',
    '    Return a list of loaded modules.',
    'LOAD <path> [<arg> ...]',
    '    Load a module library from <path>, passing to it any optional arguments.',
    'LOADEX <path> [[CONFIG NAME VALUE] [CONFIG NAME VALUE]] [ARGS ...]',
    '    Load a module library from <path>, while passing it module configurations and optional arguments.',
    'UNLOAD <name>',
    '    Unload a module.',
  ]);
}
