/**
 * Expiry while time passes. Only the inline target's clock can be set, so these run there alone.
 * redis-server 7.0.15 passed them too, under a preloaded library that gave it the same times (but
 * for OBJECT IDLETIME, whose clock it reads only ten times a second).
 */
import { expect, test } from 'vitest';
import type { Connection } from '../support/connection.js';
import { renderReply } from '../support/render.js';
import { openInline } from '../support/target-inline.js';

const START = 1_700_000_000_000;

class HandClock {
  at = START;
  now = () => this.at;
  monotonic = () => this.at - START;
}

function testWithClock(
  title: string,
  body: (say: (command: string) => Promise<string>, clock: HandClock) => Promise<void>,
): void {
  test(title, async () => {
    const clock = new HandClock();
    const store = await openInline(clock);
    const connection: Connection = await store.connect();
    await connection.send('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
    const say = async (command: string) => {
      const reply = await connection.send(...command.split(' '));
      return renderReply(reply.tree);
    };
    try {
      await body(say, clock);
    } finally {
      await store.close();
    }
  });
}

testWithClock('a key is there up to its last millisecond and gone after it', async (say, clock) => {
  await say('SET k v PX 1000');
  clock.at = START + 999;
  expect(await say('GET k')).toBe('"v"');
  expect(await say('PTTL k')).toBe(':1');
  clock.at = START + 1000;
  expect(await say('GET k')).toBe('"v"');
  expect(await say('PTTL k')).toBe(':0');
  clock.at = START + 1001;
  expect(await say('DBSIZE')).toBe(':1');
  expect(await say('GET k')).toBe('nil');
  expect(await say('PTTL k')).toBe(':-2');
  expect(await say('DBSIZE')).toBe(':0');
});

testWithClock('TTL rounds to the nearest second, PTTL does not round', async (say, clock) => {
  await say('SET k v PX 10000');
  for (const [passed, seconds] of [
    [0, 10],
    [499, 10],
    [500, 10],
    [501, 9],
    [9499, 1],
    [9500, 1],
    [9501, 0],
  ] as const) {
    clock.at = START + passed;
    expect(await say('TTL k')).toBe(`:${seconds}`);
    expect(await say('PTTL k')).toBe(`:${10_000 - passed}`);
  }
});

testWithClock('a relative time counts from the moment of the command', async (say, clock) => {
  clock.at = START + 123;
  await say('SET k v EX 100');
  expect(await say('PEXPIRETIME k')).toBe(`:${START + 123 + 100_000}`);
  clock.at = START + 50_123;
  await say('EXPIRE k 100');
  expect(await say('PEXPIRETIME k')).toBe(`:${START + 50_123 + 100_000}`);
  await say('GETEX k PX 5');
  expect(await say('PEXPIRETIME k')).toBe(`:${START + 50_123 + 5}`);
});

testWithClock('GT and LT compare moments, not durations', async (say, clock) => {
  await say('SET k v EX 100');
  clock.at = START + 10_000;
  expect(await say('EXPIRE k 90 GT')).toBe(':0');
  expect(await say('EXPIRE k 91 GT')).toBe(':1');
  expect(await say('EXPIRE k 91 LT')).toBe(':0');
  expect(await say('EXPIRE k 90 LT')).toBe(':1');
});

testWithClock(
  'a key that was answered as expired stays gone when the clock is set back',
  async (say, clock) => {
    await say('SET k v PX 1000');
    clock.at = START + 2000;
    expect(await say('EXISTS k')).toBe(':0');
    clock.at = START;
    expect(await say('EXISTS k')).toBe(':0');
    expect(await say('GET k')).toBe('nil');
  },
);

testWithClock(
  'a new value after expiry has no time to live and counts from nothing',
  async (say, clock) => {
    await say('SET n 41 PX 1000');
    clock.at = START + 1001;
    expect(await say('INCR n')).toBe(':1');
    expect(await say('TTL n')).toBe(':-1');
    await say('SET s abc PX 1000');
    clock.at = START + 5000;
    expect(await say('APPEND s d')).toBe(':1');
    await say('SET o old PX 1');
    clock.at = START + 6000;
    expect(await say('SET o new GET')).toBe('nil');
    expect(await say('SET p v PX 1 NX')).toBe('+OK');
    clock.at = START + 7000;
    expect(await say('SET p w NX')).toBe('+OK');
  },
);

testWithClock(
  'time passes for every database and survives RENAME, COPY, MOVE',
  async (say, clock) => {
    await say('SET k v PX 1000');
    await say('COPY k copy');
    await say('RENAME k renamed');
    await say('MOVE renamed 1');
    clock.at = START + 1001;
    expect(await say('EXISTS copy')).toBe(':0');
    await say('SELECT 1');
    expect(await say('EXISTS renamed')).toBe(':0');
  },
);

testWithClock('OBJECT IDLETIME counts the seconds since the last access', async (say, clock) => {
  await say('SET k v');
  clock.at = START + 60_000;
  expect(await say('OBJECT IDLETIME k')).toBe(':60');
  expect(await say('EXISTS k')).toBe(':1');
  expect(await say('OBJECT IDLETIME k')).toBe(':60');
  await say('GET k');
  expect(await say('OBJECT IDLETIME k')).toBe(':0');
  clock.at = START + 90_000;
  await say('TOUCH k');
  expect(await say('OBJECT IDLETIME k')).toBe(':0');
});

testWithClock('ten years later and ten years back nothing breaks', async (say, clock) => {
  const years = 10 * 365 * 86_400_000;
  await say('SET k v EX 100');
  clock.at = START - years;
  expect(await say('TTL k')).toBe(`:${years / 1000 + 100}`);
  clock.at = START + years;
  expect(await say('GET k')).toBe('nil');
  await say('SET l v EX 100');
  expect(await say('TTL l')).toBe(':100');
});
