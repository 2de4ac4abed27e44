/**
 * The files of a store between redis-server and us: what one has written the other loads, goes on
 * writing to, and gives back.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connection } from '../support/connection.js';
import { seededRandom } from '../support/float-samples.js';
import { openProcess } from '../support/target-process.js';
import { type Command, KINDS, keyspace } from './rdb-keyspaces.js';
import { digest, sendAll, textOf } from './rdb-kit.js';

const run = promisify(execFile);
const JOURNALS = 'appendonlydir';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'redstart-aof-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

type Options = Readonly<Record<string, string>>;
const AOF: Options = { appendonly: 'yes', appendfsync: 'always' };

type Side = <T>(options: Options, work: (to: Connection) => Promise<T>) => Promise<T>;

/** Lets a program work on the directory; it is killed afterwards. */
function sideOf(program: string, first: readonly string[]): Side {
  return async (options, work) => {
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const store = await openProcess(program, first, ['--dir', directory, ...args]);
    try {
      return await work(await store.connect());
    } finally {
      await store.close();
    }
  };
}

const redis = sideOf(process.env.REDIS_SERVER_PATH ?? 'redis-server', []);
const ours = sideOf(process.execPath, [
  fileURLToPath(new URL('../../dist/redstart-server.js', import.meta.url)),
]);

/** Rewrites the journal; resolves when that is over. */
async function rewrite(to: Connection): Promise<void> {
  await sendAll(to, [['BGREWRITEAOF']]);
  await expect
    .poll(async () => textOf(await to.send('INFO', 'persistence')), { timeout: 20_000 })
    .toMatch(
      /aof_rewrite_in_progress:0\s+aof_rewrite_scheduled:0\s[\s\S]*aof_last_bgrewrite_status:ok/,
    );
}

/** What the oracle's own program says of a file; fails if it is not content. */
async function checkAof(): Promise<string> {
  const { stdout } = await run('redis-check-aof', [
    join(directory, JOURNALS, 'appendonly.aof.manifest'),
  ]);
  return stdout;
}

const more = (round: number): Command[] => [
  ['INCRBY', 'count', String(round)],
  ['MULTI'],
  ['RPUSH', 'rounds', `round ${round}`],
  ['HSET', 'facts', String(round), 'x'.repeat(round * 40)],
  ['EXEC'],
  ['SELECT', '3'],
  ['SET', `other ${round}`, 'y', 'EX', '100000'],
  ['SELECT', '0'],
];

test.each([
  ['rdb', 'yes'],
  ['commands', 'no'],
])(
  'a journal goes back and forth, with bases as %s',
  async (_, preamble) => {
    const options = { ...AOF, 'aof-use-rdb-preamble': preamble };
    let before = await ours(options, async (to) => {
      const kinds = preamble === 'yes' ? KINDS : WITHOUT_SCORES;
      await sendAll(to, [...keyspace(seededRandom(7), 60, kinds), ['FUNCTION', 'LOAD', LIBRARY]]);
      return digest(to);
    });
    for (const [round, side] of [redis, ours, redis, redis, ours, ours].entries()) {
      before = await side(options, async (to) => {
        expect(await digest(to), `round ${round}`).toBe(before);
        expect(textOf(await to.send('FCALL', 'twice', '0', '21'))).toBe(':42');
        await sendAll(to, more(round));
        if (round % 2 === 0) await rewrite(to);
        await sendAll(to, more(round + 10));
        return digest(to);
      });
      expect(await checkAof()).toContain('All AOF files and manifest are valid');
    }
  },
  60_000,
);

/** redis-server writes a score of -0 as 0 into commands, and has another digest afterwards. */
const WITHOUT_SCORES = KINDS.filter((kind) => kind !== 'zset');
const LIBRARY =
  "#!lua name=lib\nredis.register_function('twice', function(keys, args) return 2 * args[1] end)";

test('a dump goes back and forth', async () => {
  let before = await ours({}, async (to) => {
    await sendAll(to, [...keyspace(seededRandom(8), 60), ['SAVE']]);
    return digest(to);
  });
  const { stdout } = await run('redis-check-rdb', [join(directory, 'dump.rdb')]);
  expect(stdout).toContain('RDB looks OK');
  for (const side of [redis, ours, redis]) {
    before = await side({}, async (to) => {
      expect(await digest(to)).toBe(before);
      await sendAll(to, [['INCR', 'count'], ['SAVE']]);
      return digest(to);
    });
  }
});

test('a single file of former versions is taken in, with a snapshot in front or without', async () => {
  for (const preamble of ['yes', 'no']) {
    await rm(directory, { recursive: true, force: true });
    directory = await mkdtemp(join(tmpdir(), 'redstart-aof-'));
    const before = await redis({ ...AOF, 'aof-use-rdb-preamble': preamble }, async (to) => {
      await sendAll(to, keyspace(seededRandom(9), 20, WITHOUT_SCORES));
      await rewrite(to);
      await sendAll(to, more(1));
      return digest(to);
    });
    const names = await readdir(join(directory, JOURNALS));
    const parts: Buffer[] = [];
    for (const end of [preamble === 'yes' ? '.base.rdb' : '.base.aof', '.incr.aof']) {
      const name = names.find((one) => one.endsWith(end)) ?? '';
      parts.push(await readFile(join(directory, JOURNALS, name)));
    }
    await rm(join(directory, JOURNALS), { recursive: true });
    await writeFile(join(directory, 'appendonly.aof'), Buffer.concat(parts));
    await ours(AOF, async (to) => expect(await digest(to)).toBe(before));
    await expect(stat(join(directory, 'appendonly.aof'))).rejects.toThrow('ENOENT');
    await redis(AOF, async (to) => expect(await digest(to)).toBe(before));
  }
});

test('dump.rdb is not looked at while there is to be a journal, as in Redis', async () => {
  await redis({}, (to) => sendAll(to, [['SET', 'a', '1'], ['SAVE']]));
  for (const side of [redis, ours]) {
    await side(AOF, async (to) => expect(textOf(await to.send('DBSIZE'))).toBe(':0'));
    await rm(join(directory, JOURNALS), { recursive: true });
  }
});

test('notes of the time within transactions are passed over', async () => {
  const options = { ...AOF, 'aof-timestamp-enabled': 'yes' };
  const before = await redis(options, async (to) => {
    await sendAll(to, more(1));
    return digest(to);
  });
  const [name = ''] = (await readdir(join(directory, JOURNALS))).filter((one) =>
    one.endsWith('.incr.aof'),
  );
  const path = join(directory, JOURNALS, name);
  const text = await readFile(path, 'latin1');
  expect(text).toContain('#TS:');
  await writeFile(path, text.replace('*3\r\n$5\r\nRPUSH', '#TS:1\r\n$&'), 'latin1');
  await ours(AOF, async (to) => expect(await digest(to)).toBe(before));
});

/** What each makes of a journal that `spoil` was let at: whether it starts, and what is left. */
async function both(spoil: () => Promise<void>, options: Options = AOF): Promise<unknown[]> {
  const results: unknown[] = [];
  const untouched = `${directory}-untouched`;
  await run('cp', ['-r', directory, untouched]);
  for (const side of [redis, ours]) {
    await rm(directory, { recursive: true, force: true });
    await run('cp', ['-r', untouched, directory]);
    await spoil();
    const result = side(options, async (to) => textOf(await to.send('GET', 'count')));
    results.push(await result.catch(() => 'does not start'));
  }
  await rm(untouched, { recursive: true });
  return results;
}

const manifestPath = () => join(directory, JOURNALS, 'appendonly.aof.manifest');
const changed =
  (change: (text: string) => string, name = 'appendonly.aof.manifest') =>
  async () => {
    const path = join(directory, JOURNALS, name);
    await writeFile(path, change(await readFile(path, 'latin1')), 'latin1');
  };
const INCREMENT = 'appendonly.aof.2.incr.aof';

// What redis-server's own tests try (tests/integration/aof*.tcl), as far as it can be seen from outside.
test.each<[string, string | null, () => Promise<void>, Options?]>([
  ['nothing', '6', async () => {}],
  ['no manifest', null, () => rm(manifestPath())],
  ['an empty manifest', 'does not start', changed(() => '')],
  ['a manifest without its last newline', 'does not start', changed((text) => text.trimEnd())],
  ['a manifest with an empty line', 'does not start', changed((text) => `${text}\n`)],
  [
    'a manifest with a line that is too short',
    'does not start',
    changed((text) => `${text}file x\n`),
  ],
  ['a second base', 'does not start', changed((text) => `${text}file x seq 9 type b\n`)],
  [
    'a sequence that steps back',
    'does not start',
    changed((text) => `${text}file x seq 1 type i\n`),
  ],
  ['an unknown type', 'does not start', changed((text) => `${text}file x seq 9 type z\n`)],
  ['a path for a name', 'does not start', changed((text) => text.replace('file ', 'file ../'))],
  ['a file that is missing', 'does not start', changed((text) => `${text}file x seq 9 type i\n`)],
  ['a history file that is missing', '6', changed((text) => `${text}file x seq 9 type h\n`)],
  ['more words', '6', changed((text) => text.replace(/\n/, ' newkey newvalue\n'))],
  ['a torn command', '6', changed((text) => `${text}*2\r\n$4\r\nINCR\r\n$5\r\ncou`, INCREMENT)],
  [
    'a torn command that is not to be passed over',
    'does not start',
    changed((text) => `${text}*2\r\n$4\r\nIN`, INCREMENT),
    { ...AOF, 'aof-load-truncated': 'no' },
  ],
  [
    'a transaction without an end',
    '6',
    changed((text) => `${text}*1\r\n$5\r\nMULTI\r\n*2\r\n$4\r\nINCR\r\n$5\r\ncount\r\n`, INCREMENT),
  ],
  ['garbage at the end', 'does not start', changed((text) => `${text}!!!`, INCREMENT)],
  ['no such command', 'does not start', changed((text) => `${text}*1\r\n$3\r\nbah\r\n`, INCREMENT)],
  ['an empty journal', '3', changed(() => '', INCREMENT)],
])(
  'of a journal with %s we make what redis-server makes of it',
  async (_, expected, spoil, options) => {
    await redis(AOF, async (to) => {
      await sendAll(to, [['INCRBY', 'count', '3']]);
      await rewrite(to);
      await sendAll(to, [['INCRBY', 'count', '3']]);
    });
    const [theirs, oursToo] = await both(spoil, options);
    expect(oursToo).toBe(theirs);
    if (expected !== null) expect(String(theirs).replace(/^\$\d+\s+/, '')).toBe(expected);
  },
);

test('a journal moves to where redis-server looks for it by its name', async () => {
  await ours(AOF, (to) => sendAll(to, [['SET', 'a b', '1']]));
  const name = 'a name.aof';
  const options = { ...AOF, appendfilename: name };
  await ours(options, (to) => sendAll(to, [['SET', 'c', '2']]));
  await redis(options, async (to) => expect(textOf(await to.send('GET', 'c'))).toContain('2'));
  await rename(join(directory, JOURNALS), join(directory, 'elsewhere'));
  await ours({ ...options, appenddirname: 'elsewhere' }, async (to) =>
    expect(textOf(await to.send('GET', 'c'))).toContain('2'),
  );
});
