/**
 * The worker's entry: one store, served to the clients of the page that started it.
 *
 * Takes the Web Lock, loads core.wasm, opens the storage, replays the journal, then answers on the
 * data ports. Control is Comlink on the worker itself.
 */
import * as Comlink from 'comlink';
import { openStore } from './open-store.js';
import { takeStoreLock } from './store-lock.js';
import { StoreServer } from './store-server.js';

const server = new StoreServer({
  lock: ({ name, lockTimeoutMs }, lost) => takeStoreLock(name, lockTimeoutMs, lost),
  open: openStore,
  stop: () => self.close(),
});

Comlink.expose(server);
