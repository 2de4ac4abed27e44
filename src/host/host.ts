/**
 * A running store: one engine, its storage, and the sessions that use it. How bytes come here
 * and where they are kept is not known here.
 */
import type { DocsSource } from '../commands/docs.js';
import { CommandNames } from '../commands/names.js';
import { type Engine, EngineMemoryError } from '../engine/engine.js';
import type { OpenReport, Storage } from '../storage/storage.js';
import type { Acl, AclFile } from './acl/acl.js';
import { openAcl } from './acl/open-acl.js';
import { Blocking } from './blocking.js';
import { ClientLimits } from './client-limits.js';
import { type Clock, type StartTimer, SYSTEM_CLOCK, timersOf } from './clock.js';
import { Config } from './config.js';
import type { ConfigFile } from './config-rewrite.js';
import { type Directives, readDirectives } from './directives.js';
import { Dispatcher } from './dispatch.js';
import type { Durability } from './durability.js';
import { followConfig, openDurability, renameCommands } from './engine-settings.js';
import { type HostFacts, UNKNOWN_FACTS } from './facts.js';
import { HttpGuard } from './http-guard.js';
import { exceedsInputLimit } from './input-limits.js';
import { Interests } from './interests.js';
import { Meter } from './meter.js';
import { Monitors } from './monitors.js';
import { Notifications } from './notifications.js';
import { Pauses } from './pauses.js';
import { PubSub } from './pubsub.js';
import { Pushes } from './pushes.js';
import { type RandomSource, randomHex } from './random-hex.js';
import { replayJournal } from './replay.js';
import { wantedReplies } from './reply-mode.js';
import { Scheduler } from './scheduler.js';
import { type LuaSource, Scripts } from './scripts/scripts.js';
import { type ConnectionFacts, type ReplySink, Session } from './session.js';
import { Snapshots } from './snapshots.js';
import { Statistics } from './statistics.js';
import { activeExpiry, idleConnections, rates, softLimits } from './tasks.js';
import { Tracking } from './tracking.js';
import type { Transaction } from './transaction.js';
import { Watching } from './watching.js';

export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning';
export type Log = (level: LogLevel, text: string) => void;

export interface HostOptions {
  readonly engine: Engine;
  /** Null: nothing is kept. */
  readonly storage: Storage | null;
  readonly clock?: Clock;
  /** Fills `bytes` with random ones. */
  readonly random: RandomSource;
  /** Parameters by name, as in redis.conf, and directives.ts's. */
  readonly config?: Readonly<Record<string, string>>;
  readonly log?: Log;
  readonly facts?: HostFacts;
  /** For CONFIG REWRITE. */
  readonly configFile?: ConfigFile;
  /** The `aclfile`, where there are files. */
  readonly aclFile?: AclFile;
  /** For COMMAND DOCS. */
  readonly docs?: DocsSource;
  /** For scripts and functions: asked when the first of them comes. */
  readonly lua?: LuaSource;
  /** Ends the program (SHUTDOWN). Without it there is no program that could be ended. */
  readonly shutdown?: (options: { readonly save: boolean | null }) => void;
}

const RUN_ID_BYTES = 20;
const ASTERISK = 0x2a;
const EMPTY = new Uint8Array(0);
const OUT_OF_MEMORY = new TextEncoder().encode('-OOM no memory for this request\r\n');
const NO_DOCS: DocsSource = () => Promise.reject(new Error('no documentation was given'));

export class Host {
  readonly engine: Engine;
  readonly storage: Storage | null;
  readonly clock: Clock;
  /** For everything that waits: a test's clock can be asked instead of the platform's. */
  readonly startTimer: StartTimer;
  readonly log: Log;
  readonly config: Config;
  readonly directives: Directives;
  readonly acl: Acl;
  readonly facts: HostFacts;
  /** What commands are called by. */
  readonly names = new CommandNames();
  readonly statistics = new Statistics();
  readonly pubsub = new PubSub((session, bytes) => this.push(session, bytes));
  readonly monitors = new Monitors(
    (session, bytes) => this.push(session, bytes),
    () => this.clock.now(),
  );
  readonly meter: Meter;
  readonly sessions = new Map<number, Session>();
  readonly interests: Interests;
  readonly watching: Watching;
  readonly notifications: Notifications;
  readonly tracking: Tracking;
  readonly pauses: Pauses;
  readonly scripts: Scripts;
  readonly limits: ClientLimits;
  readonly random: RandomSource;
  readonly blocking: Blocking;
  readonly startedAt: number;
  /** What the core took before there was anything in it, in bytes. */
  readonly startupMemory: number;
  readonly snapshots = new Snapshots(this);
  readonly runId: string;
  /** DEBUG CHANGE-REPL-ID makes another one. */
  replicationId: string;
  readonly shutdown: HostOptions['shutdown'];
  readonly configFile: ConfigFile | null;
  /** Active expiry, unless DEBUG SET-ACTIVE-EXPIRE has stopped it. */
  expiresActively = true;
  /** Nothing is executed until the pause is over (DEBUG SLEEP). */
  paused = false;
  private readonly dispatcher: Dispatcher;
  private readonly durability: Durability | null;
  readonly scheduler: Scheduler;
  /** A batch is being executed: what arrives meanwhile waits in its session. */
  private busy = false;
  private readonly ready = new Set<Session>();
  readonly pushes = new Pushes({
    isAtWork: (session) => this.dispatcher.isAtWork(session),
    isNested: () => this.dispatcher.depth > 0,
    flush: (session) => this.flush(session),
    send: (session, bytes) => this.send(session, bytes),
  });
  private nextId = 1;
  private readonly httpGuard: HttpGuard;

  /** Opens a store and brings back what its storage holds. */
  static async open(options: HostOptions): Promise<Host> {
    const host = new Host(options);
    host.engine.setTime(host.clock.now());
    const databases = host.config.number('databases');
    if (options.storage !== null) {
      host.scripts.libraries.restore(
        await replayJournal(options.storage, options.engine, databases),
      );
    }
    // The journal calls commands by their own names.
    renameCommands(host);
    // What would only be kept in memory is not written down: the engine has it already.
    host.engine.setEffects(host.notesEffects);
    host.scheduler.wake();
    return host;
  }

  private constructor(options: HostOptions) {
    this.engine = options.engine;
    this.storage = options.storage;
    this.clock = options.clock ?? SYSTEM_CLOCK;
    this.startTimer = timersOf(this.clock);
    this.log = options.log ?? (() => {});
    this.facts = options.facts ?? UNKNOWN_FACTS;
    this.shutdown = options.shutdown;
    this.configFile = options.configFile ?? null;
    this.directives = readDirectives(options.config);
    this.config = new Config(this.directives.parameters);
    this.meter = new Meter(this);
    this.acl = openAcl(this, options.aclFile ?? null);
    this.interests = new Interests(this.engine);
    this.watching = new Watching(this.engine, this.interests);
    this.tracking = new Tracking(this);
    this.notifications = new Notifications(this.engine, (channel, message) =>
      this.pubsub.publish(channel, message),
    );
    this.engine.setClock(() => this.microseconds());
    this.pauses = new Pauses(this);
    this.scripts = new Scripts(this, options.lua);
    this.limits = new ClientLimits(this);
    this.random = options.random;
    this.blocking = new Blocking(this);
    this.httpGuard = new HttpGuard(this.log, this.clock);
    this.startedAt = this.clock.now();
    this.runId = randomHex(options.random, RUN_ID_BYTES);
    this.replicationId = randomHex(options.random, RUN_ID_BYTES);
    this.dispatcher = new Dispatcher(this, options.docs ?? NO_DOCS);
    this.durability = openDurability(this);
    const period = () => 1000 / this.config.number('hz');
    const work = [activeExpiry(this), idleConnections(this), softLimits(this), rates(this)];
    this.scheduler = new Scheduler(period, work, this.startTimer);
    followConfig(this, this.durability);
    this.startupMemory = this.engine.statistics().usedMemory;
  }

  get report(): OpenReport | null {
    return this.storage?.report ?? null;
  }

  /** The error reply to a write while storage takes none, or null. */
  get refusal(): string | null {
    return this.durability?.refusal ?? null;
  }

  /** Whether what is written is noted down for the journal. */
  get notesEffects(): boolean {
    return this.storage !== null && this.storage.report.backend !== 'memory';
  }

  /** The session whose command is at work, also if that is a script which calls others. */
  get current(): Session | null {
    return this.dispatcher.current?.caller ?? this.dispatcher.current;
  }

  /** Whether each command of every session has to be looked at before it runs. */
  get mustStep(): boolean {
    const { monitors, pauses, refusal, scripts } = this;
    return refusal !== null || pauses.isOn || !monitors.isEmpty || scripts.refusal !== null;
  }

  /** The clock of durations. */
  microseconds(): number {
    return this.clock.monotonic() * 1000;
  }

  connect(sink: ReplySink, about: ConnectionFacts): Session {
    const session = new Session(this.nextId++, sink, about, this.clock.now(), this.acl.defaultUser);
    this.acl.welcome(session);
    this.sessions.set(session.id, session);
    this.statistics.connections++;
    this.scheduler.wake();
    return session;
  }

  /**
   * Takes the first `length` of `bytes`, request bytes in any slices; the replies go to the
   * session's sink, in order.
   */
  receive(session: Session, bytes: Uint8Array, length = bytes.length): void {
    if (session.closing) return;
    const now = this.clock.now();
    session.lastInteraction = now;
    this.statistics.reads++;
    this.statistics.inputBytes += length;
    if (this.busy || this.paused || session.suspended) {
      session.input.append(bytes, length);
      this.checkInputLimit(session);
      this.limits.hasReceived(session, 0, now);
      if (!session.suspended) this.ready.add(session);
      return;
    }
    this.process(session, bytes, length, now);
    this.limits.hasReceived(session, length, now);
    if (this.ready.size > 0) this.processReady();
    this.scheduler.wake();
  }

  /** The other side sends no more: the connection ends once it has been answered. */
  endOfInput(session: Session): void {
    if (session.closing) return;
    session.inputEnded = true;
    // Who waits for a key, for time to pass or for the end of a pause may wait for ever.
    const waits = session.blocked !== null || (session.isPostponed && this.pauses.isOn);
    if (!waits && this.isHeldUp(session)) return;
    session.closing = true;
    this.end(session);
  }

  /** The connection is gone; replies that still wait are dropped. */
  disconnect(session: Session): void {
    session.closing = true;
    session.input.clear();
    this.ready.delete(session);
    this.forget(session);
  }

  /** There may be periodic work. */
  wake(): void {
    this.scheduler.wake();
  }

  /** Goes on with a session that was suspended. */
  resume(session: Session): void {
    session.suspended = false;
    session.isPostponed = false;
    if (session.closing && this.sessions.has(session.id)) this.end(session);
    if (session.closing || (session.input.length === 0 && !session.inputEnded)) return;
    this.ready.add(session);
    this.processReady();
  }

  /** Its sink takes replies again: goes on if that is what it was suspended for. */
  resumeCongested(session: Session): void {
    if (session.congested && session.sink.congested !== true) {
      session.congested = false;
      this.resume(session);
    }
  }

  /** Ends another session's connection at once. */
  kill(session: Session): void {
    this.disconnect(session);
    if (session.sink.abort === undefined) session.sink.end();
    else session.sink.abort();
  }

  /** Ends a connection at once; one whose command is at work, after that. */
  endSoon(session: Session): void {
    if (session === this.dispatcher.current) session.closing = true;
    else this.kill(session);
  }

  /** Executes nothing for `ms`; then goes on with everything that has arrived. */
  pause(ms: number): Promise<void> {
    this.paused = true;
    return new Promise((resolve) => {
      this.startTimer(ms, () => {
        this.paused = false;
        resolve();
        queueMicrotask(() => this.processReady());
      });
    });
  }

  /** Hands the core's effects to storage and its replies to the session. */
  flush(session: Session): void {
    this.takeEffects();
    const output = this.engine.output();
    if (output.length === 0) return;
    this.deliver(session, output);
    this.engine.clearOutput();
  }

  takeEffects(): void {
    // Inside a command they are not all there.
    if (this.durability === null || this.dispatcher.depth > 0 || this.scripts.running) return;
    const effects = this.engine.effects();
    if (effects.length === 0) return;
    this.durability.append(effects);
    this.engine.clearEffects();
  }

  /** Notes down a command of the host that alters what is kept. */
  propagate(request: Uint8Array): void {
    if (!this.notesEffects) return;
    this.takeEffects();
    this.durability?.append(request);
  }

  /** Sends replies, or holds them until their writes are safe. `replies` is not kept. */
  deliver(session: Session, replies: Uint8Array): void {
    const bytes = wantedReplies(session, replies);
    if (bytes.length === 0 || session.closed) return;
    this.send(session, bytes);
  }

  /**
   * Sends what nobody asked for; to the session whose command is at work in front of its reply, or
   * behind it. See Pushes.
   */
  push(session: Session, bytes: Uint8Array, isBehind = false): void {
    this.pushes.push(session, bytes, isBehind);
  }

  /** Executes whole requests inside the command at hand, or between batches; their replies. */
  run(session: Session, requests: Uint8Array): Uint8Array {
    return this.dispatcher.run(session, requests);
  }

  executeTransaction(session: Session, transaction: Transaction): void {
    this.dispatcher.executeTransaction(session, transaction);
  }

  /** After a command: whoever waits for what it did hears of it; at the outermost all of them. */
  settle(isOutermost: boolean): void {
    this.interests.tell();
    this.notifications.tell();
    if (!isOutermost) return;
    if (this.blocking.hasReady && this.current !== null) this.flush(this.current);
    this.blocking.serveReady();
    this.pushes.afterReply();
  }

  /** Everything that has been executed is durable. */
  async executedIsDurable(): Promise<void> {
    await this.storage?.flush();
  }

  async close(): Promise<void> {
    this.scheduler.stop();
    this.durability?.stop();
    for (const session of [...this.sessions.values()]) this.kill(session);
    await this.storage?.close();
  }

  private send(session: Session, bytes: Uint8Array): void {
    if (!this.limits.maySend(session, bytes.length)) return;
    this.statistics.writes++;
    this.statistics.outputBytes += bytes.length;
    if (this.durability?.mustHold(session)) this.durability.hold(session, bytes);
    else session.sink.write(bytes);
    this.limits.hasSent(session, this.clock.now());
  }

  /** The session is none of the store's any more. */
  private forget(session: Session): void {
    session.closed = true;
    this.release(session);
  }

  private release(session: Session): void {
    this.watching.unwatch(session);
    this.blocking.forget(session);
    this.pubsub.forget(session);
    this.monitors.remove(session);
    this.tracking.disable(session);
    this.sessions.delete(session.id);
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
      this.kill(session);
      return;
    }
    this.busy = true;
    try {
      const consumed = this.dispatcher.execute(session, batch, length, now);
      this.tracking.broadcast();
      this.flush(session);
      const isStuck = session.blocked !== null || !this.isHeldUp(session);
      if (session.inputEnded && isStuck) session.closing = true;
      if (session.closing) this.end(session);
      else if (consumed < length) {
        input.keep(batch.subarray(consumed, length), this.missing(session));
      } else if (input.length > 0) input.clear();
    } catch (error) {
      if (!(error instanceof EngineMemoryError)) throw error;
      this.giveUp(session, error);
    } finally {
      this.busy = false;
      this.dispatcher.leave();
    }
    this.checkInputLimit(session);
  }

  private isHeldUp(session: Session): boolean {
    return session.suspended || this.paused || this.ready.has(session);
  }

  /** What the frame at which the batch ended lacks at the least. */
  private missing(session: Session): number {
    return this.isHeldUp(session) ? 0 : this.engine.missing;
  }

  /** Ends a connection; what it has not been told yet it is still told. */
  private end(session: Session): void {
    session.input.clear();
    this.release(session);
    if (session.closed) return;
    if (session.heldReplies > 0) this.durability?.hold(session, null);
    else session.sink.end();
  }

  /** A request or reply for which there is no memory: its connection has to end. */
  private giveUp(session: Session, error: EngineMemoryError): void {
    this.log('warning', `Closing client id=${session.id}: ${error.message}`);
    this.takeEffects();
    this.engine.clearOutput();
    this.deliver(session, OUT_OF_MEMORY);
    session.closing = true;
    this.end(session);
  }

  private processReady(): void {
    while (this.ready.size > 0 && !this.busy && !this.paused) {
      for (const session of this.ready) {
        this.ready.delete(session);
        if (!session.closing && !session.suspended)
          this.process(session, EMPTY, 0, this.clock.now());
        if (this.paused) return;
      }
    }
  }

  private checkInputLimit(session: Session): void {
    if (session.closing || !exceedsInputLimit(this, session)) return;
    this.log('warning', `Closing client that reached max query buffer length: id=${session.id}`);
    this.kill(session);
  }
}
