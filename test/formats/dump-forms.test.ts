/**
 * RESTORE of a value in each form there is: what it gives, and what becomes of it when it is cut
 * off or has a wrong bit. The checksum is always right, so it is the validation that is tested.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../support/connection.js';
import { type InlineStore, openInline } from '../support/target-inline.js';
import { openRedis } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import { allForms, FIELD_DEADLINE, type Form } from './rdb-forms.js';
import type { Command } from './rdb-keyspaces.js';
import { bulk, digest, load, save, seal, sendAll, textOf } from './rdb-kit.js';

let redis: Store;
let ours: InlineStore;
let theirSide: Connection;
let ourSide: Connection;
let forms: Form[];

beforeAll(async () => {
  redis = await openRedis();
  ours = await openInline();
  theirSide = await redis.connect();
  ourSide = await ours.connect();
  forms = await allForms(theirSide);
});
afterAll(async () => {
  await redis.close();
  await ours.close();
});

const restore = (connection: Connection, body: Uint8Array, version = 10) =>
  connection.send('RESTORE', 'k', '0', seal(body, version), 'REPLACE');

test('every form gives the value that it stands for', async () => {
  for (const { name, body, commands, isOurs } of forms) {
    await sendAll(theirSide, [['FLUSHALL'], ...commands]);
    const expected = await digest(theirSide);
    await sendAll(ourSide, [['FLUSHALL']]);
    expect(textOf(await restore(ourSide, body)), name).toBe('+OK');
    // Redis 7.0 knows no deadlines of fields: but for them the value is the same.
    if (name.startsWith('hash with deadlines')) {
      await ourSide.send('HPERSIST', 'k', 'FIELDS', '2', 'a', 'b');
    }
    expect(await digest(ourSide), name).toBe(expected);
    if (isOurs) continue;
    expect(textOf(await restore(theirSide, body)), `redis: ${name}`).toBe('+OK');
    expect(await digest(theirSide), `redis: ${name}`).toBe(expected);
    const encoding = textOf(await theirSide.send('OBJECT', 'ENCODING', 'k'));
    expect(textOf(await ourSide.send('OBJECT', 'ENCODING', 'k')), name).toBe(encoding);
  }
});

test('versions up to that of Redis 7.4 are taken, later ones are not', async () => {
  const body = forms[0]?.body ?? Buffer.of();
  for (const version of [0, 1, 9, 10, 11, 12]) {
    expect(textOf(await restore(ourSide, body, version))).toBe('+OK');
  }
  const refused = '-ERR DUMP payload version or checksum are wrong';
  for (const version of [13, 80, 65535]) {
    expect(textOf(await restore(ourSide, body, version))).toBe(refused);
  }
});

test('fields keep their deadlines on every way', async () => {
  const deadlines = async () =>
    textOf(await ourSide.send('HPEXPIRETIME', 'k', 'FIELDS', '2', 'a', 'b'));
  const expected = `*2\r\n:-1\r\n:${FIELD_DEADLINE}`;
  const timed = forms.filter(({ name }) => name.startsWith('hash with deadlines'));
  expect(timed).toHaveLength(2);
  for (const { body } of timed) {
    expect(textOf(await restore(ourSide, body, 12))).toBe('+OK');
    expect(await deadlines()).toBe(expected);
    const payload = bulk(await ourSide.send('DUMP', 'k'));
    expect(textOf(await ourSide.send('RESTORE', 'k', '0', payload, 'REPLACE'))).toBe('+OK');
    expect(await deadlines()).toBe(expected);
    load(ours.host.engine, save(ours.host.engine));
    expect(await deadlines()).toBe(expected);
    // A server that does not know such fields is to say so.
    expect(textOf(await theirSide.send('RESTORE', 'k', '0', payload, 'REPLACE'))).toBe(
      '-ERR DUMP payload version or checksum are wrong',
    );
  }
  await sendAll(ourSide, [['HPERSIST', 'k', 'FIELDS', '1', 'b']]);
  expect(bulk(await ourSide.send('DUMP', 'k'))[0]).toBe(4);
});

/** Commands that look at everything a value of the type has, and then change it. */
const USES: Readonly<Record<string, readonly Command[]>> = {
  string: [
    ['GET', 'k'],
    ['APPEND', 'k', 'x'],
  ],
  list: [
    ['LRANGE', 'k', '0', '-1'],
    ['LINDEX', 'k', '-1'],
    ['LPOS', 'k', 'text'],
    ['LINSERT', 'k', 'BEFORE', 'text', 'new'],
    ['RPUSH', 'k', 'new'],
    ['LREM', 'k', '0', 'a'],
    ['LTRIM', 'k', '1', '-2'],
  ],
  set: [
    ['SMEMBERS', 'k'],
    ['SISMEMBER', 'k', '12'],
    ['SRANDMEMBER', 'k', '-20'],
    ['SADD', 'k', 'new', '99'],
    ['SREM', 'k', '12', 'x'],
    ['SPOP', 'k'],
  ],
  hash: [
    ['HGETALL', 'k'],
    ['HGET', 'k', 'f1'],
    ['HRANDFIELD', 'k', '-20', 'WITHVALUES'],
    ['HSCAN', 'k', '0'],
    ['HSET', 'k', 'new', 'value', 'f1', 'other'],
    ['HPEXPIRETIME', 'k', 'FIELDS', '2', 'a', 'b'],
    ['HEXPIRE', 'k', '100', 'FIELDS', '1', 'f1'],
    ['HDEL', 'k', '7', 'b'],
  ],
  zset: [
    ['ZRANGE', 'k', '0', '-1', 'WITHSCORES'],
    ['ZRANGEBYSCORE', 'k', '-inf', '+inf'],
    ['ZRANK', 'k', 'b'],
    ['ZADD', 'k', '1.5', 'new', '3', 'a'],
    ['ZREM', 'k', 'b'],
    ['ZPOPMIN', 'k'],
  ],
  stream: [
    ['XRANGE', 'k', '-', '+'],
    ['XREVRANGE', 'k', '+', '-'],
    ['XINFO', 'STREAM', 'k', 'FULL'],
    ['XPENDING', 'k', 'g', '-', '+', '10'],
    ['XREADGROUP', 'GROUP', 'g', 'c1', 'STREAMS', 'k', '>'],
    ['XACK', 'k', 'g', '1-1', '5-1'],
    ['XADD', 'k', '18446744073709551615-18446744073709551615', 'a', '1', 'b', '2'],
    ['XDEL', 'k', '5-0'],
    ['XTRIM', 'k', 'MAXLEN', '1'],
    ['XGROUP', 'DESTROY', 'k', 'g'],
  ],
};

/** What was taken must be a value that can be used, written, read again, and freed to the last byte. */
async function use(): Promise<void> {
  const type = textOf(await ourSide.send('TYPE', 'k')).slice(1);
  const value = await digest(ourSide);
  const payload = bulk(await ourSide.send('DUMP', 'k'));
  for (const command of [['DEBUG', 'OBJECT', 'k'], ...(USES[type] ?? [])]) {
    await ourSide.send(...command);
  }
  expect(textOf(await ourSide.send('RESTORE', 'k', '0', payload, 'REPLACE'))).toBe('+OK');
  expect(await digest(ourSide)).toBe(value);
}

const isRefused = (answer: string): boolean => answer === '-ERR Bad data format';

/** Restores what may be wrong; true if it was taken, and then it is good. */
async function survives(body: Uint8Array): Promise<boolean> {
  const answer = textOf(await restore(ourSide, body));
  const taken = answer === '+OK';
  if (taken) await use();
  else expect(isRefused(answer), answer).toBe(true);
  await ourSide.send('DEL', 'k');
  return taken;
}

describe('what is wrong is refused, or is a value like any other', () => {
  const used = () => ours.host.engine.statistics().usedMemory;

  test('every prefix', { timeout: 120_000 }, async () => {
    for (const { name, body } of forms) {
      await survives(body);
      const before = used();
      for (let size = 0; size < body.length; size++) {
        expect(await survives(body.subarray(0, size)), `${name}, ${size} bytes`).toBe(false);
      }
      expect(used(), name).toBe(before);
    }
  });

  test('every wrong bit', { timeout: 600_000 }, async () => {
    for (const { name, body } of forms) {
      await survives(body);
      const before = used();
      for (let bit = 0; bit < body.length * 8; bit++) {
        const bad = Buffer.from(body);
        bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        try {
          await survives(bad);
        } catch (error) {
          throw new Error(`${name}, bit ${bit} of ${body.toString('hex')}`, { cause: error });
        }
      }
      expect(used(), name).toBe(before);
    }
  });
});
