/** The other stores of the question `client`, each as its own documentation uses it. */
import sqlite3InitModule from '@sqlite.org/sqlite-wasm';
import { Dexie, type Table } from 'dexie';
import { createStore, get, set, setMany } from 'idb-keyval';
import localforage from 'localforage';
import { LRUCache } from 'lru-cache';
import { KEYS, type Peer } from './client-peer.js';

export async function otherStores(): Promise<[string, Peer][]> {
  return [
    ['idb-keyval', idbKeyval()],
    ['Dexie', dexie()],
    ['localForage', localForage()],
    ['sqlite-wasm :memory:', await sqlite()],
    ['lru-cache', lru()],
    ['JS Map', map()],
  ];
}

function idbKeyval(): Peer {
  const store = createStore('bench-idb-keyval', 'pairs');
  return {
    get: (key) => get(key, store),
    set: (key, value) => set(key, value, store),
    fill: (keys, value) =>
      setMany(
        keys.map((key): [string, string] => [key, value]),
        store,
      ),
  };
}

interface Pair {
  key: string;
  value: string;
}

function dexie(): Peer {
  const database = new Dexie('bench-dexie');
  database.version(1).stores({ pairs: 'key' });
  const pairs: Table<Pair, string> = database.table('pairs');
  return {
    get: async (key) => (await pairs.get(key))?.value,
    set: (key, value) => pairs.put({ key, value }),
    fill: (keys, value) => pairs.bulkPut(keys.map((key) => ({ key, value }))),
  };
}

function localForage(): Peer {
  const store = localforage.createInstance({ name: 'bench-localforage' });
  return { get: (key) => store.getItem(key), set: (key, value) => store.setItem(key, value) };
}

async function sqlite(): Promise<Peer> {
  const { oo1 } = await sqlite3InitModule();
  const database = new oo1.DB(':memory:');
  database.exec('CREATE TABLE pairs (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID');
  const read = database.prepare('SELECT value FROM pairs WHERE key = ?');
  const write = database.prepare('INSERT OR REPLACE INTO pairs VALUES (?, ?)');
  return {
    isSync: true,
    get: (key) => {
      read.bind(1, key);
      const value = read.step() ? read.get(0) : null;
      read.reset();
      return value;
    },
    set: (key, value) => {
      write.bind([key, value]).stepReset();
    },
  };
}

function lru(): Peer {
  const cache = new LRUCache<string, string>({ max: 2 * KEYS });
  return { isSync: true, get: (key) => cache.get(key), set: (key, value) => cache.set(key, value) };
}

function map(): Peer {
  const pairs = new Map<string, string>();
  return { isSync: true, get: (key) => pairs.get(key), set: (key, value) => pairs.set(key, value) };
}
