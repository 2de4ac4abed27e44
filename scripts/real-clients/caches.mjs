/** Keyv with @keyv/redis, and cache-manager on top: namespaces, ttl, iteration, clearing. */
import KeyvRedis from '@keyv/redis';
import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { assert, finish, step, until, url } from './scenario.mjs';

await step('keyv: set, get, ttl, many, delete', async () => {
  const keyv = new Keyv({ store: new KeyvRedis(url), namespace: 'ns' });
  await keyv.set('a', { n: 1 });
  assert.deepEqual(await keyv.get('a'), { n: 1 });
  await keyv.set('short', 1, 30);
  await until(async () => (await keyv.get('short')) === undefined);
  await keyv.set('b', 2);
  assert.deepEqual(await keyv.get(['a', 'b', 'none']), [{ n: 1 }, 2, undefined]);
  assert.equal(await keyv.has('a'), true);
  assert.equal(await keyv.delete('a'), true);
  await keyv.disconnect();
});
await step('keyv: iteration and clear keep to the namespace', async () => {
  const [one, two] = ['one', 'two'].map(
    (namespace) => new Keyv({ store: new KeyvRedis(url), namespace }),
  );
  for (let n = 0; n < 50; n++) await one.set(`k${n}`, n);
  await two.set('k', 'mine');
  const found = new Map();
  for await (const [key, value] of one.iterator('one')) found.set(key, value);
  assert.equal(found.size, 50);
  await one.clear();
  assert.equal(await one.get('k1'), undefined);
  assert.equal(await two.get('k'), 'mine');
  await one.disconnect();
  await two.disconnect();
});
await step('cache-manager: wrap computes once', async () => {
  const cache = createCache({ stores: [new Keyv({ store: new KeyvRedis(url), namespace: 'cm' })] });
  let calls = 0;
  const compute = async () => ++calls;
  await cache.del('answer');
  assert.equal(await cache.wrap('answer', compute, 60_000), 1);
  assert.equal(await cache.wrap('answer', compute, 60_000), 1);
  await cache.mset([
    { key: 'x', value: 1 },
    { key: 'y', value: 2 },
  ]);
  assert.deepEqual(await cache.mget(['x', 'y']), [1, 2]);
  await cache.clear();
  assert.equal(await cache.get('x'), undefined);
  await cache.disconnect();
});
finish();
