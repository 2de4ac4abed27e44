/**
 * Gets LevelDB, below Chromium's IndexedDB, away from what a power cut leaves at the end of its files.
 * When it starts it goes on with the old ones, behind a record of which only a part is there, and takes all
 * of the database for damaged the next time: Chromium deletes it then (docs/RELIABILITY.md F25).
 *
 *   log         ...|torn|filled  .
 *   new log                      |deleted|            commits ...
 *   table of the old log, MANIFEST         ~~~~~~~~~  they come once there is a table
 *
 * A new log comes when the old one is full: we fill it. A new MANIFEST, the list of the tables with the
 * first and the last key of each, comes at a start if the old one has 2 MiB: one key is as long as that.
 */
import { DATABASE_PREFIX } from './aside.js';
import { Connection, type ConnectionOptions } from './connection.js';
import { incompressible, type RandomSource } from './incompressible.js';
import { withDeadline } from './scheduler.js';

export interface LevelDBOptions extends Omit<ConnectionOptions, 'name' | 'durability'> {
  readonly random: RandomSource;
}

/** Below 64 KiB, or the values go into files of their own. */
const RECORD_BYTES = 32 * 1024;
/** A log has 4 MiB; what is written after so much is in the next one. */
const RECORDS = 144;
/** Among the chunks, whose keys are numbers. */
const RECORD = 'turn';
/** Tables of a log took 21 and 95 ms. The old log counts until they are there. */
const TABLE_MS = 200;

/** One for all stores of an origin, which share one LevelDB. */
const BALLAST = `${DATABASE_PREFIX}ballast`;
/** A table ends behind a key that is longer than 2 MiB, so that it is always the last of one. */
const KEY_BYTES = 2_200_000;
/** A block of a table ends when it has 4 KiB: nobody has to read the key who looks for its neighbours. */
const NEIGHBOUR_BYTES = 8 * 1024;
/** Keys in their order: strings, bytes, arrays. */
const BEFORE = 'before';
const BEHIND = ['behind'];

export class FreshFiles {
  readonly #options: LevelDBOptions;
  readonly #ballast: Promise<Connection | null>;
  readonly #hurried: Promise<void>;
  #hurry!: () => void;

  /** To be made before the store's databases are: the later ones lie behind the long key. */
  constructor(options: LevelDBOptions) {
    this.#options = options;
    this.#hurried = new Promise((hurry) => {
      this.#hurry = hurry;
    });
    this.#ballast = Connection.open(ballast(options), true).catch(() => null);
  }

  /** Resolves when commits can no longer be lost with what was torn before, or at once after `hurry`. */
  async begin(connection: Connection): Promise<void> {
    await Promise.race([this.#begin(connection), this.#hurried]);
  }

  /** There is no time left to wait for new files. */
  hurry(): void {
    this.#hurry();
  }

  async close(): Promise<void> {
    (await this.#ballast)?.close();
  }

  /** Deletes what no store of this origin needs any more. */
  static async deleteUnused(options: LevelDBOptions): Promise<void> {
    const { factory, scheduler, timeoutMs } = options;
    const listing = factory.databases();
    const databases = await withDeadline(scheduler, timeoutMs, 'listing databases', listing);
    const isOther = ({ name }: IDBDatabaseInfo) =>
      name !== BALLAST && name?.startsWith(DATABASE_PREFIX);
    if (!databases.some(isOther)) await Connection.deleteDatabase(ballast(options));
  }

  async #begin(connection: Connection): Promise<void> {
    const fillsLog = await this.#putBallast().catch(() => false);
    await turnLog(connection, fillsLog ? 1 : RECORDS);
    const { scheduler } = this.#options;
    await new Promise<void>((done) => scheduler.after(TABLE_MS, done));
  }

  /** Unless it is there; true if it was put, which is more than a log holds. */
  async #putBallast(): Promise<boolean> {
    const connection = await this.#ballast;
    if (connection === null) return false;
    try {
      const [count] = await connection.read(['chunks'], function* (transaction) {
        yield transaction.objectStore('chunks').count(BEHIND);
      });
      if (count !== 0) return false;
      const { random } = this.#options;
      const key = incompressible(KEY_BYTES, random);
      const neighbour = incompressible(NEIGHBOUR_BYTES, random);
      await connection.write<unknown>(['chunks'], function* (transaction) {
        const chunks = transaction.objectStore('chunks');
        yield chunks.put(neighbour, BEFORE);
        yield chunks.put(true, key);
        yield chunks.put(neighbour, BEHIND);
      });
      return true;
    } finally {
      connection.close();
    }
  }
}

function ballast(options: LevelDBOptions): ConnectionOptions {
  const { factory, scheduler, timeoutMs } = options;
  return { factory, scheduler, timeoutMs, name: BALLAST, durability: 'strict' };
}

async function turnLog(connection: Connection, records: number): Promise<void> {
  const record = new Uint8Array(RECORD_BYTES);
  await connection.write<unknown>(['chunks'], function* (transaction) {
    const chunks = transaction.objectStore('chunks');
    for (let index = 0; index < records; index++) yield chunks.put(record, [RECORD, index]);
  });
  await connection.write(['chunks'], function* (transaction) {
    yield transaction.objectStore('chunks').delete(IDBKeyRange.bound([RECORD], [RECORD, RECORDS]));
  });
}
