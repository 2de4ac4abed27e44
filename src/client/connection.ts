/**
 * One connection: commands in, promises out. Both clients are made of it.
 *
 *   idle -> connecting -> ready -> closing -> closed
 *               ^           |
 *               +-- away <--+     the page was put aside and will be back
 *
 * Calls of one task leave together as one batch (auto-pipelining). Calls made while connecting or
 * away wait and leave when the connection is ready; when it cannot become so they are rejected.
 * Every call ends: with its reply, with an error, or at its deadline.
 */

import { withDeadline } from '../resp/deadline.js';
import {
  ClosedError,
  type ConnectionError,
  ProtocolError,
  type RedstartError,
  type ReplyError,
  TimeoutError,
} from '../resp/errors.js';
import { ReplyDecoder, ReplyKind, type ReplyTypes } from '../resp/reply-decoder.js';
import { type Argument, RequestWriter } from '../resp/request-writer.js';
import type { OpenTransport, Transport } from '../transport/transport.js';
import { mayBlock } from './blocking.js';
import { Deadlines } from './deadlines.js';
import { type CallExtra, PendingCalls, type Reject, type Resolve } from './pending-calls.js';

export interface ConnectionOptions {
  readonly open: OpenTransport;
  /** Sent ahead of all else on each connect: HELLO, SELECT. At least one; all must succeed. */
  handshake(): readonly (readonly Argument[])[];
  /** For each call; 0: none. */
  readonly timeoutMs: number;
}

export interface CallOptions {
  readonly types?: ReplyTypes | undefined;
  /** For this call alone; 0: none. */
  readonly timeoutMs?: number | undefined;
}

export interface ConnectionListener {
  ready?(): void;
  /** The connection broke, or could not be made again; the page may be told. */
  failed?: ((error: RedstartError) => void) | undefined;
  push?(value: unknown): void;
  ended?(): void;
}

/** In this order: from `Closing` on there is something to let go of, from `Away` on calls are taken. */
export enum ConnectionState {
  Idle = 0,
  Closed = 1,
  Closing = 2,
  Away = 3,
  Connecting = 4,
  Ready = 5,
}

/** A batch of this size leaves before the task is over, so that the store starts early. */
const BATCH_BYTES = 256 * 1024;

// The executor of every call's promise: one function for all, no closure for each.
let taken: Resolve;
let takenReject: Reject;
function take(resolve: Resolve, reject: Reject): void {
  taken = resolve;
  takenReject = reject;
}

export class Connection {
  state = ConnectionState.Idle;
  #transport: Transport | null = null;
  #connecting: Promise<void> | null = null;
  /** Rejects `connecting` when the client is closed meanwhile. */
  #abandon: (error: Error) => void = () => undefined;
  /** Counts connects, so that what an old one still has to say is not listened to. */
  #attempt = 0;
  #handshake: { left: number; resolve(): void; reject(error: Error): void } | null = null;
  #decoder = new ReplyDecoder();
  readonly #writer = new RequestWriter(0);
  readonly #calls = new PendingCalls();
  readonly #deadlines: Deadlines;
  /** The sequence number of the first call that has not been sent. */
  #unsent = 0;
  #isScheduled = false;
  #closing: Promise<void> = Promise.resolve();
  #drained: (() => void) | null = null;
  readonly #send = () => {
    this.#isScheduled = false;
    this.#sendBatch();
  };

  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#options = options;
    this.#listener = listener;
    const { timeoutMs } = options;
    this.#deadlines = new Deadlines(timeoutMs, (end) =>
      this.#calls.expire(end, () => tooLate(timeoutMs)),
    );
  }

  /** What the transport knows of the store. */
  get report(): unknown {
    return this.#transport?.report ?? null;
  }

  connect(): Promise<void> {
    if (this.#connecting !== null) return this.#connecting;
    this.state = ConnectionState.Connecting;
    const attempt = ++this.#attempt;
    const abandoned = new Promise<never>((_, reject) => {
      this.#abandon = reject;
    });
    this.#connecting = Promise.race([this.#establish(attempt), abandoned])
      .then(() => {
        if (attempt !== this.#attempt) throw new ClosedError(CLOSED);
        this.state = ConnectionState.Ready;
        this.#sendBatch();
        this.#listener.ready?.();
      })
      .catch((error: RedstartError) => {
        // Nothing that waits for the connection will be answered.
        if (attempt === this.#attempt) this.#end(error)?.destroy();
        throw error;
      });
    return this.#connecting;
  }

  /** Sends one command. */
  call(args: readonly Argument[], options?: CallOptions): Promise<unknown> {
    const promise = new Promise(take);
    const resolve = taken;
    const reject = takenReject;
    if (this.state < ConnectionState.Away) {
      reject(new ClosedError(CLOSED));
      return promise;
    }
    try {
      this.#writer.command(args);
    } catch (error) {
      reject(error);
      return promise;
    }
    const isPlain = options === undefined && !mayBlock(args[0]);
    this.#calls.push(resolve, reject, isPlain ? undefined : makeExtra([args], options, false));
    this.#schedule();
    return isPlain ? promise : withOwnDeadline(promise, options);
  }

  /** Sends commands as one batch; errors are among the replies. */
  pipeline(commands: readonly (readonly Argument[])[], options?: CallOptions): Promise<unknown[]> {
    if (this.state < ConnectionState.Away) return Promise.reject(new ClosedError(CLOSED));
    if (commands.length === 0) return Promise.resolve([]);
    const start = this.#writer.length;
    try {
      for (const command of commands) this.#writer.command(command);
    } catch (error) {
      this.#writer.length = start;
      return Promise.reject(error);
    }
    const replies = new Promise<unknown>(take);
    this.#calls.push(taken, takenReject, makeExtra(commands, options, true));
    this.#schedule();
    return withOwnDeadline(replies as Promise<unknown[]>, options);
  }

  /** Resolves once everything acknowledged is on disk. */
  async flush(): Promise<void> {
    if (this.#transport === null) throw new ClosedError(CLOSED);
    this.#sendBatch();
    await this.#transport.flush();
  }

  /** Takes no more calls, waits for the replies of those made, lets go. Always ends. */
  close(): Promise<void> {
    if (this.state === ConnectionState.Ready) this.#closing = this.#drainAndClose();
    else if (this.state !== ConnectionState.Closing) this.destroy();
    return this.#closing;
  }

  async #drainAndClose(): Promise<void> {
    this.state = ConnectionState.Closing;
    this.#sendBatch();
    if (this.#calls.length > 0) await this.#untilDrained();
    if (this.#transport !== null) await this.#end(new ClosedError(CLOSED))?.close();
  }

  /** Rejects all calls and lets go at once. */
  destroy(): void {
    if (this.state < ConnectionState.Closing) return;
    this.#end(
      new ClosedError('The client was closed; a command in flight may have run'),
    )?.destroy();
  }

  #receive(bytes: Uint8Array, length: number): void {
    const decoder = this.#decoder;
    const calls = this.#calls;
    try {
      decoder.feed(bytes, length);
      while (decoder.next(calls.extra?.types)) this.#answer(decoder);
    } catch (error) {
      this.#break(error as ConnectionError);
    }
    if (this.#drained !== null && calls.length === 0) this.#drained();
  }

  #closed(error: RedstartError, mayReturn: boolean): void {
    if (!mayReturn || this.state !== ConnectionState.Ready) {
      this.#break(error);
      return;
    }
    // The calls that had left are lost; those that had not stay for the next connection.
    this.state = ConnectionState.Away;
    this.#connecting = null;
    this.#deadlines.clear();
    while (this.#calls.length > 0 && this.#calls.first < this.#unsent) this.#calls.reject(error);
  }

  #resumed(): void {
    if (this.state !== ConnectionState.Away) return;
    this.#transport = null;
    this.connect().catch((error: RedstartError) => this.#listener.failed?.(error));
  }

  async #establish(attempt: number): Promise<void> {
    const transport = await this.#options.open({
      receive: (bytes, length) => {
        if (attempt === this.#attempt) this.#receive(bytes, length);
      },
      closed: (error, mayReturn) => {
        if (attempt === this.#attempt) this.#closed(error, mayReturn);
      },
      resumed: () => {
        if (attempt === this.#attempt) this.#resumed();
      },
    });
    if (attempt !== this.#attempt) {
      transport.destroy();
      throw new ClosedError(CLOSED);
    }
    this.#transport = transport;
    this.#decoder = new ReplyDecoder();
    await this.#shakeHands(transport);
  }

  /** HELLO and what else belongs ahead of the calls. */
  #shakeHands(transport: Transport): Promise<void> {
    const handshake = this.#options.handshake();
    const writer = new RequestWriter(0);
    writer.use(transport.lend());
    for (const command of handshake) writer.command(command);
    const greeted = new Promise<void>((resolve, reject) => {
      this.#handshake = { left: handshake.length, resolve, reject };
    });
    transport.send(writer.bytes, writer.length);
    return withDeadline(greeted, this.#limitMs, () => tooLate(this.#limitMs)).finally(() => {
      this.#handshake = null;
    });
  }

  /** A time within which what has to happen happens, also if calls have no deadline. */
  get #limitMs(): number {
    return this.#options.timeoutMs || LIMIT_MS;
  }

  /** The pipe broke, or what came through it was no RESP. */
  #break(error: RedstartError): void {
    const { state } = this;
    if (state < ConnectionState.Closing) return;
    this.#end(error)?.destroy();
    // A connect that fails tells so itself.
    if (state !== ConnectionState.Connecting) this.#listener.failed?.(error);
  }

  /** Nothing goes on after this, until somebody connects anew. Gives what is to be let go of. */
  #end(error: Error): Transport | null {
    const transport = this.#transport;
    this.#transport = null;
    this.state = ConnectionState.Closed;
    this.#attempt++;
    this.#connecting = null;
    this.#deadlines.clear();
    this.#handshake?.reject(error);
    this.#abandon(error);
    while (this.#calls.length > 0) this.#calls.reject(error);
    this.#unsent = this.#calls.first;
    this.#writer.use(NO_BYTES);
    this.#drained?.();
    this.#listener.ended?.();
    return transport;
  }

  #schedule(): void {
    if (this.#writer.length >= BATCH_BYTES && this.state === ConnectionState.Ready) {
      this.#sendBatch();
    } else if (!this.#isScheduled) {
      this.#isScheduled = true;
      queueMicrotask(this.#send);
    }
  }

  #sendBatch(): void {
    const writer = this.#writer;
    const transport = this.#transport;
    const isOpen = this.state === ConnectionState.Ready || this.state === ConnectionState.Closing;
    if (!isOpen || transport === null || writer.length === 0) return;
    const { bytes, length } = writer;
    this.#unsent = this.#calls.end;
    this.#deadlines.sent(this.#unsent);
    writer.use(transport.lend());
    transport.send(bytes, length);
  }

  #answer(decoder: ReplyDecoder): void {
    const calls = this.#calls;
    const handshake = this.#handshake;
    if (decoder.kind === ReplyKind.Push) {
      this.#listener.push?.(decoder.value);
    } else if (handshake !== null) {
      if (decoder.kind === ReplyKind.Error) handshake.reject(decoder.value as ReplyError);
      else if (--handshake.left === 0) handshake.resolve();
    } else if (calls.length === 0) {
      throw new ProtocolError('A reply came that nobody waits for');
    } else {
      const { extra } = calls;
      if (extra !== undefined && extra.results !== null) this.#collect(extra, decoder.value);
      else if (decoder.kind === ReplyKind.Error) calls.reject(decoder.value);
      else calls.resolve(decoder.value);
    }
  }

  #collect(extra: CallExtra, value: unknown): void {
    extra.results?.push(value);
    if (--extra.remaining === 0) this.#calls.resolve(extra.results);
  }

  /** Until all calls are answered, or for as long as is reasonable. */
  async #untilDrained(): Promise<void> {
    const drained = new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
    await withDeadline(drained, this.#limitMs, () => tooLate(this.#limitMs)).catch(() => undefined);
    this.#drained = null;
  }
}

function makeExtra(
  commands: readonly (readonly Argument[])[],
  options: CallOptions | undefined,
  isPipeline: boolean,
): CallExtra {
  const hasOwnDeadline = options?.timeoutMs !== undefined;
  return {
    types: options?.types,
    isPatient: hasOwnDeadline || commands.some(([name]) => mayBlock(name)),
    remaining: commands.length,
    results: isPipeline ? [] : null,
  };
}

function withOwnDeadline<T>(promise: Promise<T>, options: CallOptions | undefined): Promise<T> {
  const timeoutMs = options?.timeoutMs ?? 0;
  return withDeadline(promise, timeoutMs, () => tooLate(timeoutMs));
}

function tooLate(timeoutMs: number): TimeoutError {
  return new TimeoutError(`No reply within ${timeoutMs} ms; the command may have run`);
}

const CLOSED = 'The client is closed';
const LIMIT_MS = 10_000;
const NO_BYTES = new Uint8Array(0);
