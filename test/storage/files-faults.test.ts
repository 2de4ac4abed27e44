/** Files on a disk that fails, is full, or loses its power; and who owns a directory. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { FileStorage } from '../../src/storage/files/file-storage.js';
import { nextTask } from './drive.js';
import { FakeScheduler } from './fake-scheduler.js';
import { loaded, TestDirectory, TestProcesses } from './files-kit.js';
import type { Call, MemoryDisk } from './memory-disk.js';

let directory: TestDirectory;

beforeEach(() => {
  directory = new TestDirectory();
});

const LIVE = Buffer.from('live ');

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTask();
}

/** Fails the calls of one kind on the journal, as long as `isOn`. */
function failing(call: Call, code: string): { isOn: boolean } {
  const fault = { isOn: true };
  directory.disk.fault = (called, path) =>
    fault.isOn && called === call && path.endsWith('.incr.aof') ? code : null;
  return fault;
}

describe('a disk that fails', () => {
  it.each(['write', 'sync'] as const)(
    'is told of, tried again, and nothing is doubled: %s',
    async (call) => {
      const scheduler = new FakeScheduler();
      const storage = await directory.open({ scheduler });
      await loaded(storage);
      storage.append(Buffer.from('one '));
      await storage.flush();
      const fault = failing(call, 'EIO');
      storage.append(Buffer.from('two '));
      await expect(storage.flush()).rejects.toThrow('Input/output error');
      expect(storage.state.kind).toBe('failing');
      expect(storage.durablePosition).toBe(4);
      fault.isOn = false;
      scheduler.advance(1000);
      await storage.durable(8);
      await settle();
      expect(storage.state.kind).toBe('ok');
      await storage.close();
      expect(await directory.contents()).toBe('one two ');
    },
  );

  it('is not trusted with a file whose bytes it has lost', async () => {
    const storage = await directory.open();
    await loaded(storage);
    storage.append(Buffer.from('one '));
    await storage.flush();
    // The commit reaches the file, and can neither be made safe nor be taken back.
    directory.disk.fault = (call, path) =>
      path.endsWith('1.incr.aof') && (call === 'sync' || call === 'truncate') ? 'EIO' : null;
    storage.append(Buffer.from('two '));
    await expect(storage.flush()).rejects.toThrow('Input/output error');
    await storage.flush();
    await storage.close();
    expect(await directory.names('appendonlydir')).toContain('appendonly.aof.2.incr.aof');
    expect((await directory.read('appendonlydir/appendonly.aof.1.incr.aof')).toString()).toContain(
      'two',
    );
    directory.disk.fault = () => null;
    expect(await directory.contents()).toBe('one two ');
  });

  it('forgets what is discarded', async () => {
    const storage = await directory.open();
    await loaded(storage);
    storage.append(Buffer.from('kept '));
    await storage.flush();
    const fault = failing('sync', 'EIO');
    storage.append(Buffer.from('lost '));
    await expect(storage.flush()).rejects.toThrow();
    await storage.discard();
    expect(storage.position).toBe(5);
    expect(await loaded(storage)).toBe('kept ');
    fault.isOn = false;
    storage.append(Buffer.from('more'));
    await storage.close();
    expect(await directory.contents()).toBe('kept more');
  });

  it('leaves what counts as it was when a snapshot cannot be written', async () => {
    const storage = await directory.open();
    await loaded(storage);
    storage.append(LIVE);
    directory.disk.fault = (call, path) =>
      call === 'write' && path.includes('temp-') ? 'ENOSPC' : null;
    for (const kind of ['dump', 'base'] as const) {
      const writer = storage.beginSnapshot(kind);
      await expect(writer.write(Buffer.from('REDIS'))).rejects.toThrow('No space left');
      await expect(writer.commit()).rejects.toThrow('No space left');
    }
    directory.disk.fault = () => null;
    await storage.close();
    expect(await directory.names()).not.toContain('dump.rdb');
    expect((await directory.names()).filter((name) => name.startsWith('temp'))).toEqual([]);
    expect(await directory.contents()).toBe('live ');
  });
});

describe('a full disk', () => {
  it('gets the reserve, and is well again once there is space for another', async () => {
    const { disk } = directory;
    const scheduler = new FakeScheduler();
    const storage = await directory.open({ scheduler, reserveBytes: 4096 });
    await loaded(storage);
    storage.append(LIVE);
    await storage.flush();
    scheduler.advance(1000);
    await settle();
    expect(await disk.size('/store/redstart.reserve')).toBe(4096);
    let used = 0;
    for (const name of await directory.names()) used += (await disk.size(`/store/${name}`)) ?? 0;
    for (const name of await directory.names('appendonlydir')) {
      used += (await disk.size(`/store/appendonlydir/${name}`)) ?? 0;
    }
    disk.room = used;
    storage.append(Buffer.from('from the reserve '));
    await storage.flush();
    expect(storage.state.kind).toBe('full');
    storage.append(Buffer.alloc(8000));
    await expect(storage.flush()).rejects.toThrow('No space left on device');
    await storage.discard();
    disk.room = Number.POSITIVE_INFINITY;
    scheduler.advance(2000);
    await settle();
    expect(storage.state.kind).toBe('ok');
    expect(await disk.size('/store/redstart.reserve')).toBe(4096);
    await storage.close();
    expect(await directory.contents()).toBe('live from the reserve ');
  });
});

/** Appends and snapshots; `acknowledged` hears what is durable. */
async function live(storage: FileStorage, acknowledged: (text: string) => void): Promise<void> {
  let text = await loaded(storage);
  const append = async (more: string) => {
    storage.append(Buffer.from(more));
    text += more;
    await storage.flush();
    acknowledged(text);
  };
  await append('a');
  await append('b');
  for (const kind of ['dump', 'base', 'base'] as const) {
    const writer = storage.beginSnapshot(kind);
    await append('c');
    await writer.write(Buffer.from(`REDIS${text.slice(0, -1)}`));
    await writer.commit();
    await append('d');
  }
  await storage.close();
}

/** The text of a state: of the snapshot that it begins with, and of what follows. */
function textIn(state: string): string {
  return state.replace(/^<(?:REDIS)*/, '').replace('>', '');
}

describe('a power cut', () => {
  it('at any call leaves everything that was acknowledged, and no more than was appended', async () => {
    const whole = new TestDirectory();
    await live(await whole.open(), () => {});
    const calls = whole.disk.calls;
    expect(calls).toBeGreaterThan(60);
    for (let stop = 1; stop <= calls; stop++) {
      for (const isTorn of [false, true]) await cutAt(stop, isTorn);
    }
  });

  async function cutAt(stop: number, isTorn: boolean): Promise<void> {
    const cut = new TestDirectory();
    let acknowledged = '';
    let after: MemoryDisk | null = null;
    cut.disk.fault = () => {
      if (cut.disk.calls === stop) after = cut.disk.cutPower(isTorn);
      return cut.disk.calls >= stop ? 'EIO' : null;
    };
    const known: string[] = [];
    const processes = new TestProcesses();
    const life = async () => live(await cut.open({ processes }), (text) => known.push(text));
    await life().catch(() => {});
    processes.end();
    acknowledged = known.at(-1) ?? '';
    const again = await cut.open({ disk: after ?? cut.disk.cutPower(isTorn) });
    const state = textIn(await loaded(again));
    await again.close();
    const place = `call ${stop}${isTorn ? ', torn' : ''}`;
    expect(state.startsWith(acknowledged), `${place}: ${state} after ${acknowledged}`).toBe(true);
    expect('abcdcdcd'.startsWith(state), `${place}: ${state}`).toBe(true);
  }
});

describe('a directory', () => {
  it('has one owner at a time', async () => {
    const storage = await directory.open();
    await expect(directory.open()).rejects.toThrow(/is in use by process \d+/);
    await storage.close();
    await (await directory.open()).close();
  });

  it('is free at once when its owner has died, also if its number was given to another', async () => {
    const owner = new TestProcesses();
    await directory.open({ processes: owner });
    TestProcesses.living.set(owner.self.pid, 'later');
    const next = new TestProcesses();
    await directory.open({ processes: next });
    next.end();
    const third = await directory.open();
    expect(third.report.epoch).toBe(3);
    expect((await directory.names()).filter((name) => name.includes('lock'))).toEqual([
      'redstart.lock.3',
    ]);
    await third.close();
  });

  it('goes to exactly one of many that want it at once', async () => {
    const owner = new TestProcesses();
    await directory.open({ processes: owner });
    owner.end();
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => directory.open()));
    const got = tries.filter(({ status }) => status === 'fulfilled');
    expect(got).toHaveLength(1);
    for (const one of tries) {
      if (one.status === 'fulfilled') await one.value.close();
      else expect(String(one.reason)).toContain('is in use by process');
    }
  });

  it('is left empty by the store that is destroyed', async () => {
    const storage = await directory.open();
    await loaded(storage);
    storage.append(LIVE);
    for (const kind of ['dump', 'base', 'dump', 'base'] as const) {
      const writer = storage.beginSnapshot(kind);
      await writer.write(Buffer.from('REDIS'));
      await writer.commit();
    }
    await storage.destroy();
    expect(await directory.names()).toEqual([]);
  });
});
