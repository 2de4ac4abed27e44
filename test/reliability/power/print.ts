/** Results of a run as lines of JSON, then their sum. */
import type { CutResult } from './run.js';

/** The status of the process is 1 afterwards if a promise was broken. */
export async function printResults(all: AsyncIterable<CutResult>): Promise<void> {
  const results: CutResult[] = [];
  try {
    for await (const result of all) {
      results.push(result);
      console.log(JSON.stringify(result));
    }
  } finally {
    console.log(JSON.stringify(sumOf(results)));
  }
  if (results.some(({ whole }) => !whole)) process.exitCode = 1;
}

function sumOf(results: readonly CutResult[]) {
  const sum = (field: 'seen' | 'lost' | 'lostAtCut' | 'snapshots' | 'refused') =>
    results.reduce((total, result) => total + result[field], 0);
  const windows = results.map(({ windowMs }) => windowMs).sort((a, b) => a - b);
  return {
    ends: results.length,
    seen: sum('seen'),
    lost: sum('lost'),
    lostAtCut: sum('lostAtCut'),
    endsThatLost: results.filter(({ lost }) => lost > 0).length,
    torn: results.filter(({ torn }) => torn !== null).length,
    unreadable: results.filter(({ unreadable }) => unreadable !== null).length,
    broken: results.filter(({ whole }) => !whole).length,
    windowMs: { median: windows[windows.length >> 1], longest: windows.at(-1) },
    snapshots: sum('snapshots'),
    refused: sum('refused'),
  };
}
