/**
 * Debian's Chromium for tests: started by hand, so that its profile, its flags and its death are ours,
 * and then driven by playwright over the debugging port. Beside it a small page server on 127.0.0.1 and
 * a bundler for what the pages run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium } from 'playwright';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** No sandbox (root), no screen, and no talk to Google's hosts. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
];

const START_TIMEOUT_MS = 30_000;

export interface LaunchOptions {
  /** A profile that lives on; without it a new one that goes with `close`. */
  readonly profileDir?: string;
  readonly flags?: readonly string[];
}

export interface TestBrowser {
  readonly browser: Browser;
  /** The profile's own context: pages here share storage and keep it in `profileDir`. */
  readonly context: BrowserContext;
  readonly profileDir: string;
  /** Ends the browser in good order, and removes the profile if `launchChromium` made it. */
  close(): Promise<void>;
}

const running = new Map<string, ChildProcess>();

export async function launchChromium(options: LaunchOptions = {}): Promise<TestBrowser> {
  const profileDir = options.profileDir ?? (await makeProfile());
  // What an earlier run left behind would name the wrong port.
  await rm(join(profileDir, 'DevToolsActivePort'), { force: true });
  const flags = [...FLAGS, ...(options.flags ?? []), `--user-data-dir=${profileDir}`];
  // A process group of its own, so that all of the browser can be killed at one blow.
  const child = spawn(CHROMIUM, [...flags, 'about:blank'], { detached: true, stdio: 'pipe' });
  running.set(profileDir, child);
  const browser = await chromium.connectOverCDP(await debuggingAddress(child));
  const [context] = browser.contexts();
  if (context === undefined) throw new Error('Chromium came up without a context');
  const close = async () => {
    await closeInOrder(browser, child);
    running.delete(profileDir);
    if (options.profileDir === undefined) await removeProfile(profileDir);
  };
  return { browser, context, profileDir, close };
}

/** SIGKILL to the whole browser of that profile; resolves when it is dead. */
export async function killBrowser(profileDir: string): Promise<void> {
  const child = running.get(profileDir);
  if (child === undefined) throw new Error(`no browser runs on ${profileDir}`);
  running.delete(profileDir);
  const dead = ended(child);
  killGroup(child);
  await dead;
}

export function makeProfile(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'redstart-profile-'));
}

/** A helper process may write a last file while we delete. */
export async function removeProfile(profileDir: string): Promise<void> {
  await rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

export interface ServedFile {
  readonly type: string;
  readonly body: string | Uint8Array;
}

export interface PageServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves `files` by path (`/` is the page); anything else is 404. `headers` go with every answer. */
export async function servePage(
  files: Readonly<Record<string, ServedFile>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<PageServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    if (file === undefined) response.writeHead(404, headers).end();
    else response.writeHead(200, { 'content-type': file.type, ...headers }).end(file.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { origin: `http://127.0.0.1:${port}`, close };
}

/** A file of the built package. */
export async function builtFile(name: `${string}.js` | `${string}.wasm`): Promise<ServedFile> {
  const body = await readFile(new URL(`../../dist/${name}`, import.meta.url));
  return { type: name.endsWith('.js') ? 'text/javascript' : 'application/wasm', body };
}

/** A page that loads one module. */
export function htmlFor(script: string): ServedFile {
  const body = `<!doctype html><meta charset="utf-8"><title>test</title><script type="module" src="${script}"></script>`;
  return { type: 'text/html; charset=utf-8', body };
}

/** `entry` and all it imports as one ES module for browsers. */
export async function bundleForPage(entry: string): Promise<ServedFile> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return { type: 'text/javascript; charset=utf-8', body: output.contents };
}

/** Chromium names the address on standard error once it listens. */
function debuggingAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string) => reject(new Error(`Chromium did not start (${why}):\n${said}`));
    const timer = setTimeout(() => {
      killGroup(child);
      fail(`nothing in ${START_TIMEOUT_MS} ms`);
    }, START_TIMEOUT_MS);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`exit ${code}`));
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    child.stdout?.resume();
  });
}

async function closeInOrder(browser: Browser, child: ChildProcess): Promise<void> {
  const dead = ended(child);
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.close').catch(() => {});
  await dead;
  // Nothing of it may outlive the test.
  killGroup(child);
}

function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((dead) => child.once('exit', dead));
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}

/** If the test run is interrupted, so is every browser. */
process.once('exit', () => {
  for (const child of running.values()) killGroup(child);
});
