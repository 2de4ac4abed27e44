/** What is asked of a store beside its commands, over a host that is not one. */
import { describe, expect, test } from 'vitest';
import { EngineMemoryError } from '../../src/engine/engine.js';
import { SnapshotFormatError } from '../../src/engine/snapshot.js';
import { FormatError, StorageError } from '../../src/resp/errors.js';
import type { StorageInfo, StoreNotice } from '../../src/resp/persistence.js';
import { HostRequests, type KeepingHost } from '../../src/transport/host-requests.js';

const KEPT: StorageInfo = {
  backend: 'indexeddb',
  durability: 'everysec',
  appendOnly: true,
  generation: 2,
  snapshotBytes: 100,
  journalBytes: 10,
  lastDurableAt: 1,
  lastSaveAt: 1,
  bytesLost: 0,
  epoch: 3,
  created: false,
  state: 'ok',
  reason: null,
};

class FakeHost implements KeepingHost {
  readonly done: string[] = [];
  info = KEPT;
  slices: Uint8Array[] = [];
  restored: Error | null = null;
  /** Runs while a flush is under way. */
  meanwhile: () => void = () => undefined;

  readonly persistence = {
    info: () => this.info,
    destroy: async () => void this.done.push('destroy'),
  };
  readonly snapshots = {
    write: async (take: (bytes: Uint8Array) => void | Promise<void>) => {
      for (const slice of this.slices) await take(slice);
    },
    restore: async (file: Uint8Array) => {
      this.done.push(`restore ${file.length}`);
      if (this.restored !== null) throw this.restored;
    },
  };
  async executedIsDurable(): Promise<void> {
    this.done.push('flush');
    this.meanwhile();
  }
}

function make() {
  const host = new FakeHost();
  const notices: StoreNotice[] = [];
  const requests = new HostRequests(host, (notice) => notices.push(notice));
  return { host, notices, requests };
}

describe('that all is durable', () => {
  test.each(['always', 'everysec'] as const)('is a flush under %s', async (durability) => {
    const { host, requests } = make();
    host.info = { ...KEPT, durability };
    await requests.durable();
    expect(host.done).toEqual(['flush']);
  });

  test.each<[string, Partial<StorageInfo>, RegExp]>([
    ['appendfsync no', { durability: 'no' }, /not durable: appendfsync is no$/],
    ['appendonly no', { appendOnly: false }, /not durable: appendonly is no$/],
    ['memory', { backend: 'memory', reason: 'asked for' }, /nothing is kept: asked for$/],
  ])('is refused under %s', async (_, change, text) => {
    const { host, requests } = make();
    host.info = { ...KEPT, ...change };
    const asked = requests.durable();
    await expect(asked).rejects.toThrow(StorageError);
    await expect(asked).rejects.toThrow(text);
    expect(host.done).toEqual([]);
  });

  test('is refused when that was changed while it was flushed', async () => {
    const { host, requests } = make();
    host.meanwhile = () => {
      host.info = { ...KEPT, durability: 'no' };
    };
    await expect(requests.durable()).rejects.toThrow(StorageError);
  });
});

describe('files', () => {
  test('are put together from slices, with progress for each megabyte', async () => {
    const { host, notices, requests } = make();
    host.slices = Array.from({ length: 40 }, (_, index) => new Uint8Array(65_536).fill(index));
    const file = await requests.exportRdb();
    const bytes = new Uint8Array(await file.arrayBuffer());
    expect(bytes.length).toBe(40 * 65_536);
    expect(bytes[5 * 65_536]).toBe(5);
    expect(notices).toEqual(
      [1_048_576, 2_097_152].map((done) => progress(done, null)).concat(progress(2_621_440)),
    );
  });

  test.each([
    ['is not one', new SnapshotFormatError('bad'), FormatError],
    ['needs too much memory', new EngineMemoryError('much'), StorageError],
    ['cannot be kept', new StorageError('full'), StorageError],
  ])('are refused with a type where one %s', async (_, cause, Class) => {
    const { host, requests } = make();
    host.restored = cause;
    await expect(requests.importRdb(new ArrayBuffer(3))).rejects.toThrow(Class);
    expect(host.done).toEqual(['restore 3']);
  });
});

function progress(bytes: number, total: number | null = bytes): StoreNotice {
  return { progress: { doing: 'saving', bytes, total } };
}
