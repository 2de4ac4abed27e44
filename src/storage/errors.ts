/**
 * What can go wrong with storage: `StorageError` of src/resp/errors.ts with a word to act upon, and
 * the way from whatever IndexedDB throws to it. Being robbed of the store is a `FencedError`.
 */
import { FencedError, StorageError } from '../resp/errors.js';
import type { Position } from './storage.js';

/**
 * - `unavailable`: there is no IndexedDB here, or it may not be touched
 * - `unopenable`: the database is there but does not open
 * - `full`: no space, or the browser will not give it
 * - `failed`: refused for another reason
 * - `timeout`: no answer within the time allowed; the outcome is not known
 * - `lost`: the connection to the database is gone and could not be made again yet
 * - `damaged`: the journal has a fault that is not at its end
 * - `newer`: written by a newer version of Redstart
 * - `wiped`: the data was deleted from outside while the store was open
 * - `missing`: there is no such database
 * - `closed`: closed by its own user
 * - `unsupported`: asked for something that this storage does not do
 */
export type FaultKind =
  | 'unavailable'
  | 'unopenable'
  | 'full'
  | 'failed'
  | 'timeout'
  | 'lost'
  | 'damaged'
  | 'newer'
  | 'wiped'
  | 'missing'
  | 'closed'
  | 'unsupported';

/** After one of these this owner can write nothing more. */
const FINAL_KINDS: ReadonlySet<FaultKind> = new Set(['damaged', 'newer', 'wiped', 'closed']);

export class StorageFault extends StorageError {
  readonly kind: FaultKind;
  /** Where in the journal, for `damaged`. */
  readonly at: Position | null;

  constructor(kind: FaultKind, message: string, options: { cause?: unknown; at?: Position } = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.at = options.at ?? null;
  }
}

/** True if trying again cannot help. */
export function isFinal(error: StorageError): boolean {
  if (error instanceof FencedError) return true;
  return error instanceof StorageFault && FINAL_KINDS.has(error.kind);
}

export function isFault(error: unknown, ...kinds: FaultKind[]): error is StorageFault {
  return error instanceof StorageFault && kinds.includes(error.kind);
}

export function fenced(): FencedError {
  return new FencedError('another owner has taken over this store');
}

const KINDS_BY_NAME: Readonly<Record<string, FaultKind>> = {
  QuotaExceededError: 'full',
  // What Chromium calls a full disk when a value is kept as a file (docs/RELIABILITY.md F5).
  DataError: 'full',
  InvalidStateError: 'lost',
  SecurityError: 'unavailable',
  VersionError: 'newer',
};

/** The StorageError for what IndexedDB threw, rejected with, or left null (WebKit, F11). */
export function toStorageError(error: unknown, doing: string): StorageError {
  if (error instanceof StorageError) return error;
  const name = nameOf(error);
  const kind = Object.hasOwn(KINDS_BY_NAME, name) ? KINDS_BY_NAME[name] : 'failed';
  return new StorageFault(kind ?? 'failed', `${doing}: ${describe(error)}`, { cause: error });
}

/** A DOMException is not an Error everywhere. */
function nameOf(error: unknown): string {
  const named = typeof error === 'object' && error !== null && 'name' in error;
  return named ? String(error.name) : '';
}

function describe(error: unknown): string {
  if (error === null || error === undefined) return 'aborted without a reason';
  const name = nameOf(error);
  const message = error instanceof Error ? error.message : '';
  return [name, message].filter(Boolean).join(': ') || String(error);
}

export function wiped(): StorageFault {
  return new StorageFault('wiped', 'the data was deleted while the store was open');
}
