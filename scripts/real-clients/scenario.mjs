/** What the scenarios share: the address of the server, steps that are counted, and waiting. */
import { strict as assert } from 'node:assert';

export const host = '127.0.0.1';
export const port = Number(process.env.REDIS_PORT);
export const url = `redis://${host}:${port}`;

let passed = 0;
let failed = 0;

/** A step of a scenario: it passes unless it throws or takes too long. */
export async function step(title, run) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('took longer than 20 s')), 20_000);
  });
  try {
    await Promise.race([run(), late]);
    passed++;
    console.log(`ok ${title}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${title}: ${error?.stack ?? error}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends the program; the last line tells the counts. */
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}

export async function until(condition) {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

export { assert };
