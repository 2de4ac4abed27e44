/** Methods of node-redis's client that have an issue of their own: they fail with a clear error. */
import { UnsupportedError } from '../resp/errors.js';

/** Those that give a promise, by either name. */
const ASYNC = [
  ['subscribe', 'SUBSCRIBE'],
  ['unsubscribe', 'UNSUBSCRIBE'],
  ['pSubscribe', 'PSUBSCRIBE'],
  ['pUnsubscribe', 'PUNSUBSCRIBE'],
  ['sSubscribe', 'SSUBSCRIBE'],
  ['sUnsubscribe', 'SUNSUBSCRIBE'],
  ['watch', 'WATCH'],
  ['unwatch', 'UNWATCH'],
  ['monitor', 'MONITOR'],
] as const;

/** Those that give something to go on with at once. */
const SYNC = [['multi', 'MULTI'], ['createPool'], ['legacy']] as const;

export function addUnsupported(prototype: object): void {
  for (const names of ASYNC) {
    for (const name of names) define(prototype, name, () => Promise.reject(unsupported(names[0])));
  }
  for (const names of SYNC) {
    for (const name of names) {
      define(prototype, name, () => {
        throw unsupported(names[0]);
      });
    }
  }
}

function define(prototype: object, name: string, value: () => unknown): void {
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
}

function unsupported(name: string): UnsupportedError {
  return new UnsupportedError(`${name}() is not implemented in this version of Redstart`);
}
