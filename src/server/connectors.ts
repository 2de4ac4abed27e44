/**
 * How unmodified client libraries are given connections without TCP.
 *
 * ioredis has an option for it, a Connector. For others there is a path, as of a Unix socket:
 * `net.createConnection` gives a connection to the store for exactly this path, and does for all
 * others what it always does.
 */
import net from 'node:net';
import type { Duplex } from 'node:stream';

type Connect = () => Duplex;
type AnyFunction = (...args: unknown[]) => unknown;

const paths = new Map<string, Connect>();
let original: AnyFunction | null = null;
let nextPath = 1;

/** Makes a path that leads to `connect`. `release` ends it. */
export function openPath(connect: Connect): { readonly path: string; release(): void } {
  const path = `redstart:in-process:${nextPath++}`;
  paths.set(path, connect);
  if (original === null) replaceCreateConnection();
  return {
    path,
    release: () => {
      paths.delete(path);
      if (paths.size === 0) restoreCreateConnection();
    },
  };
}

function replaceCreateConnection(): void {
  const real = net.createConnection as AnyFunction;
  original = real;
  const createConnection: AnyFunction = (...args) => {
    const [options] = args;
    const path = options instanceof Object ? Reflect.get(options, 'path') : options;
    const connect = typeof path === 'string' ? paths.get(path) : undefined;
    return connect === undefined ? real.apply(net, args) : connect();
  };
  Object.assign(net, { createConnection });
}

function restoreCreateConnection(): void {
  Object.assign(net, { createConnection: original });
  original = null;
}

/** What ioredis's AbstractConnector has that is used here. */
type AbstractConnectorClass<Connector> = abstract new (disconnectTimeout: number) => Connector;

/**
 * A class for ioredis's option `Connector`. It extends ioredis's own AbstractConnector, which is
 * handed in because this package does not depend on ioredis:
 *
 *     new Redis({ Connector: connectorOver(AbstractConnector, () => server.createConnection()) })
 */
export function connectorOver<Connector extends object>(
  AbstractConnector: AbstractConnectorClass<Connector>,
  connect: Connect,
): new (
  options: unknown,
) => Connector {
  const Base = AbstractConnector as unknown as new (disconnectTimeout: number) => object;
  class InProcessConnector extends Base {
    protected connecting = false;
    protected stream: Duplex | undefined;

    constructor(options: unknown) {
      const given = options instanceof Object ? Reflect.get(options, 'disconnectTimeout') : 0;
      super(Number(given) || 0);
    }

    connect(): Promise<Duplex> {
      this.connecting = true;
      this.stream = connect();
      return Promise.resolve(this.stream);
    }
  }
  return InProcessConnector as unknown as new (
    options: unknown,
  ) => Connector;
}
