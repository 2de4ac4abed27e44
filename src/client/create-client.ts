/** `createClient`, but for where the store is: an entry of the package says that. */
import type { OpenTransport } from '../transport/transport.js';
import { type CommandOptions, makeRedisClient, type RedisClient } from './redis-client.js';
import type { RedisArgument, RespVersions, TypeMapping } from './redis-commands.js';

export interface ClientOptions<
  RESP extends RespVersions = 3,
  MAPPING extends TypeMapping = Record<never, never>,
> {
  /** Of the store: one name per origin is one keyspace. Default `default`. */
  readonly name?: string;
  readonly database?: number;
  /** The protocol, and with it the shape of some replies. Default 3. */
  readonly RESP?: RESP;
  /** Put ahead of every key that is sent. */
  readonly keyPrefix?: RedisArgument;
  readonly commandOptions?: CommandOptions<MAPPING>;
  /** Milliseconds until a call without a reply is rejected; 0: never. Default 10 000. */
  readonly timeout?: number;
  /** Another way to a store. */
  readonly transport?: OpenTransport;
}

const TIMEOUT_MS = 10_000;

/** A client that will reach its store through `open` unless its options name a transport. */
export function createClientOver<
  RESP extends RespVersions = 3,
  MAPPING extends TypeMapping = Record<never, never>,
>(open: OpenTransport, options: ClientOptions<RESP, MAPPING>): RedisClient<RESP, MAPPING> {
  return makeRedisClient({
    open: options.transport ?? open,
    database: options.database ?? 0,
    protocol: options.RESP ?? 3,
    keyPrefix: options.keyPrefix,
    timeoutMs: options.timeout ?? TIMEOUT_MS,
    commandOptions: options.commandOptions as CommandOptions | undefined,
  }) as unknown as RedisClient<RESP, MAPPING>;
}
