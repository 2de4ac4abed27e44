/** `createClient`, but for where the store is: an entry of the package says that. */
import type { OpenTransport } from '../transport/transport.js';
import type { CommandOptions } from './client-session.js';
import { makeRedisClient } from './command-methods.js';
import type { RedisClient } from './redis-client.js';
import type {
  RedisArgument,
  RedisFunctions,
  RedisModules,
  RedisScripts,
  RespVersions,
  TypeMapping,
} from './redis-commands.js';

type None = Record<never, never>;

export interface ClientOptions<
  RESP extends RespVersions = 3,
  MAPPING extends TypeMapping = None,
  M extends RedisModules = None,
  F extends RedisFunctions = None,
  S extends RedisScripts = None,
> {
  /** Of the store: one name per origin is one keyspace. Default `default`. */
  readonly name?: string;
  readonly database?: number;
  /** Who signs in; `default` without a name. */
  readonly username?: string;
  readonly password?: string;
  /** The protocol, and with it the shape of some replies. Default 3. */
  readonly RESP?: RESP;
  /** Put ahead of every key that is sent. */
  readonly keyPrefix?: RedisArgument;
  readonly commandOptions?: CommandOptions<MAPPING>;
  /** Milliseconds until a call without a reply is rejected; 0: never. Default 10 000. */
  readonly timeout?: number;
  /** Another way to a store. */
  readonly transport?: OpenTransport;
  /** Methods of one's own: commands under a name, functions of libraries, Lua scripts. */
  readonly modules?: M;
  readonly functions?: F;
  readonly scripts?: S;
}

/** `createClient`, with the options of its place besides. */
export interface CreateClient<MORE> {
  <
    P extends RespVersions = 3,
    T extends TypeMapping = None,
    M extends RedisModules = None,
    F extends RedisFunctions = None,
    S extends RedisScripts = None,
  >(
    options: ClientOptions<P, T, M, F, S> & MORE,
  ): RedisClient<P, T, M, F, S>;
  (options?: ClientOptions & MORE): RedisClient;
}

const TIMEOUT_MS = 10_000;

/** A client that will reach its store through `open` unless its options name a transport. */
export function createClientOver<
  RESP extends RespVersions = 3,
  MAPPING extends TypeMapping = None,
  M extends RedisModules = None,
  F extends RedisFunctions = None,
  S extends RedisScripts = None,
>(
  open: OpenTransport,
  options: ClientOptions<RESP, MAPPING, M, F, S>,
): RedisClient<RESP, MAPPING, M, F, S> {
  const { username, password, scripts, functions, modules } = options;
  const client = makeRedisClient(
    {
      open: options.transport ?? open,
      database: options.database ?? 0,
      protocol: options.RESP ?? 3,
      keyPrefix: options.keyPrefix,
      timeoutMs: options.timeout ?? TIMEOUT_MS,
      credentials: password === undefined ? undefined : { username, password },
      commandOptions: options.commandOptions as CommandOptions | undefined,
      duplicate: (overrides) => createClientOver(open, { ...options, ...overrides }) as never,
    },
    { scripts, functions, modules } as object,
  );
  return client as unknown as RedisClient<RESP, MAPPING, M, F, S>;
}
