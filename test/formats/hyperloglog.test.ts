/** The examples of docs/formats/hyperloglog.md, through the engine. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createCore, resp, run } from '../engine/core.js';

const DOCUMENT = readFileSync(
  new URL('../../docs/formats/hyperloglog.md', import.meta.url),
  'utf8',
);

/** The bytes of the blocks under `## Examples`: their lines of hex. */
function examples(): Buffer[] {
  const blocks = DOCUMENT.split('## Examples')[1]?.matchAll(/```\n([^`]*)```/g) ?? [];
  return [...blocks].map(([, text]) => {
    const lines = (text ?? '')
      .split('\n')
      .filter((line) => /^([0-9a-f]{2} +)+[0-9a-f]{2}$/.test(line));
    return Buffer.from(lines.join('').replaceAll(' ', ''), 'hex');
  });
}

/** The value of `h` after these commands, in an engine of its own. */
async function valueAfter(...lines: string[]): Promise<Buffer> {
  const engine = await createCore();
  run(engine, lines.map(resp).join(''));
  const request = Buffer.from(resp('GET h'));
  engine.input(request.length).set(request);
  engine.begin(request.length);
  engine.execute(0, 2);
  const answer = Buffer.from(engine.output());
  return answer.subarray(answer.indexOf('\n') + 1, -2);
}

test('an empty one is the first example', async () => {
  expect(await valueAfter('PFADD h')).toEqual(examples()[0]);
});

test('three elements are the second example', async () => {
  expect(await valueAfter('PFADD h a b c', 'PFCOUNT h')).toEqual(examples()[1]);
});
