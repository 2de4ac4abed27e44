/** The playground's storage panel: what it shows, and files out and in. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  launchChromium,
  type PageServer,
  servePage,
  type TestBrowser,
} from '../support/browser.js';
import { buildDemo, DemoPage, POLICY } from '../support/demo.js';

let browser: TestBrowser;
let server: PageServer;
let demo: DemoPage;

beforeAll(async () => {
  server = await servePage(await buildDemo(), { 'content-security-policy': POLICY });
  browser = await launchChromium();
});
afterEach(() => demo.page.close());
afterAll(async () => {
  await browser.close();
  await server.close();
});

/** Opens the demo with its panel unfolded. */
async function openPanel(query: string): Promise<void> {
  demo = new DemoPage(await browser.context.newPage());
  await demo.goTo(`${server.origin}/${query}`);
  await demo.page.getByText('Storage', { exact: true }).click();
  await fact('state').waitFor();
}

const fact = (name: string) => demo.page.locator(`#storage [data-fact="${name}"] dd`);
const press = (name: string) => demo.page.getByRole('button', { name }).click();
const says = (text: string | RegExp) => demo.page.locator('#storage .outcome').getByText(text);

test('shows how the store is kept, and follows what happens', async () => {
  await openPanel('?store=panel');
  expect(await fact('state').textContent()).toBe('all is well');
  expect(await fact('written').textContent()).toBe('every second');
  expect(await fact('snapshot').textContent()).toBe('none yet');
  expect(await demo.type('SET k v')).toBe('OK');
  await fact('journal')
    .getByText(/^\d+ bytes$/)
    .waitFor();
  await press('Save now');
  await says('Background saving started').waitFor();
  await fact('snapshot')
    .getByText(/^no\. 1, \d+ bytes$/)
    .waitFor();
  await press('Rewrite the journal');
  await says('Background append only file rewriting started').waitFor();
  await fact('snapshot')
    .getByText(/^no\. 2, \d+ bytes$/)
    .waitFor();
  expect(demo.complaints).toEqual([]);
});

test('exports a file and imports it, after a question', async () => {
  await openPanel('?store=files');
  await demo.type('SET greeting hello');
  const download = demo.page.waitForEvent('download');
  await press('Export RDB');
  const file = await (await download).path();
  expect((await download).suggestedFilename()).toBe('files.rdb');
  expect((await readFile(file)).subarray(0, 9).toString()).toBe('REDIS0010');
  await demo.type('FLUSHALL');
  const input = demo.page.getByLabel('RDB file');
  await input.setInputFiles(file);
  await press('Cancel');
  expect(await demo.type('DBSIZE')).toBe('(integer) 0');
  await input.setInputFiles(file);
  await press('Replace all data');
  await says('is imported, and on disk').waitFor();
  expect(await demo.type('GET greeting')).toBe('"hello"');
  await demo.reload();
  expect(await demo.type('GET greeting')).toBe('"hello"');
  expect(demo.complaints).toEqual([]);
});

test('says why a file cannot be imported, and leaves the data alone', async () => {
  await openPanel('?store=refused');
  await demo.type('SET k v');
  const file = join(browser.profileDir, 'broken.rdb');
  await writeFile(file, 'REDIS0010 and then nothing');
  await demo.page.getByLabel('RDB file').setInputFiles(file);
  await press('Replace all data');
  await says(/^The file was not imported: .*All data are as before\.$/).waitFor();
  expect(await demo.type('GET k')).toBe('"v"');
});

test('says that nothing is kept in memory', async () => {
  await openPanel('?store=memory&persistence=memory');
  expect(await fact('state').textContent()).toBe('nothing is kept');
  await press('Protect from clean-up');
  await says(/^The browser (will not delete|did not agree)/).waitFor();
});
