/** The structures of the core that everything stands on: heap, entries, hash table. */
import { describe } from 'vitest';
import { runAssemblyTests } from '../support/assembly.js';

const FLAGS = ['-O1'];

describe('heap', async () => runAssemblyTests('test/structures/heap.as.ts', { flags: FLAGS }));
describe('entry', async () => runAssemblyTests('test/structures/entry.as.ts', { flags: FLAGS }));
describe('dict', async () => runAssemblyTests('test/structures/dict.as.ts', { flags: FLAGS }));
describe('skiplist', async () =>
  runAssemblyTests('test/structures/skiplist.as.ts', {
    flags: [...FLAGS, '--initialMemory', '16'],
  }));
describe('member', async () => runAssemblyTests('test/structures/member.as.ts', { flags: FLAGS }));
describe('hash table', async () =>
  runAssemblyTests('test/structures/hash-table.as.ts', { flags: FLAGS }));
