/** The harness of assembly tests: what passes, passes; what fails says where. */
import { expect, test } from 'vitest';
import { compileAssembly, instantiate, runAssemblyTests } from '../support/assembly.js';

const PATH = 'test/structures/harness.as.ts';

await runAssemblyTests(PATH);

test('a failed assertion names its message, file and line', async () => {
  const core = instantiate(await compileAssembly(PATH));
  expect(() => core.call('failsWhen', 1)).toThrow(
    /^the harness sees this at test\/structures\/harness\.as\.ts:14:\d+$/,
  );
});

test('a mistake in the source is reported as asc reports it', async () => {
  const compiling = compileAssembly('test/structures/no-such-file.as.ts');
  await expect(compiling).rejects.toThrow(/no-such-file\.as\.ts' not found/);
});
