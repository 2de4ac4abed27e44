/** Lua scripts as methods of a client, as in node-redis. */

import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { RedisScriptConfig, SHA1 } from '@redis/client/dist/lib/lua-script.js';

/**
 * A script for the option `scripts`. It is called by its digest (EVALSHA), and by its text where
 * the store does not know it yet.
 */
export function defineScript<S extends RedisScriptConfig>(script: S): S & SHA1 {
  const { SCRIPT } = script;
  const text = typeof SCRIPT === 'string' ? utf8ToBytes(SCRIPT) : SCRIPT;
  return { ...script, SHA1: bytesToHex(sha1(text)) };
}
