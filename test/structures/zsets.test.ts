/** Sorted sets as blocks of the core. */
import { floatImports } from '../../src/engine/floats.js';
import { runAssemblyTests } from '../support/assembly.js';

await runAssemblyTests('test/structures/zsets.as.ts', {
  flags: ['-O1'],
  imports: (memory) => ({ ...floatImports(() => new Uint8Array(memory().buffer)) }),
});
