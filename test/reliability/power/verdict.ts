/**
 * Compares what a store holds after a cut with what it was seen to do before.
 *
 *   steps       0 1 2 3 4 5 6 7 8 9
 *   answered    x x x   x x x
 *   found       = the data after steps 0 to 5
 *               => step 6 is lost although it was answered
 *
 * What is found must be exactly the data after some number of steps: then there are no holes, no
 * step is half there, and nothing has changed places. If several numbers fit, the largest counts: the
 * steps between them change nothing.
 */
import { apply, type Cells, type Plan, stepOf } from './workload.js';
import type { Sight } from './writer.js';

/** What is left of a life. */
export interface Evidence {
  readonly plan: Plan;
  /** What the life began with. */
  readonly before: Cells;
  readonly after: Cells;
  readonly sights: readonly Sight[];
  /** Unix milliseconds: the power was there before, and gone after. */
  readonly cutBegan: number;
  readonly cutEnded: number;
}

export interface Verdict {
  /** Steps that were answered with OK, or that another client has read. */
  readonly seen: number;
  /** Steps that are in the data found. */
  readonly survived: number;
  /** Steps that were seen and are gone. */
  readonly lost: number;
  /**
   * As many again were answered in the very moment of the cut. They do not count under `always`: where
   * the power is really cut nobody hears them, and a flush that meets the ioctl may seem to succeed.
   */
  readonly lostAtCut: number;
  /** From the first answer that did not hold to the cut, in milliseconds; 0 if all held. */
  readonly windowMs: number;
  /** Why the data found are those of no number of steps, else null. */
  readonly torn: string | null;
}

/** Steps that were on their way when the last sight was seen, at most. */
const UNSEEN_MAX = 4096;

/** The clocks of pages count whole milliseconds. */
const CLOCK_STEP_MS = 1;

export function judge(evidence: Evidence): Verdict {
  const refused = refusedBeforeCut(evidence);
  const seen = sightsOf(evidence);
  let last = -1;
  for (const step of seen.keys()) last = Math.max(last, step);
  const { survived, torn } = findPrefix(evidence, refused, last + UNSEEN_MAX);
  const all = [...seen].filter(([step]) => step >= survived);
  const gone = all.filter(([, at]) => at + CLOCK_STEP_MS <= evidence.cutBegan);
  const earliest = gone.reduce((first, [, at]) => Math.min(first, at), evidence.cutEnded);
  return {
    seen: seen.size,
    survived,
    lost: gone.length,
    lostAtCut: all.length - gone.length,
    windowMs: gone.length > 0 ? evidence.cutEnded - earliest : 0,
    torn,
  };
}

/** Under `always` nothing that was seen may be gone; under `everysec` no more than a second of it. */
export function isWhole({ lost, windowMs, torn }: Verdict, mode: string): boolean {
  if (torn !== null) return false;
  if (mode === 'always') return lost === 0;
  return mode === 'no' || windowMs <= 1000;
}

/** A step that was refused has not run; what is refused when the disk is gone may have. */
function refusedBeforeCut({ sights, cutBegan }: Evidence): Set<number> {
  const refusals = sights.filter(({ kind, at }) => kind === 'refused' && at < cutBegan);
  return new Set(refusals.map(({ step }) => step));
}

/** When each step was first seen to be there. */
function sightsOf({ sights }: Evidence): Map<number, number> {
  const seen = new Map<number, number>();
  for (const { kind, step, at } of sights) {
    if (kind !== 'ok' && kind !== 'read') continue;
    seen.set(step, Math.min(at, seen.get(step) ?? at));
  }
  return seen;
}

function findPrefix(
  { plan, before, after }: Evidence,
  refused: ReadonlySet<number>,
  most: number,
): { survived: number; torn: string | null } {
  const model: Cells = new Map(before);
  const wrong = new Set<string>();
  const compare = (cell: string) => {
    if (model.get(cell) === after.get(cell)) wrong.delete(cell);
    else wrong.add(cell);
  };
  for (const cell of [...model.keys(), ...after.keys()]) compare(cell);
  let survived = wrong.size === 0 ? 0 : -1;
  let nearest = { steps: 0, wrong: [...wrong] };
  for (let number = 0; number < most; number++) {
    if (!refused.has(number)) apply(model, stepOf(plan, number)).forEach(compare);
    if (wrong.size === 0) survived = number + 1;
    if (wrong.size < nearest.wrong.length) nearest = { steps: number + 1, wrong: [...wrong] };
  }
  if (survived >= 0) return { survived, torn: null };
  const some = nearest.wrong.slice(0, 5).map((cell) => `${cell} is ${after.get(cell)}`);
  const torn = `after ${nearest.steps} steps ${nearest.wrong.length} cells differ: ${some.join('; ')}`;
  return { survived: nearest.steps, torn };
}
