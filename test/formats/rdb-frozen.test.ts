/**
 * A large collection that changes while a snapshot is written is in it as it was when that began,
 * however small the slices are. REDSTART_SEED repeats a run.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../support/connection.js';
import { type Random, seededRandom } from '../support/float-samples.js';
import type { Command } from './rdb-keyspaces.js';
import { digest, finishSave, load, SavedAndLoaded, save, sendAll } from './rdb-kit.js';

const ROUNDS = Number(process.env.RDB_KEYSPACES ?? 10);
const seed = Number(process.env.REDSTART_SEED ?? Date.now() % 1_000_000);

let stores: SavedAndLoaded;
let connection: Connection;
let reader: Connection;
const engine = () => stores.engine;
const digestOf = (file: Uint8Array) => stores.digestOf(file);

beforeEach(async () => {
  stores = await SavedAndLoaded.open();
  ({ connection, reader } = stores);
});
afterEach(() => stores.close());

const below = (random: Random, bound: number): number => Math.floor(random() * bound);
const count = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));
const NAMES = ['set', 'hash', 'timed', 'zset', 'list', 'stream'];

/** Two collections of each type, of so many elements or fewer. */
function filling(random: Random, most: number): Command[] {
  const text = () => 'y'.repeat(below(random, random() < 0.02 ? 600 : 12));
  return ['1', '2'].flatMap((which): Command[] => {
    const size = 1 + below(random, most);
    const elements = count(size, (index) => `${index}${text()}`);
    const early = below(random, 2) === 0 ? '4102444800000' : '4102444900000';
    return [
      ['SADD', `set${which}`, ...elements, 'text'],
      ['HSET', `hash${which}`, ...elements.flatMap((name) => [name, text()])],
      ['HSET', `timed${which}`, ...elements.flatMap((name) => [name, text()])],
      ...count(5, (): Command => {
        const field = elements[below(random, size)] as string;
        return ['HPEXPIREAT', `timed${which}`, early, 'FIELDS', '1', field];
      }),
      ['ZADD', `zset${which}`, ...elements.flatMap((name) => [`${below(random, 50)}`, name])],
      ['RPUSH', `list${which}`, ...count(size * 3, (index) => `${index}${text()}`)],
      ...count(size, (index): Command => ['XADD', `stream${which}`, `${index + 1}-1`, 'f', text()]),
      ['XGROUP', 'CREATE', `stream${which}`, 'group', '0'],
      ['XREADGROUP', 'GROUP', 'group', 'me', 'COUNT', '7', 'STREAMS', `stream${which}`, '>'],
    ];
  });
}

/** A change to a few elements, or to a whole collection. */
function change(random: Random, most: number): Command {
  const chosen = random() < 0.04 ? wholes(random) : changes(random, most);
  return chosen[below(random, chosen.length)] as Command;
}

function changes(random: Random, most: number): Command[] {
  const which = 1 + below(random, 2);
  const n = String(below(random, most));
  const m = String(below(random, most));
  const few = String(below(random, 20));
  const id = `${1 + below(random, most)}-1`;
  const name = (kind: string): string => `${kind}${which}`;
  const any = name(NAMES[below(random, NAMES.length)] as string);
  return [
    ['SADD', name('set'), n, m, 'new', `new${m}`],
    ['SREM', name('set'), n, m],
    ['SPOP', name('set')],
    ['SPOP', name('set'), few],
    ['SPOP', name('set'), String(most >> 1)],
    ['SMOVE', 'set1', 'set2', n],
    ['HSET', name('hash'), n, 'changed', `new${m}`, 'new'],
    ['HDEL', name('hash'), n, m],
    ['HINCRBY', name('hash'), `count${few}`, '1'],
    ['HSET', name('timed'), n, 'changed'],
    ['HDEL', name('timed'), n, m],
    ['HPEXPIREAT', name('timed'), '4102444700000', 'FIELDS', '2', n, m],
    ['HPEXPIREAT', name('hash'), '4102444700000', 'FIELDS', '1', n],
    ['HPEXPIREAT', name('timed'), '1', 'FIELDS', '2', n, m],
    ['HPERSIST', name('timed'), 'FIELDS', '2', n, m],
    ['ZADD', name('zset'), few, n, few, `new${m}`],
    ['ZINCRBY', name('zset'), '-7', n],
    ['ZREM', name('zset'), n, m],
    ['ZPOPMAX', name('zset'), few],
    ['ZPOPMIN', name('zset')],
    ['ZREMRANGEBYRANK', name('zset'), n, String(Number(n) + Number(few))],
    ['ZREMRANGEBYSCORE', name('zset'), few, few],
    ['RPUSH', name('list'), 'new', n],
    ['LPUSH', name('list'), 'new', n],
    ['LPOP', name('list'), few],
    ['RPOP', name('list'), few],
    ['LSET', name('list'), n, 'z'.repeat(below(random, 900))],
    ['LREM', name('list'), '0', n],
    ['LINSERT', name('list'), 'BEFORE', n, 'z'.repeat(below(random, 900))],
    ['LTRIM', name('list'), few, `-${few}`],
    ['LMOVE', 'list1', 'list2', 'LEFT', 'RIGHT'],
    ['XADD', name('stream'), '*', 'new', n],
    ['XDEL', name('stream'), id, `${m}-1`],
    ['XTRIM', name('stream'), 'MAXLEN', m],
    ['XTRIM', name('stream'), 'MINID', '~', few],
    ['XSETID', name('stream'), '5000000000000-0'],
    ['XACK', name('stream'), 'group', '1-1', '2-1'],
    ['XREADGROUP', 'GROUP', 'group', 'you', 'COUNT', '9', 'STREAMS', name('stream'), '>'],
    ['XGROUP', 'DESTROY', name('stream'), 'group'],
    ['PEXPIREAT', any, String(4102444800000 + Number(n))],
    ['PERSIST', any],
  ];
}

function wholes(random: Random): Command[] {
  const which = 1 + below(random, 2);
  const few = String(below(random, 20));
  const name = (kind: string): string => `${kind}${which}`;
  const any = name(NAMES[below(random, NAMES.length)] as string);
  return [
    ['DEL', any],
    ['UNLINK', any],
    ['PEXPIREAT', any, '1'],
    ['SET', any, 'string'],
    ['RENAME', any, `other${few}`],
    ['RENAME', any, name('set')],
    ['COPY', any, `other${few}`, 'REPLACE'],
    ['MOVE', any, '1'],
    ['SUNIONSTORE', name('set'), 'set1', 'set2'],
    ['SDIFFSTORE', 'set1', 'set1', 'set2'],
    ['ZUNIONSTORE', name('zset'), '2', 'zset1', 'set2'],
    ['ZRANGESTORE', name('zset'), name('zset'), '3', '40'],
    ['SORT', name('list'), 'ALPHA', 'STORE', name('list')],
    ['SWAPDB', '0', '1'],
    ['FLUSHDB'],
    ['FLUSHALL', 'ASYNC'],
    ['MULTI'],
    ['EXEC'],
    ['SELECT', few < '1' ? '1' : '0'],
  ];
}

/** Begins a snapshot and writes it in slices of about `budget` bytes, with changes in between. */
async function saveBetween(random: Random, budget: number, most: number): Promise<Uint8Array> {
  const slices: Uint8Array[] = [];
  engine().snapshotBegin();
  for (;;) {
    await connection.pipeline(count(below(random, 40), () => change(random, most)));
    const slice = engine().snapshotNext(budget);
    if (slice === null) return Buffer.concat(slices);
    slices.push(slice);
  }
}

async function refill(random: Random, most: number): Promise<void> {
  await connection.send('DISCARD');
  await connection.send('SELECT', '0');
  await connection.send('FLUSHALL');
  await connection.send('CONFIG', 'SET', 'list-max-listpack-size', String(below(random, 2) || -2));
  await connection.send('CONFIG', 'SET', 'list-compress-depth', String(below(random, 2)));
  await sendAll(connection, filling(random, most));
}

test(`changes between the slices do not show (seed ${seed})`, {
  timeout: 60_000 + ROUNDS * 8000,
}, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const random = seededRandom(seed + round);
    const most = [200, 1500, 3000][round % 3] as number;
    await refill(random, most);
    for (let snapshot = 0; snapshot < 2; snapshot++) {
      await connection.send('DISCARD');
      const before = await digest(connection);
      const budget = [300, 2000, 8000][below(random, 3)] as number;
      const file = await saveBetween(random, budget, most);
      expect(await digestOf(file), `seed ${seed + round}`).toBe(before);
    }
  }
});

test.each(NAMES)(`changes to small parts of one %s do not show (seed ${seed})`, async (kind) => {
  for (let round = 0; round < ROUNDS * 4; round++) {
    const random = seededRandom(seed + round);
    const most = 60 + below(random, 200);
    await refill(random, most);
    await connection.send('CONFIG', 'SET', 'list-max-listpack-size', '2');
    await sendAll(connection, [
      ['DEL', 'list1'],
      ['RPUSH', 'list1', ...count(most, String)],
    ]);
    const before = await digest(connection);
    engine().snapshotBegin();
    const slices = [engine().snapshotNext(1) ?? new Uint8Array(0)];
    for (let slice = 0; slice < 20; slice++) {
      const all = count(20, () => changes(random, most)).flat();
      const own = all.filter(([, key, second]) => `${key} ${second}`.includes(`${kind}1`));
      await connection.pipeline(own.filter(() => below(random, 3) === 0));
      slices.push(engine().snapshotNext(50) ?? new Uint8Array(0));
    }
    slices.push(finishSave(engine(), 50));
    expect(await digestOf(Buffer.concat(slices)), `seed ${seed + round}`).toBe(before);
  }
});

/** What is used when all is deleted and freed. */
async function usedWhenEmpty(): Promise<number> {
  await connection.send('DISCARD');
  await connection.send('FLUSHALL');
  while (engine().tick(1000) === 0);
  return engine().statistics().usedMemory;
}

test(`memory comes back, whether it is written or given up (seed ${seed})`, {
  timeout: 60_000 + ROUNDS * 8000,
}, async () => {
  const used: number[] = [];
  for (let round = 0; round < 16; round++) {
    // The same again, so that buffers soon have the size that they need.
    const random = seededRandom(seed + (round % 2));
    await refill(random, 1000);
    if (round % 2 === 0) {
      await saveBetween(random, 3000, 1000);
    } else {
      engine().snapshotBegin();
      for (let slice = 0; slice < 4; slice++) {
        engine().snapshotNext(5000);
        await connection.pipeline(count(100, () => change(random, 1000)));
      }
      engine().snapshotAbort();
      await connection.pipeline(count(300, () => change(random, 1000)));
      await connection.send('DISCARD');
      const before = await digest(connection);
      expect(await digestOf(save(engine()))).toBe(before);
    }
    used.push(await usedWhenEmpty());
  }
  // A buffer may find that it needs more; what is lost each time, in either way, would add up in eight.
  const grown = used.filter((bytes, round) => bytes > (used[round - 1] ?? bytes));
  expect(grown.length, used.join()).toBeLessThan(6);
});

describe('without memory for what a change touches', () => {
  test(`the snapshot is given up, the changes are made (seed ${seed})`, {
    timeout: 60_000 + ROUNDS * 8000,
  }, async () => {
    let givenUp = 0;
    for (let round = 0; round < 40; round++) {
      const random = seededRandom(seed + round);
      await refill(random, 400);
      const before = await digest(connection);
      engine().snapshotBegin();
      const first = engine().snapshotNext(500) ?? new Uint8Array(0);
      const commands = count(1 + below(random, 5), () => change(random, 400));
      engine().configure('refuse-reservation', 1 + below(random, 12));
      await connection.pipeline(commands);
      engine().configure('refuse-reservation', 0);
      try {
        const file = Buffer.concat([first, finishSave(engine(), 2000)]);
        expect(await digestOf(file), `seed ${seed + round}`).toBe(before);
      } catch (error) {
        expect(String(error), `seed ${seed + round}`).toContain('no memory');
        givenUp++;
      }
      await connection.send('DISCARD');
      const after = await digest(connection);
      expect(await digestOf(save(engine())), `seed ${seed + round}`).toBe(after);
    }
    expect(givenUp).toBeGreaterThan(0);
  });
});

describe('loading', () => {
  test(`pieces of any size make the same of a large collection (seed ${seed})`, {
    timeout: 60_000 + ROUNDS * 8000,
  }, async () => {
    for (let round = 0; round < ROUNDS / 2; round++) {
      const random = seededRandom(seed + round);
      await refill(random, 3000);
      const before = await digest(connection);
      const file = save(engine());
      for (const piece of [3000, 16_000, file.length]) {
        load(stores.loader, file, piece);
        expect(await digest(reader), `seed ${seed + round}, ${piece}`).toBe(before);
      }
    }
  });

  test(`what ends or is wrong within a large collection changes nothing (seed ${seed})`, {
    timeout: 60_000 + ROUNDS * 8000,
  }, async () => {
    const random = seededRandom(seed);
    await refill(random, 6000);
    const file = save(engine());
    const loader = stores.loader;
    await sendAll(reader, [['SET', 'a', 'b']]);
    const before = await digest(reader);
    const refused = (bytes: Uint8Array): void => {
      expect(() => load(loader, bytes, 8000)).toThrow(/malformed|memory/);
      while (loader.tick(1000) === 0);
    };
    const places = count(ROUNDS * 3, () => below(random, file.length));
    const used: number[] = [];
    for (const place of [...places, ...places]) {
      refused(file.subarray(0, place));
      const spoilt = Buffer.from(file);
      spoilt[place] = (spoilt[place] as number) ^ (1 << (place % 8));
      refused(spoilt);
      used.push(loader.statistics().usedMemory);
    }
    expect(await digest(reader)).toBe(before);
    // The second time buffers have the size that they need.
    expect(used.at(-1)).toBe(used[places.length - 1]);
    load(loader, file, 8000);
    expect(await digest(reader)).toBe(await digest(connection));
  });

  test(`memory can run out within a large collection (seed ${seed})`, {
    timeout: 60_000 + ROUNDS * 8000,
  }, async () => {
    const random = seededRandom(seed);
    await refill(random, 3000);
    const file = save(engine());
    const loader = stores.loader;
    let before = await digest(reader);
    // How often a load asks for memory is not known: less often than this.
    let most = 10_000;
    for (let round = 0; round < ROUNDS * 3; round++) {
      const refused = 1 + below(random, most);
      loader.configure('refuse-reservation', refused);
      const failure = failureOf(() => load(loader, file, 8000));
      loader.configure('refuse-reservation', 0);
      if (failure === null) {
        most = refused;
        before = await digest(connection);
      } else {
        expect(failure.message).toContain('no memory');
      }
      expect(await digest(reader)).toBe(before);
    }
    expect(most).toBeGreaterThan(1000);
    load(loader, file, 8000);
    expect(await digest(reader)).toBe(await digest(connection));
  });
});

function failureOf(work: () => void): Error | null {
  try {
    work();
    return null;
  } catch (error) {
    return error as Error;
  }
}
