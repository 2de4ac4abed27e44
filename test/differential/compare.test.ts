/** The differential test itself: a planted bug is found, and shrunk to what is needed for it. */
import { expect, test } from 'vitest';
import { Connection } from '../support/connection.js';
import { openInline } from '../support/target-inline.js';
import { openRedis } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import { fromLatin1, latin1, ReplySplitter } from '../support/wire.js';
import { compareStores } from './run.js';
import { stringsGrammar } from './strings-grammar.js';

/** A store of ours whose every reply of `from` is `to`. */
async function openWithBug(from: string, to: string): Promise<Store> {
  const store = await openInline();
  return {
    close: () => store.close(),
    connect: async () => {
      const inner = await store.connect();
      return Connection.over(async (events) => ({
        close: () => inner.close(),
        write: (bytes) => {
          const requests = new ReplySplitter().push(bytes).length;
          void inner.raw(bytes, requests).then((replies) => {
            for (const { wire } of replies) {
              events.onBytes(latin1(wire) === from ? fromLatin1(to) : wire);
            }
          });
        },
      }));
    },
  };
}

const BUGS: [title: string, from: string, to: string, commandsMax: number][] = [
  ['another encoding', '$6\r\nembstr\r\n', '$3\r\nraw\r\n', 1],
  ['another number', ':7\r\n', ':8\r\n', 8],
  ['another error text', '-ERR syntax error\r\n', '-ERR Syntax error\r\n', 1],
  ['a null of the wrong kind', '$-1\r\n', '*-1\r\n', 1],
];

test.each(BUGS)('%s is found and shrunk', async (_title, from, to, commandsMax) => {
  const theirs = await openRedis();
  const run = { grammar: stringsGrammar, seed: 7, commands: 10_000 };
  const { finding } = await compareStores(() => openWithBug(from, to), theirs, run);
  await theirs.close();
  expect(finding?.sequence.commands.length).toBeLessThanOrEqual(commandsMax);
});

test('the same seed gives the same sequences', async () => {
  const theirs = await openRedis();
  const bug = () => openWithBug(':7\r\n', ':8\r\n');
  const run = { grammar: stringsGrammar, seed: 11, commands: 10_000 };
  const first = await compareStores(bug, theirs, run);
  const second = await compareStores(bug, theirs, run);
  await theirs.close();
  expect(first.finding).toEqual(second.finding);
});
