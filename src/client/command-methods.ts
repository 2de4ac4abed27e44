/**
 * Puts the methods on clients, transactions and pools: one for each command that node-redis knows,
 * and those that an application defines as scripts, functions or modules.
 */
import { ReplyError } from '../resp/errors.js';
import type { Argument } from '../resp/request-writer.js';
import { mayBlock } from './blocking.js';
import { MultiCommand } from './multi-command.js';
import { RedisClientPool } from './pool.js';
import { type RedisClient, RedisClientBase, type RedisClientOptions } from './redis-client.js';
import {
  BasicCommandParser,
  COMMANDS,
  type CommandDefinition,
  type RedisArgument,
  type RespVersions,
  type Transform,
  type TypeMapping,
} from './redis-commands.js';

type AnyClient = RedisClientBase<RespVersions, TypeMapping>;
type Method = (this: never, ...args: unknown[]) => unknown;
type Parser = InstanceType<typeof BasicCommandParser>;

/** A script: `defineScript` makes one. */
export interface ScriptDefinition extends CommandDefinition {
  readonly SCRIPT: string | Uint8Array;
  readonly SHA1: string;
  readonly NUMBER_OF_KEYS?: number;
  readonly IS_READ_ONLY?: boolean;
}

export interface FunctionDefinition extends CommandDefinition {
  readonly NUMBER_OF_KEYS?: number;
  readonly IS_READ_ONLY?: boolean;
}

type Namespaces<D> = Readonly<Record<string, Readonly<Record<string, D>>>>;

/** What an application adds. */
export interface Extensions {
  readonly scripts?: Readonly<Record<string, ScriptDefinition>> | undefined;
  readonly functions?: Namespaces<FunctionDefinition> | undefined;
  readonly modules?: Namespaces<CommandDefinition> | undefined;
}

/** How a command is made of arguments and sent; one for clients, one for transactions. */
interface Kind {
  send(self: object, parser: Parser, transform: Transform | undefined, mayWait: boolean): unknown;
  sendScript(
    self: object,
    script: ScriptDefinition,
    parser: Parser,
    transform: Transform | undefined,
  ): unknown;
  prefixOf(self: object): RedisArgument | undefined;
  /** A mistake in the arguments. */
  fail(error: unknown): unknown;
}

const CLIENT: Kind = {
  prefixOf: (self) => (self as AnyClient)._keyPrefix,
  fail: (error) => Promise.reject(error),
  send(self, parser, transform, mayWait) {
    const client = self as AnyClient;
    const args = parser.redisArgs;
    const reply = mayWait ? client._call(args) : client._callAtOnce(args);
    if (transform === undefined) return reply;
    const types = client._callOptions?.types;
    return reply.then((value) => transform(value, parser.preserve, types));
  },
  async sendScript(self, script, parser, transform) {
    const client = self as AnyClient;
    const [, ...rest] = parser.redisArgs;
    const readOnly = script.IS_READ_ONLY ? '_RO' : '';
    const call = (name: string, text: Argument) => client._call([name + readOnly, text, ...rest]);
    const reply = await call('EVALSHA', script.SHA1).catch((error: unknown) => {
      if (!(error instanceof ReplyError) || error.code !== 'NOSCRIPT') throw error;
      return call('EVAL', script.SCRIPT);
    });
    return transform ? transform(reply, parser.preserve, client._callOptions?.types) : reply;
  },
};

const MULTI: Kind = {
  prefixOf: (self) => (self as MultiCommand)._executor.keyPrefix,
  fail(error) {
    throw error;
  },
  send: (self, parser, transform) =>
    (self as MultiCommand).addCommand(withPreserve(parser.redisArgs, parser), transform),
  sendScript(self, script, parser, transform) {
    const multi = self as MultiCommand;
    const [, ...rest] = parser.redisArgs;
    const readOnly = script.IS_READ_ONLY ? '_RO' : '';
    const isKnown = multi._scripts.has(script.SHA1);
    multi._scripts.add(script.SHA1);
    const head = isKnown
      ? [`EVALSHA${readOnly}`, script.SHA1]
      : [`EVAL${readOnly}`, script.SCRIPT as RedisArgument];
    return multi.addCommand(withPreserve([...head, ...rest], parser), transform);
  },
};

function withPreserve(args: RedisArgument[], { preserve }: Parser): RedisArgument[] {
  return Object.assign(args, { preserve });
}

/** A client for `options`, with the methods of its protocol and of `extensions`. */
export function makeRedisClient(
  options: Omit<RedisClientOptions, 'newMulti'>,
  extensions: Extensions,
): RedisClient {
  const { Client, Multi } = classesFor(options.protocol, extensions);
  const newMulti = (client: AnyClient) =>
    new Multi({
      pipeline: (commands) => client._pipeline(commands),
      endWatch: () => client._endWatch(),
      selected: (database) => client._selected(database),
      typeMapping: client._commandOptions?.typeMapping,
      keyPrefix: client._keyPrefix,
    });
  return new Client({ ...options, newMulti }) as unknown as RedisClient;
}

interface Classes {
  readonly Client: typeof RedisClientBase;
  readonly Multi: typeof MultiCommand;
}

/** Those without extensions: replies are transformed differently in each protocol. */
const plain = new Map<RespVersions, Classes>();

function classesFor(protocol: RespVersions, extensions: Extensions): Classes {
  let classes = plain.get(protocol);
  if (classes === undefined) {
    classes = makeClasses({ Client: RedisClientBase, Multi: MultiCommand });
    addCommands(classes.Client.prototype, CLIENT, protocol);
    addCommands(classes.Multi.prototype, MULTI, protocol);
    plain.set(protocol, classes);
  }
  const { scripts, functions, modules } = extensions;
  if (scripts === undefined && functions === undefined && modules === undefined) return classes;
  const extended = makeClasses(classes);
  addExtensions(extended.Client.prototype, CLIENT, protocol, extensions);
  addExtensions(extended.Multi.prototype, MULTI, protocol, extensions);
  return extended;
}

function makeClasses({ Client, Multi }: Classes): Classes {
  return {
    Client: class extends Client<RespVersions, TypeMapping> {} as never,
    Multi: class extends Multi {},
  };
}

function addCommands(prototype: object, kind: Kind, protocol: RespVersions): void {
  for (const [name, command] of Object.entries(COMMANDS)) {
    if (!(name in prototype))
      define(prototype, name, makeMethod(kind, name, command, [], protocol));
  }
  if (protocol === 3) return;
  // To a RESP2 subscriber PING is answered in another form.
  const ping = { ...COMMANDS.ping, transformReply: pongOf } as CommandDefinition;
  for (const name of ['ping', 'PING']) define(prototype, name, makeMethod(kind, name, ping, [], 2));
}

function addExtensions(
  prototype: object,
  kind: Kind,
  protocol: RespVersions,
  { scripts = {}, functions = {}, modules = {} }: Extensions,
): void {
  for (const [name, script] of Object.entries(scripts)) {
    define(prototype, name, makeScriptMethod(kind, script, protocol));
  }
  for (const [name, commands] of Object.entries(modules)) {
    const methods = mapValues(commands, (command, called) =>
      makeMethod(kind, called, command, [], protocol),
    );
    addNamespace(prototype, name, methods);
  }
  for (const [name, commands] of Object.entries(functions)) {
    const methods = mapValues(commands, (command, called) => {
      const start = [command.IS_READ_ONLY ? 'FCALL_RO' : 'FCALL', called];
      return makeMethod(kind, 'fcall', command, [...start, ...keyCountOf(command)], protocol);
    });
    addNamespace(prototype, name, methods);
  }
}

/** The method for a command: arguments to a request, the reply to what the command promises. */
function makeMethod(
  kind: Kind,
  name: string,
  command: CommandDefinition,
  start: readonly string[],
  protocol: RespVersions,
): Method {
  const transform = transformOf(command, protocol);
  const mayWait = mayBlock(name);
  return function call(this: object, ...args) {
    const parser = new BasicCommandParser(kind.prefixOf(this));
    try {
      if (start.length > 0) parser.push(...start);
      command.parseCommand(parser, ...args);
    } catch (error) {
      return kind.fail(error);
    }
    return kind.send(this, parser, transform, mayWait);
  };
}

function makeScriptMethod(kind: Kind, script: ScriptDefinition, protocol: RespVersions): Method {
  const transform = transformOf(script, protocol);
  return function call(this: object, ...args) {
    const parser = new BasicCommandParser(kind.prefixOf(this));
    try {
      // A place for the text or its digest.
      parser.push('', ...keyCountOf(script));
      script.parseCommand(parser, ...args);
    } catch (error) {
      return kind.fail(error);
    }
    return kind.sendScript(this, script, parser, transform);
  };
}

function keyCountOf({ NUMBER_OF_KEYS }: FunctionDefinition): string[] {
  return NUMBER_OF_KEYS === undefined ? [] : [String(NUMBER_OF_KEYS)];
}

function transformOf(command: CommandDefinition, protocol: RespVersions): Transform | undefined {
  const { transformReply } = command;
  return typeof transformReply === 'object' ? transformReply[protocol] : transformReply;
}

function pongOf(reply: unknown): unknown {
  if (!Array.isArray(reply)) return reply;
  const [word, message] = reply.map(String);
  return message || word;
}

/** `client.library.command()`: the methods run on whatever they are reached through. */
function addNamespace(
  prototype: object,
  name: string,
  methods: Readonly<Record<string, Method>>,
): void {
  const get = function get(this: object) {
    return mapValues(methods, (method) => method.bind(this as never) as Method);
  };
  Object.defineProperty(prototype, name, { get, configurable: true });
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value, key)]),
  );
}

function define(prototype: object, name: string, value: Method): void {
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
}

/** Commands on a pool go to whichever client is free. */
for (const name of Object.keys(COMMANDS)) {
  if (name in RedisClientPool.prototype) continue;
  define(RedisClientPool.prototype, name, function call(this: RedisClientPool<never>, ...args) {
    return this.execute((client: Record<string, (...args: unknown[]) => unknown>) =>
      client[name]?.(...args),
    );
  } as Method);
}
