/** node-redis: RESP3, typed replies, multi, pub/sub, pools, client-side caching, scripts. */
import { createClient, createClientPool, defineScript } from 'redis';
import { assert, finish, step, until, url } from './scenario.mjs';

const client = await createClient({ url }).connect();
await client.flushAll();

await step('commands of every type', async () => {
  await client.set('k', 'v', { expiration: { type: 'EX', value: 100 } });
  assert.equal(await client.get('k'), 'v');
  await client.hSet('h', { a: '1', b: '2' });
  assert.deepEqual({ ...(await client.hGetAll('h')) }, { a: '1', b: '2' });
  await client.zAdd('z', [{ score: 1.5, value: 'm' }]);
  assert.deepEqual(await client.zRangeWithScores('z', 0, -1), [{ score: 1.5, value: 'm' }]);
  await client.sAdd('s', ['a', 'b']);
  assert.deepEqual((await client.sMembers('s')).sort(), ['a', 'b']);
  assert.equal(await client.xAdd('x', '1-1', { f: 'v' }), '1-1');
  assert.equal(await client.geoAdd('g', { longitude: 1, latitude: 2, member: 'm' }), 1);
});
await step('multi, execAsPipeline and WATCH', async () => {
  assert.deepEqual(await client.multi().set('m', '1').incr('m').exec(), ['OK', 2]);
  assert.deepEqual(await client.multi().get('m').execAsPipeline(), ['2']);
  const other = await client.duplicate().connect();
  await client.watch('m');
  await other.set('m', '5');
  await assert.rejects(client.multi().set('m', '6').exec(), /WatchError|watched keys/i);
  other.destroy();
});
await step('scripts and functions', async () => {
  const add = defineScript({
    NUMBER_OF_KEYS: 1,
    SCRIPT: 'return redis.call("INCRBY", KEYS[1], ARGV[1])',
    parseCommand(parser, key, by) {
      parser.pushKey(key);
      parser.push(String(by));
    },
    transformReply: undefined,
  });
  const scripted = await createClient({ url, scripts: { add } }).connect();
  assert.equal(await scripted.add('n', 5), 5);
  assert.equal(await scripted.add('n', 5), 10);
  const code =
    '#!lua name=lib\nredis.register_function("twice", function(k, a) return a[1] * 2 end)';
  assert.equal(await client.functionLoad(code, { REPLACE: true }), 'lib');
  assert.equal(await client.fCall('twice', { keys: [], arguments: ['21'] }), 42);
  scripted.destroy();
});
await step('pub/sub, patterns and shard channels', async () => {
  const subscriber = await client.duplicate().connect();
  const heard = [];
  await subscriber.subscribe('news', (message, channel) => heard.push([channel, message]));
  await subscriber.pSubscribe('n*', (message, channel) => heard.push([`p:${channel}`, message]));
  await subscriber.sSubscribe('shard', (message, channel) => heard.push([channel, message]));
  assert.equal(await client.publish('news', 'hello'), 2);
  assert.equal(await client.sPublish('shard', 'there'), 1);
  await until(() => heard.length === 3);
  assert.deepEqual(heard.sort(), [
    ['news', 'hello'],
    ['p:news', 'hello'],
    ['shard', 'there'],
  ]);
  assert.equal(await subscriber.get('k'), 'v');
  await subscriber.unsubscribe();
  subscriber.destroy();
});
await step('a pool, with blocking calls beside others', async () => {
  const pool = await createClientPool({ url }, { minimum: 2, maximum: 10 }).connect();
  const popped = pool.blPop('queue', 0);
  await Promise.all(Array.from({ length: 200 }, () => pool.incr('pooled')));
  await pool.rPush('queue', 'job');
  assert.deepEqual(await popped, { key: 'queue', element: 'job' });
  assert.equal(await pool.get('pooled'), '200');
  pool.destroy();
});
await step('client-side caching hears of changes', async () => {
  const cached = await createClient({
    url,
    RESP: 3,
    clientSideCache: { ttl: 0, maxEntries: 100, evictPolicy: 'LRU' },
  }).connect();
  await client.set('c', '1');
  assert.equal(await cached.get('c'), '1');
  assert.equal(await cached.get('c'), '1');
  await client.set('c', '2');
  await until(async () => (await cached.get('c')) === '2');
  cached.destroy();
});
await step('scanIterator and errors', async () => {
  for (let n = 0; n < 300; n++) await client.set(`scan:${n}`, '1');
  const keys = new Set();
  for await (const some of client.scanIterator({ MATCH: 'scan:*' })) {
    for (const key of [some].flat()) keys.add(key);
  }
  assert.equal(keys.size, 300);
  await assert.rejects(client.lPush('k', 'x'), /WRONGTYPE/);
});
await step('RESP2, legacy replies and buffers', async () => {
  const old = await createClient({ url, RESP: 2 }).connect();
  await old.set('b', Buffer.from([0, 255]));
  assert.equal(await old.strLen('b'), 2);
  assert.equal(await old.ping(), 'PONG');
  await old.close();
});
await step('reconnects after CLIENT KILL', async () => {
  const victim = createClient({ url, socket: { reconnectStrategy: 1 } });
  victim.on('error', () => {});
  await victim.connect();
  const again = new Promise((resolve) => victim.once('ready', resolve));
  await client.sendCommand(['CLIENT', 'KILL', 'ID', String(await victim.clientId())]);
  await again;
  assert.equal(await victim.ping(), 'PONG');
  victim.destroy();
});
finish();
