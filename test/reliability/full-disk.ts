/**
 * A store that runs out of space, again and again, while it is written to: our server on a small disk
 * with a file of ballast, or Chromium with a quota that is made smaller.
 *
 *   write ... | full: refused, but for what takes little | space again: how long until OK? | ... | kill
 */
import { rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { CDPSession } from 'playwright';
import { run } from '../../scripts/program.js';
import { killBrowser } from '../support/browser.js';
import { livePage, pageAddress, pageFiles, relaunchChromium } from './power/browsers.js';
import { Disk } from './power/disk.js';
import { openOurServer } from './power/servers.js';
import { Station } from './power/station.js';
import type { Life, Mode, Subject } from './power/subject.js';
import { judge, type Verdict } from './power/verdict.js';
import { type Plan, stepOf } from './power/workload.js';
import type { Sight } from './power/writer.js';

/** Where the data are, and how to take the space around them away. */
export interface Space {
  readonly subject: Subject;
  readonly directory: string;
  fill(): Promise<void>;
  free(): Promise<void>;
  close(): Promise<void>;
}

export interface Cycle {
  /** Writes that were refused while there was no space. */
  readonly refused: number;
  /** From space being there again to the first write after it that is not refused. */
  readonly resumedMs: number;
}

export interface FullResult {
  readonly cycles: readonly Cycle[];
  readonly verdict: Verdict;
  /** The error replies, each once. */
  readonly refusals: readonly string[];
}

/** What is refused when the store is full, as redis-server says it. */
export const REFUSAL = /^-?(MISCONF|EXECABORT)/;

const REFUSED_PER_CYCLE = 50;
const OK_PER_CYCLE = 200;
/** Chromium asks for the quota every 30 seconds (docs/RELIABILITY.md F27). */
const PATIENCE_MS = 90_000;

/** Fills and frees, then kills, opens again and compares. */
export async function runCycles(space: Space, mode: Mode, count: number): Promise<FullResult> {
  const { subject, directory } = space;
  const plan: Plan = { seed: count, life: 1, inFlight: 8, snapshotEvery: 0 };
  let life: Life = await subject.open(directory, mode);
  const { cells: before } = life;
  const seen = new Sights();
  life.begin(plan, (sight) => seen.add(sight));
  try {
    const cycles = await fillAndFree(space, plan, seen, count);
    const cutBegan = Date.now();
    await life.kill();
    life = await subject.open(directory, mode);
    const cut = { cutBegan, cutEnded: Date.now() };
    const verdict = judge({ plan, before, after: life.cells, sights: seen.all, ...cut });
    const refusals = seen.all.flatMap(({ why }) => (why === undefined ? [] : [why]));
    return { cycles, verdict, refusals: [...new Set(refusals)] };
  } finally {
    await life.kill();
  }
}

async function fillAndFree(
  space: Space,
  plan: Plan,
  seen: Sights,
  count: number,
): Promise<Cycle[]> {
  const cycles: Cycle[] = [];
  for (let cycle = 0; cycle < count; cycle++) {
    await seen.more('ok', OK_PER_CYCLE);
    await space.fill();
    const from = seen.all.length;
    await seen.more('refused', REFUSED_PER_CYCLE);
    await space.free();
    const freed = Date.now();
    const resumed = await seen.next((sight) => sight.kind === 'ok' && takesSpace(plan, sight));
    const since = seen.all.slice(from);
    const refused = since.filter(({ kind }) => kind === 'refused').length;
    cycles.push({ refused, resumedMs: Math.max(0, resumed.at - freed) });
  }
  return cycles;
}

function takesSpace(plan: Plan, { step }: Sight): boolean {
  return stepOf(plan, step).commands.some(([name]) => name === 'SET');
}

/** All that was seen, and whoever waits for more. */
class Sights {
  readonly all: Sight[] = [];
  private readonly waiting = new Set<(sight: Sight) => void>();

  add(sight: Sight): void {
    this.all.push(sight);
    for (const look of this.waiting) look(sight);
  }

  next(is: (sight: Sight) => boolean): Promise<Sight> {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      const look = (sight: Sight) => {
        if (!is(sight)) return;
        done();
        resolve(sight);
      };
      const timer = setTimeout(() => {
        done();
        const last = this.all.slice(-3).map((sight) => JSON.stringify(sight));
        reject(new Error(`not seen in ${PATIENCE_MS} ms; the last: ${last.join(' ')}`));
      }, PATIENCE_MS);
      this.waiting.add(look);
    });
  }

  async more(kind: Sight['kind'], count: number): Promise<void> {
    let left = count;
    await this.next((sight) => sight.kind === kind && --left === 0);
  }
}

// Where there is space, and then none

const DISK_MEGABYTES = 120;

/** All that is free goes to the ballast. */
export async function openSmallDisk(): Promise<Space> {
  const disk = await Disk.make(DISK_MEGABYTES);
  const subject = await openOurServer();
  const ballast = join(disk.directory, 'ballast');
  return {
    subject,
    directory: disk.directory,
    fill: async () => {
      // It ends when the disk is full.
      await run('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=64k', 'conv=notrunc', 'oflag=append'], {
        capture: true,
      });
      if ((await stat(ballast)).size === 0) throw new Error('the disk was full before');
    },
    free: async () => {
      await truncate(ballast, 0);
      await rm(ballast);
    },
    close: async () => {
      await subject.close();
      await disk.remove();
    },
  };
}

/** Chromium's quota for the page's origin, by the debugging protocol. */
export async function openQuota(directory: string): Promise<Space> {
  const station = await Station.open(await pageFiles());
  const profile = join(directory, 'profile');
  let session: CDPSession | null = null;
  const allow = async (quotaSize?: number) => {
    const { origin } = station;
    await session?.send('Storage.overrideQuotaForOrigin', {
      origin,
      ...(quotaSize === undefined ? {} : { quotaSize }),
    });
  };
  const open = async (_: string, mode: Mode) => {
    const { context } = await relaunchChromium(profile);
    const page = context.pages()[0] ?? (await context.newPage());
    session = await context.newCDPSession(page);
    await page.goto(pageAddress(station, mode));
    return livePage(await station.nextPage(), () => killBrowser(profile));
  };
  return {
    subject: { name: 'chromium', open, close: () => station.close() },
    directory,
    // Less than there is: nothing more can be written.
    fill: () => allow(1),
    free: () => allow(),
    close: () => station.close(),
  };
}
