/**
 * Damage to files that we have written: whatever bit is flipped and wherever a file ends, what is loaded
 * is what was written, or a beginning of it and a report, or the store is refused. Redis loads a quarter
 * of such files as other data (docs/RELIABILITY.md F20).
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { SnapshotFormatError } from '../../src/engine/snapshot.js';
import { isFault, StorageFault } from '../../src/storage/errors.js';
import { encodeBlock, keyOf, NOWHERE } from '../../src/storage/files/blocks.js';
import { command, loaded, TestDirectory, TextLoader } from './files-kit.js';

let directory: TestDirectory;

beforeEach(() => {
  directory = new TestDirectory();
});

const MANIFEST = 'appendonlydir/appendonly.aof.manifest';
const FIRST = 'appendonlydir/appendonly.aof.1.incr.aof';
const SECOND = 'appendonlydir/appendonly.aof.2.incr.aof';
const COMMANDS = ['1', '2', '3'].map((value) => command('INCRBY', 'a', value).toString());

/** What opening and loading come to. */
interface Outcome {
  readonly text: string | null;
  readonly isReported: boolean;
}

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

async function outcome(): Promise<Outcome> {
  try {
    const storage = await directory.open();
    try {
      return { text: await loaded(storage), isReported: storage.report.damaged !== null };
    } finally {
      await storage.close();
    }
  } catch (error) {
    if (!isFault(error, 'damaged')) throw error;
    return { text: null, isReported: true };
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

/** Where blocks begin. */
function startsIn(file: Buffer): number[] {
  return [...file.toString('latin1').matchAll(/#RS:/g)].map(({ index }) => index);
}

function blocksIn(file: Buffer): Buffer[] {
  const starts = startsIn(file);
  return starts.map((start, at) => file.subarray(start, starts[at + 1]));
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

describe('a power cut', () => {
  /** Three commits to a new store; the file. */
  async function write(durability: 'always' | 'no', texts: readonly string[]): Promise<Buffer> {
    const storage = await directory.open({ durability });
    await loaded(storage);
    for (const text of texts) {
      storage.append(Buffer.from(text));
      await storage.flush();
    }
    await storage.close();
    return directory.read(FIRST);
  }

  it('may take an earlier commit and leave a later one, if nothing waited for the disk', async () => {
    const whole = await write('no', COMMANDS);
    const [, first = 0, second = 0, third = 0] = startsIn(whole);
    const lost: [number, number, string][] = [
      [first, second, ''],
      [second, third, COMMANDS[0] ?? ''],
      [second + 20, third, COMMANDS[0] ?? ''],
      [second, third - 20, COMMANDS[0] ?? ''],
      [third - 5, third, COMMANDS[0] ?? ''],
    ];
    for (const [from, to, text] of lost) {
      for (const fill of [0, 0x2a, 0xff]) {
        directory.write(FIRST, Buffer.from(whole).fill(fill, from, to));
        const found = await outcome();
        expect(found, `${from} to ${to}, ${fill}`).toEqual({ text, isReported: true });
      }
    }
  });

  it('takes nothing that was waited for: then it is damage', async () => {
    const whole = await write('always', COMMANDS);
    const [, first = 0, second = 0, third = 0] = startsIn(whole);
    for (const [from, to] of [
      [first, second],
      [second, third],
      [second + 20, third],
      [third - 5, third],
    ]) {
      directory.write(FIRST, Buffer.from(whole).fill(0, from, to));
      expect(await outcome(), `${from} to ${to}`).toEqual({ text: null, isReported: true });
    }
  });

  it('may take what came since the last commit under everysec, and nothing else', async () => {
    const storage = await directory.open({ durability: 'everysec' });
    await loaded(storage);
    storage.append(Buffer.from(COMMANDS[0] ?? ''));
    await storage.flush();
    for (const text of COMMANDS.slice(1)) {
      storage.append(Buffer.from(text));
      storage.handover.run(() => {});
    }
    const whole = await directory.read(FIRST);
    await storage.destroy();
    const [, first = 0, second = 0, third = 0] = startsIn(whole);
    const lost: [number, number, string | null][] = [
      [first, second, null],
      [second, third, COMMANDS[0] ?? ''],
      [third, whole.length, `${COMMANDS[0]}${COMMANDS[1]}`],
    ];
    for (const [from, to, text] of lost) {
      directory = new TestDirectory();
      await write('always', []);
      directory.write(FIRST, Buffer.from(whole).fill(0, from, to));
      expect(await outcome(), `${from} to ${to}`).toEqual({ text, isReported: true });
    }
  });

  it('is damage in front of what a store found when it was opened, and not behind', async () => {
    await write('no', COMMANDS.slice(0, 2));
    const whole = await write('no', [COMMANDS[2] ?? '', 'four', 'five']);
    const [, first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = startsIn(whole);
    directory.write(FIRST, Buffer.from(whole).fill(0, fourth, fifth));
    expect(await outcome()).toEqual({ text: COMMANDS.join(''), isReported: true });
    directory.write(FIRST, Buffer.from(whole).fill(0, first, second));
    expect((await outcome()).text).toBe(null);
    expect(third).toBeGreaterThan(second);
  });

  it('is not made damage by what looks like a block within a value', async () => {
    const [head = Buffer.alloc(0)] = blocksIn(await write('always', []));
    const end = head.length;
    const texts = ['#RS:5 01234567\r\n', '#RS:00000000 0 0 0 00000000 1155b588\r\n'];
    // One that is right in all but the key, for many a place that it may come to stand at.
    for (let offset = end; offset < end + 150; offset++) {
      const place = { ...NOWHERE, key: keyOf('a guess'), offset, durable: offset };
      texts.push(Buffer.from(encodeBlock([Buffer.from('x')], place).bytes).toString());
    }
    for (const text of texts) {
      directory = new TestDirectory();
      const whole = await write('always', [command('SET', 'a', `${text}tail`).toString()]);
      directory.write(FIRST, whole.subarray(0, -7));
      expect(await outcome()).toEqual({ text: '', isReported: true });
    }
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
