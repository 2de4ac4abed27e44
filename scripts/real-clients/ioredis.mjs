/** ioredis: commands, pipelines, transactions, scripts, pub/sub, blocking, scanning, reconnecting. */
import { Redis } from 'ioredis';
import { assert, finish, port, step, until } from './scenario.mjs';

const redis = new Redis({ port });
await redis.flushall();

await step('strings, numbers and bytes', async () => {
  assert.equal(await redis.set('foo', 'bar'), 'OK');
  assert.equal(await redis.get('foo'), 'bar');
  assert.deepEqual(await redis.getBuffer('foo'), Buffer.from('bar'));
  assert.equal(await redis.incrbyfloat('f', 1.5), '1.5');
  assert.equal(await redis.set('nx', 1, 'EX', 10, 'NX'), 'OK');
  assert.equal(await redis.set('nx', 1, 'EX', 10, 'NX'), null);
  assert.deepEqual(await redis.mget('foo', 'none'), ['bar', null]);
});
await step('hashes and sorted sets', async () => {
  await redis.hset('h', { a: 1, b: 'two' });
  assert.deepEqual(await redis.hgetall('h'), { a: '1', b: 'two' });
  await redis.zadd('z', 1, 'one', 2, 'two');
  assert.deepEqual(await redis.zrange('z', 0, -1, 'WITHSCORES'), ['one', '1', 'two', '2']);
});
await step('pipelines with an error in the middle', async () => {
  const results = await redis.pipeline().set('p', 1).lpush('p', 2).get('p').exec();
  assert.equal(results[0][1], 'OK');
  assert.match(results[1][0].message, /^WRONGTYPE/);
  assert.equal(results[2][1], '1');
});
await step('transactions, discard, and WATCH that loses', async () => {
  const done = await redis.multi().set('m', 1).incr('m').exec();
  assert.deepEqual(done, [
    [null, 'OK'],
    [null, 2],
  ]);
  const other = redis.duplicate();
  await redis.watch('m');
  await other.set('m', 9);
  assert.equal(await redis.multi().set('m', 3).exec(), null);
  await assert.rejects(redis.multi().set('a').exec(), /EXECABORT|wrong number/);
  other.disconnect();
});
await step('auto-pipelining', async () => {
  const auto = new Redis({ port, enableAutoPipelining: true });
  const replies = await Promise.all(
    Array.from({ length: 1000 }, (_, n) => auto.set(`auto:${n}`, n)),
  );
  assert.equal(new Set(replies).size, 1);
  assert.equal(await auto.get('auto:999'), '999');
  await auto.quit();
});
await step('defineCommand, EVAL and EVALSHA after NOSCRIPT', async () => {
  redis.defineCommand('echoTwice', { numberOfKeys: 1, lua: 'return {KEYS[1], ARGV[1], ARGV[1]}' });
  assert.deepEqual(await redis.echoTwice('k', 'v'), ['k', 'v', 'v']);
  await redis.script('FLUSH');
  assert.deepEqual(await redis.echoTwice('k', 'w'), ['k', 'w', 'w']);
  assert.equal(await redis.eval('return redis.call("GET", KEYS[1])', 1, 'foo'), 'bar');
  const piped = await redis.pipeline().echoTwice('k', 'x').exec();
  assert.deepEqual(piped, [[null, ['k', 'x', 'x']]]);
});
await step('pub/sub by channel and by pattern, with bytes', async () => {
  const subscriber = redis.duplicate();
  const heard = [];
  subscriber.on('message', (channel, message) => heard.push([channel, message]));
  subscriber.on('pmessage', (pattern, channel, message) => heard.push([pattern, channel, message]));
  assert.equal(await subscriber.subscribe('news', 'other'), 2);
  assert.equal(await subscriber.psubscribe('n*'), 3);
  assert.equal(await redis.publish('news', 'hello'), 2);
  await until(() => heard.length === 2);
  assert.deepEqual(heard, [
    ['news', 'hello'],
    ['n*', 'news', 'hello'],
  ]);
  // It speaks RESP3, where a subscriber may ask for anything.
  assert.equal(await subscriber.get('foo'), 'bar');
  assert.equal(await subscriber.unsubscribe('news', 'other'), 1);
  await subscriber.punsubscribe('n*');
  subscriber.disconnect();
});
await step('blocking with and without a timeout', async () => {
  const waiter = redis.duplicate();
  const popped = waiter.blpop('queue', 0);
  await until(async () => (await redis.client('LIST')).includes('cmd=blpop'));
  await redis.rpush('queue', 'job');
  assert.deepEqual(await popped, ['queue', 'job']);
  assert.equal(await waiter.brpop('queue', 0.05), null);
  waiter.disconnect();
});
await step('streams with consumer groups', async () => {
  await redis.xgroup('CREATE', 's', 'g', '$', 'MKSTREAM');
  const id = await redis.xadd('s', '*', 'f', 'v');
  const [[, entries]] = await redis.xreadgroup('GROUP', 'g', 'c', 'COUNT', 1, 'STREAMS', 's', '>');
  assert.deepEqual(entries, [[id, ['f', 'v']]]);
  assert.equal(await redis.xack('s', 'g', id), 1);
});
await step('scanStream sees every key', async () => {
  const keys = new Set();
  for await (const some of redis.scanStream({ match: 'auto:*', count: 100 })) {
    for (const key of some) keys.add(key);
  }
  assert.equal(keys.size, 1000);
});
await step('MONITOR', async () => {
  const monitor = await redis.monitor();
  const seen = new Promise((resolve) => monitor.once('monitor', (_, args) => resolve(args)));
  await redis.set('watched', 'yes');
  assert.deepEqual(await seen, ['set', 'watched', 'yes']);
  monitor.disconnect();
});
await step('a killed connection comes back, with its subscriptions', async () => {
  const subscriber = new Redis({ port, retryStrategy: () => 1 });
  await subscriber.subscribe('again');
  const again = new Promise((resolve) => subscriber.once('ready', resolve));
  await redis.client('KILL', 'TYPE', 'pubsub');
  await again;
  await until(async () => (await redis.publish('again', 'x')) === 1);
  subscriber.disconnect();
});
await step('keyPrefix, db, connectionName, lazyConnect', async () => {
  const named = new Redis({
    port,
    db: 3,
    keyPrefix: 'p:',
    connectionName: 'me',
    lazyConnect: true,
  });
  await named.connect();
  await named.set('k', 1);
  assert.match(await named.client('INFO'), /name=me .*db=3 /);
  assert.deepEqual(await named.keys('*'), ['p:k']);
  assert.equal(await named.quit(), 'OK');
});
finish();
