/**
 * The client with node-redis's methods, over any transport.
 *
 * A method exists for every command that node-redis 6.3.1 knows, under both of its names
 * (`hSet`, `HSET`), with its argument and reply types. A command that the store does not have
 * is answered by the store, with an error.
 */
import { ClosedError, type RedstartError } from '../resp/errors.js';
import type { ReplyTypes } from '../resp/reply-decoder.js';
import type { OpenTransport } from '../transport/transport.js';
import { type CallOptions, Connection, ConnectionState } from './connection.js';
import { Emitter } from './emitter.js';
import {
  BasicCommandParser,
  COMMANDS,
  type CommandDefinition,
  type RedisArgument,
  type ReplyUnion,
  type RespVersions,
  type TypeMapping,
  type WithCommands,
} from './redis-commands.js';
import { addUnsupported } from './unsupported.js';

export interface CommandOptions<MAPPING extends TypeMapping = TypeMapping> {
  /** Which JavaScript types the types of RESP become. */
  readonly typeMapping?: MAPPING;
  /** In milliseconds, for each call; 0: none. */
  readonly timeout?: number;
}

export interface RedisClientOptions {
  readonly open: OpenTransport;
  readonly database: number;
  readonly protocol: RespVersions;
  readonly keyPrefix: RedisArgument | undefined;
  readonly timeoutMs: number;
  readonly commandOptions: CommandOptions | undefined;
}

export type RedisClientEvents = {
  connect(): void;
  ready(): void;
  /**
   * The connection broke. As with node-redis: an `error` that nobody listens to is thrown as an
   * uncaught one.
   */
  error(error: RedstartError): void;
  end(): void;
  /** Something that people should know and that is no failure, e.g. that nothing is kept. */
  warning(text: string): void;
};

/** The client and its commands. */
export type RedisClient<
  RESP extends RespVersions = 3,
  MAPPING extends TypeMapping = Record<never, never>,
> = RedisClientBase<RESP, MAPPING> & WithCommands<RESP, MAPPING>;

interface ScanPage {
  readonly cursor: string;
  readonly keys: string[];
}

export class RedisClientBase<
  RESP extends RespVersions,
  MAPPING extends TypeMapping,
> extends Emitter<RedisClientEvents> {
  /** @internal */
  readonly _connection: Connection;
  /** @internal */
  readonly _keyPrefix: RedisArgument | undefined;
  /** @internal For each call; undefined: nothing unusual. */
  _callOptions: CallOptions | undefined;
  private _commandOptions: CommandOptions | undefined;
  private readonly _self: RedisClientBase<RESP, MAPPING>;
  private _database: number;

  constructor(options: RedisClientOptions) {
    super();
    this._self = this;
    this._database = options.database;
    const handshake = (): string[][] => [
      ...(options.protocol === 3 ? [['HELLO', '3']] : [['PING']]),
      ...(this._self._database === 0 ? [] : [['SELECT', String(this._self._database)]]),
    ];
    const { open, timeoutMs } = options;
    this._connection = new Connection(
      { open, timeoutMs, handshake },
      {
        ready: () => this.becameReady(),
        failed: (error) => this.emit('error', error),
        ended: () => this.emit('end'),
      },
    );
    this._keyPrefix = options.keyPrefix;
    this.useCommandOptions(options.commandOptions);
  }

  /** From `connect` on until the client is closed. */
  get isOpen(): boolean {
    return this._connection.state > ConnectionState.Closed;
  }

  get isReady(): boolean {
    return this._connection.state === ConnectionState.Ready;
  }

  /** What opening the store found: backend, epoch, damage, warnings. Null until `ready`. */
  get report(): unknown {
    return this._connection.report;
  }

  /** Opens the store. Rejects with a typed error within a deadline. */
  async connect(): Promise<RedisClient<RESP, MAPPING>> {
    if (this._connection.state !== ConnectionState.Connecting) this._self.emit('connect');
    await this._connection.connect();
    return this as unknown as RedisClient<RESP, MAPPING>;
  }

  /** Waits for the replies of the calls made so far, saves, lets go. */
  close(): Promise<void> {
    return this._connection.close();
  }

  /** Rejects the calls in flight and lets go at once. */
  destroy(): void {
    this._connection.destroy();
  }

  /** @deprecated use close */
  async quit(): Promise<string> {
    if (!this.isOpen) throw new ClosedError('The client is closed');
    await this.close();
    return 'OK';
  }

  /** @deprecated use destroy */
  disconnect(): Promise<void> {
    this.destroy();
    return Promise.resolve();
  }

  /** Everything acknowledged so far is on disk. */
  flush(): Promise<void> {
    return this._connection.flush();
  }

  /** Any command, as it is. */
  sendCommand<T = ReplyUnion>(
    args: readonly (RedisArgument | Uint8Array)[],
    options?: CommandOptions,
  ): Promise<T> {
    const call = options === undefined ? this._callOptions : toCallOptions(options);
    return this._connection.call(args, call) as Promise<T>;
  }

  /** Changes the database of this client, also for when it connects anew. */
  async select(database: number): Promise<void> {
    await this._connection.call(['SELECT', String(database)]);
    this._self._database = database;
  }

  SELECT(database: number): Promise<void> {
    return this.select(database);
  }

  /** The same client, with other options for the calls made through it. */
  withCommandOptions<M extends TypeMapping>(options: CommandOptions<M>): RedisClient<RESP, M> {
    const proxy = Object.create(this._self) as RedisClientBase<RESP, MAPPING>;
    proxy.useCommandOptions(options);
    return proxy as unknown as RedisClient<RESP, M>;
  }

  /** The same client, with other types for replies. */
  withTypeMapping<M extends TypeMapping>(typeMapping: M): RedisClient<RESP, M> {
    return this.withCommandOptions({ ...this._commandOptions, typeMapping });
  }

  /** All keys, a page at a time. */
  async *scanIterator(
    options: { cursor?: string; MATCH?: string; COUNT?: number; TYPE?: string } = {},
  ): AsyncGenerator<string[], void, unknown> {
    const { scan } = this as unknown as {
      scan(cursor: string, options: object): Promise<ScanPage>;
    };
    let cursor = options.cursor ?? '0';
    do {
      const page = await scan.call(this, cursor, options);
      cursor = String(page.cursor);
      yield page.keys;
    } while (cursor !== '0');
  }

  private useCommandOptions(options: CommandOptions | undefined): void {
    this._commandOptions = options;
    this._callOptions = options === undefined ? undefined : toCallOptions(options);
  }

  private becameReady(): void {
    this.emit('ready');
    const { warnings } = (this.report ?? {}) as { warnings?: readonly string[] };
    for (const warning of warnings ?? []) this.emit('warning', warning);
  }
}

function toCallOptions(options: CommandOptions): CallOptions {
  return { types: options.typeMapping as ReplyTypes | undefined, timeoutMs: options.timeout };
}

type Method = (this: RedisClientBase<RespVersions, TypeMapping>, ...args: unknown[]) => unknown;

/** The method for a command: arguments to a request, the reply to what the command promises. */
function makeMethod(command: CommandDefinition, protocol: RespVersions): Method {
  const { transformReply } = command;
  const transform = typeof transformReply === 'object' ? transformReply[protocol] : transformReply;
  return function call(...args) {
    const parser = new BasicCommandParser(this._keyPrefix);
    try {
      command.parseCommand(parser, ...args);
    } catch (error) {
      return Promise.reject(error);
    }
    const options = this._callOptions;
    const reply = this._connection.call(parser.redisArgs, options);
    if (transform === undefined) return reply;
    return reply.then((value) => transform(value, parser.preserve, options?.types));
  };
}

/** One class for each protocol: its replies are transformed differently. */
function makeClass(protocol: RespVersions): typeof RedisClientBase {
  class Client extends RedisClientBase<RespVersions, TypeMapping> {}
  for (const [name, command] of Object.entries(COMMANDS)) {
    if (name in Client.prototype) continue;
    Object.defineProperty(Client.prototype, name, { value: makeMethod(command, protocol) });
  }
  addUnsupported(Client.prototype);
  return Client as typeof RedisClientBase;
}

const classes = new Map<RespVersions, typeof RedisClientBase>();

export function makeRedisClient(options: RedisClientOptions): RedisClient {
  let Client = classes.get(options.protocol);
  if (Client === undefined) {
    Client = makeClass(options.protocol);
    classes.set(options.protocol, Client);
  }
  return new Client(options) as unknown as RedisClient;
}
