/**
 * The client with node-redis's methods, over any transport.
 *
 * A method exists for every command that node-redis 6.3.1 knows, under both of its names
 * (`hSet`, `HSET`), with its argument and reply types; command-methods.ts makes them. A command
 * that the store does not have is answered by the store, with an error.
 */
import { UnsupportedError } from '../resp/errors.js';
import type { ClientSession, CommandOptions, SessionOptions } from './client-session.js';
import { ConnectionState } from './connection.js';
import { KeptClient } from './kept-client.js';
import type { MultiCommand } from './multi-command.js';
import { type PoolOptions, RedisClientPool } from './pool.js';
import type {
  MultiMode,
  RedisClientMultiCommandType,
  RedisFunctions,
  RedisModules,
  RedisScripts,
  RespVersions,
  TypeMapping,
  WithCommands,
  WithFunctions,
  WithModules,
  WithScripts,
} from './redis-commands.js';
import { type HashEntry, pagesOf, type ScanIteratorOptions, type ScoredMember } from './scans.js';
import type { ChannelListeners, PubSubListener, PubSubType } from './subscriptions.js';

type None = Record<never, never>;
/** Beyond node-redis: what was collected can be forgotten. */
interface Discardable {
  discard(): void;
}

type Multi<
  MODE extends MultiMode,
  RESP extends RespVersions,
  MAPPING extends TypeMapping,
  M extends RedisModules,
  F extends RedisFunctions,
  S extends RedisScripts,
> = RedisClientMultiCommandType<MODE, [], M, F, S, RESP, MAPPING> & Discardable;
type Channels = string | readonly string[];

export interface RedisClientOptions extends SessionOptions {
  /** Another client of the same store, with other options. */
  duplicate(overrides: object): RedisClientBase<RespVersions, TypeMapping>;
  /** @internal */
  readonly newMulti: (client: RedisClientBase<RespVersions, TypeMapping>) => MultiCommand;
}

/** The client and its commands. */
export type RedisClient<
  RESP extends RespVersions = 3,
  MAPPING extends TypeMapping = None,
  M extends RedisModules = None,
  F extends RedisFunctions = None,
  S extends RedisScripts = None,
> = RedisClientBase<RESP, MAPPING, M, F, S> &
  WithCommands<RESP, MAPPING> &
  WithModules<M, RESP, MAPPING> &
  WithFunctions<F, RESP, MAPPING> &
  WithScripts<S, RESP, MAPPING>;

export class RedisClientBase<
  in out RESP extends RespVersions,
  in out MAPPING extends TypeMapping,
  in out M extends RedisModules = None,
  in out F extends RedisFunctions = None,
  in out S extends RedisScripts = None,
> extends KeptClient {
  /** @internal */
  readonly _options: RedisClientOptions;

  constructor(options: RedisClientOptions) {
    super(options);
    this._options = options;
  }

  /** Opens the store. Rejects with a typed error within a deadline. */
  async connect(): Promise<RedisClient<RESP, MAPPING, M, F, S>> {
    if (this._connection.state !== ConnectionState.Connecting) this._session.emit('connect');
    await this._connection.connect();
    return this as unknown as RedisClient<RESP, MAPPING, M, F, S>;
  }

  /** The same client, with other options for the calls made through it. */
  withCommandOptions<MAP extends TypeMapping>(
    options: CommandOptions<MAP>,
  ): RedisClient<RESP, MAP, M, F, S> {
    const proxy = Object.create(this._session) as ClientSession;
    proxy._useCommandOptions(options);
    return proxy as unknown as RedisClient<RESP, MAP, M, F, S>;
  }

  /** The same client, with other types for replies. */
  withTypeMapping<MAP extends TypeMapping>(typeMapping: MAP): RedisClient<RESP, MAP, M, F, S> {
    return this.withCommandOptions({ ...this._commandOptions, typeMapping });
  }

  /** The same client, whose calls `abortSignal` gives up. */
  withAbortSignal(abortSignal: AbortSignal): RedisClient<RESP, MAPPING, M, F, S> {
    const options = this._commandOptions as CommandOptions<MAPPING> | undefined;
    return this.withCommandOptions({ ...options, abortSignal });
  }

  /** For node-redis's users: all calls leave as soon as possible. */
  asap(): RedisClient<RESP, MAPPING, M, F, S> {
    return this as unknown as RedisClient<RESP, MAPPING, M, F, S>;
  }

  /** Commands to be executed together: `client.multi().set('a', '1').get('b').exec()`. */
  multi<MODE extends MultiMode = 'typed'>(): Multi<MODE, RESP, MAPPING, M, F, S> {
    return this._options.newMulti(this as never) as never;
  }

  MULTI<MODE extends MultiMode = 'typed'>(): Multi<MODE, RESP, MAPPING, M, F, S> {
    return this.multi<MODE>();
  }

  /** Another client of the same store, which is not connected yet. */
  duplicate(overrides: object = {}): RedisClient<RESP, MAPPING, M, F, S> {
    return this._options.duplicate(overrides) as unknown as RedisClient<RESP, MAPPING, M, F, S>;
  }

  /** Runs `work` with a session of its own, for WATCH. */
  async executeIsolated<T>(
    work: (client: RedisClient<RESP, MAPPING, M, F, S>) => Promise<T> | T,
  ): Promise<T> {
    const client = await this.duplicate().connect();
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  }

  /** Clients of the same store that take turns. */
  createPool(options?: PoolOptions): RedisClientPool<RedisClient<RESP, MAPPING, M, F, S>> {
    return new RedisClientPool(() => this.duplicate(), options);
  }

  /** node-redis 3's callbacks are not here. */
  legacy(): never {
    throw new UnsupportedError('legacy() is not part of Redstart: use the promises');
  }

  get isPubSubActive(): boolean {
    return this._subscriptions.isActive;
  }

  getPubSubListeners(type: PubSubType): Map<string, ChannelListeners> {
    return this._subscriptions.listeners[type];
  }

  /**
   * Has `listener` called with each message to the channels: (message, channel), as strings or,
   * in buffer mode, as Buffers. It is subscribed again when the page comes back.
   */
  subscribe<B extends boolean = false>(
    channels: Channels,
    listener: PubSubListener<B>,
    bufferMode?: B,
  ): Promise<void> {
    return this._subscriptions.subscribe('CHANNELS', channels, listener, bufferMode);
  }

  /** Without a listener all of the channels', without channels all of this kind. */
  unsubscribe<B extends boolean = false>(
    channels?: Channels,
    listener?: PubSubListener<B>,
    bufferMode?: B,
  ): Promise<void> {
    return this._subscriptions.unsubscribe('CHANNELS', channels, listener, bufferMode);
  }

  pSubscribe<B extends boolean = false>(
    patterns: Channels,
    listener: PubSubListener<B>,
    bufferMode?: B,
  ): Promise<void> {
    return this._subscriptions.subscribe('PATTERNS', patterns, listener, bufferMode);
  }

  pUnsubscribe<B extends boolean = false>(
    patterns?: Channels,
    listener?: PubSubListener<B>,
    bufferMode?: B,
  ): Promise<void> {
    return this._subscriptions.unsubscribe('PATTERNS', patterns, listener, bufferMode);
  }

  sSubscribe<B extends boolean = false>(
    channels: Channels,
    listener: PubSubListener<B>,
    bufferMode?: B,
  ): Promise<void> {
    return this._subscriptions.subscribe('SHARDED', channels, listener, bufferMode);
  }

  sUnsubscribe<B extends boolean = false>(
    channels?: Channels,
    listener?: PubSubListener<B>,
    bufferMode?: B,
  ): Promise<void> {
    return this._subscriptions.unsubscribe('SHARDED', channels, listener, bufferMode);
  }

  /** All keys, a page at a time. */
  scanIterator(options?: ScanIteratorOptions): AsyncGenerator<string[], void, unknown> {
    return pagesOf(this, 'scan', [], options, ({ keys }) => keys as string[]);
  }

  hScanIterator(key: string, options?: ScanIteratorOptions): AsyncGenerator<HashEntry[]> {
    return pagesOf(this, 'hScan', [key], options, ({ entries }) => entries as HashEntry[]);
  }

  hScanValuesIterator(key: string, options?: ScanIteratorOptions): AsyncGenerator<string[]> {
    return pagesOf(this, 'hScan', [key], options, ({ entries }) =>
      (entries as HashEntry[]).map(({ value }) => value),
    );
  }

  hScanNoValuesIterator(key: string, options?: ScanIteratorOptions): AsyncGenerator<string[]> {
    return pagesOf(this, 'hScanNoValues', [key], options, ({ fields }) => fields as string[]);
  }

  sScanIterator(key: string, options?: ScanIteratorOptions): AsyncGenerator<string[]> {
    return pagesOf(this, 'sScan', [key], options, ({ members }) => members as string[]);
  }

  zScanIterator(key: string, options?: ScanIteratorOptions): AsyncGenerator<ScoredMember[]> {
    return pagesOf(this, 'zScan', [key], options, ({ members }) => members as ScoredMember[]);
  }
}
