/** What a power cut may leave in a journal of files: a torn end, or holes in what nobody waited for. */
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeBlock, keyOf, NOWHERE } from '../../src/storage/files/blocks.js';
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
} from './files-kit.js';

let directory: TestDirectory;

beforeEach(() => {
  directory = new TestDirectory();
});

const outcome = (): Promise<Outcome> => outcomeOf(directory);

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
