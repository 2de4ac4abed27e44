/** Scripts, functions and modules as methods. */

import type { CommandParser } from '@redis/client/dist/lib/client/parser.js';
import { describe, expect, test } from 'vitest';
import { createClientOver } from '../../src/client/create-client.js';
import { defineScript } from '../../src/index.js';
import { FakeStore } from './fake-store.js';

const add = defineScript({
  SCRIPT: 'return redis.call("GET", KEYS[1]) + ARGV[1]',
  NUMBER_OF_KEYS: 1,
  parseCommand(parser: CommandParser, key: string, amount: number) {
    parser.pushKey(key);
    parser.push(String(amount));
  },
  transformReply: (reply: number) => reply * 10,
});
const double = {
  NUMBER_OF_KEYS: 1,
  parseCommand(parser: CommandParser, key: string) {
    parser.pushKey(key);
  },
  transformReply: undefined as unknown as () => number,
};

async function connected(answers: FakeStore['answers']) {
  const store = new FakeStore();
  store.answers = answers;
  const client = createClientOver(store.open, {
    scripts: { add },
    functions: { lib: { double } },
    modules: { own: { double } },
    keyPrefix: 'p:',
  });
  await client.connect();
  return { store, client };
}

describe('a script', () => {
  test('is called by its digest, and by its text if that is not known', async () => {
    let knows = false;
    const { client, store } = await connected(([name]) => {
      if (name === 'EVALSHA' && !knows) return '-NOSCRIPT No matching script\r\n';
      knows = true;
      return ':5\r\n';
    });
    expect(await client.add('k', 2)).toBe(50);
    expect(await client.add('k', 3)).toBe(50);
    const sent = store.pipe.batches.slice(1).flat();
    expect(sent).toEqual([
      ['EVALSHA', add.SHA1, '1', 'p:k', '2'],
      ['EVAL', add.SCRIPT, '1', 'p:k', '2'],
      ['EVALSHA', add.SHA1, '1', 'p:k', '3'],
    ]);
  });

  test('other errors reject; in a transaction the text is sent once', async () => {
    const { client } = await connected(() => '-ERR no\r\n');
    await expect(client.add('k', 2)).rejects.toThrow('ERR no');
    const { client: other, store } = await connected(([name]) =>
      name === 'EXEC' ? '*2\r\n:1\r\n:2\r\n' : '+QUEUED\r\n',
    );
    expect(await other.multi().add('k', 1).add('k', 2).exec()).toEqual([10, 20]);
    expect(store.pipe.batches.at(-1)).toEqual([
      ['MULTI'],
      ['EVAL', add.SCRIPT, '1', 'p:k', '1'],
      ['EVALSHA', add.SHA1, '1', 'p:k', '2'],
      ['EXEC'],
    ]);
  });
});

test('functions and modules have names of their own', async () => {
  const { client, store } = await connected(() => ':8\r\n');
  expect(await client.lib.double('k')).toBe(8);
  expect(await client.own.double('k')).toBe(8);
  await client.multi().lib.double('l').execAsPipeline();
  expect(store.pipe.batches.slice(1).flat()).toEqual([
    ['FCALL', 'double', '1', 'p:k'],
    ['p:k'],
    ['FCALL', 'double', '1', 'p:l'],
  ]);
});
