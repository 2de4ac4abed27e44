/**
 * Has LevelDB, below Chromium's IndexedDB, begin a new log. It goes on with the old one when it starts,
 * behind a record of which a power cut has left a part, and takes all of the database for damaged the
 * next time: Chromium deletes it then (docs/RELIABILITY.md F25). A new log follows on nothing.
 *
 *   old log   ...|torn|filled  .
 *   new log                    |deleted|            commits ...
 *   table of the old log, MANIFEST       ~~~~~~~~~  they come once there is a table
 */
import type { Connection } from './connection.js';
import type { Scheduler } from './storage.js';

/** Below 64 KiB, or the values go into files of their own. */
const RECORD_BYTES = 32 * 1024;
/** A log has 4 MiB; what is written after so much is in the next one. */
const RECORDS = 144;
/** Among the chunks, whose keys are numbers. */
const NAME = 'turn';
/** Tables of a log took 21 and 95 ms. The old log counts until they are there. */
const TABLE_MS = 200;

export async function turnLog(connection: Connection, scheduler: Scheduler): Promise<void> {
  const record = new Uint8Array(RECORD_BYTES);
  await connection.write<unknown>(['chunks'], function* (transaction) {
    const chunks = transaction.objectStore('chunks');
    for (let index = 0; index < RECORDS; index++) yield chunks.put(record, [NAME, index]);
  });
  await connection.write(['chunks'], function* (transaction) {
    yield transaction.objectStore('chunks').delete(IDBKeyRange.bound([NAME], [NAME, RECORDS]));
  });
  await new Promise<void>((done) => scheduler.after(TABLE_MS, done));
}
