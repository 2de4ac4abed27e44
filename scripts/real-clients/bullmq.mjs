/** BullMQ: jobs, priorities, delays, retries, flows, rate limits, events, repeats: Lua and blocking. */
import { FlowProducer, Queue, QueueEvents, Worker } from 'bullmq';
import { assert, finish, host, port, step, until } from './scenario.mjs';

const connection = { host, port, maxRetriesPerRequest: null };
const queue = new Queue('q', { connection });
await queue.obliterate({ force: true });

await step('a worker does all jobs, in order', async () => {
  const done = [];
  const worker = new Worker('q', async (job) => done.push(job.data.n), { connection });
  await queue.addBulk(Array.from({ length: 50 }, (_, n) => ({ name: 'job', data: { n } })));
  await until(() => done.length === 50);
  assert.deepEqual(
    done,
    [...done].sort((a, b) => a - b),
  );
  await worker.close();
});
await step('results and failures reach QueueEvents', async () => {
  const events = new QueueEvents('q', { connection });
  await events.waitUntilReady();
  const worker = new Worker(
    'q',
    async (job) => {
      if (job.name === 'bad') throw new Error('no');
      return job.data * 2;
    },
    { connection },
  );
  const good = await queue.add('good', 21);
  assert.equal(await good.waitUntilFinished(events), 42);
  const bad = await queue.add('bad', 1);
  await assert.rejects(bad.waitUntilFinished(events), /no/);
  assert.equal(await bad.isFailed(), true);
  await worker.close();
  await events.close();
});
await step('delays, retries with backoff, priorities', async () => {
  const order = [];
  let tries = 0;
  for (const priority of [5, 1, 3]) await queue.add('p', { priority }, { priority });
  await queue.add('late', {}, { delay: 200 });
  await queue.add('again', {}, { attempts: 3, backoff: { type: 'fixed', delay: 20 } });
  const worker = new Worker(
    'q',
    async (job) => {
      if (job.name === 'again' && ++tries < 3) throw new Error('once more');
      order.push(job.name === 'p' ? job.data.priority : job.name);
    },
    { connection },
  );
  await until(() => order.length === 5);
  assert.deepEqual(order.filter(Number), [1, 3, 5]);
  assert.equal(tries, 3);
  await worker.close();
});
await step('a flow: the parent waits for its children', async () => {
  const flow = new FlowProducer({ connection });
  const seen = [];
  const worker = new Worker('q', async (job) => seen.push(job.name), { connection });
  await flow.add({
    name: 'parent',
    queueName: 'q',
    children: [
      { name: 'child', queueName: 'q' },
      { name: 'child', queueName: 'q' },
    ],
  });
  await until(() => seen.length === 3);
  assert.equal(seen[2], 'parent');
  await worker.close();
  await flow.close();
});
await step('pause, resume, counts, cleaning', async () => {
  await queue.pause();
  await queue.add('held', {});
  assert.equal((await queue.getJobCounts('paused', 'waiting')).paused >= 0, true);
  const worker = new Worker('q', async () => {}, { connection });
  await queue.resume();
  await until(async () => (await queue.getJobCountByTypes('waiting', 'active', 'paused')) === 0);
  await queue.clean(0, 1000, 'completed');
  assert.equal(await queue.getCompletedCount(), 0);
  await worker.close();
});
await step('a job scheduler repeats', async () => {
  let runs = 0;
  await queue.upsertJobScheduler('often', { every: 50 }, { name: 'tick' });
  const worker = new Worker('q', async () => runs++, { connection });
  await until(() => runs >= 3);
  await queue.removeJobScheduler('often');
  await worker.close();
});
await step('a rate limit and concurrency', async () => {
  let active = 0;
  let most = 0;
  const worker = new Worker(
    'q',
    async () => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setTimeout(resolve, 10));
      active--;
    },
    { connection, concurrency: 4, limiter: { max: 20, duration: 100 } },
  );
  await queue.addBulk(Array.from({ length: 40 }, () => ({ name: 'j', data: {} })));
  await until(async () => (await queue.getJobCountByTypes('waiting', 'active', 'delayed')) === 0);
  assert.ok(most > 1 && most <= 4);
  await worker.close();
});
await queue.close();
finish();
