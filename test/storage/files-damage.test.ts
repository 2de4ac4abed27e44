/**
 * Damage to files that we have written: whatever bit is flipped and wherever a file ends, what is loaded
 * is what was written, or a beginning of it and a report, or the store is refused. Redis loads a quarter
 * of such files as other data (docs/RELIABILITY.md F20).
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { SnapshotFormatError } from '../../src/engine/snapshot.js';
import { isFault, StorageFault } from '../../src/storage/errors.js';
import {
  blocksIn,
  COMMANDS,
  command,
  FIRST,
  loaded,
  type Outcome,
  outcomeOf,
  startsIn,
  TestDirectory,
  TextLoader,
} from './files-kit.js';

let directory: TestDirectory;

beforeEach(() => {
  directory = new TestDirectory();
});

const outcome = (): Promise<Outcome> => outcomeOf(directory);
const MANIFEST = 'appendonlydir/appendonly.aof.manifest';
const SECOND = 'appendonlydir/appendonly.aof.2.incr.aof';

/** Why this file, in place of the one that was written, is refused; an error if it is not. */
async function refusal(name: string, parts: readonly Buffer[]): Promise<string> {
  const whole = await directory.read(name);
  directory.write(name, Buffer.concat(parts));
  try {
    const storage = await directory.open();
    await storage.close();
    throw new Error('it was not refused');
  } catch (error) {
    if (!isFault(error, 'damaged')) throw error;
    return error.message;
  } finally {
    directory.write(name, whole);
  }
}

/** Three commits, the last two in a second file. */
async function writeTwoFiles(): Promise<void> {
  const storage = await directory.open();
  await loaded(storage);
  const [first = '', second = '', third = ''] = COMMANDS;
  storage.append(Buffer.from(first));
  await storage.flush();
  const writer = storage.beginSnapshot('base');
  for (const text of [second, third]) {
    storage.append(Buffer.from(text));
    await storage.flush();
  }
  await writer.abort();
  await storage.close();
}

/** How each of these files does instead of the one that was written. */
async function sweep(
  name: string,
  variants: (whole: Buffer) => Iterable<Buffer>,
): Promise<Outcome[]> {
  const whole = await directory.read(name);
  const outcomes: Outcome[] = [];
  for (const variant of variants(whole)) {
    directory.write(name, variant);
    // What was cut off before is not to be taken for what is cut off now.
    outcomes.push(await outcome());
    for (const copy of await directory.names('redstart.quarantine')) {
      await directory.disk.remove(`${directory.path}/redstart.quarantine/${copy}`);
    }
  }
  directory.write(name, whole);
  return outcomes;
}

function* flips(whole: Buffer): Iterable<Buffer> {
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const flipped = Buffer.from(whole);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield flipped;
  }
}

function* prefixes(whole: Buffer): Iterable<Buffer> {
  for (let length = 0; length < whole.length; length++) yield whole.subarray(0, length);
}

/** Of what was appended: all, or less and a report, and nothing else. */
function isRight({ text, isReported }: Outcome): boolean {
  const all = COMMANDS.join('');
  if (text === null || text === all) return true;
  const isPrefix = [0, 1, 2].some((count) => text === COMMANDS.slice(0, count).join(''));
  return isPrefix && isReported;
}

describe('a journal of two files', () => {
  beforeEach(writeTwoFiles);

  it('is loaded as it was written', async () => {
    expect(await outcome()).toEqual({ text: COMMANDS.join(''), isReported: false });
  });

  it.each([FIRST, SECOND, MANIFEST])('finds every flipped bit of %s', async (name) => {
    const outcomes = await sweep(name, flips);
    expect(outcomes.length).toBeGreaterThan(400);
    expect(outcomes.filter((one) => !isRight(one))).toEqual([]);
  });

  it('finds where the first file ends too early, at every place', async () => {
    const outcomes = await sweep(FIRST, prefixes);
    expect(outcomes.every(({ text }) => text === null)).toBe(true);
  });

  it('loads what is whole of the last file, and reports what is torn', async () => {
    const boundaries = new Set(startsIn(await directory.read(SECOND)));
    expect(boundaries.size).toBe(3);
    const outcomes = await sweep(SECOND, prefixes);
    for (const [length, { text, isReported }] of outcomes.entries()) {
      expect(COMMANDS.join('').startsWith(text ?? 'nothing')).toBe(true);
      expect(isReported, `${length} bytes`).toBe(!boundaries.has(length));
    }
  });

  it('refuses a manifest that ends too early', async () => {
    const outcomes = await sweep(MANIFEST, prefixes);
    expect(outcomes.every(({ text }) => text === null)).toBe(true);
  });

  it('finds a block that is missing, doubled or in another place', async () => {
    const whole = await directory.read(SECOND);
    const [head, one, two] = blocksIn(whole) as [Buffer, Buffer, Buffer];
    const orders = [
      [head, two],
      [head, two, one],
      [head, one, one, two],
      [one, two],
      [head, head, one, two],
      [head, one, two, two],
      [one, head, two],
    ];
    const outcomes = await sweep(SECOND, () => orders.map((order) => Buffer.concat(order)));
    expect(outcomes.filter((found) => !isRight(found))).toEqual([]);
    expect(outcomes.every(({ isReported }) => isReported)).toBe(true);
    // A crash does not move blocks.
    expect(outcomes.every(({ text }) => text === null)).toBe(true);
    const [first, second] = [head.length, head.length + one.length];
    const file = 'appendonly.aof.2.incr.aof is damaged at offset';
    expect(await refusal(SECOND, [head, two, one])).toBe(
      `${file} ${first}: the block belongs at ${second}`,
    );
    expect(await refusal(SECOND, [head, one, one, two])).toBe(
      `${file} ${second}: the block belongs at ${first}`,
    );
  });

  it('does not take a block whose mark has changed for a comment', async () => {
    const outcomes = await sweep(SECOND, function* (whole) {
      for (const start of startsIn(whole).slice(1)) {
        for (const mark of ['#SS:', '#TS:', '####']) {
          const variant = Buffer.from(whole);
          variant.write(mark, start);
          yield variant;
        }
      }
    });
    expect(outcomes.map(({ text }) => text)).toEqual(Array(6).fill(null));
  });

  it('refuses a block from another file', async () => {
    const [head, one, two] = blocksIn(await directory.read(SECOND)) as [Buffer, Buffer, Buffer];
    const other = new TestDirectory();
    const storage = await other.open({ token: 'other' });
    await loaded(storage);
    for (const text of COMMANDS) {
      storage.append(Buffer.from(text));
      await storage.flush();
    }
    await storage.close();
    const [, foreign, last] = blocksIn(await other.read(FIRST)) as [Buffer, Buffer, Buffer];
    expect(foreign.length).toBe(one.length);
    const files = [
      [head, foreign, two],
      [head, foreign],
      [head, one, last],
    ];
    const outcomes = await sweep(SECOND, () => files.map((parts) => Buffer.concat(parts)));
    expect(outcomes.every(({ text }) => text === null)).toBe(true);
    const at = `appendonly.aof.2.incr.aof is damaged at offset ${head.length}`;
    expect(await refusal(SECOND, [head, foreign, two])).toBe(
      `${at}: the block is from another file`,
    );
  });

  it('keeps a copy of what it cuts off', async () => {
    const whole = await directory.read(SECOND);
    directory.write(SECOND, whole.subarray(0, -3));
    const storage = await directory.open();
    const { damaged } = storage.report;
    expect(damaged?.kind).toBe('torn');
    const at = damaged?.at.n ?? 0;
    expect(damaged?.bytesLost).toBe(whole.length - 3 - at);
    const [copy = ''] = await directory.names('redstart.quarantine');
    expect(await directory.read(`redstart.quarantine/${copy}`)).toEqual(whole.subarray(at, -3));
    storage.append(Buffer.from('again'));
    await storage.close();
    expect(await directory.contents()).toBe(`${COMMANDS[0]}${COMMANDS[1]}again`);
  });

  it('refuses a torn end if it is told to', async () => {
    const whole = await directory.read(SECOND);
    directory.write(SECOND, whole.subarray(0, -3));
    await expect(directory.open({ loadTruncated: false })).rejects.toThrow('ends torn at offset');
    expect(await directory.read(SECOND)).toEqual(whole.subarray(0, -3));
    expect(directory.lines.at(-1)).toContain('Unexpected end of file reading the append only file');
  });

  it('cuts at damage in the middle if it is told to, and keeps the rest', async () => {
    const whole = await directory.read(SECOND);
    const middle = whole.indexOf('INCRBY');
    whole[middle] = 0x4a;
    directory.write(SECOND, whole);
    await expect(directory.open()).rejects.toThrow(/damaged at offset \d+: the checksum/);
    const storage = await directory.open({ recover: 'truncate' });
    expect(storage.report.damaged?.kind).toBe('damaged');
    expect(await loaded(storage)).toBe(COMMANDS[0]);
    await storage.close();
  });

  it('takes zeros behind the end for what a power cut has left', async () => {
    const whole = await directory.read(SECOND);
    directory.write(SECOND, Buffer.concat([whole, Buffer.alloc(5000)]));
    expect(await outcome()).toEqual({ text: COMMANDS.join(''), isReported: true });
    expect(await directory.read(SECOND)).toEqual(whole);
  });
});

describe('what redis-server has gone on with', () => {
  const FOREIGN = command('SET', 'f', '1').toString();

  async function goOn(text: string): Promise<void> {
    directory.write(FIRST, Buffer.concat([await directory.read(FIRST), Buffer.from(text)]));
  }

  async function append(text: string): Promise<void> {
    const storage = await directory.open();
    await loaded(storage);
    storage.append(Buffer.from(text));
    await storage.close();
  }

  it('is checked by the blocks behind it', async () => {
    await append('one');
    await goOn(`#TS:1\r\n${FOREIGN}`);
    await append('two');
    expect(await outcome()).toEqual({ text: `one${FOREIGN}two`, isReported: false });
    const whole = await directory.read(FIRST);
    const at = whole.indexOf('$1\r\nf') + 4;
    whole[at] = 0x67;
    directory.write(FIRST, whole);
    await expect(directory.open()).rejects.toThrow('what is in front of the block has changed');
  });

  it('makes a bad block in front of it damage', async () => {
    await append('one');
    await goOn(FOREIGN);
    const whole = await directory.read(FIRST);
    whole[whole.indexOf('one')] = 0;
    directory.write(FIRST, whole);
    expect((await outcome()).text).toBe(null);
  });

  it('is followed on by a file that it has begun and left empty', async () => {
    await writeTwoFiles();
    directory.write(SECOND, '');
    expect(await outcome()).toEqual({ text: COMMANDS[0], isReported: false });
    await append('more');
    expect(await outcome()).toEqual({ text: `${COMMANDS[0]}more`, isReported: false });
  });
});

describe('a base of commands', () => {
  const NAME = 'appendonlydir/appendonly.aof.1.base.aof';

  beforeEach(async () => {
    const storage = await directory.open();
    await loaded(storage);
    const writer = storage.beginSnapshot('base');
    for (const text of COMMANDS) await writer.write(Buffer.from(text));
    await writer.commit();
    await storage.close();
    // Without the generation before it: that has a test of its own.
    await directory.disk.remove('/store/appendonlydir/appendonly.aof.previous');
  });

  it('is checked like the journal, and must have its end', async () => {
    expect(await outcome()).toEqual({ text: COMMANDS.join(''), isReported: false });
    const flipped = await sweep(NAME, flips);
    expect(flipped.filter((found) => !isRight(found))).toEqual([]);
    const cut = await sweep(NAME, prefixes);
    expect(cut.every(({ text }) => text === null)).toBe(true);
  });
});

describe('a base of commands with another before it', () => {
  const NAME = 'appendonlydir/appendonly.aof.2.base.aof';
  const BEHIND = command('INCRBY', 'b', '1').toString();

  async function rewrite(texts: readonly string[]): Promise<void> {
    const storage = await directory.open();
    await loaded(storage);
    const writer = storage.beginSnapshot('base');
    for (const text of texts) await writer.write(Buffer.from(text));
    await writer.commit();
    storage.append(Buffer.from(BEHIND));
    await storage.close();
  }

  beforeEach(async () => {
    await rewrite(COMMANDS);
    await rewrite([`${COMMANDS.join('')}${BEHIND}`]);
  });

  it('gives way to that wherever it is damaged, with more journal', async () => {
    const all = `${COMMANDS.join('')}${BEHIND}${BEHIND}`;
    expect(await outcome()).toEqual({ text: all, isReported: false });
    for (const variants of [flips, prefixes]) {
      const outcomes = await sweep(NAME, variants);
      const other = outcomes.filter(({ isReported, text }) => text !== all || !isReported);
      expect(other).toEqual([]);
    }
  });

  it('is set aside, and the next base takes the place of both', async () => {
    const whole = await directory.read(NAME);
    whole[100] = 0;
    directory.write(NAME, whole);
    const storage = await directory.open();
    const text = await loaded(storage);
    // Once more, to rebuild a store that has broken in memory.
    expect(await loaded(storage)).toBe(text);
    const copies = await directory.names('redstart.quarantine');
    expect(await directory.read(`redstart.quarantine/${copies[0]}`)).toEqual(whole);
    const writer = storage.beginSnapshot('base');
    await writer.write(Buffer.from(text));
    await writer.commit();
    await storage.close();
    expect(await directory.contents()).toBe(text);
    expect(await directory.names('appendonlydir')).not.toContain('appendonly.aof.previous');
  });
});

describe('a snapshot that is damaged', () => {
  const refuse = (snapshot: string) =>
    snapshot.includes('bad')
      ? new StorageFault('damaged', 'no snapshot', { cause: new SnapshotFormatError('no') })
      : null;

  async function load(journals: boolean): Promise<{ text: string; bytesLost: number }> {
    const storage = await directory.open({ journals });
    const loader = new TextLoader();
    loader.refuse = refuse;
    try {
      await storage.load(loader);
      return { text: loader.text, bytesLost: storage.report.damaged?.bytesLost ?? 0 };
    } finally {
      await storage.close();
    }
  }

  it('gives way to the base before it, with more journal', async () => {
    const storage = await directory.open();
    await loaded(storage);
    for (const [index, text] of ['REDIS good', 'REDIS bad'].entries()) {
      storage.append(Buffer.from(`before ${index} `));
      const writer = storage.beginSnapshot('base');
      await writer.write(Buffer.from(text));
      await writer.commit();
    }
    storage.append(Buffer.from('after'));
    await storage.close();
    expect(await load(true)).toEqual({ text: '<REDIS good>before 1 after', bytesLost: 9 });
    const [copy = ''] = await directory.names('redstart.quarantine');
    expect((await directory.read(`redstart.quarantine/${copy}`)).toString()).toBe('REDIS bad');
  });

  it('gives way to the journal alone, if that is all there was before', async () => {
    const storage = await directory.open();
    await loaded(storage);
    storage.append(Buffer.from('first '));
    const writer = storage.beginSnapshot('base');
    await writer.write(Buffer.from('REDIS bad'));
    await writer.commit();
    storage.append(Buffer.from('second'));
    await storage.close();
    expect((await load(true)).text).toBe('first second');
  });

  it('gives way to the dump before it, which the next one does not push out', async () => {
    const storage = await directory.open({ journals: false });
    for (const text of ['REDIS good', 'REDIS bad']) {
      const writer = storage.beginSnapshot('dump');
      await writer.write(Buffer.from(text));
      await writer.commit();
    }
    await storage.close();
    expect(await load(false)).toEqual({ text: '<REDIS good>', bytesLost: 9 });
    const again = await directory.open({ journals: false });
    const loader = new TextLoader();
    loader.refuse = refuse;
    await again.load(loader);
    const writer = again.beginSnapshot('dump');
    await writer.write(Buffer.from('REDIS new'));
    await writer.commit();
    await again.close();
    expect((await directory.read('dump.rdb.previous')).toString()).toBe('REDIS good');
    expect((await directory.read('dump.rdb')).toString()).toBe('REDIS new');
  });

  it('is refused if there is none before it', async () => {
    directory.write('dump.rdb', 'REDIS bad');
    await expect(load(false)).rejects.toThrow('no snapshot');
  });
});
