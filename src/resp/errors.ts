/**
 * The errors that Redstart throws or rejects with. Names and `code`s are public API.
 *
 *   RedstartError
 *     ReplyError          the store answered with an error; `code` is its first word
 *       MultiErrorReply   commands of a transaction failed; the others' replies are in it
 *     ConnectionError     the way to the store broke; a call in flight may have run once
 *       ProtocolError     bytes arrived that are not RESP
 *     TimeoutError        no answer within the deadline; the command may have run
 *     ClosedError         the client was closed before or during the call
 *     WorkerLoadError     the worker script or core.wasm could not be loaded
 *     StorageError        what is kept on disk could not be read or written
 *       FencedError       another owner wrote to the storage: ours may not any more
 *     FormatError         a file that was given cannot be read; nothing was done
 *     ConfigurationError  a store cannot be opened with these parameters
 *     StoreBusyError      another tab or worker owns the store
 *     LeaderLostError     the owner of the store is gone; a call in flight may have run once
 *     WatchError          EXEC did nothing: a watched key was changed, or the session is another
 *     AbortError          the call was given up by its AbortSignal; it may have run
 *     UnsupportedError    this version of Redstart cannot do that yet
 *
 * An error keeps its type across a worker: `packError` makes plain data of it, `unpackError`
 * makes the same error again on the other side.
 */

/** What every error of Redstart is an instance of. */
export class RedstartError extends Error {
  override name = 'RedstartError';

  /** A word to switch on: for a `ReplyError` the one that Redis sent, else that of the class. */
  get code(): string {
    return this.name.slice(0, -'Error'.length).toUpperCase();
  }
}

/** An error reply. `message` is what the store sent, e.g. `WRONGTYPE Operation against ...`. */
export class ReplyError extends RedstartError {
  override name = 'ReplyError';

  override get code(): string {
    return this.message.split(' ', 1)[0] as string;
  }
}

/** Some commands of a transaction failed: their errors stand among the replies of the others. */
export class MultiErrorReply extends ReplyError {
  override name = 'MultiErrorReply';

  constructor(
    readonly replies: readonly unknown[],
    readonly errorIndexes: readonly number[],
  ) {
    super(`${errorIndexes.length} commands failed, see .replies and .errorIndexes`);
  }

  override get code(): string {
    return (this.errors().next().value as ReplyError).code;
  }

  *errors(): Generator<ReplyError> {
    for (const index of this.errorIndexes) yield this.replies[index] as ReplyError;
  }
}

export class ConnectionError extends RedstartError {
  override name = 'ConnectionError';
}

export class ProtocolError extends ConnectionError {
  override name = 'ProtocolError';
}

export class TimeoutError extends RedstartError {
  override name = 'TimeoutError';
}

export class ClosedError extends RedstartError {
  override name = 'ClosedError';
}

export class WorkerLoadError extends RedstartError {
  override name = 'WorkerLoadError';
}

export class StorageError extends RedstartError {
  override name = 'StorageError';
}

export class FencedError extends StorageError {
  override name = 'FencedError';
}

export class FormatError extends RedstartError {
  override name = 'FormatError';
}

export class ConfigurationError extends RedstartError {
  override name = 'ConfigurationError';
}

export class StoreBusyError extends RedstartError {
  override name = 'StoreBusyError';
}

export class LeaderLostError extends RedstartError {
  override name = 'LeaderLostError';
}

export class WatchError extends RedstartError {
  override name = 'WatchError';

  constructor(message = 'One (or more) of the watched keys has been changed') {
    super(message);
  }
}

export class AbortError extends RedstartError {
  override name = 'AbortError';
}

export class UnsupportedError extends RedstartError {
  override name = 'UnsupportedError';
}

/** An error as plain data, for `postMessage`. */
export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly cause: string | null;
}

/** Those that a worker may send. */
const CLASSES = [
  ConnectionError,
  ProtocolError,
  TimeoutError,
  ClosedError,
  WorkerLoadError,
  StorageError,
  FencedError,
  FormatError,
  ConfigurationError,
  StoreBusyError,
  LeaderLostError,
];

export function packError(error: unknown): PackedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), cause: null };
  const cause = error.cause === undefined ? null : String(error.cause);
  return { name: error.name, message: error.message, cause };
}

/** The error that was packed; one of a class that is not ours becomes a `ConnectionError`. */
export function unpackError({ name, message, cause }: PackedError): RedstartError {
  const Class = CLASSES.find((Candidate) => new Candidate().name === name);
  const options = cause === null ? {} : { cause };
  if (Class !== undefined) return new Class(message, options);
  return new ConnectionError(`${name}: ${message}`, options);
}
