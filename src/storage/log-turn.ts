/**
 * Has LevelDB, below Chromium's IndexedDB, begin a new log and make a table of the old one. When it
 * starts it goes on with the old one, behind a record of which a power cut has left a part, and takes
 * all of the database for damaged the next time: Chromium deletes it then (docs/RELIABILITY.md F25).
 *
 *   old log   ...|torn|first  .            a table of it is made while the new one fills,
 *   new log                   |second  .   and must be there before the next one can begin
 *   next log                            |deleted|commits ...
 */
import type { Connection } from './connection.js';

/** Below 64 KiB, or the values go into files of their own. */
const RECORD_BYTES = 32 * 1024;
/** A log has 4 MiB; what is written after so much is in the next one. */
const RECORDS = 144;
/** Among the chunks, whose keys are numbers. */
const NAME = 'turn';

export async function turnLog(connection: Connection): Promise<void> {
  for (let log = 0; log < 2; log++) await fillLog(connection);
  await connection.write(['chunks'], function* (transaction) {
    yield transaction.objectStore('chunks').delete(IDBKeyRange.bound([NAME], [NAME, RECORDS]));
  });
}

async function fillLog(connection: Connection): Promise<void> {
  const record = new Uint8Array(RECORD_BYTES);
  await connection.write<unknown>(['chunks'], function* (transaction) {
    const chunks = transaction.objectStore('chunks');
    for (let index = 0; index < RECORDS; index++) yield chunks.put(record, [NAME, index]);
  });
}
