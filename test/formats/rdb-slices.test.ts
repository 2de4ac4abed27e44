/**
 * A snapshot shows the data as they were when it began, whatever happens between its slices.
 * REDSTART_SEED repeats a run.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../support/connection.js';
import { type Random, seededRandom } from '../support/float-samples.js';
import { type Command, keyspace } from './rdb-keyspaces.js';
import { digest, finishSave, load, SavedAndLoaded, save, sendAll } from './rdb-kit.js';

const ROUNDS = Number(process.env.RDB_KEYSPACES ?? 10);
const seed = Number(process.env.REDSTART_SEED ?? Date.now() % 1_000_000);

let stores: SavedAndLoaded;
let connection: Connection;
const engine = () => stores.engine;
const digestOf = (file: Uint8Array) => stores.digestOf(file);

beforeEach(async () => {
  stores = await SavedAndLoaded.open();
  ({ connection } = stores);
});
afterEach(() => stores.close());

const below = (random: Random, bound: number): number => Math.floor(random() * bound);

/** A change to one key, or to all of them: whatever may touch an entry that is not written yet. */
function change(random: Random): Command {
  const key = `key:${below(random, 40)}`;
  const other = `key:${below(random, 60)}`;
  const changes: Command[] = [
    ['DEL', key],
    ['RENAME', key, other],
    ['COPY', key, other, 'REPLACE'],
    ['MOVE', key, String(below(random, 3))],
    ['PEXPIREAT', key, String(4e12 + below(random, 1e6))],
    ['PEXPIREAT', key, '1'],
    ['PERSIST', key],
    ['GETEX', key, 'PERSIST'],
    ['APPEND', key, 'more'],
    ['INCR', key],
    ['SETRANGE', key, '3', 'over'],
    ['RPUSH', key, 'x'],
    ['LPOP', key],
    ['LSET', key, '0', 'y'],
    ['LTRIM', key, '1', '-2'],
    ['LMOVE', key, other, 'LEFT', 'RIGHT'],
    ['SADD', key, 'x', '17'],
    ['SPOP', key],
    ['SINTERSTORE', other, key, key],
    ['HSET', key, 'x', 'y'],
    ['HINCRBY', key, 'n', '1'],
    ['HDEL', key, 'x'],
    ['ZADD', key, '1', 'x'],
    ['ZPOPMIN', key],
    ['ZINCRBY', key, '3', 'x'],
    ['ZRANGESTORE', other, key, '0', '5'],
    ['XADD', key, '*', 'a', 'b'],
    ['XTRIM', key, 'MAXLEN', '1'],
    ['XREADGROUP', 'GROUP', 'group1', 'me', 'STREAMS', key, '>'],
    ['SELECT', String(below(random, 3))],
    ['SET', key, 'new'],
    ['RESTORE', key, '0', 'nonsense', 'REPLACE'],
    ['DUMP', key],
    ['DEBUG', 'OBJECT', key],
    ['SORT', key, 'ALPHA', 'STORE', other],
    ['PFADD', key, 'x'],
    ['SETBIT', key, '7', '1'],
  ];
  const rare: Command[] = [['FLUSHDB'], ['FLUSHALL'], ['SWAPDB', '0', '1'], ['SWAPDB', '1', '2']];
  return random() < 0.03
    ? (rare[below(random, rare.length)] as Command)
    : (changes[below(random, changes.length)] as Command);
}

function filling(random: Random): Command[] {
  return ['0', '1', '2'].flatMap((database) => [['SELECT', database], ...keyspace(random, 40)]);
}

test(`commands between the slices do not show (seed ${seed})`, {
  timeout: 60_000 + ROUNDS * 2000,
}, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const random = seededRandom(seed + round);
    await sendAll(connection, [['FLUSHALL'], ...filling(random)]);
    for (let snapshot = 0; snapshot < 3; snapshot++) {
      const before = await digest(connection);
      const slices: Uint8Array[] = [];
      const budget = [1, 200, 5000][below(random, 3)] as number;
      engine().snapshotBegin();
      for (;;) {
        await connection.pipeline(Array.from({ length: below(random, 6) }, () => change(random)));
        const slice = engine().snapshotNext(budget);
        if (slice === null) break;
        slices.push(slice);
      }
      expect(await digestOf(Buffer.concat(slices)), `seed ${seed + round}`).toBe(before);
    }
  }
});

describe('a large collection', () => {
  const members = (count: number) => Array.from({ length: count }, (_, index) => `member:${index}`);
  const making: Command[] = [
    ['SADD', 'set', ...members(5000)],
    ['RPUSH', 'list', ...members(5000)],
    ['HSET', 'hash', ...members(5000).flatMap((name) => [name, name])],
    ['ZADD', 'zset', ...members(5000).flatMap((name, index) => [String(index), name])],
    ...members(2000).map((name): Command => ['XADD', 'stream', '*', 'field', name]),
    ['SET', 'string', 'x'.repeat(3_000_000)],
  ];

  test('is written in many slices, none much larger than its budget', async () => {
    await sendAll(connection, making);
    const before = await digest(connection);
    engine().snapshotBegin();
    const slices: Uint8Array[] = [];
    for (
      let slice = engine().snapshotNext(4096);
      slice !== null;
      slice = engine().snapshotNext(4096)
    ) {
      slices.push(slice);
      expect(slice.length).toBeLessThan(80_000);
    }
    expect(slices.length).toBeGreaterThan(100);
    expect(await digestOf(Buffer.concat(slices))).toBe(before);
  });

  const changes: Command[] = [
    ['SADD', 'set', 'new'],
    ['LPUSH', 'list', 'new'],
    ['HSET', 'hash', 'new', 'new'],
    ['ZADD', 'zset', '1', 'new'],
    ['XADD', 'stream', '*', 'new', 'new'],
    ['APPEND', 'string', 'new'],
    ['DEL', 'set'],
    ['DEL', 'list', 'hash', 'zset', 'stream', 'string'],
    ['FLUSHALL'],
    ['SWAPDB', '0', '1'],
    ['SET', 'a', 'changed'],
    ['DUMP', 'hash'],
  ];
  test.each(changes.map((command) => [command.join(' '), command] as const))(
    'stays itself when it is changed in the middle: %s',
    async (_title, command) => {
      for (const made of making) {
        await sendAll(connection, [['FLUSHALL'], ['SET', 'a', 'b'], ['SET', 'c', 'd'], made]);
        const before = await digest(connection);
        engine().snapshotBegin();
        const slices = [1, 100, 300].map(() => engine().snapshotNext(2000) ?? new Uint8Array(0));
        await connection.send(...command);
        await connection.send('SET', 'c', 'e');
        slices.push(finishSave(engine(), 2000));
        expect(await digestOf(Buffer.concat(slices))).toBe(before);
      }
    },
  );
});

describe('a snapshot', () => {
  test('of an emptied store gives the memory back when it is written', async () => {
    const usedAfter: number[] = [];
    for (let round = 0; round < 3; round++) {
      await sendAll(connection, filling(seededRandom(seed)));
      const before = await digest(connection);
      engine().snapshotBegin();
      const first = engine().snapshotNext(1000) ?? new Uint8Array(0);
      await sendAll(connection, [['FLUSHALL']]);
      expect(await digestOf(Buffer.concat([first, finishSave(engine(), 1000)]))).toBe(before);
      while (engine().tick(1000) === 0);
      usedAfter.push(engine().statistics().usedMemory);
    }
    expect(usedAfter[2]).toBe(usedAfter[1]);
  });

  test('that is given up leaves nothing behind, and another one can begin', async () => {
    await sendAll(connection, filling(seededRandom(seed)));
    const before = await digest(connection);
    engine().snapshotBegin();
    engine().snapshotNext(1000);
    await sendAll(connection, [
      ['SWAPDB', '0', '1'],
      ['SWAPDB', '0', '1'],
    ]);
    engine().snapshotAbort();
    expect(engine().snapshotNext(1000)).toBe(null);
    engine().snapshotBegin();
    engine().snapshotNext(1000);
    expect(await digestOf(save(engine()))).toBe(before);
  });

  test('for which there is no memory is given up, and the data are as they were', async () => {
    await sendAll(connection, [
      ['SET', 'a', 'x'.repeat(100_000)],
      ['SET', 'b', 'y'],
    ]);
    const before = await digest(connection);
    engine().snapshotBegin();
    engine().configure('refuse-reservation', 1);
    expect(() => finishSave(engine(), 1e9)).toThrow('no memory');
    engine().configure('refuse-reservation', 0);
    expect(await digest(connection)).toBe(before);
    expect(await digestOf(save(engine()))).toBe(before);
  });

  test('takes no memory that a command counts on', { timeout: 240_000 }, async () => {
    const random = seededRandom(seed);
    const big = () => 'x'.repeat(below(random, 300_000));
    for (let index = 0; index < 40; index++) {
      await sendAll(connection, [['RPUSH', `list:${index}`, big(), big()]]);
      await sendAll(connection, [['SADD', `set:${index}`, big(), big()]]);
    }
    const pages = Math.ceil(engine().statistics().memoryBytes / 65536);
    engine().configure('memory-pages-max', pages);
    for (let round = 0; round < 30; round++) {
      const before = await digest(connection);
      engine().snapshotBegin();
      const [some, other] = [below(random, 40), below(random, 40)];
      await connection.pipeline([
        ['RPUSH', `list:${some}`, big()],
        ['SUNIONSTORE', `set:${other}`, `set:${some}`, `set:${below(random, 40)}`],
        ['SORT', `list:${some}`, 'ALPHA', 'STORE', `list:${other}`],
        ['COPY', `set:${some}`, `set:${other}`, 'REPLACE'],
        ['RENAME', `list:${other}`, `list:${below(random, 40)}`],
        ['APPEND', 'string', big()],
        ['DEL', 'string'],
      ]);
      try {
        const file = finishSave(engine(), 1e6);
        expect(await digestOf(file)).toBe(before);
      } catch (error) {
        expect(String(error)).toContain('no memory');
      }
    }
  });

  test('can be written while one is loaded', async () => {
    await sendAll(connection, filling(seededRandom(seed)));
    const before = await digest(connection);
    const file = save(engine());
    engine().snapshotBegin();
    const first = engine().snapshotNext(1000) ?? new Uint8Array(0);
    await sendAll(connection, [['SET', 'new', 'key']]);
    load(engine(), file, 1000);
    expect(await digest(connection)).toBe(before);
    expect(await digestOf(Buffer.concat([first, finishSave(engine(), 1000)]))).toBe(before);
  });
});
