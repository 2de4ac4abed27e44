/**
 * Names that mean something to JavaScript, and names that are no text, are names like others
 * (docs/RELIABILITY.md S17).
 */
import { expect, test } from 'vitest';
import { createClient } from '../../src/node.js';
import { Random } from '../differential/random.js';
import { coreModule, encode, openTestHost } from './test-host.js';

const SPECIAL = (
  '__proto__ constructor prototype toString valueOf hasOwnProperty isPrototypeOf then length name ' +
  '__defineGetter__ __lookupGetter__ arguments caller undefined null NaN 0 -0 1e3 get set'
).split(' ');
const NAMES = 100_000;
const BATCH = 1000;

/** A special name, bytes without meaning, or one within the other. */
function nameFrom(random: Random): string {
  const special = random.pick(SPECIAL);
  const bytes = Array.from({ length: random.below(12) }, () => random.below(256));
  const noise = String.fromCharCode(...bytes);
  return random.pick([
    special,
    noise,
    `${special}\0`,
    `\0${special}${noise}`,
    `${noise}${special}`,
  ]);
}

test(`${NAMES} names come back as they went in`, async () => {
  const seed = Date.now() % 1_000_000;
  const random = new Random(seed, 0);
  const connection = (await openTestHost()).connect({ kind: 'inline' });
  for (let count = 0; count < NAMES; count += BATCH) {
    const names = Array.from({ length: BATCH }, () => nameFrom(random));
    const stored = names.map((name) => encode(['HSET', `h${name}`, name, name]));
    const asked = names.map((name) => encode(['HGET', `h${name}`, name]));
    connection.feed(Buffer.from(stored.join(''), 'latin1'));
    connection.take();
    connection.feed(Buffer.from(asked.join(''), 'latin1'));
    const expected = names.map((name) => `$${name.length}\r\n${name}\r\n`);
    expect(connection.take(), `seed ${seed}`).toBe(expected.join(''));
  }
});

test('what is made of special names touches no prototype', async () => {
  const client = createClient({ core: await coreModule() });
  await client.connect();
  for (const name of SPECIAL) {
    await client.hSet(name, name, 'polluted');
    await client.configGet(name);
    await client.aclSetUser(name, ['on', `>${name}`, `~${name}`]);
    await client.setEx(`${name}:`, 100, name);
  }
  for (const name of SPECIAL) {
    const hash = await client.hGetAll(name);
    expect(Object.keys(hash)).toEqual([name]);
    expect(Object.getOwnPropertyDescriptor(hash, name)?.value).toBe('polluted');
    expect((await client.aclGetUser(name))?.keys).toBe(`~${name}`);
  }
  const users = await client.aclUsers();
  expect(users.sort()).toEqual([...SPECIAL, 'default'].sort());
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(await client.aclDelUser(SPECIAL)).toBe(SPECIAL.length);
  await client.close();
});
