/**
 * Sessions beside the client's own, for calls that may wait as long as they like: what one of
 * them waits for holds up nobody else. One that is through with its call is kept for the next.
 */
import { AbortError, ClosedError, ReplyError } from '../resp/errors.js';
import { type Connection, ConnectionState } from './connection.js';

/** More that have nothing to do are closed. */
const IDLE_MAX = 4;

interface Side {
  readonly connection: Connection;
  database: number;
}

/** Opens a session; its handshake selects `database`. */
export type OpenSide = (database: () => number) => Connection;

export class SideSessions {
  private readonly idle: Side[] = [];
  private readonly busy = new Set<Side>();

  constructor(private readonly open: OpenSide) {}

  /** `work` in a session that has `database` selected. */
  async run<T>(
    database: number,
    signal: AbortSignal | undefined,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const side = this.take(database);
    let isSound = false;
    try {
      const reply = await abortable(this.start(side, database, work), signal);
      isSound = true;
      return reply;
    } catch (error) {
      isSound = error instanceof ReplyError;
      throw error;
    } finally {
      this.busy.delete(side);
      if (isSound && this.idle.length < IDLE_MAX) this.idle.push(side);
      // What it still waits for would be taken and given to nobody.
      else side.connection.destroy();
    }
  }

  /** Ends all; calls that wait are rejected. */
  close(error: Error): void {
    const sides = [...this.idle.splice(0), ...this.busy];
    for (const { connection } of sides) connection.destroy(error);
  }

  private take(database: number): Side {
    let side = this.idle.pop();
    while (side !== undefined && side.connection.state < ConnectionState.Away) {
      side = this.idle.pop();
    }
    if (side === undefined) {
      const fresh: Side = { connection: this.open(() => fresh.database), database };
      side = fresh;
    }
    this.busy.add(side);
    return side;
  }

  private async start<T>(
    side: Side,
    database: number,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const { connection } = side;
    if (connection.state === ConnectionState.Closed) throw new ClosedError('The client is closed');
    if (connection.state === ConnectionState.Idle) await connection.connect();
    if (side.database !== database) {
      await connection.call(['SELECT', database]);
      side.database = database;
    }
    return work(connection);
  }
}

/** `promise`, given up as soon as `signal` says so. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => {
      const cause: unknown = signal.reason;
      reject(new AbortError('The command was aborted; it may have run', { cause }));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
