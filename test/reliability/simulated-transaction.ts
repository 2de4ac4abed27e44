/**
 * Transactions of the simulated IndexedDB. Each waits for the earlier ones that it overlaps with.
 * The disk does all requests of one at one moment, and a little later the transaction is done; the
 * process hears of each request and then of the end, later still if it is frozen (docs/RELIABILITY.md F10).
 */
import type { FaultName } from '../storage/faulty-indexeddb.js';
import {
  type Committed,
  cloned,
  type DiskDatabase,
  type DiskStore,
  type Key,
  KeyRange,
  revert,
  type Undo,
} from './simulated-disk.js';
import { Emitter, EventLine } from './simulated-events.js';
import type { SimulatedDatabase } from './simulated-indexeddb.js';

export class SimulatedRequest extends Emitter {
  result: unknown;
  error: DOMException | null = null;
  transaction: unknown = null;
}

interface Operation {
  readonly request: SimulatedRequest;
  readonly label: string;
  /** Does it; gives the result, and the way back in `undo`. */
  readonly run: (undo: Undo[]) => unknown;
}

export class SimulatedTransaction extends Emitter {
  error: DOMException | null = null;
  #state: 'open' | 'committing' | 'ended' = 'open';
  #started = false;
  #done = false;
  /** Its connection is closed: it hangs no longer. */
  #isLetGo = false;
  #usedBefore = 0;
  readonly #operations: Operation[] = [];
  readonly #events: EventLine;
  readonly #undo: Undo[] = [];
  /** Set from the moment at which it is on the disk to that at which it is safe there. */
  #committed: Committed | null = null;

  constructor(
    readonly database: SimulatedDatabase,
    readonly storeNames: readonly string[],
    readonly mode: IDBTransactionMode,
    readonly durability: string,
    private readonly fault: FaultName | null,
  ) {
    super();
    this.#events = new EventLine(database.world, database.process);
  }

  get objectStoreNames(): readonly string[] {
    return this.storeNames;
  }

  objectStore(name: string): SimulatedObjectStore {
    const store = this.disk.stores.get(name);
    if (store === undefined || !this.storeNames.includes(name)) {
      throw new DOMException(name, 'NotFoundError');
    }
    return new SimulatedObjectStore(this, name, store);
  }

  commit(): void {
    if (this.#state !== 'open') throw new DOMException('it has ended', 'InvalidStateError');
    this.#state = 'committing';
  }

  abort(): void {
    if (this.#state !== 'open') throw new DOMException('it has ended', 'InvalidStateError');
    this.#undoAll(null, false);
  }

  get disk(): DiskDatabase {
    return this.database.disk;
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  overlaps(other: SimulatedTransaction): boolean {
    if (this.mode === 'readonly' && other.mode === 'readonly') return false;
    return this.storeNames.some((name) => other.storeNames.includes(name));
  }

  issue(label: string, run: Operation['run']): SimulatedRequest {
    if (this.#state !== 'open') throw new DOMException('', 'TransactionInactiveError');
    const request = new SimulatedRequest();
    request.transaction = this;
    this.#operations.push({ request, label, run });
    return request;
  }

  /** Called when nothing that came earlier stands in the way any more. */
  start(): void {
    if (this.#started || this.ended) return;
    this.#started = true;
    if (!this.#isLetGo && (this.fault === 'never' || this.fault === 'late')) return;
    this.database.later(`${this.mode} on ${this.disk.name}`, () => this.#execute());
  }

  get started(): boolean {
    return this.#started;
  }

  /** The connection is closed by its user: what hangs ends. */
  closed(): void {
    this.#isLetGo = true;
    if (this.fault === 'never') this.#end();
    else if (this.fault === 'late' && this.#started) this.#execute();
  }

  /** The process has died: what was not on its way is dropped. */
  dropped(): void {
    if (this.#committed === null && !this.#done) this.#end();
  }

  /** The browser has cut the connection. */
  cutOff(): void {
    if (!this.#done && this.#committed === null) this.#undoAll('AbortError', false);
  }

  #execute(): void {
    if (this.ended || this.#done) return;
    if (this.#state === 'open') throw this.database.world.violation('F10: a transaction is open');
    if (this.fault === 'close') {
      this.database.cutOff();
      // Not by that, if it was closed before.
      if (!this.ended) this.#undoAll('AbortError', false);
      return;
    }
    const failure = this.#runAll() ?? this.#refusal();
    if (failure === null) this.#succeed();
    else this.#undoAll(failure === 'null' ? null : failure, true);
  }

  /** Why a transaction whose requests have all succeeded comes to nothing. */
  #refusal(): string | null {
    const { browser, engine } = this.database;
    if (engine.disk.isFull && engine.disk.used > this.#usedBefore) return browser.fullName;
    return this.fault === 'unheard' || this.fault === 'late' ? null : this.fault;
  }

  #succeed(): void {
    this.#committed = { undo: this.#undo, synced: false };
    if (this.mode === 'readwrite') {
      this.disk.durabilities.add(this.durability);
      this.disk.committed.push(this.#committed);
    }
    for (const { request, label } of this.#operations) {
      const type = request.error === null ? 'success' : 'error';
      this.#events.add(`${type} of ${label}`, () => void request.dispatch(type));
    }
    this.database.later(`done on ${this.disk.name}`, () => this.#finish());
  }

  /** Does the requests in order; gives the name of the error that undoes them all, or null. */
  #runAll(): string | null {
    this.#usedBefore = this.database.engine.disk.used;
    for (const [index, { request, run }] of this.#operations.entries()) {
      try {
        request.result = run(this.#undo);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        request.error = error;
        const isLast = index === this.#operations.length - 1;
        if (isLast || !this.database.browser.forgiving) return error.name;
      }
    }
    return null;
  }

  #finish(): void {
    this.#done = true;
    if (this.#committed !== null && this.durability === 'strict') this.disk.sync(this.#committed);
    if (this.fault !== 'unheard') {
      this.#events.add(`complete ${this.mode}`, () => void this.dispatch('complete'));
    }
    this.#end();
  }

  /** `isHeard`: some requests may have succeeded before. */
  #undoAll(name: string | null, isHeard: boolean): void {
    revert(this.#undo);
    const { browser, world } = this.database;
    const error = name === null || browser.silent ? null : new DOMException('undone', name);
    const succeeded = isHeard && world.dice.chance(0.5);
    for (const { request, label } of this.#operations) {
      if (succeeded && request.error === null) {
        this.#events.add(`success of ${label}`, () => void request.dispatch('success'));
        continue;
      }
      request.result = undefined;
      request.error ??= new DOMException('undone', 'AbortError');
      this.#events.add(`error of ${label}`, () => {
        const event = request.dispatch('error');
        this.dispatch('error', event);
      });
    }
    this.#events.add(`abort ${name}`, () => {
      this.error = error;
      this.dispatch('abort');
    });
    this.#end();
  }

  #end(): void {
    this.#state = 'ended';
    this.database.ended(this);
  }
}

export class SimulatedObjectStore {
  constructor(
    readonly transaction: SimulatedTransaction,
    readonly name: string,
    private readonly store: DiskStore,
  ) {}

  add(value: unknown, key: Key): SimulatedRequest {
    return this.#write('add', value, key, () => {
      if (this.store.get(key) !== undefined) throw new DOMException('', 'ConstraintError');
    });
  }

  put(value: unknown, key: Key): SimulatedRequest {
    return this.#write('put', value, key, () => {});
  }

  delete(query: Key | KeyRange): SimulatedRequest {
    return this.transaction.issue(`delete ${labelOf(query)}`, (undo) => {
      for (const { key } of this.store.range(query)) undo.push(this.store.set(key, undefined));
    });
  }

  clear(): SimulatedRequest {
    return this.transaction.issue('clear', (undo) => {
      for (const { key } of this.store.range(undefined)) undo.push(this.store.set(key, undefined));
    });
  }

  get(query: Key | KeyRange): SimulatedRequest {
    return this.#read(`get ${labelOf(query)}`, () => cloned(this.store.range(query, 1)[0]?.value));
  }

  getKey(query: Key | KeyRange): SimulatedRequest {
    return this.#read(`getKey ${labelOf(query)}`, () => this.store.range(query, 1)[0]?.key);
  }

  getAll(query?: Key | KeyRange, count?: number): SimulatedRequest {
    return this.#read('getAll', () =>
      this.store.range(query, count).map(({ value }) => cloned(value)),
    );
  }

  getAllKeys(query?: Key | KeyRange, count?: number): SimulatedRequest {
    return this.#read('getAllKeys', () => this.store.range(query, count).map(({ key }) => key));
  }

  count(query?: Key | KeyRange): SimulatedRequest {
    return this.#read('count', () => this.store.range(query).length);
  }

  #read(label: string, run: () => unknown): SimulatedRequest {
    return this.transaction.issue(label, run);
  }

  #write(what: string, given: unknown, key: Key, check: () => void): SimulatedRequest {
    if (this.transaction.mode === 'readonly') throw new DOMException('', 'ReadOnlyError');
    const value = cloned(given);
    return this.transaction.issue(`${what} ${this.name} ${labelOf(key)}`, (undo) => {
      check();
      undo.push(this.store.set(key, value));
      return key;
    });
  }
}

function labelOf(query: Key | KeyRange): string {
  return query instanceof KeyRange ? 'range' : JSON.stringify(query);
}
