/** What the benchmarks print: medians, ranges, tables, and how busy the machine was. */
import { cpus, loadavg } from 'node:os';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** The smallest and the largest, as `11.2-14.5`. */
export function range(values: readonly number[], digits = 1): string {
  return `${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)}`;
}

/** `13.1x (11.2-14.5)`: a ratio taken in each round. */
export function ratio(values: readonly number[]): string {
  return `${median(values).toFixed(1)}x (${range(values)})`;
}

/** Millions a second. */
export function millions(perSecond: number): string {
  return (perSecond / 1e6).toFixed(2);
}

/** With the unit that fits: `2.31 M`, `845 k`, `12`. */
export function short(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(2)} M`;
  if (perSecond >= 1e4) return `${(perSecond / 1e3).toFixed(0)} k`;
  if (perSecond >= 1e3) return `${(perSecond / 1e3).toFixed(1)} k`;
  return perSecond.toFixed(0);
}

/** Columns that are aligned; the first `left` of them to the left. */
export function printTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  left = 1,
): void {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? '';
        return column < left ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  console.log(line(headings));
  console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  for (const row of rows) console.log(line(row));
}

/** One line about the machine; its load tells how far to trust the numbers. */
export function printMachine(when: string): void {
  const model = cpus()[0]?.model ?? 'unknown CPU';
  const load = loadavg().map((value) => value.toFixed(1));
  const machine = `${cpus().length} x ${model}, Node ${process.version}`;
  console.log(`${when}: load average ${load.join(' ')} (${machine})`);
}
