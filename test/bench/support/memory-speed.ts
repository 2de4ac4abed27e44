/**
 * What a cache line costs here and now. The engine waits for memory more than for anything else,
 * and on a shared machine the neighbours decide what that takes: on the day of LIMITS.md an
 * independent random line of 8 MB was had in 0.9 ns, on a busy one it takes fifty times as long.
 */
import { median } from './report.js';
import { Random } from './requests.js';

const LINE_WORDS = 16;
const LINES = 1 << 15;
/** The first ones are still being compiled. */
const REPETITIONS = 31;

export function printMemorySpeed(): void {
  const times = [1, 8, 64].map((megabytes) => {
    const nanoseconds = lineNanoseconds(megabytes);
    return `${megabytes} MB ${nanoseconds.toFixed(1)}`;
  });
  console.log(`ns CPU for an independent random line of: ${times.join(', ')}`);
}

function lineNanoseconds(megabytes: number): number {
  const words = new Int32Array(megabytes << 18).fill(1);
  const random = new Random(0x6c078965);
  const places = Int32Array.from(
    { length: LINES },
    () => random.below(words.length / LINE_WORDS) * LINE_WORDS,
  );
  const times: number[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const before = process.cpuUsage();
    sum = gather(words, places);
    const { user, system } = process.cpuUsage(before);
    times.push(((user + system) * 1000) / LINES);
  }
  if (sum !== LINES) throw new Error('the sum is wrong');
  return median(times);
}

let sum = 0;

/** No load waits for another one. */
function gather(words: Int32Array, places: Int32Array): number {
  let total = 0;
  for (let index = 0; index < places.length; index++) {
    total += words[places[index] as number] as number;
  }
  return total;
}
