/**
 * The built demo for tests: built once by Vite from the package in dist/, served on 127.0.0.1 with
 * its Content-Security-Policy on every answer, and driven through what a person sees.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Locator, Page } from 'playwright';
import { build } from 'vite';
import config from '../../vite.config.js';
import type { ServedFile } from './browser.js';

/** As in demo/index.html; a worker obeys the one that its own script was served with. */
export const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'";

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** The files of the demo by path, as `npm start` serves them. */
export async function buildDemo(): Promise<Record<string, ServedFile>> {
  const folder = await mkdtemp(join(tmpdir(), 'redstart-demo-'));
  try {
    // The plugin builds the package: that is done before tests run.
    const output = { ...config.build, outDir: folder, emptyOutDir: true };
    await build({ ...config, configFile: false, plugins: [], build: output, logLevel: 'warn' });
    return await readFiles(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readFiles(folder: string): Promise<Record<string, ServedFile>> {
  const files: Record<string, ServedFile> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    files[path.slice(folder.length)] = { type, body: await readFile(path) };
  }
  const index = files['/index.html'];
  if (index === undefined) throw new Error('the demo was built without index.html');
  return { ...files, '/': index };
}

export interface ViolationReports {
  /** For a policy: `report-uri ADDRESS`. */
  readonly address: string;
  /** Which directive was violated by what, in pages and in workers. */
  readonly violations: string[];
  close(): Promise<void>;
}

/** Chromium writes to the console what a page violates, but not what its worker does. */
export async function collectViolations(): Promise<ViolationReports> {
  const violations: string[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request)) as { 'csp-report': Record<string, string> };
    const report = body['csp-report'];
    violations.push(`${report['violated-directive']}: ${report['blocked-uri']}`);
    response.writeHead(204).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { address: `http://127.0.0.1:${port}/`, violations, close };
}

/** The demo in a tab. */
export class DemoPage {
  readonly page: Page;
  /** What a page should not have: console errors and warnings, exceptions. */
  readonly complaints: string[] = [];
  readonly input: Locator;
  readonly log: Locator;

  constructor(page: Page) {
    this.page = page;
    this.input = page.getByLabel('Command', { exact: true });
    this.log = page.getByRole('log');
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (/error|warning/.test(message.type())) this.complaints.push(message.text());
    });
  }

  /** Opens the demo and waits until its store is open, or cannot be. */
  async goTo(address: string): Promise<void> {
    await this.page.goto(address);
    await this.settled();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.settled();
  }

  /** Types a line; gives what is printed below it. */
  async type(line: string): Promise<string> {
    await this.input.fill(line);
    await this.input.press('Enter');
    return this.lastReply();
  }

  /** What the last line that was entered printed, once it has. */
  async lastReply(): Promise<string> {
    await this.page.locator('[role=log][aria-busy=false]').waitFor();
    const entry = this.log.locator('.entry:not(.notice)').last();
    return (await entry.locator('.reply').textContent()) ?? '';
  }

  /** One field of the status line. */
  status(field: string): Locator {
    return this.page.locator(`#status [data-field="${field}"] dd`);
  }

  private async settled(): Promise<void> {
    await this.page.locator('#status dd').first().waitFor();
  }
}
