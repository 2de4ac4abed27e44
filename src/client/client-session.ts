/**
 * What a client is below its methods: one session for its calls, sessions beside it for those
 * that may wait, and the state that a session keeps (database, user, what it watches), which is
 * set up again when the session is a new one.
 */
import {
  AbortError,
  ClosedError,
  type RedstartError,
  ReplyError,
  WatchError,
} from '../resp/errors.js';
import type { ReplyTypes } from '../resp/reply-decoder.js';
import type { Argument } from '../resp/request-writer.js';
import type { OpenTransport } from '../transport/transport.js';
import { waits } from './blocking.js';
import { type CallOptions, Connection, ConnectionState } from './connection.js';
import { Emitter, throwLater } from './emitter.js';
import {
  BasicCommandParser,
  type RedisArgument,
  type RedisVariadicArgument,
  type ReplyUnion,
  type RespVersions,
  type TypeMapping,
} from './redis-commands.js';
import { abortable, SideSessions } from './side-sessions.js';
import { isMessage, Subscriptions } from './subscriptions.js';

export interface CommandOptions<MAPPING extends TypeMapping = TypeMapping> {
  /** Which JavaScript types the types of RESP become. */
  readonly typeMapping?: MAPPING;
  /** In milliseconds, for each call; 0: none. */
  readonly timeout?: number;
  /** Gives calls up: they are rejected with an AbortError. */
  readonly abortSignal?: AbortSignal;
}

export interface Credentials {
  readonly username?: RedisArgument | undefined;
  readonly password: RedisArgument;
}

export interface SessionOptions {
  readonly open: OpenTransport;
  readonly database: number;
  readonly protocol: RespVersions;
  readonly keyPrefix: RedisArgument | undefined;
  readonly timeoutMs: number;
  readonly credentials: Credentials | undefined;
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
  /** CLIENT TRACKING: a key of which a value may be cached has changed; null: all keys. */
  invalidate(key: string | null): void;
};

export type MonitorCallback = (line: string) => unknown;

export class ClientSession extends Emitter<RedisClientEvents> {
  /** @internal */
  readonly _connection: Connection;
  /** @internal */
  readonly _subscriptions: Subscriptions;
  /** @internal */
  readonly _keyPrefix: RedisArgument | undefined;
  /** @internal For each call; undefined: nothing unusual. */
  _callOptions: CallOptions | undefined;
  /** @internal */
  _commandOptions: CommandOptions | undefined;
  /** @internal The client itself, where `this` may be one with other options. */
  readonly _session: ClientSession;
  private database: number;
  private credentials: Credentials | undefined;
  private readonly sides: SideSessions;
  private readonly monitors = new Set<Connection>();
  /** `Connection.epoch` when WATCH was answered. */
  private watchEpoch: number | undefined;
  private dirtyWatch: string | undefined;
  /** MULTI was sent by hand: then nothing waits. */
  private inTransaction = false;

  constructor(private readonly options: SessionOptions) {
    super();
    this._session = this;
    this.database = options.database;
    this.credentials = options.credentials;
    this._subscriptions = new Subscriptions((args) => this._connection.call(args), throwLater);
    const database = () => this.database;
    this._connection = new Connection(
      {
        ...this.connectionOptions(database),
        handshake: () => [...this.greeting(database), ...this._subscriptions.commands()],
        pushTypes: BUFFERS,
      },
      {
        ready: () => this.becameReady(),
        failed: (error) => this.emit('error', error),
        ended: () => this.letGo(),
        push: (message) => this.hear(message),
        ...(options.protocol === 2 && {
          isPush: (value) => this._subscriptions.isActive && isMessage(value),
          messageTypes: () => (this._subscriptions.isActive ? BUFFERS : undefined),
        }),
      },
    );
    this.sides = new SideSessions(
      (sideDatabase) => new Connection(this.connectionOptions(sideDatabase), {}),
    );
    this._keyPrefix = options.keyPrefix;
    this._useCommandOptions(options.commandOptions);
  }

  /** From `connect` on until the client is closed. */
  get isOpen(): boolean {
    return this._connection.state > ConnectionState.Closed;
  }

  get isReady(): boolean {
    return this._connection.state === ConnectionState.Ready;
  }

  get isWatching(): boolean {
    return this._session.watchEpoch !== undefined;
  }

  /** Whether EXEC will be refused, because `setDirtyWatch` was called. */
  get isDirtyWatch(): boolean {
    return this._session.dirtyWatch !== undefined;
  }

  setDirtyWatch(message: string): void {
    this._session.dirtyWatch = message;
  }

  /** What opening the store found: backend, epoch, damage, warnings. Null until `ready`. */
  get report(): unknown {
    return this._connection.report;
  }

  /** Waits for the replies of the calls made so far, saves, lets go. Blocked calls are rejected. */
  close(): Promise<void> {
    return this._connection.close();
  }

  /** Rejects the calls in flight and lets go at once. */
  destroy(): void {
    this._connection.destroy();
  }

  /** @deprecated use close */
  async quit(): Promise<string> {
    if (!this.isOpen) throw new ClosedError(CLOSED);
    await this.close();
    return 'OK';
  }

  /** @deprecated use close */
  QUIT(): Promise<string> {
    return this.quit();
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
    const session = this._session;
    const name = String(args[0]).toUpperCase();
    if (name === 'MULTI') session.inTransaction = true;
    else if (name === 'EXEC' || name === 'DISCARD') session.inTransaction = false;
    if (options === undefined) return this._call(args) as Promise<T>;
    const proxy = Object.create(session) as ClientSession;
    proxy._useCommandOptions({ ...this._commandOptions, ...options });
    return proxy._call(args) as Promise<T>;
  }

  /** Changes the database of this client, also for when it connects anew. */
  async select(database: number): Promise<void> {
    await this._connection.call(['SELECT', String(database)]);
    this._selected(database);
  }

  SELECT(database: number): Promise<void> {
    return this.select(database);
  }

  /** Signs in, also when the client connects anew. */
  async auth(credentials: Credentials): Promise<string> {
    const reply = await this._connection.call(authArguments(credentials));
    this._session.credentials = credentials;
    return reply as string;
  }

  AUTH(credentials: Credentials): Promise<string> {
    return this.auth(credentials);
  }

  /** Makes the next `multi().exec()` do nothing if one of the keys is changed before. */
  async watch(key: RedisVariadicArgument): Promise<string> {
    const parser = new BasicCommandParser(this._keyPrefix);
    parser.push('WATCH');
    parser.pushKeys(key);
    const reply = await this._connection.call(parser.redisArgs);
    this._session.watchEpoch ??= this._connection.epoch;
    return reply as string;
  }

  WATCH(key: RedisVariadicArgument): Promise<string> {
    return this.watch(key);
  }

  async unwatch(): Promise<string> {
    const reply = await this._connection.call(['UNWATCH']);
    this._session.watchEpoch = undefined;
    return reply as string;
  }

  UNWATCH(): Promise<string> {
    return this.unwatch();
  }

  /** Has `callback` called with a line for each command of any client, in a session of its own. */
  async monitor(callback: MonitorCallback): Promise<void> {
    const session = this._session;
    if (!this.isOpen) throw new ClosedError(CLOSED);
    const database = () => session.database;
    const options = session.connectionOptions(database);
    const monitor = new Connection(
      { ...options, handshake: () => [...session.greeting(database), ['MONITOR']] },
      { stray: (line) => callback(String(line)), ended: () => session.monitors.delete(monitor) },
    );
    session.monitors.add(monitor);
    await monitor.connect();
  }

  MONITOR(callback: MonitorCallback): Promise<void> {
    return this.monitor(callback);
  }

  /** Ends what the session was told: subscriptions, monitoring, WATCH, another database. */
  async reset(): Promise<void> {
    const session = this._session;
    session.endMonitors();
    session._subscriptions.clear();
    session.database = session.options.database;
    session.credentials = session.options.credentials;
    session.watchEpoch = session.dirtyWatch = undefined;
    session.inTransaction = false;
    const greeting = session.greeting(() => session.database);
    const replies = await this._connection.pipeline([['RESET'], ...greeting]);
    const failure = replies.find((reply) => reply instanceof ReplyError);
    if (failure !== undefined) throw failure;
  }

  /** @internal Sends a command that does not wait. */
  _callAtOnce(args: readonly Argument[]): Promise<unknown> {
    const signal = this._commandOptions?.abortSignal;
    return this.orAbort(signal, () => this._connection.call(args, this._callOptions));
  }

  /** @internal Sends a command; one that may wait goes through a session of its own. */
  _call(args: readonly Argument[]): Promise<unknown> {
    const options = this._callOptions;
    if (waits(args) && !this._session.inTransaction) {
      return this.aside((connection) => connection.call(args, options));
    }
    return this._callAtOnce(args);
  }

  /** @internal Sends commands as one batch; errors are among the replies. */
  _pipeline(commands: readonly (readonly Argument[])[]): Promise<unknown[]> {
    const options = this._callOptions;
    const signal = this._commandOptions?.abortSignal;
    if (commands[0]?.[0] !== 'MULTI' && commands.some(waits)) {
      return this.aside((connection) => connection.pipeline(commands, options));
    }
    return this.orAbort(signal, () => this._connection.pipeline(commands, options));
  }

  /** @internal A database was selected by other means than `select`. */
  _selected(database: number): void {
    this._session.database = database;
  }

  /** @internal Before EXEC: throws if what was watched may have changed unseen. Ends watching. */
  _endWatch(): void {
    const session = this._session;
    const { dirtyWatch, watchEpoch } = session;
    session.dirtyWatch = session.watchEpoch = undefined;
    if (dirtyWatch !== undefined) throw new WatchError(dirtyWatch);
    if (watchEpoch === undefined) return;
    const isSame = this.isReady && watchEpoch === this._connection.epoch;
    if (!isSame) throw new WatchError('Client reconnected after WATCH');
  }

  /** @internal */
  _useCommandOptions(options: CommandOptions | undefined): void {
    this._commandOptions = options;
    this._callOptions = options && {
      types: options.typeMapping as ReplyTypes | undefined,
      timeoutMs: options.timeout,
    };
  }

  /** @internal Whether something was set that the next user of the client would not expect. */
  get _isDirty(): boolean {
    const session = this._session;
    const hasWatch = session.watchEpoch !== undefined || session.dirtyWatch !== undefined;
    return (
      hasWatch ||
      session.inTransaction ||
      session._subscriptions.isActive ||
      session.monitors.size > 0 ||
      session.database !== session.options.database
    );
  }

  private orAbort<T>(signal: AbortSignal | undefined, start: () => Promise<T>): Promise<T> {
    if (signal === undefined) return start();
    if (signal.aborted) return Promise.reject(new AbortError('The command was aborted'));
    return abortable(start(), signal);
  }

  /** In a session of its own, but not before the calls that were made earlier. */
  private async aside<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const session = this._session;
    const { _connection: main } = session;
    const signal = this._commandOptions?.abortSignal;
    if (!this.isReady || main.pending > 0) {
      await this.orAbort(signal, () => main.call(['PING']).catch(ignoreReplyError));
    }
    if (!this.isOpen) throw new ClosedError(CLOSED);
    if (signal?.aborted) throw new AbortError('The command was aborted');
    return session.sides.run(session.database, signal, work);
  }

  private connectionOptions(database: () => number) {
    const { open, timeoutMs } = this.options;
    return { open, timeoutMs, handshake: () => this.greeting(database) };
  }

  /** What a new session is told first. */
  private greeting(database: () => number): Argument[][] {
    const { credentials } = this;
    const { username = 'default', password } = credentials ?? {};
    const user = password === undefined ? [] : [username, password];
    const greeting: Argument[][] = [];
    if (this.options.protocol === 3) {
      greeting.push(['HELLO', '3', ...(user.length > 0 ? ['AUTH', ...user] : [])]);
    } else greeting.push(credentials === undefined ? ['PING'] : authArguments(credentials));
    if (database() !== 0) greeting.push(['SELECT', String(database())]);
    return greeting;
  }

  private hear(message: unknown[]): void {
    if (this._subscriptions.handle(message)) return;
    if (String(message[0]) !== 'invalidate') return;
    const [, keys] = message;
    if (keys === null) this.emit('invalidate', null);
    else for (const key of keys as unknown[]) this.emit('invalidate', String(key));
  }

  private becameReady(): void {
    this.emit('ready');
    const { warnings } = (this.report ?? {}) as { warnings?: readonly string[] };
    for (const warning of warnings ?? []) this.emit('warning', warning);
  }

  private letGo(): void {
    this.sides.close();
    this.endMonitors();
    this._subscriptions.clear();
    this.inTransaction = false;
    this.emit('end');
  }

  private endMonitors(): void {
    for (const monitor of this.monitors) monitor.destroy();
  }
}

function authArguments({ username, password }: Credentials): Argument[] {
  return username === undefined ? ['AUTH', password] : ['AUTH', username, password];
}

function ignoreReplyError(error: unknown): void {
  if (!(error instanceof ReplyError)) throw error;
}

const CLOSED = 'The client is closed';
/** Strings as Buffers: for those listeners that want them. */
const BUFFERS: ReplyTypes = { 36: Buffer };
