/** Storage in a directory: the contract of Storage, and generations of files. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { FileStorage } from '../../src/storage/files/file-storage.js';
import { CONTRACT, type StorageTarget, Store } from './contract.js';
import { command, loaded, TestDirectory } from './files-kit.js';

let directory: TestDirectory;

beforeEach(() => {
  directory = new TestDirectory();
});

/** Cases that are about what files do otherwise, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'refuses the writes of an owner that was replaced': 'a living owner keeps the directory',
  'tells an owner that was replaced, without a write': 'a living owner keeps the directory',
};

describe('storage in files', () => {
  for (const { title, run } of CONTRACT) {
    it.skipIf(Object.hasOwn(OTHERWISE, title))(title, async () => {
      const target: StorageTarget = {
        keeps: true,
        open: (name, durability, scheduler) =>
          directory.open({ directory: `${directory.path}/${name}`, durability, scheduler }),
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
});
