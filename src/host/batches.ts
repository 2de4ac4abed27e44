/**
 * Batches: the request bytes of all sessions on their way to the dispatcher. One batch is at work at
 * a time; what arrives meanwhile, or while the store takes nothing, waits in its session.
 */
import { EngineMemoryError, isTrap } from '../engine/engine.js';
import type { Dispatcher } from './dispatch.js';
import type { Host } from './host.js';
import { HttpGuard } from './http-guard.js';
import { exceedsInputLimit } from './input-limits.js';
import { UNDONE } from './persistence/recovery.js';
import { endOfRequest } from './reply-scan.js';
import type { Session } from './session.js';

const ASTERISK = 0x2a;
const EMPTY = new Uint8Array(0);
const encoder = new TextEncoder();
const OUT_OF_MEMORY = encoder.encode('-OOM no memory for this request\r\n');

export class Batches {
  private busy = false;
  private readonly ready = new Set<Session>();
  /** How much of the batch at work is done with, when others are served in between. */
  private done = 0;
  /** How many want that nothing is executed. */
  private holders = 0;
  private readonly httpGuard: HttpGuard;

  constructor(
    private readonly host: Host,
    private readonly dispatcher: Dispatcher,
  ) {
    this.httpGuard = new HttpGuard(host.log, host.clock);
  }

  /** Nothing is executed for now. */
  get isHeld(): boolean {
    return this.holders > 0;
  }

  /** Nothing is executed before the function returned is called; then everything that has arrived. */
  hold(): () => void {
    this.holders++;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.holders--;
      queueMicrotask(() => {
        this.goOn();
        this.host.wake();
      });
    };
  }

  /** See Host.receive. */
  receive(session: Session, bytes: Uint8Array, length: number): void {
    const { host } = this;
    if (session.closing) return;
    const now = host.clock.now();
    session.lastInteraction = now;
    host.statistics.reads++;
    host.statistics.inputBytes += length;
    host.persistence.noteTurn(now);
    if (this.busy || this.isHeld || session.suspended) {
      session.input.append(bytes, length);
      this.checkInputLimit(session);
      host.limits.hasReceived(session, 0, now);
      if (!session.suspended) this.ready.add(session);
      return;
    }
    this.process(session, bytes, length, now);
    host.limits.hasReceived(session, length, now);
    if (this.ready.size > 0) this.goOn();
    host.scheduler.wake();
  }

  /** All requests of the batch so far have been answered, and that was sent. */
  noteProgress(): void {
    this.done = this.host.engine.consumed;
  }

  /** The session may have requests that wait: they are executed now. */
  resume(session: Session): void {
    this.ready.add(session);
    this.goOn();
  }

  /** Its requests are not executed any more. */
  drop(session: Session): void {
    session.input.clear();
    this.ready.delete(session);
  }

  /** Whether requests of the session wait for something. */
  isHeldUp(session: Session): boolean {
    return session.suspended || this.isHeld || this.ready.has(session);
  }

  private goOn(): void {
    while (this.ready.size > 0 && !this.busy && !this.isHeld) {
      for (const session of this.ready) {
        this.ready.delete(session);
        if (!session.closing && !session.suspended)
          this.process(session, EMPTY, 0, this.host.clock.now());
        if (this.isHeld) return;
      }
    }
  }

  private process(session: Session, bytes: Uint8Array, count: number, now: number): void {
    const { input } = session;
    let batch = bytes;
    let length = count;
    if (input.length > 0) {
      input.append(bytes, length);
      if (!input.worthParsing) {
        this.checkInputLimit(session);
        return;
      }
      batch = input.view();
      length = batch.length;
    }
    const isText = batch[0] !== ASTERISK && session.isForeign;
    if (isText && this.httpGuard.stops(batch.subarray(0, length))) {
      this.host.kill(session);
      return;
    }
    this.busy = true;
    try {
      this.execute(session, batch, length, now);
    } catch (error) {
      if (isTrap(error)) this.afterTrap(session, batch, length, error);
      else if (error instanceof EngineMemoryError) this.giveUp(session, error);
      else throw error;
    } finally {
      this.busy = false;
      this.dispatcher.leave();
    }
    this.checkInputLimit(session);
  }

  private execute(session: Session, batch: Uint8Array, length: number, now: number): void {
    const { host } = this;
    const consumed = this.dispatcher.execute(session, batch, length, now);
    host.tracking.broadcast();
    host.flush(session);
    const isStuck = session.blocked !== null || !this.isHeldUp(session);
    if (session.inputEnded && isStuck) session.closing = true;
    if (session.closing) host.end(session);
    else if (consumed < length) {
      session.input.keep(batch.subarray(consumed, length), this.missing(session));
    } else if (session.input.length > 0) session.input.clear();
  }

  /** What the frame at which the batch ended lacks at the least. */
  private missing(session: Session): number {
    return this.isHeldUp(session) ? 0 : this.host.engine.missing;
  }

  /** A request or reply for which there is no memory: its connection has to end. */
  private giveUp(session: Session, error: EngineMemoryError): void {
    const { host } = this;
    host.log('warning', `Closing client id=${session.id}: ${error.message}`);
    host.takeEffects();
    host.engine.clearOutput();
    host.deliver(session, OUT_OF_MEMORY);
    session.closing = true;
    host.end(session);
  }

  /**
   * The core broke under a command of the session, or of one that was served in between. What was done
   * before it holds; the command itself is undone, answered with an error, and not tried again.
   */
  private afterTrap(session: Session, batch: Uint8Array, length: number, error: unknown): void {
    const { host } = this;
    const end = endOfRequest(batch.subarray(0, length), host.engine.soundConsumed);
    const replies = host.engine.soundOutput().slice();
    this.dispatcher.leave();
    const isOurs = !host.persistence.recovery.afterTrap(error);
    const rest = batch.slice(isOurs ? end : this.done, length);
    if (replies.length > 0) host.deliver(session, replies);
    if (isOurs) {
      host.statistics.countError(UNDONE);
      host.deliver(session, encoder.encode(`-${UNDONE}\r\n`));
    }
    if (session.closing) host.end(session);
    session.input.keep(rest, 0);
    if (rest.length > 0 || session.inputEnded) this.ready.add(session);
  }

  private checkInputLimit(session: Session): void {
    if (session.closing || !exceedsInputLimit(this.host, session)) return;
    const { log } = this.host;
    log('warning', `Closing client that reached max query buffer length: id=${session.id}`);
    this.host.kill(session);
  }
}
