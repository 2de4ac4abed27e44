/**
 * Whole snapshots: files of redis-server that we load, files of ours that redis-server loads, and
 * what such a file must not do. RDB_KEYSPACES is how many keyspaces, REDSTART_SEED repeats a run.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SnapshotExtra, SnapshotFormatError } from '../../src/engine/snapshot.js';
import { createCore, resp, run } from '../engine/core.js';
import type { Connection } from '../support/connection.js';
import { seededRandom } from '../support/float-samples.js';
import { type InlineStore, openInline } from '../support/target-inline.js';
import { encodeCommand } from '../support/wire.js';
import { keyspace, settings } from './rdb-keyspaces.js';
import {
  digest,
  load,
  openRedisWithFile,
  type RedisWithFile,
  save,
  sealFile,
  sendAll,
  string,
  textOf,
} from './rdb-kit.js';

const CHECK_RDB = process.env.REDIS_CHECK_RDB ?? 'redis-check-rdb';
const ROUNDS = Number(process.env.RDB_KEYSPACES ?? 6);
const seed = Number(process.env.REDSTART_SEED ?? Date.now() % 1_000_000);

let redis: RedisWithFile;
let ours: InlineStore;
let ourSide: Connection;
const engine = () => ours.host.engine;

beforeAll(async () => {
  redis = await openRedisWithFile();
  ours = await openInline();
  ourSide = await ours.connect();
});
afterAll(async () => {
  await redis.close();
  await ours.close();
});

describe('between redis-server and us', () => {
  test(`files are loaded both ways (seed ${seed})`, {
    timeout: 60_000 + ROUNDS * 2000,
  }, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const random = seededRandom(seed + round);
      const settled = settings(random);
      const filling = [...keyspace(random, 30), ['SELECT', '9'], ...keyspace(random, 5)];
      await sendAll(redis.connection, [['SELECT', '0'], ['FLUSHALL'], ...settled, ...filling]);
      await sendAll(ourSide, settled);
      const before = await digest(redis.connection);
      const piece = 1 + Math.floor(random() * 100_000);
      load(engine(), await redis.save(), piece);
      expect(await digest(ourSide), `seed ${seed + round}`).toBe(before);
      await redis.load(save(engine(), piece));
      expect(await digest(redis.connection), `seed ${seed + round}`).toBe(before);
    }
  });

  test('redis-check-rdb finds nothing to complain about', async () => {
    await sendAll(ourSide, [['FLUSHALL'], ...keyspace(seededRandom(seed), 40)]);
    await writeFile(redis.file, save(engine(), 1000));
    const report = execFileSync(CHECK_RDB, [redis.file]).toString();
    expect(report).toContain('RDB looks OK!');
    expect(report).toContain('40 keys read');
  });

  test('facts and functions travel beside the keys', async () => {
    const code = "#!lua name=lib\nredis.register_function('f', function() return 7 end)";
    await sendAll(redis.connection, [['FLUSHALL'], ['FUNCTION', 'LOAD', code], ['SET', 'a', 'b']]);
    const file = await redis.save();
    engine().loadBegin();
    for (const byte of file) engine().loadNext(Uint8Array.of(byte));
    const extras = engine().loadEnd();
    const functions = extras.filter(({ kind }) => kind === 'functions');
    expect(functions.map(({ value }) => Buffer.from(value).toString())).toEqual([code]);
    expect(extras.some(({ name }) => Buffer.from(name).toString() === 'redis-ver')).toBe(true);

    await sendAll(redis.connection, [['FLUSHALL'], ['FUNCTION', 'FLUSH']]);
    await redis.load(saveWith(extras));
    expect(textOf(await redis.connection.send('FCALL', 'f', '0'))).toBe(':7');
    expect(textOf(await redis.connection.send('GET', 'a'))).toBe('$1\r\nb');
  });
});

function saveWith(extras: readonly SnapshotExtra[]): Buffer {
  const slices: Uint8Array[] = [];
  engine().snapshotBegin(extras);
  for (;;) {
    const slice = engine().snapshotNext(1000);
    if (slice === null) return Buffer.concat(slices);
    slices.push(slice);
  }
}

const key = (name: string, value: string) =>
  Buffer.concat([Buffer.of(0), string(name), string(value)]);
const inPieces = (bytes: Uint8Array) => () => load(engine(), bytes, 3);

describe('a file', () => {
  test('of every version is loaded', async () => {
    for (let version = 1; version <= 12; version++) {
      load(engine(), sealFile(key('a', `v${version}`), version), 1);
      expect(textOf(await ourSide.send('GET', 'a'))).toBe(
        `$${`v${version}`.length}\r\nv${version}`,
      );
    }
    for (const version of [0, 13, 9999]) {
      expect(inPieces(sealFile(key('a', 'b'), version))).toThrow(SnapshotFormatError);
    }
  });

  test('takes the place of all data, in all databases', async () => {
    await sendAll(ourSide, [
      ['SET', 'old', '1'],
      ['SELECT', '5'],
      ['SET', 'old', '2'],
      ['SELECT', '0'],
    ]);
    load(engine(), sealFile(Buffer.concat([Buffer.of(0xfe, 2), key('a', 'b')])));
    expect(textOf(await ourSide.send('DBSIZE'))).toBe(':0');
    await sendAll(ourSide, [['SELECT', '2']]);
    expect(textOf(await ourSide.send('GET', 'a'))).toBe('$1\r\nb');
    await sendAll(ourSide, [['SELECT', '0']]);
  });

  test('that is wrong or cut off anywhere changes nothing', async () => {
    await sendAll(ourSide, [['FLUSHALL'], ['SET', 'here', 'before']]);
    const before = await digest(ourSide);
    const file = sealFile(Buffer.concat([key('a', 'b'), Buffer.of(0xfe, 1), key('a', 'c')]));
    for (let size = 0; size < file.length; size++) {
      expect(inPieces(file.subarray(0, size)), `${size} bytes`).toThrow(SnapshotFormatError);
    }
    for (let bit = 0; bit < file.length * 8; bit++) {
      const bad = Buffer.from(file);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      // An older version is only read with its number, which the checksum covers.
      expect(inPieces(bad), `bit ${bit}`).toThrow(SnapshotFormatError);
    }
    expect(inPieces(Buffer.concat([file, Buffer.of(0)]))).toThrow(SnapshotFormatError);
    expect(await digest(ourSide)).toBe(before);
  });

  test('that has a key twice, or a database too many, is refused', () => {
    expect(inPieces(sealFile(Buffer.concat([key('a', 'b'), key('a', 'c')])))).toThrow();
    expect(inPieces(sealFile(Buffer.concat([Buffer.of(0xfe, 16), key('a', 'b')])))).toThrow();
  });

  test('may have deadlines in seconds, frequencies, idle times, and what modules wrote', async () => {
    const seconds = Buffer.alloc(5, 0xfd);
    seconds.writeInt32LE(2_000_000_000, 1);
    const aux = Buffer.of(0xf7, 0x81, 1, 2, 3, 4, 5, 6, 7, 8, 2, 2, 1, 5, 5, 1, 0x61, 4);
    const double = Buffer.alloc(8);
    const facts = Buffer.concat([Buffer.of(0xfa), string('some'), string('fact')]);
    const sizes = Buffer.of(0xfb, 5, 1);
    const body = [aux, double, Buffer.of(0), facts, sizes, seconds, Buffer.of(0xf9, 200)];
    load(engine(), sealFile(Buffer.concat([...body, Buffer.of(0xf8, 30), key('a', 'b')])), 1);
    expect(textOf(await ourSide.send('PEXPIRETIME', 'a'))).toBe(':2000000000000');
    expect(textOf(await ourSide.send('OBJECT', 'IDLETIME', 'a'))).toBe(':30');
  });
});

test('the example of docs/formats/rdb.md is what is written', async () => {
  const document = readFileSync(new URL('../../docs/formats/rdb.md', import.meta.url)).toString();
  const block = /```hex\n([\s\S]*?)```/.exec(document)?.[1] ?? '';
  const bytes = block.split('\n').flatMap((line) => line.slice(0, 30).match(/[0-9a-f]{2}/g) ?? []);
  const core = await createCore();
  run(core, ['SET a hi', 'PEXPIREAT a 2000000', 'SELECT 1'].map(resp).join(''));
  const command = encodeCommand(['HSET', 'h', 'f', 'v']);
  core.load(command, command.length);
  core.execute(1, 2);
  expect(save(core).toString('hex')).toBe(bytes.join(''));
});
