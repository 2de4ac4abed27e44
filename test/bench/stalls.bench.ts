/**
 * How long does a snapshot hold up everybody else? One collection of a million elements of each type:
 * the longest slice of a snapshot, the first change to it and the longest of those that follow while it
 * is written, its deletion, the longest piece of a load and the end of it. Milliseconds, in Node:
 * as the clock has it or as CPU time of the process, whichever is less, for neither is less than what
 * the engine took. All of it is done several times, each time the same: of each call the fastest
 * counts, so that neither the rest of the machine nor V8 at work is seen. The figure beside a longest
 * one is the tenth.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../scripts/files.js';
import { Engine } from '../../src/engine/engine.js';
import { SEED } from './support/drive.js';
import { effort } from './support/options.js';
import { printMachine, printTable } from './support/report.js';
import { encodeCommand } from './support/requests.js';

const SLICE_BYTES = 64 * 1024;
const FILLED_TOGETHER = 1000;
const CHANGES_BETWEEN = 20;
const STRIDE = 7919;
const TENTH = 9;
const REPEATS = 5;
const COLUMNS = [
  'slice',
  'first change',
  'change',
  'slice between',
  'DEL',
  'load',
  'its end',
] as const;

type Watches = Readonly<Record<(typeof COLUMNS)[number], Stopwatch>>;

interface Collection {
  readonly type: string;
  readonly add: (index: number) => string[];
  readonly change: (index: number) => string[];
}

/** Collections under the key `k`; `any` is one of the numbers of elements. */
function collections(any: (index: number) => string): Collection[] {
  return [
    {
      type: 'hash',
      add: (index) => ['HSET', 'k', `field:${index}`, `value:${index}`],
      change: (index) => ['HSET', 'k', `field:${any(index)}`, `changed:${index}`],
    },
    {
      type: 'zset',
      add: (index) => ['ZADD', 'k', any(index), `member:${index}`],
      change: (index) => ['ZADD', 'k', `${index}`, `member:${any(index)}`],
    },
    {
      type: 'set',
      add: (index) => ['SADD', 'k', `member:${index}`],
      change: (index) => ['SREM', 'k', `member:${any(index)}`],
    },
    {
      type: 'list',
      add: (index) => ['RPUSH', 'k', `element:${index}`],
      change: (index) => (index % 2 ? ['LPOP', 'k'] : ['LSET', 'k', `-${(index % 9999) + 1}`, 'x']),
    },
    {
      type: 'stream',
      add: (index) => ['XADD', 'k', `${index + 1}-1`, 'field', `value:${index}`],
      change: (index) =>
        index % 2 ? ['XADD', 'k', '*', 'f', 'v'] : ['XDEL', 'k', `${any(index)}-1`],
    },
  ];
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** How long calls take. */
class Stopwatch {
  private times: number[] = [];

  /** Of the same calls, measured again and again, the fastest each. */
  static fastest(watches: readonly Stopwatch[]): Stopwatch {
    const result = new Stopwatch();
    for (const { times } of watches)
      result.times = times.map((time, index) => Math.min(time, result.times[index] ?? time));
    return result;
  }

  measure<T>(call: () => T): T {
    const [start, cpuStart] = [performance.now(), cpuMs()];
    const result = call();
    this.times.push(Math.min(cpuMs() - cpuStart, performance.now() - start));
    return result;
  }

  toString(): string {
    const longest = this.times.toSorted((first, second) => second - first);
    const cells = longest.length > TENTH ? [longest[0], longest[TENTH]] : [longest[0]];
    return cells.map((time) => (time ?? 0).toFixed(2)).join(' / ');
  }
}

class Subject {
  private readonly engine: Engine;

  constructor(module: WebAssembly.Module) {
    this.engine = Engine.create(module, { seed: SEED });
    this.engine.setTime(1_700_000_000_000);
  }

  execute(commands: readonly string[][]): void {
    const bytes = Buffer.from(commands.map(encodeCommand).join(''));
    this.engine.input(bytes.length).set(bytes);
    this.engine.begin(bytes.length);
    this.engine.execute(0, 2);
    this.engine.clearOutput();
    this.engine.clearEffects();
  }

  begin(): void {
    this.engine.snapshotBegin();
  }

  /** Writes the snapshot that has begun; keeps nothing of it, or the collector would be measured. */
  save(slices: Stopwatch, between: () => void = () => {}): void {
    while (slices.measure(() => this.engine.snapshotNext(SLICE_BYTES)) !== null) between();
  }

  file(): Buffer {
    const written: Uint8Array[] = [];
    this.engine.snapshotBegin();
    for (;;) {
      const slice = this.engine.snapshotNext(SLICE_BYTES);
      if (slice === null) return Buffer.concat(written);
      written.push(slice);
    }
  }

  load(file: Uint8Array, pieces: Stopwatch, end: Stopwatch): void {
    this.engine.loadBegin();
    for (let at = 0; at < file.length; at += SLICE_BYTES) {
      pieces.measure(() => this.engine.loadNext(file.subarray(at, at + SLICE_BYTES)));
    }
    end.measure(() => this.engine.loadEnd());
  }
}

export async function run(): Promise<void> {
  const module = await WebAssembly.compile(await readFile(join(ROOT, 'dist/core.wasm')));
  const size = effort().quick ? 200_000 : 1_000_000;
  printMachine('before');
  const all = collections((index) => `${(index * STRIDE) % size}`);
  const rows = all.map((collection) => {
    const measured = Array.from({ length: REPEATS }, () => measure(module, size, collection));
    const fastest = COLUMNS.map((name) => Stopwatch.fastest(measured.map((all) => all[name])));
    return [collection.type, ...fastest.map(String)];
  });
  printTable([`ms, ${size} elements`, ...COLUMNS], rows);
  printMachine('after');
}

function measure(module: WebAssembly.Module, size: number, { add, change }: Collection): Watches {
  const subject = new Subject(module);
  for (let from = 0; from < size; from += FILLED_TOGETHER) {
    subject.execute(Array.from({ length: FILLED_TOGETHER }, (_, index) => add(from + index)));
  }
  const watches = Object.fromEntries(COLUMNS.map((name) => [name, new Stopwatch()])) as Watches;
  subject.begin();
  subject.save(watches.slice);
  subject.begin();
  watches['first change'].measure(() => subject.execute([change(1)]));
  let index = 2;
  subject.save(watches['slice between'], () => {
    for (let left = CHANGES_BETWEEN; left > 0; left--) {
      watches.change.measure(() => subject.execute([change(index++)]));
    }
  });
  const file = subject.file();
  subject.begin();
  watches.DEL.measure(() => subject.execute([['DEL', 'k']]));
  subject.save(new Stopwatch());
  new Subject(module).load(file, watches.load, watches['its end']);
  return watches;
}
