/**
 * What every Storage must do about snapshots, as cases that know no test runner (see contract.ts).
 */
import type { Durability, Loader } from '../../src/storage/storage.js';
import { bytes, type ContractCase, contents, failure, same, save, state } from './contract.js';

const MODES: readonly Durability[] = ['always', 'everysec', 'no'];

const BIG_PIECE = 700_000;

export const SNAPSHOT_CONTRACT: readonly ContractCase[] = [
  {
    title: 'takes a snapshot, whatever becomes of it',
    needs: 'nothing',
    async run(store) {
      const { storage } = await store.open();
      storage.append(bytes('a'));
      await save(storage, 'all');
      await save(storage, 'all', 'dump');
      storage.append(bytes('b'));
      same(storage.position, 2);
      await storage.flush();
      await storage.close();
    },
  },
  ...(MODES.map((mode) => ({
    title: `puts a snapshot in the place of the journal before it, under ${mode}`,
    needs: 'keeping' as const,
    async run(store) {
      const { storage } = await store.open(mode);
      storage.append(bytes('a'));
      const writer = storage.beginSnapshot('base');
      storage.append(bytes('b'));
      await writer.write(bytes('after '));
      await writer.write(bytes('a'));
      await storage.flush();
      storage.append(bytes('c'));
      await writer.commit();
      storage.append(bytes('d'));
      same(await state(storage), '<after a>bcd');
      await storage.close();
      for (const next of [mode, ...MODES]) {
        const again = await store.open(next);
        same(again.storage.report.snapshotBytes, 7);
        same(await state(again.storage), '<after a>bcd');
        await again.storage.close();
      }
    },
  })) satisfies readonly ContractCase[]),
  {
    title: 'counts the generations and what is behind them',
    needs: 'keeping',
    async run(store) {
      const { storage, scheduler } = await store.open();
      same(storage.facts, {
        generation: 0,
        snapshotBytes: 0,
        journalBytes: 0,
        lastDurableAt: null,
      });
      storage.append(bytes('abc'));
      await storage.flush();
      const lastDurableAt = scheduler.now();
      same(storage.facts, { generation: 0, snapshotBytes: 0, journalBytes: 3, lastDurableAt });
      const writer = storage.beginSnapshot('base');
      storage.append(bytes('de'));
      await writer.write(bytes('snapshot'));
      await writer.commit();
      await storage.flush();
      same(storage.facts, { generation: 1, snapshotBytes: 8, journalBytes: 2, lastDurableAt });
      await storage.close();
      const again = (await store.open()).storage;
      const { generation, snapshotBytes, journalBytes } = again.facts;
      same([generation, snapshotBytes, journalBytes], [1, 8, 2]);
      await save(again, 'x');
      same([again.facts.generation, again.facts.journalBytes], [2, 0]);
      await again.close();
    },
  },
  {
    title: 'keeps many generations apart, in every mode, with owners in between',
    needs: 'keeping',
    async run(store) {
      let expected = '';
      for (let round = 1; round <= 7; round++) {
        const { storage } = await store.open(MODES[round % 3]);
        same(await state(storage), expected);
        storage.append(bytes('lost in the snapshot '));
        await save(storage, `generation ${round}`);
        storage.append(bytes(`behind ${round}`));
        await storage.flush();
        expected = `<generation ${round}>behind ${round}`;
        same(await state(storage), expected);
        await storage.close();
      }
    },
  },
  {
    title: 'takes snapshots of many chunks whole',
    needs: 'keeping',
    async run(store) {
      const { storage } = await store.open();
      const writer = storage.beginSnapshot('base');
      for (let piece = 0; piece < 40; piece++) {
        await writer.write(new Uint8Array(BIG_PIECE).fill(piece));
      }
      await writer.commit();
      await storage.close();
      const again = await store.open();
      let offset = 0;
      await again.storage.load(
        snapshotOnly((part) => {
          for (const byte of part) {
            if (byte !== Math.floor(offset++ / BIG_PIECE)) throw new Error(`wrong at ${offset}`);
          }
        }),
      );
      same(offset, 40 * BIG_PIECE);
      await again.storage.close();
    },
  },
  {
    title: 'takes an empty snapshot',
    needs: 'keeping',
    async run(store) {
      const { storage } = await store.open();
      storage.append(bytes('gone'));
      await storage.beginSnapshot('base').commit();
      storage.append(bytes('b'));
      await storage.close();
      const again = await store.open();
      same(await state(again.storage), '<>b');
      await again.storage.close();
    },
  },
  {
    title: 'forgets a snapshot that was given up, and takes the next',
    needs: 'keeping',
    async run(store) {
      const { storage } = await store.open();
      storage.append(bytes('a'));
      const writer = storage.beginSnapshot('base');
      await writer.write(bytes('never'));
      same(await failure(async () => storage.beginSnapshot('base')), 'StorageError');
      await writer.abort();
      same(await failure(writer.write(bytes('x'))), 'StorageError');
      same(await failure(writer.commit()), 'StorageError');
      same(await state(storage), 'a');
      await save(storage, 'now');
      same(await state(storage), '<now>');
      await storage.close();
    },
  },
  {
    title: 'refuses the snapshot of an owner that was replaced',
    needs: 'keeping',
    async run(store) {
      for (const mode of MODES) {
        const older = (await store.open(mode, mode)).storage;
        older.append(bytes('a'));
        await older.flush();
        const writer = older.beginSnapshot('base');
        await writer.write(bytes('too late'));
        const newer = (await store.open('always', mode)).storage;
        same(await failure(writer.commit()), 'FencedError');
        same(await contents(newer), 'a');
        await newer.close();
        await older.close().catch(() => {});
      }
    },
  },
  {
    title: 'starts a stopped journal with the snapshot that it follows',
    needs: 'keeping',
    async run(store) {
      for (const mode of MODES) {
        const { storage } = await store.open(mode, mode);
        storage.append(bytes('a'));
        await storage.stopJournal();
        same([storage.journals, storage.durablePosition], [false, 1]);
        await save(storage, 'dump', 'dump');
        same([storage.journals, await state(storage)], [false, '<dump>']);
        const writer = storage.beginSnapshot('base');
        same(storage.journals, true);
        const position = storage.append(bytes('b'));
        same(storage.durablePosition, 1);
        await writer.write(bytes('base'));
        await writer.commit();
        same(storage.durablePosition, position);
        storage.append(bytes('c'));
        same(await state(storage), '<base>bc');
        await storage.close();
        const again = await store.open(mode, mode);
        same(await state(again.storage), '<base>bc');
        await again.storage.close();
      }
    },
  },
  {
    title: 'forgets what waited for a snapshot that was given up',
    needs: 'keeping',
    async run(store) {
      const { storage } = await store.open();
      storage.append(bytes('a'));
      await storage.stopJournal();
      const writer = storage.beginSnapshot('base');
      const position = storage.append(bytes('b'));
      const told = failure(storage.durable(position));
      const given = writer.abort();
      same([await told, storage.journals, storage.position], ['StorageError', false, 1]);
      const next = storage.beginSnapshot('base');
      const kept = storage.append(bytes('c'));
      await given;
      await next.write(bytes('next'));
      await next.commit();
      await storage.durable(kept);
      same(await state(storage), '<next>c');
      await storage.close();
    },
  },
  {
    title: 'discards what is not durable, and only that',
    needs: 'keeping',
    async run(store) {
      for (const mode of MODES) {
        const { storage } = await store.open(mode, mode);
        storage.append(bytes('kept'));
        await storage.flush();
        const position = storage.append(bytes('not'));
        const told = failure(storage.durable(position));
        await storage.discard();
        const durable = storage.durablePosition;
        same(storage.position, durable);
        same(await told, durable === 4 ? 'StorageError' : 'none');
        same(await contents(storage), durable === 4 ? 'kept' : 'keptnot');
        storage.append(bytes('next'));
        await storage.close();
        const again = await store.open(mode, mode);
        same((await contents(again.storage)).replace('not', ''), 'keptnext');
        await again.storage.close();
      }
    },
  },
  {
    title: 'is gone for good once it is destroyed',
    needs: 'keeping',
    async run(store) {
      for (const mode of MODES) {
        const { storage } = await store.open(mode, mode);
        storage.append(bytes('a'));
        await save(storage, 'b');
        await storage.destroy();
        same(storage.state.kind, 'ended');
        same(await failure(async () => storage.append(bytes('x'))), 'StorageError');
        const again = await store.open(mode, mode);
        same([again.storage.report.created, await state(again.storage)], [true, '']);
        await again.storage.close();
      }
    },
  },
];

/** A loader for stores that hold a snapshot alone. */
function snapshotOnly(snapshot: (bytes: Uint8Array) => void): Loader {
  const unexpected = () => {
    throw new Error('there is a journal');
  };
  return { beginSnapshot() {}, snapshot, endSnapshot() {}, journal: unexpected };
}
