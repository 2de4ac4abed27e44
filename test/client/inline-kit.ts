/** Clients of stores on this very thread, for the tests. */
import { readFile } from 'node:fs/promises';
import { createClientOver } from '../../src/client/create-client.js';
import type { RedisClient } from '../../src/client/redis-client.js';
import { openInlineTransport } from '../../src/transport/inline.js';
import type { OpenTransport } from '../../src/transport/transport.js';

let compiled: Promise<WebAssembly.Module> | undefined;

/** A way to a new, empty store. */
export async function openStore(config: Record<string, string> = {}): Promise<OpenTransport> {
  compiled ??= readFile(new URL('../../dist/core.wasm', import.meta.url)).then((bytes) =>
    WebAssembly.compile(bytes),
  );
  return openInlineTransport({ core: await compiled, config: { save: '', ...config } });
}

export async function connect(open?: OpenTransport, options = {}): Promise<RedisClient> {
  const client = createClientOver(open ?? (await openStore()), options) as RedisClient;
  await client.connect();
  return client;
}

/** Resolves as soon as `isTrue` says so; fails the test when it never does. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('waited in vain');
}
