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
  TimeoutError,
} from '../resp/errors.js';
import type { StoreNotice } from '../resp/persistence.js';
import { type ReplyDecoder, ReplyKind, type ReplyTypes } from '../resp/reply-decoder.js';
import { type Argument, RequestWriter } from '../resp/request-writer.js';
import type { AskStore, OpenTransport, Transport } from '../transport/transport.js';
import { mayBlock } from './blocking.js';
import { Deadlines } from './deadlines.js';
import { type CallExtra, PendingCalls, type Reject, type Resolve } from './pending-calls.js';

export interface ConnectionOptions {
  readonly open: OpenTransport;
  /** Sent ahead of all else on each connect: HELLO, SELECT. At least one; all must succeed. */
  handshake(): readonly (readonly Argument[])[];
  /** For each call; 0: none. */
  readonly timeoutMs: number;
  /** Reads the replies of one connect. */
  decoder(): ReplyDecoder;
}

export interface CallOptions {
  readonly types?: ReplyTypes | undefined;
  /** For this call alone; 0: none. */
  readonly timeoutMs?: number | undefined;
  /**
   * Answered once what it wrote, and what it may have read, is on disk; rejected with a StorageError
   * if that cannot be.
   */
  readonly durable?: boolean | undefined;
}

export interface ConnectionListener {
  ready?(): void;
  /** The connection broke, or could not be made again; the page may be told. */
  failed?: ((error: RedstartError) => void) | undefined;
  /** A message that answers no call. */
  push?(message: unknown[]): void;
  /** What comes when no reply is waited for; without it that ends the connection. */
  unasked?: ((value: unknown) => void) | undefined;
  ended?(error: Error): void;
  notice?: ((notice: StoreNotice) => void) | undefined;
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
  /** Takes the replies to the handshake, while it lasts, or the error that ends it. */
  #handshake: ((reply: unknown) => void) | null = null;
  #decoder: ReplyDecoder;
  readonly #writer = new RequestWriter(0);
  readonly #calls = new PendingCalls();
  readonly #deadlines: Deadlines;
  /** The sequence number of the first call that has not been sent. */
  #unsent = 0;
  #isScheduled = false;
  #closing = DONE;
  /** Of the durable calls that were answered in this turn. */
  #durable: Promise<void> | null = null;
  /** Called whenever no call waits for its reply. */
  #drained: () => void = () => undefined;
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
    this.#decoder = options.decoder();
    this.#deadlines = new Deadlines(timeoutMs, (end) =>
      this.#calls.expire(end, () => tooLate(timeoutMs)),
    );
  }

  /** What the transport knows of the store. */
  get report(): unknown {
    return this.#transport?.report ?? null;
  }

  /** How many calls wait for their replies. */
  get pending(): number {
    return this.#calls.length;
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
        if (attempt === this.#attempt) this.#end(error);
        throw error;
      });
    return this.#connecting;
  }

  /** Sends one command. */
  call(args: readonly Argument[], options?: CallOptions): Promise<unknown> {
    return this.#call([args], options, null);
  }

  /** Sends commands as one batch; errors are among the replies. */
  pipeline(commands: readonly (readonly Argument[])[], options?: CallOptions): Promise<unknown[]> {
    return this.#call(commands, options, []) as Promise<unknown[]>;
  }

  #call(
    commands: readonly (readonly Argument[])[],
    options: CallOptions | undefined,
    results: unknown[] | null,
  ): Promise<unknown> {
    const promise = new Promise(take);
    const resolve = taken;
    const reject = takenReject;
    const writer = this.#writer;
    const start = writer.length;
    try {
      if (this.state < ConnectionState.Away) throw new ClosedError(CLOSED);
      for (const command of commands) writer.command(command);
      if (commands.length === 0) resolve(results);
      else this.#calls.push(resolve, reject, makeExtra(commands, options, results));
    } catch (error) {
      writer.length = start;
      reject(error);
      return promise;
    }
    this.#schedule();
    const done = options?.durable ? this.#onceDurable(promise) : promise;
    return inTime(done, options?.timeoutMs ?? 0);
  }

  /** Resolves once everything acknowledged is on disk. */
  flush(): Promise<void> {
    this.#sendBatch();
    return this.ask('flush');
  }

  /** Asks something of the store that is no command. */
  readonly ask: AskStore = (name, ...args) =>
    this.#transport?.ask(name, ...args) ?? Promise.reject(new ClosedError(CLOSED));

  async #onceDurable(promise: Promise<unknown>): Promise<unknown> {
    const reply = await promise;
    // All replies of one message get here before the store is asked.
    this.#durable ??= DONE.then(() => {
      this.#durable = null;
      return this.ask('durable');
    });
    await this.#durable;
    return reply;
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
    const drained = new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
    // Until all calls are answered, or for as long as is reasonable.
    if (this.#calls.length > 0) await inTime(drained, this.#limitMs).catch(() => undefined);
    const transport = this.#transport;
    if (transport === null) return;
    this.#transport = null;
    this.#end(new ClosedError(CLOSED));
    await transport.close();
  }

  /** Rejects all calls and lets go at once. */
  destroy(error: Error = new ClosedError(`${CLOSED}; the command may have run`)): void {
    if (this.state >= ConnectionState.Closing) this.#end(error);
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
    if (calls.length === 0) this.#drained();
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
    while (this.#calls.first < this.#unsent) this.#calls.reject(error);
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
      notice: (notice) => {
        if (attempt === this.#attempt) this.#listener.notice?.(notice);
      },
    });
    // Then `connect` has been rejected already.
    if (attempt !== this.#attempt) return transport.destroy();
    this.#transport = transport;
    this.#decoder = this.#options.decoder();
    await this.#shakeHands(transport);
  }

  /** HELLO and what else belongs ahead of the calls. */
  #shakeHands(transport: Transport): Promise<void> {
    const handshake = this.#options.handshake();
    const writer = new RequestWriter(0);
    writer.use(transport.lend());
    for (const command of handshake) writer.command(command);
    let left = handshake.length;
    const greeted = new Promise<void>((resolve, reject) => {
      this.#handshake = (reply) => {
        const isError = reply instanceof Error;
        if (!isError && --left > 0) return;
        this.#handshake = null;
        if (isError) reject(reply);
        else resolve();
      };
    });
    transport.send(writer.bytes, writer.length);
    return inTime(greeted, this.#limitMs);
  }

  /** A time within which what has to happen happens, also if calls have no deadline. */
  get #limitMs(): number {
    return this.#options.timeoutMs || LIMIT_MS;
  }

  /** The pipe broke, or what came through it was no RESP. */
  #break(error: RedstartError): void {
    const { state } = this;
    if (state < ConnectionState.Closing) return;
    this.#end(error);
    // A connect that fails tells so itself.
    if (state !== ConnectionState.Connecting) this.#listener.failed?.(error);
  }

  /** Lets go; nothing goes on after this, until somebody connects anew. */
  #end(error: Error): void {
    const transport = this.#transport;
    this.#transport = null;
    this.state = ConnectionState.Closed;
    this.#attempt++;
    this.#connecting = null;
    this.#deadlines.clear();
    this.#handshake?.(error);
    this.#abandon(error);
    while (this.#calls.length > 0) this.#calls.reject(error);
    this.#unsent = this.#calls.first;
    this.#writer.use(NO_BYTES);
    this.#drained();
    this.#listener.ended?.(error);
    transport?.destroy();
  }

  #schedule(): void {
    if (this.#writer.length >= BATCH_BYTES && this.state === ConnectionState.Ready) {
      this.#sendBatch();
    } else if (!this.#isScheduled) {
      this.#isScheduled = true;
      void DONE.then(this.#send);
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

  /** In RESP2 messages and the lines of MONITOR look like replies. */
  #unasked(value: unknown): void {
    const { unasked } = this.#listener;
    if (!unasked) throw new ProtocolError('A reply came that nobody waits for');
    unasked(value);
  }

  #answer({ kind, value }: ReplyDecoder): void {
    const calls = this.#calls;
    const { extra } = calls;
    // The statuses of SUBSCRIBE and its kin are its replies.
    const isReply =
      kind !== ReplyKind.Push ||
      ((this.#handshake || extra?.isSubscription) && isSubscription((value as unknown[])[0]));
    if (!isReply) this.#listener.push?.(value as unknown[]);
    else if (this.#handshake) this.#handshake(value);
    else if (calls.length === 0) this.#unasked(value);
    else if (kind === ReplyKind.Error && !extra?.results) calls.reject(value);
    else {
      extra?.results?.push(value);
      if (!extra || --extra.remaining === 0) calls.resolve(extra?.results ?? value);
    }
  }
}

function isSubscription(name: unknown): boolean {
  return /subscribe$/i.test(name as string);
}

/** What is unusual about a call; undefined for nearly all. */
function makeExtra(
  commands: readonly (readonly Argument[])[],
  options: CallOptions | undefined,
  results: unknown[] | null,
): CallExtra | undefined {
  const [first] = commands;
  const mayWait = commands.some(([name]) => mayBlock(name));
  const subscribes = isSubscription(first?.[0]);
  if (!mayWait && !subscribes && !options && !results) return undefined;
  return {
    types: options?.types,
    isPatient: mayWait || options?.timeoutMs !== undefined,
    isSubscription: subscribes,
    // One for each channel; without any there is one at least.
    remaining:
      subscribes && !results ? (first as readonly Argument[]).length - 1 || 1 : commands.length,
    results,
  };
}

/** `promise`, for so long; 0: for ever. */
function inTime<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  return withDeadline(promise, timeoutMs, () => tooLate(timeoutMs));
}

function tooLate(timeoutMs: number): TimeoutError {
  return new TimeoutError(`No reply within ${timeoutMs} ms; the command may have run`);
}

const CLOSED = 'The client is closed';
const LIMIT_MS = 10_000;
const NO_BYTES = new Uint8Array(0);
/** In Node `then` of it costs 43 ns where `queueMicrotask` costs 148. */
const DONE = Promise.resolve();
