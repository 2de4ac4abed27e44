/**
 * What a configuration may ask of redis-server and Redstart cannot give. It is refused before
 * anything is started: a server that looked as if it could would be worse.
 */
type Values = ReadonlyMap<string, string>;

const REFUSED: readonly (readonly [
  name: string,
  isAsked: (value: string) => boolean,
  why: string,
])[] = [
  ['tls-port', (value) => value !== '0', 'TLS is not supported: put a proxy in front of it'],
  ['tls-cluster', isYes, 'TLS is not supported'],
  ['tls-replication', isYes, 'TLS is not supported'],
  ['cluster-enabled', isYes, 'cluster mode is not supported: this is a standalone server'],
  ['replicaof', (value) => value !== '', 'replication is not supported'],
];

/** Why a server cannot be started with these parameters, or null. */
export function refusalOfConfiguration(values: Values): string | null {
  for (const [name, isAsked, why] of REFUSED) {
    const value = values.get(name);
    if (value !== undefined && isAsked(value)) return `${name} ${value}: ${why}.`;
  }
  return null;
}

function isYes(value: string): boolean {
  return value === 'yes';
}
