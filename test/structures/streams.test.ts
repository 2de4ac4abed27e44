/** The structures of streams: indexes of ids, nodes of entries, names of groups. */
import { describe } from 'vitest';
import { runAssemblyTests } from '../support/assembly.js';

const FLAGS = ['-O1'];

for (const name of ['stream-index', 'stream-node', 'stream-names']) {
  describe(name, async () => runAssemblyTests(`test/structures/${name}.as.ts`, { flags: FLAGS }));
}
