/**
 * The worker's entry: one store, served to the clients of the page that started it.
 *
 * Takes the Web Lock, loads core.wasm, opens the storage, replays the journal, then answers on the
 * data ports. Control is Comlink on the worker itself.
 */
import * as Comlink from 'comlink';
import { inspectStore } from './inspect-store.js';
import type { NoticeMessage } from './messages.js';
import { openStore } from './open-store.js';
import { takeStoreLock } from './store-lock.js';
import { StoreServer } from './store-server.js';

const server = new StoreServer({
  lock: ({ name, lockTimeoutMs = 1000 }, lost) => takeStoreLock(name, lockTimeoutMs, lost),
  open: (options, hasLock, ended) =>
    openStore(options, hasLock, ended, (notice) => {
      // That the data were deleted is told with the end of the store.
      const isLast = 'persistence' in notice && notice.persistence.state === 'wiped';
      if (!isLast) self.postMessage({ notice } satisfies NoticeMessage);
    }),
  inspect: inspectStore,
  stop: () => self.close(),
});

Comlink.expose(server);
