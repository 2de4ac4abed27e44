/** The judge of power cuts sees what it is there to see: tried on losses that are made up. */
import { describe, expect, it } from 'vitest';
import { type Evidence, isWhole, judge } from './verdict.js';
import { apply, type Cells, type Plan, readCells, stepOf, tagOf } from './workload.js';
import type { Sight } from './writer.js';

const PLAN: Plan = { seed: 7, life: 2, inFlight: 4, snapshotEvery: 0 };
const CUT = 1_000_000;
const STEPS = 400;

/** The data after those steps. */
function dataAfter(steps: Iterable<number>): Cells {
  const cells: Cells = new Map([['s:5', '1.77.10']]);
  for (const step of steps) apply(cells, stepOf(PLAN, step));
  return cells;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, step) => step);
}

/** All steps were answered, one each 5 ms, the last one 1 ms before the cut. */
function evidence(found: Cells, sights: readonly Sight[] = answers()): Evidence {
  const times = { cutBegan: CUT, cutEnded: CUT };
  return { plan: PLAN, before: dataAfter([]), after: found, sights, ...times };
}

function answers(): Sight[] {
  return upTo(STEPS).map((step) => ({ kind: 'ok', step, at: CUT - 1 - (STEPS - 1 - step) * 5 }));
}

/** Steps of which exactly these kinds of data are left: the first that changes a cell for good. */
function stepThat(is: (commands: readonly (readonly string[])[]) => boolean): number {
  const found = upTo(STEPS).find((step) => is(stepOf(PLAN, step).commands));
  if (found === undefined) throw new Error('the plan has no such step');
  return found;
}

const isSet = ([first, ...rest]: readonly (readonly string[])[]) =>
  first?.[0] === 'SET' && rest.length === 0;

describe('the judge of power cuts', () => {
  it('finds nothing wrong where everything is there', () => {
    const verdict = judge(evidence(dataAfter(upTo(STEPS))));
    expect(verdict).toMatchObject({ seen: STEPS, lost: 0, windowMs: 0, torn: null });
    expect(isWhole(verdict, 'always')).toBe(true);
  });

  it('allows steps that nobody has heard of', () => {
    const heard = answers().slice(0, 100);
    expect(judge(evidence(dataAfter(upTo(STEPS)), heard))).toMatchObject({ lost: 0, torn: null });
  });

  it('sees a single answered step that is gone', () => {
    const last = upTo(STEPS).findLast((step) => isSet(stepOf(PLAN, step).commands)) ?? 0;
    const verdict = judge(evidence(dataAfter(upTo(last)), answers().slice(0, last + 1)));
    expect(verdict).toMatchObject({ survived: last, lost: 1, torn: null });
    expect(isWhole(verdict, 'always')).toBe(false);
    expect(isWhole(verdict, 'no')).toBe(true);
  });

  it('sees what was read and is gone', () => {
    const last = upTo(STEPS).findLast((step) => isSet(stepOf(PLAN, step).commands)) ?? 0;
    const heard: Sight[] = [{ kind: 'read', step: last, at: CUT - 3 }];
    expect(judge(evidence(dataAfter(upTo(last)), heard))).toMatchObject({ lost: 1, windowMs: 3 });
  });

  it('tells what was answered at the moment of the cut', () => {
    const last = upTo(STEPS).findLast((step) => isSet(stepOf(PLAN, step).commands)) ?? 0;
    const heard: Sight[] = [{ kind: 'ok', step: last, at: CUT }];
    const verdict = judge(evidence(dataAfter(upTo(last)), heard));
    expect(verdict).toMatchObject({ lost: 0, lostAtCut: 1, torn: null });
  });

  it('measures the time that is lost from its first answer', () => {
    const last = stepThat((commands) => isSet(commands)) + 1;
    const verdict = judge(evidence(dataAfter(upTo(last))));
    expect(verdict.windowMs).toBeGreaterThan(1000);
    expect(isWhole(verdict, 'everysec')).toBe(false);
    const late = judge(evidence(dataAfter(upTo(STEPS - 150))));
    expect(late.windowMs).toBeLessThan(1000);
    expect(late.windowMs).toBeGreaterThan(500);
    expect(isWhole(late, 'everysec')).toBe(true);
  });

  it('sees a hole', () => {
    const hole = upTo(STEPS).findLast((step) => isSet(stepOf(PLAN, step).commands)) ?? 0;
    const verdict = judge(evidence(dataAfter([...upTo(hole), ...upTo(STEPS).slice(hole + 1)])));
    expect(verdict.torn).toMatch(/cells differ/);
    expect(isWhole(verdict, 'no')).toBe(false);
  });

  it('sees half a transaction', () => {
    const sets = (commands: readonly (readonly string[])[]) =>
      commands.length > 1 && commands.every(([name]) => name === 'SET');
    const number = stepThat(sets);
    const cells = dataAfter(upTo(number));
    apply(cells, { commands: stepOf(PLAN, number).commands.slice(0, 1) });
    expect(judge(evidence(cells)).torn).toMatch(/cells differ/);
  });

  it('sees two steps that have changed places', () => {
    const pushes = upTo(STEPS).filter(
      (step) =>
        stepOf(PLAN, step)
          .commands.map(([name]) => name)
          .join() === 'RPUSH',
    );
    const [one = 0, other = 0] = pushes.slice(-2);
    const steps = upTo(STEPS);
    [steps[one], steps[other]] = [other, one];
    expect(judge(evidence(dataAfter(steps))).torn).toMatch(/cells differ/);
  });

  it('leaves out what was refused, and knows if it is there all the same', () => {
    const number = upTo(STEPS).findLast((step) => isSet(stepOf(PLAN, step).commands)) ?? 0;
    const sights = answers().map(
      (sight): Sight => (sight.step === number ? { ...sight, kind: 'refused' } : sight),
    );
    const without = dataAfter(upTo(STEPS).filter((step) => step !== number));
    expect(judge(evidence(without, sights))).toMatchObject({ lost: 0, torn: null });
    expect(judge(evidence(dataAfter(upTo(STEPS)), sights)).torn).toMatch(/cells differ/);
  });

  it('knows a value that is not whole', () => {
    const [, , value = ''] = stepOf(PLAN, stepThat(isSet)).commands[0] ?? [];
    expect(tagOf(value)).toMatch(/^2\.\d+\.\d+$/);
    expect(tagOf(value.slice(0, -1))).toMatch(/^DAMAGED/);
    expect(tagOf(`${value.slice(0, -1)}!`)).toMatch(/^DAMAGED/);
    expect(tagOf('')).toMatch(/^DAMAGED/);
  });

  it('knows keys that nobody has written', async () => {
    const answer = (found: number) => async (args: readonly string[]) => {
      if (args[0] === 'DBSIZE') return found;
      if (args[0] === 'GET') return args[1] === 'c' ? '5' : null;
      return [];
    };
    expect([...(await readCells(answer(1)))]).toEqual([['c', '5']]);
    expect((await readCells(answer(2))).get('KEYS')).toBe('2 instead of 1');
  });
});
