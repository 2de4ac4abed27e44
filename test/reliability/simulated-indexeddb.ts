/**
 * An IndexedDB of simulated time: exactly the calls that src/storage makes, the order of all
 * completions drawn from the seed of the world. Several processes share one disk, each through a
 * factory of its own. How databases are opened and deleted is here; transactions have their own file.
 */
import {
  DiskDatabase,
  DiskStore,
  KeyRange,
  SimulatedBlob,
  type SimulatedDisk,
} from './simulated-disk.js';
import { type Browser, Emitter } from './simulated-events.js';
import {
  SimulatedObjectStore,
  SimulatedRequest,
  SimulatedTransaction,
} from './simulated-transaction.js';
import type { Process, World } from './world.js';

/** A connection of one process to one database. */
export class SimulatedDatabase extends Emitter {
  #closed = false;

  constructor(
    readonly engine: SimulatedIndexedDB,
    readonly process: Process,
    readonly disk: DiskDatabase,
  ) {
    super();
    process.onEnd(() => this.#die());
  }

  get name(): string {
    return this.disk.name;
  }

  get world(): World {
    return this.engine.world;
  }

  get browser(): Browser {
    return this.engine.browser;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  createObjectStore(name: string): void {
    this.disk.stores.set(name, new DiskStore(this.engine.disk));
  }

  transaction(
    names: string | readonly string[],
    mode: IDBTransactionMode = 'readonly',
    { durability = 'default' }: { durability?: string } = {},
  ): SimulatedTransaction {
    const what = mode === 'readonly' ? 'read' : 'write';
    const fault = this.#closed ? null : this.browser.fault(what, this.process);
    if (fault === 'InvalidStateError') this.close();
    if (this.#closed) throw new DOMException('the connection is closed', 'InvalidStateError');
    const stores = typeof names === 'string' ? [names] : names;
    const transaction = new SimulatedTransaction(this, stores, mode, durability, fault);
    this.engine.enqueue(transaction);
    return transaction;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const transaction of this.#mine()) transaction.closed();
    this.engine.connectionEnded(this);
  }

  /** The browser closes it, undoes what runs, and says so. */
  cutOff(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const transaction of this.#mine()) transaction.cutOff();
    this.engine.connectionEnded(this);
    this.later('cut off', () => {
      this.world.after(0, this.process, `close ${this.name}`, () => void this.dispatch('close'));
    });
  }

  /** A step of the disk: goes on whatever becomes of the process. */
  later(label: string, run: () => void): void {
    this.world.after(this.world.dice.ms(this.browser.latencyMs), null, label, run);
  }

  ended(transaction: SimulatedTransaction): void {
    this.engine.dequeue(transaction);
  }

  /** The messages of the process that have not reached the disk are lost, from some point on. */
  #die(): void {
    this.#closed = true;
    const mine = this.#mine();
    const arrived = this.world.dice.below(mine.length + 1);
    for (const [index, transaction] of mine.entries()) {
      if (index < arrived) transaction.closed();
      else transaction.dropped();
    }
    this.engine.connectionEnded(this);
  }

  #mine(): SimulatedTransaction[] {
    return this.engine.waiting(this.disk).filter(({ database }) => database === this);
  }
}

/** The browser's part: which databases there are, who is connected, who waits for whom. */
export class SimulatedIndexedDB {
  readonly #queues = new Map<DiskDatabase, SimulatedTransaction[]>();
  #connections: SimulatedDatabase[] = [];
  /** Databases that are being made or deleted, and who waits for the end of that. */
  readonly #busy = new Map<string, (() => void)[]>();

  constructor(
    readonly world: World,
    readonly disk: SimulatedDisk,
    readonly browser: Browser,
  ) {}

  /** The global `indexedDB` of a process. */
  factoryOf(process: Process): IDBFactory {
    const factory = {
      open: (name: string) => this.#open(name, process),
      deleteDatabase: (name: string) => this.#delete(name, process),
      databases: async () => [...this.disk.databases.keys()].map((name) => ({ name, version: 1 })),
    };
    return factory as unknown as IDBFactory;
  }

  waiting(disk: DiskDatabase): SimulatedTransaction[] {
    return this.#queues.get(disk) ?? [];
  }

  enqueue(transaction: SimulatedTransaction): void {
    const queue = this.#queues.get(transaction.disk) ?? [];
    this.#queues.set(transaction.disk, [...queue, transaction]);
    this.#startThoseFree(transaction.disk);
  }

  dequeue(transaction: SimulatedTransaction): void {
    const queue = this.waiting(transaction.disk);
    this.#queues.set(
      transaction.disk,
      queue.filter((other) => other !== transaction),
    );
    this.#startThoseFree(transaction.disk);
  }

  connectionEnded(connection: SimulatedDatabase): void {
    this.#connections = this.#connections.filter((other) => other !== connection);
    this.#retry(`delete ${connection.name}`);
  }

  /** The power goes. All processes have been killed before. */
  powerCut(): void {
    for (const queue of [...this.#queues.values()]) {
      for (const transaction of queue) transaction.dropped();
    }
    this.disk.cut(this.browser.forgetful);
  }

  /** Clear-Site-Data: everything is gone, and the connections with it (F17). */
  wipe(): void {
    for (const connection of [...this.#connections]) connection.cutOff();
    for (const name of [...this.disk.databases.keys()]) this.#remove(name);
  }

  #startThoseFree(disk: DiskDatabase): void {
    const queue = this.waiting(disk);
    for (const [index, transaction] of queue.entries()) {
      if (transaction.started) continue;
      if (queue.slice(0, index).some((earlier) => earlier.overlaps(transaction))) continue;
      transaction.start();
    }
  }

  #open(name: string, process: Process): SimulatedRequest {
    const request = new SimulatedRequest();
    const fault = this.browser.fault('open', process);
    if (fault === 'InvalidStateError') throw new DOMException('', fault);
    const silent = fault === 'never' || fault === 'late' || fault === 'unheard';
    if (silent) return request;
    this.#later(`open ${name}`, () => {
      if (fault === null || fault === 'close') this.#opening(name, process, request, fault);
      else this.#fail(process, request, fault === 'null' ? null : fault);
    });
    return request;
  }

  #opening(name: string, process: Process, request: SimulatedRequest, fault: 'close' | null): void {
    if (!process.alive) return;
    if (this.#busy.has(name)) {
      this.#busy.get(name)?.push(() => this.#opening(name, process, request, fault));
      return;
    }
    const found = this.disk.databases.get(name);
    if (found === undefined) {
      this.#create(name, process, request);
      return;
    }
    const database = this.#connect(process, found, request);
    this.world.after(0, process, `opened ${name}`, () => void request.dispatch('success'));
    if (fault === 'close') this.#later('close', () => database.cutOff());
  }

  #connect(process: Process, disk: DiskDatabase, request: SimulatedRequest): SimulatedDatabase {
    const database = new SimulatedDatabase(this, process, disk);
    this.#connections.push(database);
    request.result = database;
    return database;
  }

  #create(name: string, process: Process, request: SimulatedRequest): void {
    this.#busy.set(name, []);
    const disk = new DiskDatabase(name);
    const database = this.#connect(process, disk, request);
    let aborted = false;
    request.transaction = {
      abort: () => {
        aborted = true;
      },
    };
    let over = false;
    const end = (label: string, then: () => void) => {
      if (over) return;
      over = true;
      then();
      this.#release(name);
      this.world.note(label);
    };
    process.onEnd(() => end(`${name} is not made`, () => {}));
    this.world.after(0, process, `make ${name}`, () => {
      request.dispatch('upgradeneeded');
      this.#later(`make ${name}`, () => {
        if (aborted) {
          database.close();
          end(`${name} is not made`, () => this.#fail(process, request, 'AbortError'));
          return;
        }
        end(`${name} is made`, () => {
          this.disk.databases.set(name, disk);
          this.world.after(0, process, `opened ${name}`, () => void request.dispatch('success'));
        });
      });
    });
  }

  #delete(name: string, process: Process): SimulatedRequest {
    const request = new SimulatedRequest();
    this.#later(`delete ${name}`, () => this.#deleting(name, process, request));
    return request;
  }

  #deleting(name: string, process: Process, request: SimulatedRequest): void {
    if (this.#busy.has(name)) {
      this.#busy.get(name)?.push(() => this.#deleting(name, process, request));
      return;
    }
    this.#busy.set(name, []);
    const open = this.#connections.filter((connection) => connection.name === name);
    for (const connection of open) {
      this.world.after(0, connection.process, `versionchange ${name}`, () => {
        if (!connection.isClosed) connection.dispatch('versionchange');
      });
    }
    const finish = () => {
      if (this.#connections.some((connection) => connection.name === name)) {
        this.#waitFor(`delete ${name}`, finish);
        return;
      }
      this.#remove(name);
      this.#release(name);
      this.world.after(0, process, `deleted ${name}`, () => void request.dispatch('success'));
    };
    finish();
  }

  readonly #blocked = new Map<string, (() => void)[]>();

  #waitFor(what: string, retry: () => void): void {
    this.#blocked.set(what, [...(this.#blocked.get(what) ?? []), retry]);
  }

  #retry(what: string): void {
    const retries = this.#blocked.get(what) ?? [];
    this.#blocked.delete(what);
    for (const retry of retries) this.#later(what, retry);
  }

  #remove(name: string): void {
    const database = this.disk.databases.get(name);
    if (database === undefined) return;
    for (const store of database.stores.values()) {
      for (const { key } of store.range(undefined)) store.set(key, undefined);
    }
    this.disk.databases.delete(name);
  }

  #release(name: string): void {
    const waiting = this.#busy.get(name) ?? [];
    this.#busy.delete(name);
    for (const next of waiting) this.#later(`open ${name}`, next);
  }

  #fail(process: Process, request: SimulatedRequest, name: string | null): void {
    this.world.after(0, process, `open fails: ${name}`, () => {
      request.result = undefined;
      request.error = name === null ? null : new DOMException('it does not open', name);
      request.dispatch('error');
    });
  }

  #later(label: string, run: () => void): void {
    this.world.after(this.world.dice.ms(this.browser.latencyMs), null, label, run);
  }
}

class SimulatedCursor {
  advance(): void {}
  continue(): void {}
  continuePrimaryKey(): void {}
}

/** Makes the classes above those that `idb` looks for, for good. */
export function installGlobals(): void {
  Object.assign(globalThis, {
    IDBRequest: SimulatedRequest,
    IDBDatabase: SimulatedDatabase,
    IDBTransaction: SimulatedTransaction,
    IDBObjectStore: SimulatedObjectStore,
    IDBIndex: class {},
    IDBCursor: SimulatedCursor,
    IDBKeyRange: KeyRange,
    Blob: SimulatedBlob,
    // Blobs are made of pieces then, in the order of the world.
    Response: undefined,
  });
}
