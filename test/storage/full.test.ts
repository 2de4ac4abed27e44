/**
 * No space, and other refusals that pass (P9): what is told, what goes on from the reserve, and that
 * everything is well again within two seconds of the cause having gone, without anybody asking.
 */
import { describe, expect, it } from 'vitest';
import type { Durability, Storage } from '../../src/storage/storage.js';
import { bytes, save, state } from './contract.js';
import { drive, settle } from './drive.js';
import { FakeScheduler } from './fake-scheduler.js';
import { type FaultName, FaultyIndexedDB } from './faulty-indexeddb.js';
import { Profile } from './journal-kit.js';
import { SmallDisk } from './small-disk.js';

const MODES: readonly Durability[] = ['always', 'everysec', 'no'];
const RESERVE_BYTES = 4000;

/** What is promised: two seconds. */
const BACK_MS = 2000;

async function open(space: number, durability: Durability) {
  const profile = new Profile();
  const disk = new SmallDisk(profile.factory, space);
  const scheduler = new FakeScheduler();
  const options = { indexedDB: disk.factory, scheduler, durability, reserveBytes: RESERVE_BYTES };
  const storage = await profile.open(options);
  const told: string[] = [];
  storage.onState(({ kind }) => told.push(kind));
  await pass(scheduler, 1000);
  return { profile, disk, scheduler, storage, told };
}

/** Lets time pass, and everything happen that follows from it. */
async function pass(scheduler: FakeScheduler, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    scheduler.advance(100);
    await settle();
  }
}

async function write(scheduler: FakeScheduler, storage: Storage, size: number) {
  storage.append(new Uint8Array(size).fill(97));
  return drive(scheduler, storage.flush());
}

describe.each(MODES)('a disk that is full, under %s', (mode) => {
  it('lets go of the reserve, and takes it back when there is space', async () => {
    const { profile, disk, scheduler, storage, told } = await open(10_000, mode);
    expect(disk.space).toBeLessThan(10_000 - RESERVE_BYTES);
    disk.space = 500;
    expect(await write(scheduler, storage, 1000)).toEqual({ value: undefined });
    expect([storage.state.kind, storage.durablePosition, told]).toEqual(['full', 1000, ['full']]);
    expect(storage.state.error).toMatchObject({ kind: 'full' });
    await pass(scheduler, 5000);
    expect(storage.state.kind).toBe('full');
    expect(await write(scheduler, storage, 100)).toEqual({ value: undefined });
    disk.space = 10_000;
    await pass(scheduler, BACK_MS);
    expect([storage.state, told.at(-1)]).toEqual([{ kind: 'ok', error: null }, 'ok']);
    expect(disk.space).toBeLessThan(10_000 - RESERVE_BYTES + 1);
    await storage.close();
    expect(await profile.contents()).toBe('a'.repeat(1100));
  });

  it('keeps what does not fit even so, and writes it when there is space', async () => {
    const { profile, disk, scheduler, storage } = await open(10_000, mode);
    disk.space = 500;
    await write(scheduler, storage, 1000);
    const failed = await write(scheduler, storage, 9000);
    expect(failed).toMatchObject({ error: { kind: 'full' } });
    expect([storage.state.kind, storage.durablePosition]).toEqual(['full', 1000]);
    disk.space = 20_000;
    await pass(scheduler, BACK_MS);
    expect([storage.state.kind, storage.durablePosition]).toEqual(['ok', 10_000]);
    await storage.close();
    expect(await profile.contents()).toBe('a'.repeat(10_000));
  });

  it('tells when nothing at all finds space, and when little does again', async () => {
    const { disk, scheduler, storage } = await open(10_000, mode);
    await write(scheduler, storage, 20_000);
    await pass(scheduler, 100);
    expect(storage.state).toMatchObject({ kind: 'full', exhausted: false });
    disk.space = -1;
    await pass(scheduler, 1000);
    await pass(scheduler, 100);
    expect(storage.state).toMatchObject({ kind: 'full', exhausted: true });
    disk.space = 600;
    await pass(scheduler, BACK_MS);
    expect(storage.state).toMatchObject({ kind: 'full', exhausted: false });
    disk.space = 30_000;
    await pass(scheduler, BACK_MS);
    expect(storage.state.kind).toBe('ok');
    await storage.close();
  });

  it('works without a reserve if there never was space for one', async () => {
    const { disk, scheduler, storage, told } = await open(3000, mode);
    expect(told).toEqual([]);
    expect(await write(scheduler, storage, 1000)).toEqual({ value: undefined });
    expect(storage.state.kind).toBe('ok');
    expect(await write(scheduler, storage, 3000)).toMatchObject({ error: { kind: 'full' } });
    expect(storage.state.kind).toBe('full');
    disk.space = 3500;
    await pass(scheduler, BACK_MS);
    expect([storage.state.kind, storage.durablePosition]).toEqual(['ok', 4000]);
    await storage.close();
  });

  it('refuses a snapshot and keeps the one before, and the state', async () => {
    const { profile, disk, scheduler, storage, told } = await open(20_000, mode);
    await save(storage, 'A');
    await write(scheduler, storage, 10);
    disk.space = 1000;
    const writer = storage.beginSnapshot('base');
    await writer.write(new Uint8Array(5000));
    await expect(writer.commit()).rejects.toMatchObject({ kind: 'full' });
    expect(told).toEqual([]);
    expect(await state(storage)).toBe(`<A>${'a'.repeat(10)}`);
    await save(storage, 'B');
    await storage.close();
    expect(
      (await profile.records('chunks')).filter(({ value }) => value instanceof Blob),
    ).toHaveLength(2);
  });

  it('is given back to the next owner too', async () => {
    const { profile, disk, scheduler, storage } = await open(10_000, mode);
    disk.space = 500;
    await write(scheduler, storage, 1000);
    await storage.close();
    const again = await profile.open({
      indexedDB: disk.factory,
      scheduler,
      durability: mode,
      reserveBytes: RESERVE_BYTES,
    });
    await pass(scheduler, 1000);
    expect(again.state.kind).toBe('ok');
    await again.close();
  });
});

const REFUSALS: readonly FaultName[] = [
  'UnknownError',
  'AbortError',
  'null',
  'InvalidStateError',
  'close',
  'QuotaExceededError',
  'DataError',
];

describe.each(REFUSALS)('a store that refuses with %s', (fault) => {
  it.each(MODES)('is well again by itself, with what waited written, under %s', async (mode) => {
    const { profile, faulty, scheduler, storage } = await failing(mode);
    const position = storage.position;
    expect(storage.state.kind).toMatch(/full|failing/);
    faulty.heal();
    await pass(scheduler, BACK_MS);
    expect([storage.state.kind, storage.durablePosition]).toEqual(['ok', position]);
    await storage.close();
    expect(await profile.contents()).toBe('aaaaa');
  });

  it.each(MODES)('is well again by itself when nothing waits, under %s', async (mode) => {
    const { profile, faulty, scheduler, storage } = await failing(mode);
    const discarded = drive(scheduler, storage.discard());
    faulty.heal();
    await discarded;
    await pass(scheduler, BACK_MS);
    expect(storage.state.kind).toBe('ok');
    await storage.close();
    expect('aaaaa'.startsWith(await profile.contents())).toBe(true);
  });

  async function failing(durability: Durability) {
    const profile = new Profile();
    const faulty = new FaultyIndexedDB(profile.factory);
    const scheduler = new FakeScheduler();
    const storage = await profile.open({ indexedDB: faulty.factory, scheduler, durability });
    faulty.arm(fault, 1, true);
    const outcome = await write(scheduler, storage, 5);
    expect(outcome).toHaveProperty('error');
    await pass(scheduler, 3000);
    return { profile, faulty, scheduler, storage };
  }
});

it('a check that passes does not make a failed write well', async () => {
  const profile = new Profile();
  const disk = new SmallDisk(profile.factory, 100_000);
  const scheduler = new FakeScheduler();
  const storage = await profile.open({ indexedDB: disk.factory, scheduler });
  disk.space = 0;
  storage.append(bytes('x'));
  await drive(scheduler, storage.flush());
  expect(storage.state.kind).toBe('full');
  await storage.verify();
  expect(storage.state.kind).toBe('full');
});
