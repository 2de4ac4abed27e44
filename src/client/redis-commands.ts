/**
 * node-redis's command definitions (`@redis/client`, MIT, https://github.com/redis/node-redis):
 * what each method takes, sends and gives back. They import nothing of Node's.
 *
 * The paths are not that package's public API: its version is pinned, and a test imports them.
 */
import type {
  WithCommands,
  WithFunctions,
  WithModules,
  WithScripts,
} from '@redis/client/dist/lib/client/index.js';
import type { RedisClientMultiCommandType } from '@redis/client/dist/lib/client/multi-command.js';
import type { CommandParser } from '@redis/client/dist/lib/client/parser.js';
import * as parserModule from '@redis/client/dist/lib/client/parser.js';
import type { RedisVariadicArgument } from '@redis/client/dist/lib/commands/generic-transformers.js';
import * as commandsModule from '@redis/client/dist/lib/commands/index.js';
import type { MultiMode } from '@redis/client/dist/lib/multi-command.js';
import type {
  RedisArgument,
  RedisFunctions,
  RedisModules,
  RedisScripts,
  ReplyUnion,
  RespVersions,
  TypeMapping,
} from '@redis/client/dist/lib/RESP/types.js';

export type {
  MultiMode,
  RedisArgument,
  RedisClientMultiCommandType,
  RedisFunctions,
  RedisModules,
  RedisScripts,
  RedisVariadicArgument,
  ReplyUnion,
  RespVersions,
  TypeMapping,
  WithCommands,
  WithFunctions,
  WithModules,
  WithScripts,
};

declare global {
  // node-redis's types name Buffer, and without @types/node each reply would silently be `any`.
  // Where there is @types/node these declarations merge with its own.
  interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike>
    extends Uint8Array<TArrayBuffer> {}
  interface BufferConstructor {}
}

/** One command of the table, as much of it as is used here. */
export interface CommandDefinition {
  parseCommand(parser: CommandParser, ...args: unknown[]): void;
  transformReply?: Transform | Readonly<Record<number, Transform>>;
}

export type Transform = (reply: unknown, preserve: unknown, typeMapping: unknown) => unknown;

interface Parser extends CommandParser {
  readonly redisArgs: RedisArgument[];
}

export const COMMANDS = unwrap<{ default: Record<string, CommandDefinition> }>(
  commandsModule,
).default;

export const BasicCommandParser = unwrap<{
  BasicCommandParser: new (keyPrefix?: RedisArgument) => Parser;
}>(parserModule).BasicCommandParser;

/** The exports of a CommonJS module: some loaders wrap them once more. */
function unwrap<T>(module: unknown): T {
  const { default: inner } = module as { default?: unknown };
  const isWrapped = typeof inner === 'object' && inner !== null && '__esModule' in inner;
  return (isWrapped ? inner : module) as T;
}
