/** Group commit into a target that takes appends ahead of their commit. */
import { describe, expect, it } from 'vitest';
import { StorageFault } from '../../src/storage/errors.js';
import { COMMIT_BYTES_MAX, FLUSH_PERIOD_MS, type Pace } from '../../src/storage/group-commit.js';
import { bytes } from './contract.js';
import { settle } from './drive.js';
import { ManualTarget, makeFor } from './group-kit.js';

/** Takes appends ahead, unless told not to; a commit counts them off. */
class AheadTarget extends ManualTarget {
  readonly taken: string[] = [];
  refuses = false;
  written: () => void = () => {};
  readonly ahead = {
    bytes: 0,
    take: (chunks: readonly Uint8Array[]) => {
      if (this.refuses) return false;
      this.taken.push(chunks.map((chunk) => new TextDecoder().decode(chunk)).join('|'));
      for (const { length } of chunks) this.ahead.bytes += length;
      return true;
    },
  };

  override async commit(chunks: readonly Uint8Array[], written: () => void): Promise<void> {
    const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
    this.written = () => {
      this.ahead.bytes = Math.max(this.ahead.bytes, bytes);
      written();
    };
    await super.commit(chunks);
    this.ahead.bytes = Math.max(0, this.ahead.bytes - bytes);
  }
}

const make = (pace: Pace) => makeFor(new AheadTarget(), pace);

/** `a` is durable, `b` was taken ahead. */
async function makeWithTaken() {
  const made = make('paced');
  await made.append('a');
  await made.target.end();
  await made.append('b');
  made.group.handOver(() => {});
  return made;
}

describe('a target that takes appends ahead', () => {
  it('has what was appended once it was handed over, all together, and once', async () => {
    const { group, scheduler, target, append } = make('paced');
    let handed = 0;
    const handOver = () => group.handOver(() => handed++);
    group.append(bytes('a'));
    expect([group.isBehind, target.taken]).toEqual([true, []]);
    handOver();
    expect([group.isBehind, target.taken, handed]).toEqual([false, ['a'], 1]);
    handOver();
    await settle();
    group.append(bytes('b'));
    group.append(bytes('c'));
    handOver();
    expect([group.isBehind, target.taken, handed]).toEqual([false, ['a', 'b|c'], 3]);
    await target.end();
    expect([group.durablePosition, target.ahead.bytes]).toEqual([1, 2]);
    scheduler.advance(FLUSH_PERIOD_MS);
    await settle();
    expect(target.commits).toEqual(['a', 'b|c']);
    await target.end();
    await append('d');
    handOver();
    expect(target.taken).toEqual(['a', 'b|c', 'd']);
  });

  it('is asked for nothing under always', async () => {
    const { append, target } = make('always');
    await append('a', 'b');
    expect([target.taken, target.commits]).toEqual([[], ['a|b']]);
  });

  it('commits at once what could not be taken, and takes what came meanwhile once it has written', async () => {
    const { append, group, target } = make('paced');
    await append('a');
    await target.end();
    target.refuses = true;
    const handed: string[] = [];
    const handOver = (name: string) => {
      group.handOver(() => handed.push(name));
      return settle();
    };
    await append('b');
    await handOver('b');
    expect(target.commits).toEqual(['a', 'b']);
    await append('c', 'd');
    await handOver('d');
    target.refuses = false;
    expect([target.taken, handed]).toEqual([['a'], []]);
    target.written();
    expect([target.taken, handed]).toEqual([
      ['a', 'c|d'],
      ['b', 'd'],
    ]);
    await target.end();
    expect([group.durablePosition, target.commits]).toEqual([2, ['a', 'b']]);
  });

  it('keeps nobody waiting while commits fail, and after the end', async () => {
    const { append, group, target } = make('paced');
    await append('a');
    await target.end();
    target.refuses = true;
    await append('b');
    let handed = 0;
    group.handOver(() => handed++);
    expect(handed).toBe(0);
    await settle();
    await target.end(new StorageFault('full', 'no space'));
    expect([handed, group.isBehind]).toEqual([1, false]);
    await append('c');
    group.handOver(() => handed++);
    expect(handed).toBe(2);
    const other = make('paced');
    other.target.refuses = true;
    await other.append('a');
    other.group.handOver(() => handed++);
    other.group.stop(new StorageFault('closed', 'over'));
    expect(handed).toBe(3);
  });

  it('takes nothing behind a seal before all in front of it is durable', async () => {
    const { append, group, target } = await makeWithTaken();
    let reached = false;
    group.seal(() => {
      reached = true;
    });
    await append('c');
    group.handOver(() => {});
    await settle();
    expect([target.taken, target.commits, reached]).toEqual([['a', 'b'], ['a', 'b'], false]);
    await target.end();
    expect([target.taken, reached]).toEqual([['a', 'b', 'c'], true]);
  });

  it('is told when what it took is discarded, though no commit was under way', async () => {
    const { append, group, target } = await makeWithTaken();
    const asked: number[] = [];
    await group.discard(async (chunks) => {
      asked.push(chunks.length);
      target.ahead.bytes = 0;
      return false;
    });
    expect([asked, group.position]).toEqual([[0], 1]);
    await append('c');
    group.handOver(() => {});
    expect(target.taken).toEqual(['a', 'b', 'c']);
  });

  it('commits all that was taken at once, however much it is', async () => {
    const { group, target } = make('paced');
    group.append(bytes('a'));
    await settle();
    const half = new Uint8Array(COMMIT_BYTES_MAX / 2);
    for (let count = 0; count < 5; count++) {
      group.append(half);
      group.handOver(() => {});
    }
    await target.end();
    await target.end();
    expect(group.durablePosition).toBe(group.position);
  });
});
