/**
 * One run of sudden ends: life after life of one store.
 *
 *   open, compare with the life before  ->  write  ->  the end (power cut, kill)  -.
 *     ^-----------------------------------------------------------------------------'
 */
import { type Cut, Disk } from './disk.js';
import type { Life, Mode, Subject } from './subject.js';
import { type Evidence, isWhole, judge, type Verdict } from './verdict.js';
import { Chance, type Plan } from './workload.js';
import type { Sight } from './writer.js';

export interface RunOptions {
  readonly mode: Mode;
  readonly cuts: number;
  readonly seed: number;
  /** Whether snapshots are asked for while the writes go on. */
  readonly snapshots: boolean;
  /** A life writes for so long at most, if it gets its answers. */
  readonly longestMs: number;
  /** Cuts at the subject's most delicate moment instead of any. */
  readonly atTurn?: boolean;
  /** Keeps the disk of a run that failed. */
  readonly keepsBroken?: boolean;
}

/** Ends a life at one blow; afterwards the store can be opened again. */
type End = (life: Life) => Promise<Cut>;

/** What can be ready before it is known when the end comes. */
type PrepareEnd = () => Promise<End>;

export interface CutResult extends Verdict {
  readonly cut: number;
  readonly subject: string;
  readonly mode: Mode;
  readonly seed: number;
  readonly whole: boolean;
  /** From the first answer to the cut. */
  readonly wroteMs: number;
  /** Snapshots that were asked for and answered. */
  readonly snapshots: number;
  readonly refused: number;
  /** Why the store could not be opened afterwards; null if it could. */
  readonly unreadable: string | null;
  /** What opening afterwards found. */
  readonly report: unknown;
}

const DISK_MEGABYTES = 1500;
/** The journal is replayed at each start; after so many lives there is a new disk. */
const LIVES_OF_A_DISK = 8;
/** No answer for so long is a failure of the run. */
const SILENCE_MS = 60_000;

/** Cuts the power; yields the result of each cut as soon as the store has been opened after it. */
export async function* runCuts(subject: Subject, options: RunOptions): AsyncGenerator<CutResult> {
  let first = 0;
  while (first < options.cuts) {
    const disk = await Disk.make(DISK_MEGABYTES);
    const cutPower = async () => {
      const cut = await disk.arm();
      return async (life: Life) => {
        const moment = await cut();
        await life.kill();
        await disk.remount();
        return moment;
      };
    };
    const lives = Math.min(LIVES_OF_A_DISK, options.cuts - first);
    let sound = true;
    let opened = 0;
    try {
      for await (const result of runLives(
        subject,
        disk.directory,
        cutPower,
        options,
        first,
        lives,
      )) {
        sound &&= result.whole;
        opened++;
        yield result;
      }
    } finally {
      if (sound || options.keepsBroken !== true) await disk.remove();
      else console.log(`the disk is kept: ${await disk.keep()}`);
    }
    first += opened;
  }
}

/** Kills; the data are in `directory`, which nothing happens to. */
export async function* runKills(
  subject: Subject,
  directory: string,
  options: RunOptions,
): AsyncGenerator<CutResult> {
  const kill = async (life: Life) => {
    const began = Date.now();
    await life.kill();
    return { began, ended: Date.now() };
  };
  yield* runLives(subject, directory, async () => kill, options, 0, options.cuts);
}

/** Ends early if the store cannot be opened any more. */
async function* runLives(
  subject: Subject,
  directory: string,
  prepareEnd: PrepareEnd,
  options: RunOptions,
  first: number,
  lives: number,
): AsyncGenerator<CutResult> {
  let life: Life | null = await subject.open(directory, options.mode);
  try {
    for (let cut = first; cut < first + lives && life !== null; cut++) {
      const plan = planOf(options, cut);
      const { cells: before } = life;
      const end = await prepareEnd();
      const turn = options.atTurn === true ? subject.untilTurn?.(directory) : undefined;
      const sights = await wear(life, plan, options.longestMs, turn);
      const { began, ended } = await end(life);
      life = null;
      let unreadable: string | null = null;
      try {
        life = await subject.open(directory, options.mode);
      } catch (error) {
        unreadable = String(error);
      }
      const after = life?.cells ?? new Map();
      const evidence = { plan, before, after, sights, cutBegan: began, cutEnded: ended };
      const result = resultOf(subject, options, cut, evidence);
      const report = life?.report ?? null;
      yield { ...result, whole: result.whole && life !== null, unreadable, report };
    }
  } finally {
    await life?.kill();
  }
}

function planOf({ seed, snapshots }: RunOptions, life: number): Plan {
  const chance = new Chance(seed, life);
  const inFlight = [1, 4, 16, 64][chance.below(4)] ?? 1;
  return { seed, life, inFlight, snapshotEvery: snapshots ? 50 + chance.below(400) : 0 };
}

/**
 * Lets it write until the first answer after its `turn`; without one for a number of answers, and of milliseconds since the
 * first, that follow from the plan. It goes on writing: more sights come until the end.
 */
function wear(
  life: Life,
  plan: Plan,
  longestMs: number,
  turn: Promise<void> | undefined,
): Promise<readonly Sight[]> {
  const chance = new Chance(plan.seed, plan.life, 0xc07);
  const [answers, milliseconds] = [20 + chance.below(400), chance.below(longestMs)];
  const sights: Sight[] = [];
  return new Promise((resolve, reject) => {
    const silent = () => reject(new Error(`no end in ${SILENCE_MS} ms: ${JSON.stringify(plan)}`));
    const timer = setTimeout(silent, SILENCE_MS);
    const worn = () => {
      clearTimeout(timer);
      resolve(sights);
    };
    let turned = false;
    turn?.then(() => {
      turned = true;
    }, reject);
    life.begin(plan, (sight) => {
      sights.push(sight);
      const first = sights[0]?.at ?? sight.at;
      const isOld = sights.length >= answers && sight.at - first >= milliseconds;
      if (turn === undefined ? isOld : turned) worn();
    });
  });
}

function resultOf(
  { name }: Subject,
  { mode, seed }: RunOptions,
  cut: number,
  evidence: Evidence,
): Omit<CutResult, 'unreadable' | 'report'> {
  const { sights, cutBegan } = evidence;
  const verdict = judge(evidence);
  const count = (kind: Sight['kind']) => sights.filter((sight) => sight.kind === kind).length;
  return {
    cut,
    subject: name,
    mode,
    seed,
    whole: isWhole(verdict, mode),
    ...verdict,
    wroteMs: Math.round(cutBegan - (sights[0]?.at ?? cutBegan)),
    snapshots: count('snapshot'),
    refused: count('refused'),
  };
}
