/** What the disk itself can do: append a line and wait for fdatasync, one after the other. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Flushes a second; the file is where browsers' profiles and servers' directories are. */
export function rawFlushes(milliseconds: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'redstart-flush-'));
  const file = openSync(join(folder, 'log'), 'w');
  const line = Buffer.alloc(100, 'x');
  const start = performance.now();
  let flushes = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    writeSync(file, line);
    fdatasyncSync(file);
    flushes++;
    elapsed = performance.now() - start;
  }
  closeSync(file);
  rmSync(folder, { recursive: true });
  return (flushes / elapsed) * 1000;
}
