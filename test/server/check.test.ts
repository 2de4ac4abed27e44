/** redstart-check: what it says of files, its exit codes, and what it mends. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { check } from '../../src/server/check.js';
import { coreModule } from '../host/test-host.js';
import { connectTo } from '../support/target-process.js';
import { openServer } from './pair.js';

let directory: string;
let journal: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'redstart-check-'));
  const config = { dir: directory, appendonly: 'yes', appendfsync: 'always' };
  const server = await openServer({ keeps: true, config });
  const connection = await connectTo(server.port);
  await connection.send('SET', 'a', '1');
  await connection.send('SAVE');
  await server.host.persistence.save('base');
  await connection.send('SET', 'b', '2');
  await connection.send('SET', 'c', '3');
  connection.close();
  await server.close();
  journal = join(directory, 'appendonlydir', 'appendonly.aof.2.incr.aof');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function checked(...args: string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const core = await coreModule();
  const code = await check(args, { core, say: (line) => void lines.push(line) });
  return { code, said: lines.join('\n') };
}

test('it is content with what a server has written', async () => {
  const { code, said } = await checked(directory);
  expect(said.split('\n').map((line) => line.slice(directory.length + 1))).toEqual([
    'appendonlydir/appendonly.aof.manifest: whole',
    expect.stringMatching(
      /^appendonlydir\/appendonly.aof.1.base.rdb: whole, \d+ bytes of a snapshot$/,
    ),
    expect.stringMatching(
      /^appendonlydir\/appendonly.aof.2.incr.aof: whole, \d+ bytes of commands$/,
    ),
    expect.stringMatching(/^dump.rdb: whole, \d+ bytes of a snapshot$/),
  ]);
  expect(code).toBe(0);
});

test('a torn end is told, and cut off only when that is asked for, with a copy', async () => {
  const whole = await readFile(journal);
  await writeFile(journal, whole.subarray(0, -2));
  const told = await checked(journal);
  expect(told.code).toBe(1);
  expect(told.said).toMatch(/torn at offset \d+, \d+ bytes: .*With --fix they are cut off$/);
  expect((await readFile(journal)).length).toBe(whole.length - 2);
  const mended = await checked('--fix', directory);
  expect(mended.code).toBe(0);
  const [copy = ''] = await readdir(join(directory, 'appendonlydir', 'redstart.quarantine'));
  const left = await readFile(journal);
  const cut = await readFile(join(directory, 'appendonlydir', 'redstart.quarantine', copy));
  expect(Buffer.concat([left, cut])).toEqual(whole.subarray(0, -2));
  expect((await checked(directory)).code).toBe(0);
});

test('damage in the middle is told with its place, and left alone', async () => {
  const whole = await readFile(journal);
  const at = whole.indexOf('$1\r\nb');
  whole[at + 3] = 0x62;
  await writeFile(journal, whole);
  const { code, said } = await checked('--fix', directory);
  expect(code).toBe(1);
  expect(said).toMatch(/incr\.aof: damaged at offset \d+: the checksum of \d+ bytes is/);
  expect(await readFile(journal)).toEqual(whole);
});

test('a spoilt snapshot, a spoilt manifest and a missing file are told', async () => {
  const dump = join(directory, 'dump.rdb');
  const bytes = await readFile(dump);
  bytes[bytes.length - 12] = (bytes.at(-12) ?? 0) ^ 1;
  await writeFile(dump, bytes);
  expect(await checked(dump)).toMatchObject({ code: 1, said: expect.stringContaining('damaged') });
  const manifest = join(directory, 'appendonlydir', 'appendonly.aof.manifest');
  await writeFile(manifest, 'file x seq 1\n');
  expect((await checked(manifest)).said).toContain('line 1: damaged: Invalid AOF manifest');
  await writeFile(manifest, 'file x seq 1 type i\n');
  expect(await checked(manifest)).toMatchObject({
    code: 1,
    said: expect.stringContaining('is named in the manifest and missing'),
  });
  expect((await checked(join(directory, 'nothing'))).said).toContain('there is no such file');
  expect((await checked()).code).toBe(2);
});
