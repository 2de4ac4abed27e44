/**
 * An IndexedDB that fails where a test wants it to: the Nth call (an open or a transaction) ends in a
 * chosen way, once or from then on. On top of fake-indexeddb, whose transactions it aborts or holds by
 * their own methods; so the records are always those that a browser would have.
 */
import 'fake-indexeddb/auto';
import { forceCloseDatabase, type IDBFactory } from 'fake-indexeddb';

export const FAULTS = [
  /** The transaction aborts with this error. */
  'QuotaExceededError',
  'DataError',
  'UnknownError',
  'AbortError',
  /** It aborts and names no error, as WebKit does. */
  'null',
  /** `transaction()` throws: the connection is dead. */
  'InvalidStateError',
  /** No event ever; undone when the connection is closed. */
  'never',
  /** No event for long; done when the connection is closed. */
  'late',
  /** Done, but nobody hears of it. */
  'unheard',
  /** The browser closes the connection and undoes what runs. */
  'close',
] as const;

export type FaultName = (typeof FAULTS)[number];

/** The parts of fake-indexeddb's transactions that its types do not tell. */
interface FakeTransaction extends IDBTransaction {
  _abort(name: string | null): void;
  _start(): void;
  _started: boolean;
  readonly _requests: { readonly request: IDBRequest }[];
}

type FakeDatabase = IDBDatabase;

export class FaultyIndexedDB {
  readonly #factory: IDBFactory;
  #at = Number.POSITIVE_INFINITY;
  #fault: FaultName = 'null';
  #forever = false;
  /** Opens and transactions so far. */
  calls = 0;
  /** How many of them have failed. */
  failed = 0;
  /** Transactions that wrote. */
  commits = 0;
  /** Transactions that were not committed in the task that made them (F10). */
  leftOpen = 0;
  /** With which durability the transactions on each database were made. */
  readonly durabilities = new Map<string, Set<string>>();
  /** Play Firefox, which forgives a failed request after `commit()` unless it is the last (F11). */
  forgiving = false;

  constructor(factory: IDBFactory) {
    this.#factory = factory;
  }

  /** From now on, call number `at` fails (counted from 1), and with `forever` all after it too. */
  arm(fault: FaultName, at: number, forever = false): void {
    this.calls = 0;
    this.failed = 0;
    this.#fault = fault;
    this.#at = at;
    this.#forever = forever;
  }

  heal(): void {
    this.#at = Number.POSITIVE_INFINITY;
  }

  /** The factory to hand to a store. */
  get factory(): globalThis.IDBFactory {
    const open = (name: string, version?: number) => this.#open(name, version);
    return { open } as unknown as globalThis.IDBFactory;
  }

  #watchCommit(transaction: FakeTransaction): void {
    const commit = transaction.commit.bind(transaction);
    let open = true;
    transaction.commit = () => {
      open = false;
      if (this.forgiving) forgive(transaction);
      commit();
    };
    queueMicrotask(() => {
      if (open) this.leftOpen++;
    });
  }

  #strikes(): boolean {
    this.calls++;
    const strikes = this.#forever ? this.calls >= this.#at : this.calls === this.#at;
    if (strikes) this.failed++;
    return strikes;
  }

  #open(name: string, version?: number): IDBOpenDBRequest {
    const strikes = this.#strikes();
    if (strikes && this.#fault === 'InvalidStateError') throw new DOMException('', this.#fault);
    if (strikes && this.#fault !== 'close') return failedRequest(this.#fault);
    const request = this.#factory.open(name, version) as unknown as IDBOpenDBRequest;
    request.addEventListener('success', () => {
      this.#spy(request.result);
      if (strikes) setImmediate(() => close(request.result));
    });
    return request;
  }

  #spy(database: FakeDatabase): void {
    const original = database.transaction.bind(database);
    database.transaction = ((...given: Parameters<IDBDatabase['transaction']>) => {
      const fault = this.#strikes() ? this.#fault : null;
      if (fault === 'InvalidStateError') {
        database.close();
        throw new DOMException('', fault);
      }
      const transaction = original(...given) as FakeTransaction;
      if (transaction.mode === 'readwrite') this.commits++;
      this.#watchCommit(transaction);
      const seen = this.durabilities.get(database.name) ?? new Set();
      this.durabilities.set(database.name, seen.add(transaction.durability));
      if (fault !== null) spoil(database, transaction, fault);
      return transaction;
    }) as IDBDatabase['transaction'];
  }
}

/** As Firefox does: only the last request of a committed transaction can undo it. */
function forgive(transaction: FakeTransaction): void {
  const last = transaction._requests.at(-1)?.request;
  transaction.addEventListener('error', (event) => {
    if (event.target !== last) event.preventDefault();
  });
}

function spoil(database: FakeDatabase, transaction: FakeTransaction, fault: FaultName): void {
  if (fault === 'unheard') {
    // First in line, so that nobody behind it hears.
    transaction.addEventListener('complete', (event) => event.stopImmediatePropagation());
  } else if (fault === 'never' || fault === 'late') {
    hold(database, transaction, fault);
  } else {
    const { commit } = transaction;
    transaction.commit = () => {
      commit();
      transaction._abort(fault === 'null' ? null : fault === 'close' ? 'AbortError' : fault);
      if (fault === 'close') close(database);
    };
  }
}

/** Neither ends nor lets others begin, until the connection is closed. */
function hold(database: FakeDatabase, transaction: FakeTransaction, fault: 'never' | 'late'): void {
  const start = transaction._start.bind(transaction);
  transaction._start = () => {
    transaction._started = true;
  };
  const resume = () => {
    transaction._start = start;
    start();
  };
  const original = database.close.bind(database);
  database.close = () => {
    if (fault === 'never') transaction._abort('AbortError');
    else resume();
    original();
  };
}

function close(database: FakeDatabase): void {
  (forceCloseDatabase as unknown as (target: FakeDatabase) => void)(database);
}

/** A request to open that ends in `fault`, or never. */
function failedRequest(fault: FaultName): IDBOpenDBRequest {
  const request = new EventTarget() as unknown as IDBOpenDBRequest;
  const silent = fault === 'never' || fault === 'late' || fault === 'unheard';
  Object.assign(request, { error: fault === 'null' ? null : new DOMException('', fault) });
  if (!silent) setImmediate(() => request.onerror?.(new Event('error', { cancelable: true })));
  return request;
}
