/** What a client does with its store as a whole: how it is kept, files of it, its end. */
import { ClosedError } from '../resp/errors.js';
import type { StorageInfo } from '../resp/persistence.js';
import { ClientSession } from './client-session.js';
import { exportJson } from './json-export.js';
import { type OriginStorage, originStorage, persistOrigin } from './origin-storage.js';

export class KeptClient extends ClientSession {
  /** Resolves once everything acknowledged so far is on disk. */
  flush(): Promise<void> {
    return this._connection.flush();
  }

  /** How the data are kept, how much of them, and what the browser grants. */
  async storage(): Promise<StorageInfo & OriginStorage> {
    const [store, origin] = await Promise.all([this._connection.ask('storage'), originStorage()]);
    return { ...store, ...origin };
  }

  /**
   * Asks the browser to delete nothing of this origin by itself; it may ask the user. Says whether it
   * is granted; no answer within `timeout` milliseconds (30 000) is a no. Only in a page.
   */
  requestPersistence(options: { readonly timeout?: number } = {}): Promise<boolean> {
    return persistOrigin(options.timeout);
  }

  /** All data as they are now, of all databases, as an RDB file: redis-server can read it too. */
  exportRdb(): Promise<Blob> {
    return this._connection.ask('exportRdb');
  }

  /**
   * Replaces all data by those of an RDB file; resolves once that is on disk. Rejects with a
   * FormatError if the file is not right: then the data are as before.
   */
  importRdb(file: Blob | Uint8Array | ArrayBuffer): Promise<void> {
    return this._connection.ask('importRdb', file);
  }

  /**
   * All data as JSON, for people; docs/DURABILITY.md shows the shape. It is not of one moment: what is
   * written meanwhile may be in it.
   */
  exportJson(): Promise<Blob> {
    return exportJson((database, commands) => this._session._askDatabase(database, commands));
  }

  /**
   * Deletes all that is kept of this store and closes it, for its other clients of this page too.
   * (`destroy()` is node-redis's: it lets go of the store and deletes nothing.)
   */
  async deleteStore(): Promise<void> {
    const session = this._session;
    if (!this.isOpen) throw new ClosedError('The client is closed');
    session._isDeleting = true;
    try {
      await this._connection.ask('deleteStore');
    } catch (error) {
      // What all clients hear in the end may be here before the answer.
      if (!(error instanceof ClosedError)) throw error;
    } finally {
      session._isDeleting = false;
      this.destroy();
    }
  }
}
