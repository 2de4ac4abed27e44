/** Files on a disk that fails, is full, or loses its power; and who owns a directory. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type BlockHeader,
  decodeHeader,
  encodeBlock,
  MARK,
  NOWHERE,
} from '../../src/storage/files/blocks.js';
import type { FileStorage } from '../../src/storage/files/file-storage.js';
import type { Durability } from '../../src/storage/storage.js';
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

describe('what was appended under everysec', () => {
  const OPTIONS = { durability: 'everysec' } as const;
  const INCREMENT = 'appendonlydir/appendonly.aof.1.incr.aof';

  /** Appends, and lets the turn of the loop end. */
  function append(storage: FileStorage, ...texts: string[]): void {
    for (const text of texts) {
      storage.append(Buffer.from(text));
      storage.handover.run(() => {});
    }
  }

  /** Of a process that can be killed; one commit has been made, the next is not due. */
  async function begun(durability: 'everysec' | 'no' = 'everysec') {
    const processes = new TestProcesses();
    const scheduler = new FakeScheduler();
    const storage = await directory.open({ durability, processes, scheduler });
    await loaded(storage);
    storage.append(Buffer.from('one '));
    await storage.flush();
    return { kill: () => processes.end(), scheduler, storage };
  }

  it.each(['everysec', 'no'] as const)('is not lost by a killed process: %s', async (mode) => {
    const { kill, storage } = await begun(mode);
    append(storage, 'two ', 'three ', 'four ');
    expect(storage.durablePosition).toBe(4);
    // In this very moment.
    kill();
    expect(await directory.contents(OPTIONS)).toBe('one two three four ');
  });

  it('is not lost by a killed process after a new file was begun', async () => {
    const { kill, storage } = await begun();
    const writer = storage.beginSnapshot('base');
    append(storage, 'two ');
    await settle();
    expect(await directory.names('appendonlydir')).toContain('appendonly.aof.2.incr.aof');
    append(storage, 'three ');
    kill();
    expect(await directory.contents(OPTIONS)).toBe('one two three ');
    await writer.abort();
  });

  it('is in the file while a commit waits for the disk', async () => {
    const { kill, scheduler, storage } = await begun();
    append(storage, 'two ');
    await settle();
    scheduler.advance(500);
    let isHandedOver = false;
    storage.append(Buffer.from('three '));
    storage.handover.run(() => {
      isHandedOver = true;
    });
    await Promise.resolve();
    expect([isHandedOver, storage.durablePosition]).toEqual([true, 4]);
    expect((await directory.read(INCREMENT)).toString()).toContain('three');
    await storage.durable(8);
    expect(storage.durablePosition).toBe(8);
    append(storage, 'four ');
    kill();
    expect(await directory.contents(OPTIONS)).toBe('one two three four ');
  });

  it('waits for the disk once, however many appends there are', async () => {
    const { scheduler, storage } = await begun();
    let syncs = 0;
    directory.disk.fault = (call) => {
      if (call === 'sync') syncs++;
      return null;
    };
    for (let count = 0; count < 100; count++) append(storage, 'x');
    expect(syncs).toBe(0);
    scheduler.advance(500);
    await storage.durable(104);
    expect(syncs).toBe(1);
    expect(storage.facts.journalBytes).toBe((await directory.read(INCREMENT)).length - HEAD_BYTES);
    await storage.close();
  });

  it('is written again, to the next file, when the disk has lost it', async () => {
    const { scheduler, storage } = await begun();
    directory.disk.fault = (call, path) =>
      path.endsWith('1.incr.aof') && (call === 'sync' || call === 'truncate') ? 'EIO' : null;
    append(storage, 'two ', 'three ', 'four ');
    await expect(storage.flush()).rejects.toThrow('Input/output error');
    append(storage, 'five ');
    scheduler.advance(1000);
    await storage.durable(storage.position);
    append(storage, 'six');
    await storage.close();
    directory.disk.fault = () => null;
    // Three blocks that do not count are at the end of the first file.
    expect((await directory.read(INCREMENT)).toString()).toContain('four');
    expect(await directory.contents(OPTIONS)).toBe('one two three four five six');
  });

  it('is not cut off in front of a file that does not follow on it', async () => {
    const { storage } = await begun('everysec');
    append(storage, 'two ');
    await storage.flush();
    const writer = storage.beginSnapshot('base');
    append(storage, 'three ');
    await storage.flush();
    await writer.abort();
    await storage.close();
    const path = 'appendonlydir/appendonly.aof.2.incr.aof';
    const [first, second] = [await directory.read(INCREMENT), await directory.read(path)];
    // As if the second file had been begun when `one` was there and `two` was not.
    const { before } = decodeHeader(lineAt(first, first.lastIndexOf(MARK))) as BlockHeader;
    const { key } = decodeHeader(lineAt(second, 0)) as BlockHeader;
    const head = encodeBlock([], { ...NOWHERE, key, before });
    directory.write(path, head.bytes);
    expect(await directory.contents(OPTIONS)).toBe('one ');
    // A block behind them says that `two` was on the disk.
    const size = first.length;
    const place = { key: keyIn(first), offset: size, durable: size, before: sumOf(first) };
    const late = encodeBlock([Buffer.from('late')], place);
    directory.write(INCREMENT, Buffer.concat([first, late.bytes]));
    await expect(directory.open(OPTIONS)).rejects.toThrow('does not follow on it');
  });

  it('is taken back by discard', async () => {
    const { storage } = await begun();
    append(storage, 'two ');
    await storage.discard();
    expect([storage.position, await loaded(storage)]).toEqual([4, 'one ']);
    append(storage, 'three');
    expect(await loaded(storage)).toBe('one three');
    await storage.close();
    expect(await directory.contents(OPTIONS)).toBe('one three');
  });

  it.each(['always', 'no', 'everysec'] as const)('stays when the mode becomes %s', async (mode) => {
    const { storage } = await begun();
    append(storage, 'two ');
    await storage.setDurability(mode);
    append(storage, 'three ');
    await storage.flush();
    append(storage, 'four');
    expect(await loaded(storage)).toBe('one two three four');
    await storage.close();
    expect(await directory.contents(OPTIONS)).toBe('one two three four');
  });

  it('waits in memory when it cannot be written, and that is told', async () => {
    const { scheduler, storage } = await begun();
    append(storage, 'two ');
    const fault = failing('write', 'ENOSPC');
    append(storage, 'three ');
    append(storage, 'four ');
    await settle();
    expect(storage.state.kind).toBe('full');
    expect(await loaded(storage)).toBe('one two three four ');
    fault.isOn = false;
    scheduler.advance(1000);
    await settle();
    expect([storage.state.kind, storage.durablePosition]).toEqual(['ok', storage.position]);
    await storage.close();
    expect(await directory.contents(OPTIONS)).toBe('one two three four ');
  });
});

function lineAt(file: Buffer, start: number): string {
  return file.toString('latin1', start, file.indexOf('\n', start) + 1);
}

function keyIn(file: Buffer): number {
  return decodeHeader(lineAt(file, 0))?.key ?? 0;
}

/** The sum behind the last block of a file. */
function sumOf(file: Buffer): number {
  return decodeHeader(lineAt(file, file.lastIndexOf(MARK)))?.sum ?? 0;
}

/** Of the line that a file begins with, of which nothing counts as journal. */
const HEAD_BYTES = '#RS:01234567 0 0 0 00000000 01234567\r\n'.length;

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
  const isPaced = storage.report.durability !== 'always';
  const append = async (more: string) => {
    for (const part of isPaced ? more.repeat(3) : more) {
      storage.append(Buffer.from(part));
      storage.handover.run(() => {});
    }
    text += isPaced ? more.repeat(3) : more;
    await storage.flush();
    acknowledged(text);
  };
  await append('a');
  await append('b');
  for (const kind of ['dump', 'base', 'base'] as const) {
    const writer = storage.beginSnapshot(kind);
    await append('c');
    await writer.write(Buffer.from(`REDIS${text.replace(/c+$/, '')}`));
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
  it.each(['always', 'everysec'] as const)(
    'at any call leaves everything that was acknowledged, and no more than was appended: %s',
    async (durability) => {
      const whole = new TestDirectory();
      await live(await whole.open({ durability }), () => {});
      const calls = whole.disk.calls;
      expect(calls).toBeGreaterThan(60);
      for (let stop = 1; stop <= calls; stop++) {
        for (const isTorn of [false, true]) await cutAt(stop, isTorn, durability);
      }
    },
  );

  async function cutAt(stop: number, isTorn: boolean, durability: Durability): Promise<void> {
    const cut = new TestDirectory();
    let acknowledged = '';
    let after: MemoryDisk | null = null;
    cut.disk.fault = () => {
      if (cut.disk.calls === stop) after = cut.disk.cutPower(isTorn);
      return cut.disk.calls >= stop ? 'EIO' : null;
    };
    const known: string[] = [];
    const processes = new TestProcesses();
    const life = async () =>
      live(await cut.open({ durability, processes }), (text) => known.push(text));
    await life().catch(() => {});
    processes.end();
    acknowledged = known.at(-1) ?? '';
    const again = await cut.open({ disk: after ?? cut.disk.cutPower(isTorn) });
    const state = textIn(await loaded(again));
    await again.close();
    const place = `call ${stop}${isTorn ? ', torn' : ''}`;
    expect(state.startsWith(acknowledged), `${place}: ${state} after ${acknowledged}`).toBe(true);
    const appended = durability === 'always' ? 'abcdcdcd' : 'aaabbbcccdddcccdddcccddd';
    expect(appended.startsWith(state), `${place}: ${state}`).toBe(true);
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
