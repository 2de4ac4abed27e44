/** Which connections are let in: the number of clients, and protected mode. */
import type { Host } from '../host/host.js';
import { isLoopback } from '../host/session.js';

const TOO_MANY = '-ERR max number of clients reached\r\n';
const DENIED =
  '-DENIED Redis is running in protected mode because protected mode is enabled and no password ' +
  'is set for the default user. In this mode connections are only accepted from the loopback ' +
  'interface. If you want to connect from external computers to Redis you may adopt one of the ' +
  "following solutions: 1) Just disable protected mode sending the command 'CONFIG SET " +
  "protected-mode no' from the loopback interface by connecting to Redis from the same host the " +
  'server is running, however MAKE SURE Redis is not publicly accessible from internet if you do ' +
  'so. Use CONFIG REWRITE to make this change permanent. 2) Alternatively you can just disable ' +
  'the protected mode by editing the Redis configuration file, and setting the protected mode ' +
  "option to 'no', and then restarting the server. 3) If you started the server manually just " +
  "for testing, restart it with the '--protected-mode no' option. 4) Setup a an authentication " +
  'password for the default user. NOTE: You only need to do one of the above things in order for ' +
  'the server to start accepting connections from the outside.\r\n';

/**
 * What a connection from `address` is told instead of being served, or null. An address that is
 * null is this machine itself.
 */
export function refusalOf(host: Host, address: string | null): string | null {
  const { config } = host;
  if (host.sessions.size >= config.number('maxclients')) return TOO_MANY;
  const open = !config.flag('protected-mode') || host.acl.needsLogin;
  return open || address === null || isLoopback(address) ? null : DENIED;
}

/**
 * Why the server must not listen on `bind` (docs/RELIABILITY.md S1), or null: everybody who reaches
 * an address that is not this machine's own could use the store.
 */
export function bindProblem(
  bind: string,
  settings: { readonly password: boolean; readonly protectedMode: boolean },
): string | null {
  if (settings.password || !settings.protectedMode) return null;
  const open = bind.split(' ').find((address) => address !== '' && !isOwnAddress(address));
  if (open === undefined) return null;
  return (
    `Refusing to listen on ${open.replace(/^-/, '')} without a password: set requirepass, or ` +
    'protected-mode no if everyone who can reach this port may use the store.'
  );
}

function isOwnAddress(address: string): boolean {
  const plain = address.replace(/^-/, '').toLowerCase();
  return plain.startsWith('127.') || plain === '::1' || plain === 'localhost';
}
