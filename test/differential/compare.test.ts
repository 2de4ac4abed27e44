/** The differential test itself: a planted bug is found, and shrunk to what is needed for it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRedis, type ProcessStore } from '../support/target-process.js';
import { fromLatin1 } from '../support/wire.js';
import { endOfReply } from './replies.js';
import { compareSides } from './run.js';
import { connectSide, openInlineSide, type Side } from './sides.js';
import { stringsGrammar } from './strings-grammar.js';

let redis: ProcessStore;
let theirs: Side;

beforeAll(async () => {
  redis = await openRedis();
  theirs = await connectSide(redis.port);
});

afterAll(async () => {
  await theirs.close();
  await redis.close();
});

/** A side of ours whose every reply of `from` is `to`. */
async function openWithBug(from: string, to: string): Promise<Side> {
  const side = await openInlineSide();
  return {
    close: () => side.close(),
    exchange: async (requests, slice) => {
      const replies = await side.exchange(requests, slice);
      const changed: Uint8Array[] = [];
      for (let at = 0; at < replies.length; ) {
        const end = endOfReply(replies, at);
        const reply = replies.subarray(at, end);
        changed.push(Buffer.compare(reply, fromLatin1(from)) === 0 ? fromLatin1(to) : reply);
        at = end;
      }
      return Buffer.concat(changed);
    },
  };
}

const BUGS: [title: string, from: string, to: string, stepsMax: number][] = [
  ['another encoding', '$6\r\nembstr\r\n', '$3\r\nraw\r\n', 1],
  ['another number', ':7\r\n', ':8\r\n', 8],
  ['another error text', '-ERR syntax error\r\n', '-ERR Syntax error\r\n', 1],
  ['a null of the wrong kind', '$-1\r\n', '*-1\r\n', 1],
];

test.each(BUGS)('%s is found and shrunk', async (_title, from, to, stepsMax) => {
  const run = { grammar: stringsGrammar, seed: 7, commands: 10_000 };
  const { finding } = await compareSides(() => openWithBug(from, to), theirs, run);
  expect(finding?.sequence.steps.length).toBeLessThanOrEqual(stepsMax);
});

test('the same seed gives the same sequences', async () => {
  const bug = () => openWithBug(':7\r\n', ':8\r\n');
  const run = { grammar: stringsGrammar, seed: 11, commands: 10_000 };
  const first = await compareSides(bug, theirs, run);
  const second = await compareSides(bug, theirs, run);
  expect(first.finding).toEqual(second.finding);
});
