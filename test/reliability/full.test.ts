/** A disk that is full, and has space again, under our server: full.ts does it more often. */
import { expect, it } from 'vitest';
import { openSmallDisk, REFUSAL, runCycles } from './full-disk.js';
import { whyNoDisk } from './power/disk.js';

const reason = await whyNoDisk();
if (reason !== null) console.log(`full disks are skipped: ${reason}`);

it.skipIf(reason !== null)(
  'loses nothing, and writes go on when there is space again',
  async () => {
    const space = await openSmallDisk();
    try {
      const { cycles, verdict, refusals } = await runCycles(space, 'always', 2);
      expect(cycles).toHaveLength(2);
      expect(verdict).toMatchObject({ lost: 0, torn: null });
      expect(refusals.filter((text) => !REFUSAL.test(text))).toEqual([]);
    } finally {
      await space.close();
    }
  },
);
