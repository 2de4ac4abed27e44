/**
 * DUMP and RESTORE between redis-server and us, both ways, for random values of every type and
 * encoding: the same value, and the same bytes where no hash table decides about the order.
 * RDB_KEYSPACES is how many keyspaces, REDSTART_SEED repeats a run.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCore } from '../engine/core.js';
import type { Connection } from '../support/connection.js';
import { seededRandom } from '../support/float-samples.js';
import { openInline } from '../support/target-inline.js';
import { openRedis } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import { encodeCommand, latin1 } from '../support/wire.js';
import { KINDS, keyspace, settings } from './rdb-keyspaces.js';
import { bulk, digest, keysOf, seal, sendAll, textOf } from './rdb-kit.js';

const ROUNDS = Number(process.env.RDB_KEYSPACES ?? 8);
const seed = Number(process.env.REDSTART_SEED ?? Date.now() % 1_000_000);

let redis: Store;
let ours: Store;
let theirSide: Connection;
let ourSide: Connection;

beforeAll(async () => {
  redis = await openRedis();
  ours = await openInline();
  theirSide = await redis.connect();
  ourSide = await ours.connect();
});
afterAll(async () => {
  await redis.close();
  await ours.close();
});

const sizeOf = async (side: Connection, key: Buffer) =>
  /serializedlength:(\d+)/.exec(textOf(await side.send('DEBUG', 'OBJECT', key)))?.[1];

async function carry(key: Buffer): Promise<void> {
  const theirs = bulk(await theirSide.send('DUMP', key));
  const deadline = textOf(await theirSide.send('PEXPIRETIME', key)).slice(1);
  const time = deadline === '-1' ? '0' : deadline;
  const restore = (payload: Buffer) =>
    ['RESTORE', key, time, payload, 'ABSTTL', 'REPLACE'] as const;
  expect(textOf(await ourSide.send(...restore(theirs)))).toBe('+OK');
  const encoding = textOf(await theirSide.send('OBJECT', 'ENCODING', key));
  expect(textOf(await ourSide.send('OBJECT', 'ENCODING', key))).toBe(encoding);
  expect(await sizeOf(ourSide, key)).toBe(await sizeOf(theirSide, key));
  const payload = bulk(await ourSide.send('DUMP', key));
  if (!encoding.includes('hashtable')) expect(payload.equals(theirs)).toBe(true);
  expect(textOf(await theirSide.send(...restore(payload)))).toBe('+OK');
}

test(`values travel both ways (seed ${seed})`, { timeout: 60_000 + ROUNDS * 2000 }, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const random = seededRandom(seed + round);
    const settled = settings(random);
    await sendAll(theirSide, [['FLUSHALL'], ...settled, ...keyspace(random, 30, KINDS)]);
    await sendAll(ourSide, [['FLUSHALL'], ...settled]);
    const before = await digest(theirSide);
    try {
      for (const key of await keysOf(theirSide)) await carry(key);
      expect(await digest(ourSide)).toBe(before);
      expect(await digest(theirSide)).toBe(before);
    } catch (error) {
      throw new Error(`with the seed ${seed + round}`, { cause: error });
    }
  }
});

test('RESTORE is written down with the time at which the key ends, as in the AOF of Redis', async () => {
  const engine = await createCore();
  const payload = seal(Buffer.from('\0\x05hello', 'latin1'));
  const effectsOf = (...args: (string | Buffer)[]): string => {
    const command = encodeCommand(args);
    engine.load(command, command.length);
    engine.execute(0, 2);
    const written = latin1(engine.effects());
    engine.clearEffects();
    engine.clearOutput();
    return written;
  };
  const select = encodeCommand(['SELECT', '0']);
  const written = (...args: (string | Buffer)[]) =>
    latin1(Buffer.concat([select, encodeCommand(args)]));
  const plain = ['RESTORE', 'a', '0', payload] as const;
  expect(effectsOf(...plain)).toBe(written(...plain));
  expect(effectsOf('restore', 'b', '1000', payload, 'REPLACE')).toBe(
    written('RESTORE', 'b', '1001000', payload, 'REPLACE', 'ABSTTL').replace('RESTORE', 'restore'),
  );
  const absolute = ['RESTORE', 'c', '2000000', payload, 'ABSTTL'] as const;
  expect(effectsOf(...absolute)).toBe(written(...absolute));
  // What has ended already only takes the place of what was there.
  expect(effectsOf('RESTORE', 'a', '5', payload, 'ABSTTL', 'REPLACE')).toBe(written('DEL', 'a'));
  expect(effectsOf('RESTORE', 'a', '5', payload, 'ABSTTL', 'REPLACE')).toBe('');
  expect(effectsOf('RESTORE', 'c', '0', payload)).toBe('');
});
