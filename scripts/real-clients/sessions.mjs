/** connect-redis: the contract of a session store, and express with express-session on top. */
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import { createClient } from 'redis';
import { assert, finish, step, url } from './scenario.mjs';

const client = await createClient({ url }).connect();
await client.flushAll();
const store = new RedisStore({ client, prefix: 'sess:', ttl: 60 });
const data = { cookie: { originalMaxAge: 2000 }, name: 'tj' };

await step('the store: set, get, touch, ttl, destroy', async () => {
  await store.set('123', data);
  assert.deepEqual(await store.get('123'), data);
  assert.equal(await client.ttl('sess:123'), 60);
  await store.touch('123', { ...data, cookie: { expires: new Date(Date.now() + 5000) } });
  assert.ok((await client.ttl('sess:123')) <= 5);
  await store.destroy('123');
  assert.equal((await store.get('123')) ?? null, null);
});
await step('the store: ids, all, length, clear over many', async () => {
  await Promise.all(Array.from({ length: 300 }, (_, n) => store.set(`s${n}`, { ...data, n })));
  assert.equal(await store.length(), 300);
  assert.equal(new Set(await store.ids()).size, 300);
  assert.equal((await store.all()).length, 300);
  await store.clear();
  assert.equal(await store.length(), 0);
});
await step('express keeps a counter in the session', async () => {
  const app = express();
  app.use(session({ store, secret: 'x', resave: false, saveUninitialized: false }));
  app.get('/', (request, response) => {
    request.session.views = (request.session.views ?? 0) + 1;
    response.json(request.session.views);
  });
  const server = app.listen(0);
  const address = `http://127.0.0.1:${server.address().port}/`;
  const first = await fetch(address);
  const cookie = first.headers.get('set-cookie').split(';')[0];
  assert.equal(await first.json(), 1);
  for (const expected of [2, 3]) {
    assert.equal(await (await fetch(address, { headers: { cookie } })).json(), expected);
  }
  server.close();
});
finish();
