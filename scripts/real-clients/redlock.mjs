/** redlock: locks in Lua, extended and released, against one server and several connections. */
import { Redis } from 'ioredis';
import Redlock from 'redlock';
import { assert, finish, port, step } from './scenario.mjs';

const clients = [new Redis({ port })];
await clients[0].flushall();
const options = { retryCount: 2, retryDelay: 20, retryJitter: 0 };

await step('lock, extend, unlock', async () => {
  const redlock = new Redlock(clients, options);
  const lock = await redlock.lock('resource', 1000);
  await assert.rejects(redlock.lock('resource', 1000), /Exceeded 2 attempts/);
  const longer = await lock.extend(5000);
  assert.ok((await clients[0].pttl('resource')) > 1000);
  await longer.unlock();
  assert.equal(await clients[0].exists('resource'), 0);
});
await step('one holder at a time', async () => {
  const redlock = new Redlock(clients, { retryCount: 2000, retryDelay: 2, retryJitter: 2 });
  let holders = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const lock = await redlock.lock('shared', 5000);
      most = Math.max(most, ++holders);
      await new Promise((resolve) => setTimeout(resolve, 2));
      holders--;
      await lock.unlock();
    }),
  );
  assert.equal(most, 1);
});
await step('a lock that has ended can be taken', async () => {
  const redlock = new Redlock(clients, { retryCount: 100, retryDelay: 5 });
  await redlock.lock('short', 30);
  await (await redlock.lock('short', 1000)).unlock();
});
finish();
