/**
 * The other stores of the question `durability`, in a worker, each told to wait for the disk: Dexie
 * with strict transactions, sqlite-wasm in the origin's private files with synchronous=FULL, PGlite
 * in those files too, which flushes them after each query.
 */
import { PGlite } from '@electric-sql/pglite';
import sqlite3InitModule from '@sqlite.org/sqlite-wasm';
import { Dexie, type Table } from 'dexie';
import type { DurabilityOrder, DurabilityRate } from './durability-page.js';
import { keyName, VALUE } from './requests.js';

interface Pair {
  key: string;
  value: string;
}

/** Writes these pairs, durably when it resolves: in one transaction. */
type Write = (pairs: readonly Pair[]) => unknown;

function dexie(): Write {
  const database = new Dexie('bench-durability', { chromeTransactionDurability: 'strict' });
  database.version(1).stores({ pairs: 'key' });
  const pairs: Table<Pair, string> = database.table('pairs');
  return (some) => pairs.bulkPut(some);
}

/** The other ways into the private files need a script of their own, or more headers. */
const ONE_WAY = { disable: { vfs: { opfs: true, 'opfs-wl': true, 'opfs-vfs': true } } };

async function sqlite(): Promise<Write> {
  Object.assign(globalThis, { sqlite3ApiConfig: ONE_WAY });
  const sqlite3 = await sqlite3InitModule();
  const pool = await sqlite3.installOpfsSAHPoolVfs({ name: 'bench-durability' });
  const database = new pool.OpfsSAHPoolDb('/pairs.db');
  database.exec('PRAGMA synchronous = FULL');
  database.exec(
    'CREATE TABLE IF NOT EXISTS pairs (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID',
  );
  const write = database.prepare('INSERT OR REPLACE INTO pairs VALUES (?, ?)');
  return (some) => {
    database.exec('BEGIN');
    for (const { key, value } of some) write.bind([key, value]).stepReset();
    database.exec('COMMIT');
  };
}

async function pglite(): Promise<Write> {
  const database = await PGlite.create('opfs-ahp://bench-durability-pglite');
  await database.exec('CREATE TABLE IF NOT EXISTS pairs (key TEXT PRIMARY KEY, value TEXT)');
  const query = `INSERT INTO pairs SELECT * FROM unnest($1::text[], $2::text[])
    ON CONFLICT (key) DO UPDATE SET value = excluded.value`;
  return (some) =>
    database.query(query, [some.map(({ key }) => key), some.map(({ value }) => value)]);
}

const MAKERS: Readonly<Record<string, () => Write | Promise<Write>>> = {
  Dexie: dexie,
  sqlite,
  PGlite: pglite,
};

const stores: Record<string, Promise<Write> | undefined> = {};

function storeOf(name: string): Promise<Write> {
  stores[name] ??= Promise.resolve(MAKERS[name]?.()).then((write) => {
    if (write === undefined) throw new Error(`there is no store ${name}`);
    return write;
  });
  return stores[name];
}

let next = 0;

async function work({ store, together, ms }: DurabilityOrder): Promise<DurabilityRate> {
  const write = await storeOf(store);
  const start = performance.now();
  let commands = 0;
  let elapsed = 0;
  while (elapsed < ms) {
    const from = next;
    next = (next + together) % 100_000;
    await write(Array.from({ length: together }, (_, at) => pair(from + at)));
    commands += together;
    elapsed = performance.now() - start;
  }
  return { commands, milliseconds: elapsed };
}

function pair(index: number): Pair {
  return { key: keyName(index), value: VALUE };
}

self.onmessage = async ({ data, ports: [port] }: MessageEvent<DurabilityOrder>) => {
  try {
    port?.postMessage({ rate: await work(data) });
  } catch (error) {
    port?.postMessage({ failure: String(error) });
  }
};
