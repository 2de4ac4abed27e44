/**
 * The Nth call of storage fails, for every N, in every way, once and for ever (docs/RELIABILITY.md R8).
 * Whatever fails: calls end, in typed errors; storage says so and works again by itself within two
 * seconds after the cause has gone (P9); and the next owner finds all that was answered for.
 */
import { expect, test } from 'vitest';
import type { CheckedStorage } from './checked-storage.js';
import { FAULTS } from './simulated-events.js';
import { installGlobals } from './simulated-indexeddb.js';
import { Stage, token } from './stage.js';
import { NOTHING, TIMEOUT_MS } from './storage-life.js';

installGlobals();

/** After this time storage works again: the next try comes within a second, and takes its time. */
const RESUMES_MS = 2000;
const CALLS_MAX = 200;

interface Scenario {
  readonly title: string;
  /** What was there before anything fails. */
  before(stage: Stage): Promise<CheckedStorage | null>;
  /** What goes on while it fails; gives the owner that is left, or null. */
  run(stage: Stage, storage: CheckedStorage | null): Promise<CheckedStorage | null>;
}

async function append(stage: Stage, storage: CheckedStorage, count = 1): Promise<void> {
  for (let index = 0; index < count; index++) {
    await stage.attempt(async () => {
      storage.append(token());
      await storage.flush();
    });
  }
}

async function snapshot(stage: Stage, storage: CheckedStorage, kind: 'dump' | 'base' = 'base') {
  await stage.attempt(async () => {
    const writer = storage.beginSnapshot(kind);
    await writer.write(token(500));
    storage.append(token());
    await writer.write(token(100));
    await writer.commit();
  });
}

/** An owner, or null if it was refused. */
async function tryOpen(stage: Stage, durability: 'always' | 'no' = 'always') {
  let storage: CheckedStorage | null = null;
  await stage.attempt(async () => {
    storage = await stage.open(durability);
  });
  return storage as CheckedStorage | null;
}

async function withData(stage: Stage): Promise<CheckedStorage> {
  const storage = await stage.open();
  await append(stage, storage, 2);
  return storage;
}

const SCENARIOS: readonly Scenario[] = [
  {
    title: 'the first start',
    before: async () => null,
    run: (stage) => tryOpen(stage),
  },
  {
    title: 'a start over what is there',
    async before(stage) {
      await (await withData(stage)).close();
      return null;
    },
    run: (stage) => tryOpen(stage),
  },
  {
    title: 'a start that brings a relaxed journal over',
    async before(stage) {
      const storage = await stage.open('no');
      await append(stage, storage, 3);
      await storage.close();
      return null;
    },
    run: (stage) => tryOpen(stage),
  },
  {
    title: 'appending',
    before: withData,
    async run(stage, storage) {
      if (storage !== null) await append(stage, storage, 4);
      return storage;
    },
  },
  {
    title: 'appending under appendfsync no',
    before: (stage) => stage.open('no'),
    async run(stage, storage) {
      if (storage !== null) await append(stage, storage, 4);
      return storage;
    },
  },
  {
    title: 'appending more than a frame holds',
    before: withData,
    async run(stage, storage) {
      await stage.attempt(async () => {
        storage?.append(token(70_000));
        await storage?.flush();
      });
      return storage;
    },
  },
  {
    title: 'a snapshot',
    before: withData,
    async run(stage, storage) {
      if (storage !== null) await snapshot(stage, storage);
      return storage;
    },
  },
  {
    title: 'snapshots that take the place of others',
    async before(stage) {
      const storage = await withData(stage);
      for (const kind of ['dump', 'base'] as const) {
        await snapshot(stage, storage, kind);
        await append(stage, storage, 2);
      }
      return storage;
    },
    async run(stage, storage) {
      if (storage === null) return null;
      await snapshot(stage, storage);
      await append(stage, storage);
      await snapshot(stage, storage);
      return storage;
    },
  },
  {
    title: 'a start over snapshots',
    async before(stage) {
      const storage = await withData(stage);
      await snapshot(stage, storage);
      await append(stage, storage);
      await snapshot(stage, storage);
      await storage.close();
      return null;
    },
    run: (stage) => tryOpen(stage),
  },
  {
    title: 'changes of appendfsync',
    before: withData,
    async run(stage, storage) {
      if (storage === null) return null;
      for (const mode of ['no', 'always', 'everysec'] as const) {
        await stage.attempt(() => storage.setDurability(mode));
        await append(stage, storage);
      }
      return storage;
    },
  },
  {
    title: 'building anew from storage',
    before: withData,
    async run(stage, storage) {
      if (storage === null) return null;
      await append(stage, storage);
      await stage.attempt(() => storage.discard());
      await stage.attempt(() => storage.load(NOTHING));
      await append(stage, storage);
      return storage;
    },
  },
  {
    title: 'a takeover from an owner that goes on',
    before: withData,
    async run(stage, deposed) {
      const next = await tryOpen(stage);
      if (deposed !== null) await append(stage, deposed, 2);
      if (next !== null) await append(stage, next, 2);
      return next;
    },
  },
];

/** One run; whether the fault struck at all. */
async function strikeAt(scenario: Scenario, stage: Stage): Promise<boolean> {
  const storage = await scenario.run(stage, await scenario.before(stage));
  const struck = stage.struck > 0;
  stage.heal();
  if (storage !== null) await expectWorks(stage, storage);
  const next = await stage.open();
  await append(stage, next);
  expect(next.durablePosition, 'the next owner can write').toBe(next.position);
  await next.close();
  const last = await stage.open();
  expect(last.line?.entries.length).toBe(next.line?.entries.length);
  return struck;
}

/** It works again without anybody asking, unless its time is over. */
async function expectWorks(stage: Stage, storage: CheckedStorage): Promise<void> {
  if (storage.state.kind === 'ended') return;
  // What hangs is given up first.
  const patience = RESUMES_MS + (stage.hangs ? TIMEOUT_MS : 0);
  await stage.world.pause(patience);
  expect(storage.state.kind, 'storage works again').toBe('ok');
  await append(stage, storage);
  expect(storage.durablePosition).toBe(storage.position);
}

for (const scenario of SCENARIOS) {
  for (const forever of [false, true]) {
    const title = `${scenario.title}: each call fails ${forever ? 'from then on' : 'once'}`;
    test(title, async () => {
      for (const fault of FAULTS) {
        for (let at = 1; at < CALLS_MAX; at++) {
          const stage = new Stage(at);
          const before = scenario.before;
          const armed = {
            ...scenario,
            before: async () => {
              const storage = await before(stage);
              stage.arm(fault, at, forever);
              return storage;
            },
          };
          const struck = await stage
            .drive(() => strikeAt(armed, stage))
            .catch((error: Error) => {
              const trace = stage.world.trace.join('\n');
              throw new Error(`${fault} at call ${at}: ${error.message}\n${trace}`);
            });
          if (!struck) break;
          expect(at, 'it ends at some call').toBeLessThan(CALLS_MAX - 1);
        }
      }
    });
  }
}
