/**
 * LATENCY GRAPH: the samples of an event as columns of characters, and under each how long ago it
 * was. Four rows, three heights in each: `_`, `o` and `#` end a column, `|` fills what is below.
 *
 *       #
 *     o |
 *   __|#|
 *
 *   32119
 *   10sss
 *   ss
 */
import type { LatencyEvent, LatencySample } from './latency.js';

const COLUMNS = 80;
const ROWS = 4;
const TOPS = '_o#';
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

export function latencyGraph({ name, samples, worst }: LatencyEvent, nowSeconds: number): string {
  const times = samples.map(({ milliseconds }) => milliseconds);
  const low = Math.min(...times);
  const high = Math.max(...times);
  const head =
    `${name} - high ${high} ms, low ${low} ms (all time high ${worst} ms)\n` +
    `${'-'.repeat(COLUMNS)}\n`;
  const parts: string[] = [];
  for (let at = 0; at < samples.length; at += COLUMNS) {
    parts.push(part(samples.slice(at, at + COLUMNS), low, high, nowSeconds));
  }
  return head + parts.join('\n');
}

function part(
  samples: readonly LatencySample[],
  low: number,
  high: number,
  nowSeconds: number,
): string {
  const heights = samples.map(({ milliseconds }) => height(milliseconds, low, high));
  const labels = samples.map(({ at }) => ago(Math.max(0, nowSeconds - at)));
  const labelRows = Math.max(...labels.map((label) => label.length));
  const lines: string[] = [];
  for (let row = ROWS - 1; row >= 0; row--)
    lines.push(heights.map((top) => cell(top, row)).join(''));
  lines.push(' '.repeat(samples.length));
  for (let row = 0; row < labelRows; row++) {
    lines.push(labels.map((label) => label[row] ?? ' ').join(''));
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** From 0 to the number of heights less one. */
function height(value: number, low: number, high: number): number {
  const steps = ROWS * TOPS.length;
  return Math.min(steps - 1, Math.floor(((value - low) / (high - low || 1)) * steps));
}

function cell(top: number, row: number): string {
  const above = top - row * TOPS.length;
  if (above < 0) return ' ';
  return TOPS[above] ?? '|';
}

function ago(seconds: number): string {
  if (seconds < MINUTE) return `${seconds}s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)}h`;
  return `${Math.floor(seconds / DAY)}d`;
}
