/** Bull, BullMQ's predecessor: its own Lua scripts and BRPOPLPUSH. */
import Bull from 'bull';
import { assert, finish, host, port, step, until } from './scenario.mjs';

const queue = new Bull('old', { redis: { host, port } });

await step('jobs, results, progress, delays', async () => {
  queue.process(async (job) => {
    await job.progress(50);
    return job.data.n + 1;
  });
  const job = await queue.add({ n: 1 });
  assert.equal(await job.finished(), 2);
  const late = await queue.add({ n: 2 }, { delay: 100 });
  assert.equal(await late.finished(), 3);
});
await step('counts and cleaning', async () => {
  await until(async () => (await queue.getJobCounts()).completed >= 2);
  await queue.empty();
  assert.equal((await queue.getJobCounts()).waiting, 0);
});
await queue.close();
finish();
