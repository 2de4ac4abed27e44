/** The demo as a person uses it: the built page, in Chromium, under its Content-Security-Policy. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  launchChromium,
  type PageServer,
  type ServedFile,
  servePage,
  type TestBrowser,
} from '../support/browser.js';
import {
  buildDemo,
  collectViolations,
  DemoPage,
  POLICY,
  type ViolationReports,
} from '../support/demo.js';

let browser: TestBrowser;
let files: Record<string, ServedFile>;
let server: PageServer;
let reports: ViolationReports;
const others: PageServer[] = [];
const pages: DemoPage[] = [];

beforeAll(async () => {
  files = await buildDemo();
  reports = await collectViolations();
  server = await servePage(files, {
    'content-security-policy': `${POLICY}; report-uri ${reports.address}`,
  });
  browser = await launchChromium();
});
afterEach(async () => {
  await Promise.all(pages.splice(0).map(({ page }) => page.close()));
  await Promise.all(others.splice(0).map((other) => other.close()));
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await reports.close();
});

async function serve(some: Record<string, ServedFile>, policy: string): Promise<PageServer> {
  const made = await servePage(some, { 'content-security-policy': policy });
  others.push(made);
  return made;
}

async function openDemo(query = '', origin = server.origin): Promise<DemoPage> {
  const demo = new DemoPage(await browser.context.newPage());
  pages.push(demo);
  await demo.goTo(`${origin}/${query}`);
  return demo;
}

/** A store of its own for each test. */
let stores = 0;
const fresh = () => `?store=demo-test-${stores++}`;

describe('the console', () => {
  test('answers as redis-cli does', async () => {
    const demo = await openDemo(fresh());
    const session: [string, string][] = [
      ['SET k "a\\x00\\n\\xff"', 'OK'],
      ['GET k', '"a\\x00\\n\\xff"'],
      ['get nothing', '(nil)'],
      ['INCR n', '(integer) 1'],
      ['SET big 9223372036854775806', 'OK'],
      ['INCR big', '(integer) 9223372036854775807'],
      ['MGET n nothing big', '1) "1"\n2) (nil)\n3) "9223372036854775807"'],
      ['INCR k', '(error) ERR value is not an integer or out of range'],
      ['SET k', "(error) ERR wrong number of arguments for 'set' command"],
      ['NOPE', "(error) ERR unknown command 'NOPE', with args beginning with: "],
      ['SET k "a', 'Invalid argument(s)'],
      ['KEYS *x*', '(empty array)'],
      ['SET m gr\u00fc\u00df', 'OK'],
      ['GET m', '"gr\\xc3\\xbc\\xc3\\x9f"'],
      ['CONFIG GET appendfsync', '1) "appendfsync"\n2) "everysec"'],
    ];
    for (const [line, reply] of session) expect(await demo.type(line), line).toBe(reply);
    expect(demo.complaints).toEqual([]);
  });

  test('speaks RESP3 when asked to', async () => {
    const demo = await openDemo(fresh());
    expect(await demo.type('HELLO 3')).toMatch(/^1# "server" => "redis"\n2# /);
    expect(await demo.type('CONFIG GET appendfsync')).toBe('1# "appendfsync" => "everysec"');
    await demo.type('RESET');
    expect(await demo.type('CONFIG GET appendfsync')).toBe('1) "appendfsync"\n2) "everysec"');
    expect(demo.complaints).toEqual([]);
  });

  test.each([2, 3])('shows messages when they come, in RESP%i', async (protocol) => {
    const demo = await openDemo(fresh());
    await demo.type(`HELLO ${protocol}`);
    await demo.type('CONFIG SET notify-keyspace-events Ex');
    const status = '1) "subscribe"\n2) "__keyevent@0__:expired"\n3) (integer) 1';
    await demo.type('SET short-lived 1 PX 500');
    expect(await demo.type('SUBSCRIBE __keyevent@0__:expired')).toBe(status);
    const message = '1) "message"\n2) "__keyevent@0__:expired"\n3) "short-lived"';
    await demo.log.getByText(message).waitFor();
    expect(await demo.type('UNSUBSCRIBE')).toMatch(/^1\) "unsubscribe"/);
    expect(await demo.type('PING')).toBe('PONG');
    expect(demo.complaints).toEqual([]);
  });

  test('prints documents as they are', async () => {
    const demo = await openDemo(fresh());
    expect(await demo.type('INFO redstart')).toMatch(
      /^# Redstart\r?\nredstart_version:[\s\S]*\nredstart_storage:indexeddb/,
    );
  });

  test('names the database in its prompt', async () => {
    const demo = await openDemo(fresh());
    const prompt = demo.page.locator('#prompt');
    expect(await prompt.textContent()).toBe('redstart>');
    await demo.type('SELECT 3');
    expect(await prompt.textContent()).toBe('redstart[3]>');
    await demo.type('SELECT 99');
    expect(await prompt.textContent()).toBe('redstart[3]>');
    await demo.type('RESET');
    expect(await prompt.textContent()).toBe('redstart>');
  });

  test('keeps its database when the page was put aside and came back', async () => {
    const demo = await openDemo(fresh());
    await demo.type('SELECT 3');
    await demo.type('SET k kept');
    const devtools = await browser.context.newCDPSession(demo.page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    expect(await demo.type('GET k')).toBe('"kept"');
    expect(await demo.type('CONFIG GET appendfsync')).toMatch(/^1\) "appendfsync"/);
  });

  test('says that its connection broke, and connects again with the next line', async () => {
    const demo = await openDemo(fresh());
    await demo.type('SET k kept');
    await demo.input.fill('CLIENT KILL SKIPME no TYPE normal');
    await demo.input.press('Enter');
    const alert = demo.page.getByRole('alert');
    expect(await alert.textContent()).toContain('The connection to the store broke.');
    expect(await demo.type('GET k')).toBe('"kept"');
    expect(await alert.count()).toBe(0);
    await demo.type('quit');
    expect(demo.page.workers()).toHaveLength(0);
  });

  test('has the lines typed before, also after a reload', async () => {
    const demo = await openDemo(fresh());
    for (const line of ['SET a 1', 'SET b 2', 'AUTH secret']) await demo.type(line);
    await demo.input.fill('GE');
    const shown: string[] = [];
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown']) {
      await demo.input.press(key);
      shown.push(await demo.input.inputValue());
    }
    expect(shown).toEqual(['SET b 2', 'SET a 1', 'SET b 2', 'GE']);
    await demo.reload();
    await demo.input.press('ArrowUp');
    expect(await demo.input.inputValue()).toBe('SET b 2');
  });

  test('completes names with Tab, and says how a command is called', async () => {
    const demo = await openDemo(fresh());
    const assist = demo.page.locator('#assist');
    await demo.input.pressSequentially('getd');
    await assist.getByText('getdel', { exact: true }).waitFor();
    await demo.input.press('Tab');
    expect(await demo.input.inputValue()).toBe('getdel');
    await assist.getByText('GETDEL key', { exact: true }).waitFor();
    await demo.input.fill('CLIENT ');
    await assist.getByText('CACHING', { exact: true }).waitFor();
    await demo.input.pressSequentially('G');
    const walked: string[] = [];
    for (const key of ['Tab', 'Tab', 'Tab', 'Shift+Tab', 'Escape']) {
      await demo.input.press(key);
      walked.push(await demo.input.inputValue());
    }
    const [name, redirection] = ['CLIENT GETNAME', 'CLIENT GETREDIR'];
    expect(walked).toEqual([name, redirection, name, redirection, 'CLIENT G']);
    expect(demo.complaints).toEqual([]);
  });

  test('has help, and an empty screen', async () => {
    const demo = await openDemo(fresh());
    expect(await demo.type('help')).toMatch(/^Type a command/);
    const help = await demo.type('help object encoding');
    expect(help).toMatch(/^ {2}OBJECT ENCODING key\n {2}summary: .+\n {2}since: 2\.2\.3\n/);
    await demo.input.press('Control+l');
    expect(await demo.log.textContent()).toBe('');
  });

  test('runs what is pasted, line by line', async () => {
    const demo = await openDemo(fresh());
    await demo.input.evaluate((input) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'SET a 1\nINCRBY a 41\n\nGET a');
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true }));
    });
    expect(await demo.lastReply()).toBe('(integer) 42');
    expect(await demo.input.inputValue()).toBe('GET a');
  });

  test('tells its state', async () => {
    const demo = await openDemo(fresh());
    expect(await demo.status('kept-in').textContent()).toBe('IndexedDB');
    expect(await demo.status('epoch').textContent()).toBe('1');
    expect(await demo.status('ready-in').textContent()).toMatch(/^\d+ ms$/);
    await demo.type('MSET a 1 b 2');
    await demo.status('keys').getByText('2', { exact: true }).waitFor();
    await demo.type('CONFIG SET appendfsync always');
    await demo.status('saved').getByText('before each reply, all saved', { exact: true }).waitFor();
  });

  test('says that nothing is kept in memory', async () => {
    const demo = await openDemo(`${fresh()}&persistence=memory`);
    expect(await demo.status('kept-in').textContent()).toBe('memory only');
    expect(await demo.status('why').textContent()).toContain('nothing survives a reload');
  });
});

describe('a browser without IndexedDB', () => {
  test('has a store in memory, and is told so', async () => {
    const changed = Object.entries(files).map(([path, { type, body }]): [string, ServedFile] => {
      if (!path.includes('/worker-')) return [path, { type, body }];
      const without = "Object.defineProperty(globalThis, 'indexedDB', { value: undefined });";
      return [path, { type, body: without + Buffer.from(body).toString() }];
    });
    const { origin } = await serve(Object.fromEntries(changed), POLICY);
    const demo = await openDemo('', origin);
    expect(await demo.log.textContent()).toContain('Mind: nothing will be kept: there is no');
    expect(await demo.status('kept-in').textContent()).toBe('memory only');
    expect(await demo.type('SET k v')).toBe('OK');
    expect(demo.complaints).toEqual([]);
  });
});

describe('a second tab', () => {
  test('is told kindly that the store is open elsewhere, and gets it when it is free', async () => {
    const store = fresh();
    const [first, second] = [await openDemo(store), await openDemo(store)];
    await first.type('SET k "from the first"');
    const alert = second.page.getByRole('alert');
    expect(await alert.textContent()).toContain('This store is open in another tab.');
    expect(await second.page.locator('#prompt').textContent()).toBe('not connected>');
    await first.type('quit');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await second.status('kept-in').waitFor();
    expect(await second.type('GET k')).toBe('"from the first"');
    expect(await alert.count()).toBe(0);
    expect([...first.complaints, ...second.complaints]).toEqual([]);
  });

  test('may have a store of its own', async () => {
    const store = fresh();
    await openDemo(store);
    const second = await openDemo(store);
    await second.page.getByRole('link', { name: 'Use a second store' }).click();
    await second.status('kept-in').waitFor();
    expect(await second.type('DBSIZE')).toBe('(integer) 0');
  });
});

describe('a page whose engine does not load', () => {
  const title = 'The engine did not load.';

  test('says so when the worker is missing', async () => {
    const some = Object.entries(files).filter(([path]) => !path.includes('/worker-'));
    const { origin } = await serve(Object.fromEntries(some), POLICY);
    const demo = await openDemo('', origin);
    const told = await demo.page.getByRole('alert').textContent();
    expect(told).toContain(title);
    expect(told).toContain('WorkerLoadError');
  });

  test('says so when its policy forbids WebAssembly', async () => {
    const { origin } = await serve(files, "default-src 'self'");
    const demo = await openDemo('', origin);
    expect(await demo.page.getByRole('alert').textContent()).toContain(title);
  });
});

describe('the Content-Security-Policy', () => {
  test('was violated by nothing in all of the above', () => {
    expect(reports.violations).toEqual([]);
  });

  test('reports what violates it, also in the worker', async () => {
    const strict = `${POLICY}; connect-src 'none'; report-uri ${reports.address}`;
    const { origin } = await serve(files, strict);
    await openDemo('', origin);
    await expect.poll(() => reports.violations.join()).toMatch(/^connect-src: .*core.*\.wasm/);
  });
});
