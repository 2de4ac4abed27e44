/** rate-limiter-flexible and rate-limit-redis with express-rate-limit: windows in Lua and in INCR. */
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { Redis } from 'ioredis';
import { RedisStore } from 'rate-limit-redis';
import limiters from 'rate-limiter-flexible';
import { createClient } from 'redis';
import { assert, finish, port, step, url } from './scenario.mjs';

const client = await createClient({ url }).connect();
const ioredis = new Redis({ port });
await client.flushAll();

for (const [name, storeClient, more] of [
  ['ioredis', ioredis, {}],
  ['node-redis', client, { useRedisPackage: true }],
]) {
  await step(`rate-limiter-flexible over ${name}`, async () => {
    const { RateLimiterRedis } = limiters;
    const limiter = new RateLimiterRedis({
      storeClient,
      ...more,
      keyPrefix: name,
      points: 5,
      duration: 60,
    });
    for (let n = 4; n >= 0; n--) assert.equal((await limiter.consume('user')).remainingPoints, n);
    await assert.rejects(limiter.consume('user'), (error) => error.msBeforeNext > 0);
    assert.equal((await limiter.get('user')).consumedPoints, 6);
    await limiter.reward('user', 3);
    assert.equal((await limiter.consume('user')).remainingPoints, 1);
    await limiter.block('user', 100);
    await assert.rejects(limiter.consume('user'), (error) => error.msBeforeNext > 90_000);
    assert.equal(await limiter.delete('user'), true);
  });
}
await step('100 at once: exactly as many as allowed pass', async () => {
  const { RateLimiterRedis } = limiters;
  const limiter = new RateLimiterRedis({
    storeClient: ioredis,
    keyPrefix: 'many',
    points: 30,
    duration: 60,
  });
  const results = await Promise.allSettled(Array.from({ length: 100 }, () => limiter.consume('u')));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 30);
});
await step('express-rate-limit with rate-limit-redis', async () => {
  const app = express();
  const store = new RedisStore({ sendCommand: (...args) => client.sendCommand(args) });
  app.use(rateLimit({ windowMs: 60_000, limit: 3, standardHeaders: true, store }));
  app.get('/', (_, response) => response.send('in'));
  const server = app.listen(0);
  const address = `http://127.0.0.1:${server.address().port}/`;
  const statuses = [];
  for (let n = 0; n < 5; n++) statuses.push((await fetch(address)).status);
  assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
  server.close();
});
finish();
