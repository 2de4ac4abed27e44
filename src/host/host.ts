/**
 * A running store: one engine, its storage, and the sessions that use it. How bytes come here
 * and where they are kept is not known here.
 */
import type { DocsSource } from '../commands/docs.js';
import { CommandNames } from '../commands/names.js';
import type { Engine } from '../engine/engine.js';
import type { OpenReport, Storage } from '../storage/storage.js';
import type { Acl, AclFile } from './acl/acl.js';
import { openAcl } from './acl/open-acl.js';
import { Batches } from './batches.js';
import { Blocking } from './blocking.js';
import { ClientLimits } from './client-limits.js';
import { type Clock, type StartTimer, SYSTEM_CLOCK, timersOf } from './clock.js';
import { Config } from './config.js';
import type { ConfigFile } from './config-rewrite.js';
import { type Directives, readDirectives } from './directives.js';
import { Dispatcher } from './dispatch.js';
import { followConfig, type Rename, renameCommands } from './engine-settings.js';
import { type HostFacts, UNKNOWN_FACTS } from './facts.js';
import { Interests } from './interests.js';
import { Meter } from './meter.js';
import { Monitors } from './monitors.js';
import { Notifications } from './notifications.js';
import { Pauses } from './pauses.js';
import { Persistence } from './persistence/persistence.js';
import { Snapshots } from './persistence/snapshots.js';
import { PubSub } from './pubsub.js';
import { Pushes } from './pushes.js';
import { type RandomSource, randomHex } from './random-hex.js';
import { wantedReplies } from './reply-mode.js';
import { Scheduler } from './scheduler.js';
import { type LuaSource, Scripts } from './scripts/scripts.js';
import { type ConnectionFacts, type ReplySink, Session } from './session.js';
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
  /** Called before there are data: whoever wants to hear how they are loaded can listen now. */
  readonly beforeLoad?: ((persistence: Persistence) => void) | undefined;
}

const RUN_ID_BYTES = 20;
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
  /** In the order in which they were given. */
  readonly renames: Rename[] = [];
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
  private readonly dispatcher: Dispatcher;
  readonly persistence: Persistence;
  readonly batches: Batches;
  readonly scheduler: Scheduler;
  readonly pushes = new Pushes({
    isAtWork: (session) => this.dispatcher.isAtWork(session),
    isNested: () => this.dispatcher.depth > 0,
    flush: (session) => this.flush(session),
    send: (session, bytes) => this.send(session, bytes),
  });
  private nextId = 1;

  /** Opens a store and brings back what its storage holds. */
  static async open(options: HostOptions): Promise<Host> {
    const host = new Host(options);
    host.engine.setTime(host.clock.now());
    options.beforeLoad?.(host.persistence);
    await host.persistence.open();
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
    this.startedAt = this.clock.now();
    this.runId = randomHex(options.random, RUN_ID_BYTES);
    this.replicationId = randomHex(options.random, RUN_ID_BYTES);
    this.dispatcher = new Dispatcher(this, options.docs ?? NO_DOCS);
    this.persistence = new Persistence(this);
    this.batches = new Batches(this, this.dispatcher);
    const period = () => 1000 / this.config.number('hz');
    const work = [activeExpiry(this), idleConnections(this), softLimits(this), rates(this)];
    this.scheduler = new Scheduler(period, [...work, this.persistence.saves], this.startTimer);
    followConfig(this);
    this.startupMemory = this.engine.statistics().usedMemory;
  }

  get report(): OpenReport | null {
    return this.storage?.report ?? null;
  }

  /** Whether what is written is noted down for the journal. */
  get notesEffects(): boolean {
    return this.persistence.notesEffects;
  }

  /** The session whose command is at work, also if that is a script which calls others. */
  get current(): Session | null {
    return this.dispatcher.current?.caller ?? this.dispatcher.current;
  }

  /** Whether each command of every session has to be looked at before it runs. */
  get mustStep(): boolean {
    const { monitors, pauses, persistence, scripts } = this;
    return persistence.isRefusing || pauses.isOn || !monitors.isEmpty || scripts.refusal !== null;
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
    this.batches.receive(session, bytes, length);
  }

  /** The other side sends no more: the connection ends once it has been answered. */
  endOfInput(session: Session): void {
    if (session.closing) return;
    session.inputEnded = true;
    // Who waits for a key, for time to pass or for the end of a pause may wait for ever.
    const waits = session.blocked !== null || (session.isPostponed && this.pauses.isOn);
    if (!waits && this.batches.isHeldUp(session)) return;
    session.closing = true;
    this.end(session);
  }

  /** The connection is gone; replies that still wait are dropped. */
  disconnect(session: Session): void {
    session.closing = true;
    this.batches.drop(session);
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
    this.batches.resume(session);
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
    const release = this.batches.hold();
    return new Promise((resolve) => {
      this.startTimer(ms, () => {
        resolve();
        release();
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
    const { durability } = this.persistence;
    if (durability === null || this.dispatcher.depth > 0 || this.scripts.running) return;
    const effects = this.engine.effects();
    if (effects.length === 0) return;
    this.meter.time('aof-write', () => durability.append(effects));
    this.engine.clearEffects();
  }

  /** Notes down a command of the host that alters what is kept. */
  propagate(request: Uint8Array): void {
    if (!this.notesEffects) return;
    this.takeEffects();
    this.persistence.durability?.append(request);
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
    if (this.blocking.hasReady && this.current !== null) {
      this.flush(this.current);
      this.batches.noteProgress();
    }
    this.blocking.serveReady();
    this.pushes.afterReply();
  }

  /** Resolves when everything that has been executed is durable, as far as there is a journal. */
  executedIsDurable(): Promise<void> {
    return this.persistence.executedIsDurable();
  }

  async close(): Promise<void> {
    this.scheduler.stop();
    for (const session of [...this.sessions.values()]) this.kill(session);
    try {
      await this.persistence.saveTheLast();
    } finally {
      await this.storage?.close();
    }
  }

  private send(session: Session, bytes: Uint8Array): void {
    if (!this.limits.maySend(session, bytes.length)) return;
    this.statistics.writes++;
    this.statistics.outputBytes += bytes.length;
    const { durability } = this.persistence;
    if (durability?.mustHold(session)) durability.hold(session, bytes);
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

  /** Ends a connection; what it has not been told yet it is still told. */
  end(session: Session): void {
    session.input.clear();
    this.release(session);
    if (session.closed) return;
    if (session.heldReplies > 0) this.persistence.durability?.hold(session, null);
    else session.sink.end();
  }
}
