/**
 * Executes the requests of a session: the core does what it can, the host does the commands at
 * which the core stops, replies come out in order.
 *
 * While a command is at work, others can be run inside of it: EXEC runs what was queued, a script
 * what it calls, a push what a blocked client waits for.
 */
import type { DocsSource } from '../commands/docs.js';
import type { CommandRow } from '../commands/row.js';
import { COMMANDS } from '../commands/table.js';
import { type Engine, EngineMemoryError, isTrap, StopReason } from '../engine/engine.js';
import { ReplyWriter } from '../resp/reply-writer.js';
import { Admission, Verdict } from './admission.js';
import { subscriberPong } from './commands/pubsub.js';
import { hostCommands } from './commands/registry.js';
import { discardTransaction } from './commands/transactions.js';
import type { Handler } from './context.js';
import { HandlerContext } from './handler-context.js';
import type { Host } from './host.js';
import { flagsOfCall } from './scripts/declared-flags.js';
import type { Session } from './session.js';
import type { Transaction } from './transaction.js';

const INTERNAL_ERROR = 'ERR internal error';
const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";
const QUEUED = new TextEncoder().encode('+QUEUED\r\n');
const EXEC = COMMANDS.findIndex((row) => row.name === 'exec');
const PING = COMMANDS.findIndex((row) => row.name === 'ping');

export class Dispatcher {
  readonly admission: Admission;
  /** How many commands are at work that others are run inside of. */
  depth = 0;
  /** The session whose command is at work. */
  current: Session | null = null;
  /** The session whose batch is at work: a script runs as a session of its own. */
  private outermost: Session | null = null;
  private readonly engine: Engine;
  /** Whether the core's limits for strangers are on. */
  private limited = false;
  /** Whether it leaves access clocks alone. */
  private keepsClocks = false;
  /** Handlers by command id. */
  private readonly handlers: readonly (Handler | undefined)[];

  constructor(
    private readonly host: Host,
    docs: DocsSource,
  ) {
    this.engine = host.engine;
    this.admission = new Admission(host);
    const handlers = hostCommands(docs);
    this.handlers = COMMANDS.map(({ name }) =>
      Object.hasOwn(handlers, name) ? handlers[name] : undefined,
    );
  }

  /**
   * Executes the first `length` of `bytes`, which begin where a request begins, as far as the
   * session may go on. Returns how many of them are dealt with. The last replies stay in the core.
   */
  execute(session: Session, bytes: Uint8Array, length: number, now: number): number {
    const { engine, host } = this;
    this.current = session;
    this.outermost = session;
    engine.setTime(now);
    engine.load(bytes, length);
    while (!session.closing && !session.suspended && !host.batches.isHeld) {
      this.assume(session);
      const step = this.admission.mustLook(session);
      const start = step ? engine.consumed : 0;
      let reason = engine.execute(session.database, session.protocol, step);
      if (reason === StopReason.Stepped) reason = this.runStepped(session);
      switch (reason) {
        case StopReason.Drained:
          session.lastCommand = engine.commandId;
          return engine.consumed;
        case StopReason.HostCommand:
          this.runHostCommand(session, now);
          break;
        case StopReason.Slow:
          this.attend(session, reason);
          this.makeRoom(session);
          break;
        case StopReason.OutputFull:
          this.makeRoom(session);
          break;
        case StopReason.Refused:
          this.refusedInTransaction(session, engine.commandId, '');
          break;
        case StopReason.ProtocolError:
          session.closing = true;
          return length;
        default:
          this.attend(session, reason);
      }
      if (session.isPostponed) return start;
    }
    return engine.consumed;
  }

  /** Whether replies of the session may be under way. */
  isAtWork(session: Session): boolean {
    const { current, outermost } = this;
    return session === current || session === outermost || session === current?.caller;
  }

  /** The batch has ended. */
  leave(): void {
    this.current = null;
    this.outermost = null;
  }

  /**
   * Executes whole requests of `session` inside the command at hand, or between two batches, and
   * takes their replies.
   */
  run(session: Session, requests: Uint8Array): Uint8Array {
    const before = this.engine.output().length;
    try {
      this.runNested(session, requests);
    } catch (error) {
      // A reply that is not whole is nobody's.
      if (!isTrap(error)) this.engine.takeOutput(before);
      throw error;
    }
    return this.engine.takeOutput(before);
  }

  /** EXEC: the replies go behind the head of their array. */
  executeTransaction(session: Session, transaction: Transaction): void {
    const head = new ReplyWriter(session.protocol);
    head.array(transaction.count);
    const before = this.engine.output().length;
    this.engine.reply(head.take());
    session.executing = transaction;
    try {
      this.engine.groupEffects(() => this.runNested(session, transaction.requests));
    } catch (error) {
      // An array that is not whole is no reply.
      if (!isTrap(error)) this.engine.takeOutput(before);
      throw error;
    } finally {
      session.executing = null;
    }
  }

  private runNested(session: Session, requests: Uint8Array): void {
    const { engine } = this;
    const { current } = this;
    this.current = session;
    this.depth++;
    try {
      engine.nest(() => {
        engine.load(requests, requests.length);
        while (this.runNestedStep(session));
      });
    } finally {
      this.depth--;
      this.current = current;
    }
  }

  /** Runs as far as the core goes; false at the end. */
  private runNestedStep(session: Session): boolean {
    const { engine } = this;
    const step = this.admission.mustLook(session);
    let reason = engine.execute(session.database, session.protocol, step);
    if (reason === StopReason.Stepped) reason = this.runStepped(session);
    switch (reason) {
      case StopReason.Drained:
        return false;
      case StopReason.HostCommand:
        this.runHostCommand(session, this.host.clock.now());
        return true;
      case StopReason.ProtocolError:
        throw new Error('a nested request is malformed');
      case StopReason.OutputFull:
      case StopReason.Refused:
        return true;
      default:
        this.attend(session, reason);
        return true;
    }
  }

  /** Has the core treat commands as this session's. */
  private assume(session: Session): void {
    const { noTouch } = session;
    const isStranger = this.host.acl.isStranger(session);
    if (isStranger !== this.limited) {
      this.limited = isStranger;
      this.engine.configure('unauthenticated', isStranger ? 1 : 0);
    }
    if (noTouch === this.keepsClocks) return;
    this.keepsClocks = noTouch;
    this.engine.configure('no-touch', noTouch ? 1 : 0);
  }

  /** Lets the replies so far go; nothing more is executed while they do not. */
  private makeRoom(session: Session): void {
    this.host.flush(session);
    if (session.sink.congested !== true) return;
    session.congested = true;
    session.suspended = true;
  }

  /** Looks at what a command has done, or could not do. */
  private attend(session: Session, reason: StopReason): void {
    const { engine, host } = this;
    if (reason === StopReason.Slow) {
      const args = () => readArguments(engine);
      host.meter.ran(session, rowOf(engine.commandId), args, engine.commandMicroseconds);
    }
    if (reason === StopReason.Blocked) {
      host.blocking.meet(session, readArguments(engine), this.depth > 0);
    }
    host.settle(this.depth === 0);
  }

  /** Looks at a command of the core before it runs; Stepped again if there is no more to it. */
  private runStepped(session: Session): StopReason {
    const { engine } = this;
    session.lastCommand = engine.commandId;
    const row = rowOf(engine.commandId);
    if (!this.mayRun(session, row)) return StopReason.Stepped;
    if (isSubscriberPing(session, engine)) {
      engine.reply(subscriberPong(readArguments(engine)));
      engine.countCall(PING, false, 0);
      return StopReason.Stepped;
    }
    const reason = engine.runStepped();
    const args = readArguments(engine);
    this.endCommand(session, row, args);
    this.showMonitors(session, row, args);
    return reason === StopReason.Drained ? StopReason.Stepped : reason;
  }

  /** Whether the command is to be run now. If not, that has been answered or noted. */
  private mayRun(session: Session, row: CommandRow): boolean {
    const { admission, engine, depth } = this;
    if (depth === 0) this.host.tracking.limit();
    const args = lazily(() => readArguments(engine));
    const verdict =
      depth === 0 ? admission.verdict(session, row, args) : admission.nested(session, row, args);
    switch (verdict) {
      case Verdict.Run:
        return true;
      case Verdict.Refuse:
        this.refuse(session, row, admission.refusal);
        return false;
      case Verdict.Queue:
        session.transaction?.queue(flagsOfCall(this.host, row, args), args());
        engine.reply(QUEUED);
        return false;
      case Verdict.Postpone:
        session.isPostponed = true;
        session.suspended = true;
        return false;
    }
  }

  private refuse(session: Session, row: CommandRow, text: string): void {
    const error = this.refusedInTransaction(session, row.id, text);
    const reply = new ReplyWriter(session.protocol);
    this.host.statistics.countError(error);
    reply.error(error);
    this.engine.reply(reply.take());
  }

  /** What cannot be queued spoils the transaction; EXEC itself ends it. The error to reply. */
  private refusedInTransaction(session: Session, id: number, text: string): string {
    if (session.transaction !== null) session.transaction.hasFailed = true;
    if (id !== EXEC) return text;
    discardTransaction(this.host, session);
    return `EXECABORT Transaction discarded because of: ${text.replace(/^ERR /, '')}`;
  }

  private runHostCommand(session: Session, now: number): void {
    const { engine, host } = this;
    const id = engine.commandId;
    const row = rowOf(id);
    session.lastCommand = id;
    if (!this.mayRun(session, row)) return;
    const args = readArguments(engine);
    const context = new HandlerContext(host, session, now, args, this.depth > 0);
    const handler = this.handlers[id];
    const errors = host.statistics.errorReplies;
    host.monitors.before(session, row, args);
    const startedAt = host.microseconds();
    try {
      if (handler === undefined) throw new Error(`no handler for command ${id}`);
      handler(context);
    } catch (error) {
      if (isTrap(error)) throw error;
      context.reply.take();
      if (error instanceof EngineMemoryError) {
        context.fail(OUT_OF_MEMORY);
      } else {
        host.log('warning', `Internal error in '${row.name}': ${error}`);
        context.fail(INTERNAL_ERROR);
      }
    }
    const duration = host.microseconds() - startedAt;
    engine.countCall(id, host.statistics.errorReplies > errors, duration);
    const reply = context.reply.take();
    if (reply.length > 0) {
      // As in Redis, what it has published to its own session comes in front of its reply.
      if (this.depth === 0) host.pushes.beforeReply();
      engine.reply(reply);
    }
    if (!session.suspended) host.meter.ran(session, row, () => args, duration);
    this.endCommand(session, row, args);
    this.showMonitors(session, row, args);
    host.settle(this.depth === 0);
  }

  private showMonitors(session: Session, row: CommandRow, args: readonly Uint8Array[]): void {
    // A blocked command was shown when it came.
    if (session.blocked !== null) return;
    this.host.monitors.after(session, row, args);
  }

  /** A command has run that was looked at before. */
  private endCommand(session: Session, row: CommandRow, args: readonly Uint8Array[]): void {
    const { tracking } = this.host;
    tracking.hasRun(session, row, args);
    if (this.depth === 0) tracking.hasEnded(session, row);
  }
}

function rowOf(id: number): CommandRow {
  const row = COMMANDS[id];
  if (row === undefined) throw new Error(`there is no command ${id}`);
  return row;
}

/** A PING whose reply has to look like a message; with too many arguments it is an error as ever. */
function isSubscriberPing(session: Session, { argumentCount, commandId }: Engine): boolean {
  const isPing = commandId === PING && argumentCount <= 2;
  return isPing && session.protocol === 2 && session.isSubscriber;
}

function readArguments(engine: Engine): Uint8Array[] {
  return Array.from({ length: engine.argumentCount }, (_, index) => engine.argument(index));
}

/** What `read` gives, read once at the most. */
function lazily<T>(read: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= read();
    return value;
  };
}
