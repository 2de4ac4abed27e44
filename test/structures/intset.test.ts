/** Intsets, and the sort that SORT is made of. */
import { describe } from 'vitest';
import { runAssemblyTests } from '../support/assembly.js';

describe('intset', async () =>
  runAssemblyTests('test/structures/intset.as.ts', { flags: ['-O1'] }));
describe('sorting', async () => runAssemblyTests('test/structures/sorting.as.ts'));
