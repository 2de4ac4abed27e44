/** Grammars say something: most of what they make is answered, and not by an error. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRedis, type ProcessStore } from '../support/target-process.js';
import { encode } from './compare.js';
import { FAMILIES } from './families.js';
import { type Command, type Grammar, weighted } from './grammar.js';
import { Random } from './random.js';
import { endOfReply } from './replies.js';
import { connectSide, type Side } from './sides.js';

const STEPS = 3000;
const VALID_MIN = 0.6;
const ERROR = '-'.charCodeAt(0);

let redis: ProcessStore;
let side: Side;

beforeAll(async () => {
  redis = await openRedis();
  side = await connectSide(redis.port);
});

afterAll(async () => {
  await side.close();
  await redis.close();
});

/** How many of each command's calls are answered by an error. */
async function errorsOf({ rows }: Grammar): Promise<{ all: number; errors: Map<string, number> }> {
  const random = new Random(1, 1);
  const next = weighted(...rows);
  const commands: Command[] = [['FLUSHALL']];
  for (let left = STEPS; left > 0; left--) commands.push(...next(random));
  const replies = await side.exchange(encode(commands), 0);
  const errors = new Map<string, number>();
  let at = 0;
  for (const [name = ''] of commands) {
    if (replies[at] === ERROR) errors.set(name, (errors.get(name) ?? 0) + 1);
    at = endOfReply(replies, at);
    expect(at).toBeGreaterThan(0);
  }
  return { all: commands.length, errors };
}

test.each(FAMILIES)('most commands of $name are valid', async (grammar) => {
  const { all, errors } = await errorsOf(grammar);
  const wrong = [...errors.values()].reduce((sum, count) => sum + count, 0);
  expect(1 - wrong / all, JSON.stringify([...errors])).toBeGreaterThan(VALID_MIN);
  expect(wrong).toBeGreaterThan(0);
});
