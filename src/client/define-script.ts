/** Lua scripts as methods of a client, as in node-redis. */
import type { RedisScriptConfig, SHA1 } from '@redis/client/dist/lib/lua-script.js';
import { sha1 } from './sha1.js';

/**
 * A script for the option `scripts`. It is called by its digest (EVALSHA), and by its text where
 * the store does not know it yet.
 */
export function defineScript<S extends RedisScriptConfig>(script: S): S & SHA1 {
  return { ...script, SHA1: sha1(script.SCRIPT) };
}
