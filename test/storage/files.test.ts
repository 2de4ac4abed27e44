/** Storage in a directory: the contract of Storage, and generations of files. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { FileStorage } from '../../src/storage/files/file-storage.js';
import { CONTRACT, type StorageTarget, Store } from './contract.js';
import { SNAPSHOT_CONTRACT } from './contract-snapshots.js';
import { command, loaded, TestDirectory, taking } from './files-kit.js';

let directory: TestDirectory;

beforeEach(() => {
  directory = new TestDirectory();
});

/** Cases that are about what files do otherwise, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'refuses the writes of an owner that was replaced': 'a living owner keeps the directory',
  'tells an owner that was replaced, without a write': 'a living owner keeps the directory',
  'refuses the snapshot of an owner that was replaced': 'a living owner keeps the directory',
  'forgets what waited for a snapshot that was given up': 'without a journal a store is its dump',
  'counts the generations and what is behind them': 'sizes are those of files, lines included',
};

describe('storage in files', () => {
  for (const { title, run } of [...CONTRACT, ...SNAPSHOT_CONTRACT]) {
    it.skipIf(Object.hasOwn(OTHERWISE, title))(title, async () => {
      const target: StorageTarget = {
        keeps: true,
        open: async (name, durability, scheduler) => {
          const path = `${directory.path}/${name}`;
          return taking(await directory.open({ directory: path, durability, scheduler }));
        },
      };
      await run(new Store(target, 'contract'));
    });
  }
});

async function snapshot(storage: FileStorage, kind: 'dump' | 'base', text: string): Promise<void> {
  const writer = storage.beginSnapshot(kind);
  await writer.write(Buffer.from(text));
  await writer.commit();
}

describe('a base', () => {
  it('takes the place of the journal in front of it, and keeps that for later', async () => {
    const storage = await directory.open();
    await loaded(storage);
    storage.append(command('SET', 'a', '1'));
    const writer = storage.beginSnapshot('base');
    storage.append(command('SET', 'b', '2'));
    await writer.write(Buffer.from('REDIS one'));
    await writer.commit();
    storage.append(command('SET', 'c', '3'));
    await storage.close();
    expect(await directory.names('appendonlydir')).toEqual([
      'appendonly.aof.1.base.rdb',
      'appendonly.aof.1.incr.aof',
      'appendonly.aof.2.incr.aof',
      'appendonly.aof.manifest',
      'appendonly.aof.previous',
    ]);
    const behind = `${command('SET', 'b', '2')}${command('SET', 'c', '3')}`;
    expect(await directory.contents()).toBe(`<REDIS one>${behind}`);
  });

  it('is followed by another, and then the oldest goes', async () => {
    const storage = await directory.open();
    for (const text of ['REDIS 1', 'REDIS 2', 'REDIS 3']) {
      storage.append(command('SET', text, '1'));
      await snapshot(storage, 'base', text);
    }
    await storage.close();
    expect(await directory.names('appendonlydir')).toEqual([
      'appendonly.aof.2.base.rdb',
      'appendonly.aof.3.base.rdb',
      'appendonly.aof.3.incr.aof',
      'appendonly.aof.4.incr.aof',
      'appendonly.aof.manifest',
      'appendonly.aof.previous',
    ]);
    expect(await directory.contents()).toBe('<REDIS 3>');
  });

  it('that was to begin a journal and was given up leaves the dump, and none of what waited', async () => {
    const storage = await directory.open({ journals: false });
    await snapshot(storage, 'dump', 'REDIS dump');
    const writer = storage.beginSnapshot('base');
    const position = storage.append(command('SET', 'a', '1'));
    const told = expect(storage.durable(position)).rejects.toThrow('discarded');
    await writer.abort();
    await told;
    expect([storage.journals, storage.position]).toEqual([false, 0]);
    expect(await loaded(storage)).toBe('<REDIS dump>');
    await storage.close();
  });

  it('is counted, and so is what is behind it, in bytes of files', async () => {
    const storage = await directory.open();
    await snapshot(storage, 'base', 'REDIS');
    storage.append(command('SET', 'a', '1'));
    await storage.flush();
    const name = 'appendonlydir/appendonly.aof.2.incr.aof';
    const head = '#RS:01234567 0 0 0 00000000 01234567\r\n'.length;
    const journalBytes = (await directory.read(name)).length - head;
    expect(storage.facts).toMatchObject({ generation: 1, snapshotBytes: 5, journalBytes });
    await storage.close();
  });
});
