/**
 * Blocking: sessions that wait for keys. Who has waited longest for a key is served first, right
 * after the command (the whole transaction, the whole script) that made the key ready: its request
 * is executed again, for that key alone. What it does may make other keys ready, and so on.
 */
import { asciiText } from '../commands/ascii.js';
import type { CommandRow } from '../commands/row.js';
import { COMMANDS } from '../commands/table.js';
import type { Engine } from '../engine/engine.js';
import { KeyEvent } from '../engine/touched-keys.js';
import { ReplyWriter } from '../resp/reply-writer.js';
import { type AwaitedType, BlockedRequest, nothing, timeIsUp } from './blocked.js';
import type { StartTimer, Timer } from './clock.js';
import type { Interests, KeyOfInterest } from './interests.js';
import type { Session } from './session.js';

/** What blocking needs of the store. */
export interface BlockingHost {
  readonly engine: Engine;
  readonly interests: Interests;
  readonly startTimer: StartTimer;
  run(session: Session, request: Uint8Array): Uint8Array;
  takeEffects(): void;
  deliver(session: Session, replies: Uint8Array): void;
  resume(session: Session): void;
  readonly statistics: { countError(text: string): void };
}

/** `setTimeout` of the platforms takes no more. */
const TIMER_MS_MAX = 2 ** 31 - 1;
const TYPES: Partial<Record<KeyEvent, AwaitedType>> = {
  [KeyEvent.List]: 'list',
  [KeyEvent.SortedSet]: 'zset',
  [KeyEvent.Stream]: 'stream',
  [KeyEvent.StreamGone]: 'stream',
  [KeyEvent.GroupGone]: 'stream',
};
const STREAM_GONE = 'UNBLOCKED the stream key no longer exists';
const GROUP_GONE = 'NOGROUP the consumer group this client was blocked on no longer exists';
const CLIENT_UNBLOCK = 'UNBLOCKED client unblocked via CLIENT UNBLOCK';
const NOGROUP = '-NOGROUP ';

export class Blocking {
  /** Sessions by the id of the key that they wait for, the one that has waited longest first. */
  private readonly waiting = new Map<string, Set<Session>>();
  /** Keys that somebody waits for and that have changed, in this order. */
  private readonly ready = new Map<string, KeyOfInterest>();
  /** All sessions that wait, and how many of them not for ever. */
  private readonly sessions = new Set<Session>();
  private timed = 0;
  private groupReads = 0;
  /** How many wait for a key of each type. */
  private readonly counts = new Map<AwaitedType, number>();
  /** While serving: sessions that go on afterwards. */
  private readonly served: Session[] = [];
  private isServing = false;
  /** Whose request is being executed again. */
  private serving: Session | null = null;

  constructor(private readonly host: BlockingHost) {
    host.interests.observe((key, event) => {
      if (this.isReady(key, event)) this.ready.set(key.id, key);
    });
  }

  get count(): number {
    return this.sessions.size;
  }

  /** Those that will not wait for ever. */
  get timedCount(): number {
    return this.timed;
  }

  /** Whether a key is ready that somebody waits for: then what was replied so far is sent first. */
  get hasReady(): boolean {
    return this.ready.size > 0;
  }

  /** A command of the session, at which the core has stopped, would have to wait. */
  meet(session: Session, args: readonly Uint8Array[], isNested: boolean): void {
    const { engine } = this.host;
    const row = COMMANDS[engine.commandId] as CommandRow;
    session.lastCommand = row.id;
    if (isNested) {
      engine.reply(nothing(row, session));
      return;
    }
    const request = new BlockedRequest(row, args, session.database);
    this.suspend(session, engine.waitMs, timeIsUp(session), request);
    for (const key of request.keys) {
      this.host.interests.declare(key);
      const sessions = this.waiting.get(key.id) ?? new Set();
      this.waiting.set(key.id, sessions.add(session));
    }
  }

  /** The session waits for time to pass, or for something that calls `finish`. */
  suspend(
    session: Session,
    timeoutMs: number,
    atTimeout: Uint8Array,
    request: BlockedRequest | null = null,
  ): void {
    const timer = timeoutMs > 0 ? this.startTimer(session, timeoutMs) : null;
    session.blocked = { atTimeout, timer, request };
    session.suspended = true;
    this.sessions.add(session);
    if (timer !== null) this.timed++;
    if (request?.isGroupRead) this.groupReads++;
    this.recount(request, 1);
  }

  /** Serves whoever can be served, until nobody can. Not inside of a command. */
  serveReady(): void {
    if (this.isServing) return;
    this.isServing = true;
    try {
      while (this.ready.size > 0) {
        const keys = [...this.ready.values()];
        this.ready.clear();
        for (const key of keys) this.serveKey(key);
      }
    } finally {
      this.isServing = false;
    }
    for (const session of this.served.splice(0)) this.host.resume(session);
  }

  /** The core broke under the request of a session that was served: whether it was so. */
  failServed(text: string): boolean {
    const { serving } = this;
    this.serving = null;
    if (serving !== null) this.fail(serving, text);
    for (const session of this.served.splice(0)) this.host.resume(session);
    return serving !== null;
  }

  /** CLIENT UNBLOCK: whether the session was blocked. */
  unblock(session: Session, withError: boolean): boolean {
    const { blocked } = session;
    if (blocked === null) return false;
    if (withError) this.fail(session, CLIENT_UNBLOCK);
    else this.finish(session, blocked.atTimeout);
    return true;
  }

  /** The session waits no more and is told this; then its further requests are executed. */
  finish(session: Session, reply: Uint8Array): void {
    this.forget(session);
    this.host.takeEffects();
    this.host.deliver(session, reply);
    if (this.isServing) this.served.push(session);
    else this.host.resume(session);
  }

  /** The session waits no more. */
  forget(session: Session): void {
    const { blocked } = session;
    if (blocked === null) return;
    session.blocked = null;
    blocked.timer?.cancel();
    if (blocked.timer !== null) this.timed--;
    if (blocked.request?.isGroupRead) this.groupReads--;
    this.recount(blocked.request, -1);
    this.sessions.delete(session);
    for (const key of blocked.request?.keys ?? []) {
      const sessions = this.waiting.get(key.id);
      sessions?.delete(session);
      if (sessions?.size === 0) this.waiting.delete(key.id);
      this.host.interests.withdraw(key);
    }
  }

  /** As Redis sees it: by what happened, and by who waits for anything of the kind. */
  private isReady({ id }: KeyOfInterest, event: KeyEvent): boolean {
    if (!this.waiting.has(id) || event === KeyEvent.Changed) return false;
    const type = TYPES[event];
    return type === undefined || this.countOf(type) > 0;
  }

  private countOf(type: AwaitedType): number {
    return this.counts.get(type) ?? 0;
  }

  private recount(request: BlockedRequest | null | undefined, change: 1 | -1): void {
    if (request) this.counts.set(request.type, this.countOf(request.type) + change);
  }

  private serveKey(key: KeyOfInterest): void {
    for (const session of this.waiting.get(key.id) ?? []) {
      const type = this.host.engine.typeOf(key.database, key.key);
      if (type === null && this.groupReads === 0) return;
      const request = session.blocked?.request;
      if (!request) continue;
      if (type === request.type) this.serve(session, request, key);
      else if (request.isGroupRead) this.fail(session, STREAM_GONE);
    }
  }

  private serve(session: Session, request: BlockedRequest, key: KeyOfInterest): void {
    const { engine } = this.host;
    this.serving = session;
    const reply = this.host.run(session, request.forKey(key));
    this.serving = null;
    // It was counted when it was blocked.
    engine.uncountCall(request.row.id);
    if (session.blocked === null || isNothing(reply)) return;
    const isGroupGone = request.isGroupRead && asciiText(reply).startsWith(NOGROUP);
    this.finish(session, isGroupGone ? errorReply(session, GROUP_GONE) : reply);
  }

  private fail(session: Session, text: string): void {
    this.host.statistics.countError(text);
    this.finish(session, errorReply(session, text));
  }

  /** A timer for any length of time. */
  private startTimer(session: Session, timeoutMs: number): Timer {
    const { startTimer } = this.host;
    let timer: Timer;
    const wait = (leftMs: number) => {
      timer = startTimer(Math.min(leftMs, TIMER_MS_MAX), () => {
        if (leftMs > TIMER_MS_MAX) wait(leftMs - TIMER_MS_MAX);
        else this.unblock(session, false);
      });
    };
    wait(timeoutMs);
    return { cancel: () => timer.cancel() };
  }
}

function errorReply(session: Session, text: string): Uint8Array {
  const reply = new ReplyWriter(session.protocol);
  reply.error(text);
  return reply.take();
}

/** `*-1`, `$-1` or `_`: there is still nothing. */
function isNothing(reply: Uint8Array): boolean {
  const text = reply.length <= 5 ? asciiText(reply) : '';
  return text === '*-1\r\n' || text === '$-1\r\n' || text === '_\r\n';
}
