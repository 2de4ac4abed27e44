/** Bitmaps, HyperLogLogs, geohashes, distances on the earth and the texts of their numbers. */
import { describe } from 'vitest';
import { runAssemblyTests } from '../support/assembly.js';

describe('bitmaps, HyperLogLogs and geohashes', async () =>
  runAssemblyTests('test/structures/bits-geo.as.ts', { flags: ['-O1'] }));
