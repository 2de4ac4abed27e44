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
import type { PersistenceEvent, PersistenceProgress, StoreNotice } from '../resp/persistence.js';
import type { ReplyTypes } from '../resp/reply-decoder.js';
import type { Argument } from '../resp/request-writer.js';
import type { OpenTransport } from '../transport/transport.js';
import { waits } from './blocking.js';
import { type CallOptions, Connection, ConnectionState } from './connection.js';
import { Emitter, throwLater } from './emitter.js';
import { decoderFor, MonitorDecoder, sideDecoder } from './message-decoder.js';
import {
  BasicCommandParser,
  type RedisArgument,
  type RedisVariadicArgument,
  type ReplyUnion,
  type RespVersions,
  type TypeMapping,
} from './redis-commands.js';
import { abortable, SideSessions } from './side-sessions.js';
import { Subscriptions } from './subscriptions.js';

export interface CommandOptions<MAPPING extends TypeMapping = TypeMapping> {
  /** Which JavaScript types the types of RESP become. */
  readonly typeMapping?: MAPPING;
  /** In milliseconds, for each call; 0: none. */
  readonly timeout?: number;
  /** Gives calls up: they are rejected with an AbortError. */
  readonly abortSignal?: AbortSignal;
  /**
   * Calls are answered once what they wrote is on disk, whatever `appendfsync` says; rejected with
   * a StorageError where that cannot be.
   */
  readonly durable?: boolean;
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
  /** How the data are kept has changed. Also before `connect` resolves. */
  persistence(event: PersistenceEvent): void;
  /** A large store is being loaded or saved. Also before `connect` resolves. */
  progress(progress: PersistenceProgress): void;
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
  private _database: number;
  private _credentials: Credentials | undefined;
  private readonly _sides: SideSessions;
  private readonly _monitors = new Set<Connection>();
  /** Another number after each connect: what the old session knew, the new one does not. */
  private _epoch = 0;
  /** `_epoch` when WATCH was answered. */
  private _watchEpoch: number | undefined;
  private _dirtyWatch: string | undefined;
  /** @internal The store ends because we want it. */
  _isDeleting = false;
  /** MULTI was sent by hand: then nothing waits. */
  private _inTransaction = false;

  private readonly _sessionOptions: SessionOptions;

  constructor(options: SessionOptions) {
    super();
    this._sessionOptions = options;
    this._session = this;
    this._database = options.database;
    this._credentials = options.credentials;
    this._subscriptions = new Subscriptions((args) => this._connection.call(args), throwLater);
    const database = () => this._database;
    this._connection = new Connection(
      {
        ...this._connectionOptions(database),
        handshake: () => [...this._greeting(database), ...this._subscriptions.commands()],
        decoder: () => decoderFor(options.protocol, this._subscriptions),
      },
      {
        ready: () => this._becameReady(),
        failed: (error) => void (this._isDeleting || this.emit('error', error)),
        ended: (error) => this._letGo(error),
        push: (message) => this._hear(message),
        notice: (notice) => this._hearNotice(notice),
      },
    );
    this._sides = new SideSessions(
      (sideDatabase) => new Connection(this._connectionOptions(sideDatabase), {}),
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
    return this._session._watchEpoch !== undefined;
  }

  /** Whether EXEC will be refused, because `setDirtyWatch` was called. */
  get isDirtyWatch(): boolean {
    return this._session._dirtyWatch !== undefined;
  }

  setDirtyWatch(message: string): void {
    this._session._dirtyWatch = message;
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

  /** Any command, as it is. */
  sendCommand<T = ReplyUnion>(
    args: readonly (RedisArgument | Uint8Array)[],
    options?: CommandOptions,
  ): Promise<T> {
    const session = this._session;
    const name = String(args[0]).toUpperCase();
    if (name === 'MULTI') session._inTransaction = true;
    else if (name === 'EXEC' || name === 'DISCARD') session._inTransaction = false;
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
    this._session._credentials = credentials;
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
    this._session._watchEpoch ??= this._session._epoch;
    return reply as string;
  }

  WATCH(key: RedisVariadicArgument): Promise<string> {
    return this.watch(key);
  }

  async unwatch(): Promise<string> {
    const reply = await this._connection.call(['UNWATCH']);
    this._session._watchEpoch = undefined;
    return reply as string;
  }

  UNWATCH(): Promise<string> {
    return this.unwatch();
  }

  /** Has `callback` called with a line for each command of any client, in a session of its own. */
  async monitor(callback: MonitorCallback): Promise<void> {
    const session = this._session;
    if (!this.isOpen) throw new ClosedError(CLOSED);
    const database = () => session._database;
    const options = session._connectionOptions(database);
    const monitor = new Connection(
      {
        ...options,
        decoder: () => new MonitorDecoder(),
        handshake: () => [...session._greeting(database), ['MONITOR']],
      },
      {
        push: ([line]) => void callback(String(line)),
        ended: () => session._monitors.delete(monitor),
      },
    );
    session._monitors.add(monitor);
    await monitor.connect();
  }

  MONITOR(callback: MonitorCallback): Promise<void> {
    return this.monitor(callback);
  }

  /** Ends what the session was told: subscriptions, monitoring, WATCH, another database. */
  async reset(): Promise<void> {
    const session = this._session;
    session._endMonitors();
    session._subscriptions.clear();
    session._database = session._sessionOptions.database;
    session._credentials = session._sessionOptions.credentials;
    session._watchEpoch = session._dirtyWatch = undefined;
    session._inTransaction = false;
    const greeting = session._greeting(() => session._database);
    const replies = await this._connection.pipeline([['RESET'], ...greeting]);
    const failure = replies.find((reply) => reply instanceof ReplyError);
    if (failure !== undefined) throw failure;
  }

  /** @internal Sends a command that does not wait. */
  _callAtOnce(args: readonly Argument[]): Promise<unknown> {
    const signal = this._commandOptions?.abortSignal;
    return this._orAbort(signal, () => this._connection.call(args, this._callOptions));
  }

  /** @internal Sends a command; one that may wait goes through a session of its own. */
  _call(args: readonly Argument[]): Promise<unknown> {
    const options = this._callOptions;
    if (waits(args) && !this._session._inTransaction) {
      return this._aside((connection) => connection.call(args, options));
    }
    return this._callAtOnce(args);
  }

  /** @internal Sends commands as one batch; errors are among the replies. */
  _pipeline(commands: readonly (readonly Argument[])[]): Promise<unknown[]> {
    const options = this._callOptions;
    const signal = this._commandOptions?.abortSignal;
    if (commands[0]?.[0] !== 'MULTI' && commands.some(waits)) {
      return this._aside((connection) => connection.pipeline(commands, options));
    }
    return this._orAbort(signal, () => this._connection.pipeline(commands, options));
  }

  /** @internal As `_pipeline`, in any database and beside other calls; strings come as Buffers. */
  async _askDatabase(
    database: number,
    commands: readonly (readonly Argument[])[],
  ): Promise<unknown[]> {
    if (!this.isOpen) throw new ClosedError(CLOSED);
    return this._sides.run(database, undefined, (connection) =>
      connection.pipeline(commands, { types: BUFFERS }),
    );
  }

  /** @internal A database was selected by other means than `select`. */
  _selected(database: number): void {
    this._session._database = database;
  }

  /** @internal Before EXEC: throws if what was watched may have changed unseen. Ends watching. */
  _endWatch(): void {
    const session = this._session;
    const { _dirtyWatch: dirtyWatch, _watchEpoch: watchEpoch } = session;
    session._dirtyWatch = session._watchEpoch = undefined;
    if (dirtyWatch !== undefined) throw new WatchError(dirtyWatch);
    if (watchEpoch === undefined) return;
    const isSame = this.isReady && watchEpoch === session._epoch;
    if (!isSame) throw new WatchError('Client reconnected after WATCH');
  }

  /** @internal */
  _useCommandOptions(options: CommandOptions | undefined): void {
    this._commandOptions = options;
    this._callOptions = options && {
      types: options.typeMapping as ReplyTypes | undefined,
      timeoutMs: options.timeout,
      durable: options.durable,
    };
  }

  /** @internal Whether something was set that the next user of the client would not expect. */
  get _isDirty(): boolean {
    const session = this._session;
    const hasWatch = session._watchEpoch !== undefined || session._dirtyWatch !== undefined;
    return (
      hasWatch ||
      session._inTransaction ||
      session._subscriptions.isActive ||
      session._monitors.size > 0 ||
      session._database !== session._sessionOptions.database
    );
  }

  private _orAbort<T>(signal: AbortSignal | undefined, start: () => Promise<T>): Promise<T> {
    if (signal === undefined) return start();
    if (signal.aborted) return Promise.reject(new AbortError('The command was aborted'));
    return abortable(start(), signal);
  }

  /** In a session of its own, but not before the calls that were made earlier. */
  private async _aside<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const session = this._session;
    const { _connection: main } = session;
    const signal = this._commandOptions?.abortSignal;
    if (!this.isReady || main.pending > 0) {
      await this._orAbort(signal, () => main.call(['PING']).catch(ignoreReplyError));
    }
    if (!this.isOpen) throw new ClosedError(CLOSED);
    if (signal?.aborted) throw new AbortError('The command was aborted');
    return session._sides.run(session._database, signal, work);
  }

  private _connectionOptions(database: () => number) {
    const { open, timeoutMs } = this._sessionOptions;
    return {
      open,
      timeoutMs,
      handshake: () => this._greeting(database),
      decoder: sideDecoder,
    };
  }

  /** What a new session is told first. */
  private _greeting(database: () => number): Argument[][] {
    const { _credentials: credentials } = this;
    const { username = 'default', password } = credentials ?? {};
    const user = password === undefined ? [] : [username, password];
    const greeting: Argument[][] = [];
    if (this._sessionOptions.protocol === 3) {
      greeting.push(['HELLO', '3', ...(user.length > 0 ? ['AUTH', ...user] : [])]);
    } else greeting.push(credentials === undefined ? ['PING'] : authArguments(credentials));
    if (database() !== 0) greeting.push(['SELECT', String(database())]);
    return greeting;
  }

  private _hear(message: unknown[]): void {
    if (this._subscriptions.handle(message)) return;
    if (String(message[0]) !== 'invalidate') return;
    const [, keys] = message;
    if (keys === null) this.emit('invalidate', null);
    else for (const key of keys as unknown[]) this.emit('invalidate', String(key));
  }

  private _hearNotice(notice: StoreNotice): void {
    if ('persistence' in notice) this.emit('persistence', notice.persistence);
    else if ('progress' in notice) this.emit('progress', notice.progress);
  }

  private _becameReady(): void {
    this._epoch++;
    this.emit('ready');
    const { warnings } = (this.report ?? {}) as { warnings?: readonly string[] };
    for (const warning of warnings ?? []) this.emit('warning', warning);
  }

  private _letGo(error: Error): void {
    this._sides.close(error);
    this._endMonitors();
    this._subscriptions.clear();
    this._inTransaction = false;
    this.emit('end');
  }

  private _endMonitors(): void {
    for (const monitor of this._monitors) monitor.destroy();
  }
}

function authArguments({ username, password }: Credentials): Argument[] {
  return username === undefined ? ['AUTH', password] : ['AUTH', username, password];
}

function ignoreReplyError(error: unknown): void {
  if (!(error instanceof ReplyError)) throw error;
}

/** Strings as Buffers. */
const BUFFERS: ReplyTypes = { 36: Buffer };
const CLOSED = 'The client is closed';
