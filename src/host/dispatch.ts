/**
 * Executes the requests of a session: the core does what it can, the host does the commands at
 * which the core stops, replies come out in order.
 */
import type { DocsSource } from '../commands/docs.js';
import { CommandFlag } from '../commands/flags.js';
import { COMMANDS } from '../commands/table.js';
import { type Engine, StopReason } from '../engine/engine.js';
import { ReplyWriter } from '../resp/reply-writer.js';
import { hostCommands } from './commands/registry.js';
import type { CommandContext, Handler } from './context.js';
import type { Host } from './host.js';
import type { Session } from './session.js';

const NOAUTH = 'NOAUTH Authentication required.';
const INTERNAL_ERROR = 'ERR internal error';

const PING = COMMANDS.findIndex((row) => row.name === 'ping');
const decoder = new TextDecoder();

export class Dispatcher {
  private readonly engine: Engine;
  /** Whether the core's limits for strangers are on. */
  private limited = false;
  /** Handlers by command id. */
  private readonly handlers: readonly (Handler | undefined)[];

  constructor(
    private readonly host: Host,
    docs: DocsSource,
  ) {
    this.engine = host.engine;
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
    engine.setTime(now);
    engine.load(bytes, length);
    while (!session.closing && !session.suspended && !host.paused) {
      this.limit(!session.authenticated);
      const step = !session.authenticated || host.refusal !== null;
      let reason = engine.execute(session.database, session.protocol, step);
      if (reason === StopReason.Stepped) reason = this.runStepped(session);
      switch (reason) {
        case StopReason.Drained:
          session.lastCommand = engine.commandId;
          return engine.consumed;
        case StopReason.HostCommand:
          this.runHostCommand(session, now);
          break;
        case StopReason.Stepped:
          break;
        case StopReason.Interest:
          engine.takeTouched();
          break;
        case StopReason.OutputFull:
          host.flush(session);
          session.congested = session.sink.congested === true;
          session.suspended = session.congested;
          break;
        case StopReason.ProtocolError:
          session.closing = true;
          return length;
      }
    }
    return engine.consumed;
  }

  private limit(limited: boolean): void {
    if (limited === this.limited) return;
    this.limited = limited;
    this.engine.configure('unauthenticated', limited ? 1 : 0);
  }

  /** Looks at a command of the core before it runs; Stepped again if there is no more to it. */
  private runStepped(session: Session): StopReason {
    const { engine } = this;
    session.lastCommand = engine.commandId;
    const refusal = this.refusalOf(session, engine.commandId);
    if (refusal !== null) {
      this.refuse(session, refusal);
      return StopReason.Stepped;
    }
    const reason = engine.runStepped();
    return reason === StopReason.Drained ? StopReason.Stepped : reason;
  }

  private refusalOf(session: Session, id: number): string | null {
    const flags = COMMANDS[id]?.flags ?? 0;
    if (!session.authenticated && (flags & CommandFlag.NO_AUTH) === 0) return NOAUTH;
    if ((flags & CommandFlag.WRITE) !== 0 || id === PING) return this.host.refusal;
    return null;
  }

  private refuse(session: Session, text: string): void {
    const reply = new ReplyWriter(session.protocol);
    reply.error(text);
    this.host.statistics.countError(text);
    this.engine.reply(reply.take());
  }

  private runHostCommand(session: Session, now: number) {
    const { engine, host } = this;
    const id = engine.commandId;
    session.lastCommand = id;
    const refusal = this.refusalOf(session, id);
    if (refusal !== null) return this.refuse(session, refusal);
    const context = new Context(host, session, now, readArguments(engine));
    const handler = this.handlers[id];
    const errors = host.statistics.errorReplies;
    try {
      if (handler === undefined) throw new Error(`no handler for command ${id}`);
      handler(context);
    } catch (error) {
      host.log('warning', `Internal error in '${COMMANDS[id]?.name}': ${error}`);
      context.reply.take();
      context.fail(INTERNAL_ERROR);
    }
    engine.countCall(id, host.statistics.errorReplies !== errors);
    const reply = context.reply.take();
    if (reply.length > 0) engine.reply(reply);
  }
}

class Context implements CommandContext {
  readonly reply: ReplyWriter;

  constructor(
    readonly host: Host,
    readonly session: Session,
    readonly now: number,
    readonly args: readonly Uint8Array[],
  ) {
    this.reply = new ReplyWriter(session.protocol);
  }

  text(index: number): string {
    return decoder.decode(this.args[index]);
  }

  fail(text: string): void {
    this.host.statistics.countError(text);
    this.reply.error(text);
  }

  failQuoting(before: string, index: number, after: string): void {
    this.host.statistics.countError(before);
    this.reply.errorQuoting(before, this.args[index] ?? new Uint8Array(0), after);
  }

  wait(work: Promise<void>, reply: (failure: unknown) => void): void {
    const { host, session } = this;
    session.suspended = true;
    const finish = (failure: unknown) => {
      if (session.closed) return;
      reply(failure);
      host.deliver(session, this.reply.take());
      host.resume(session);
    };
    work.then(() => finish(null), finish);
  }
}

function readArguments(engine: Engine): Uint8Array[] {
  return Array.from({ length: engine.argumentCount }, (_, index) => engine.argument(index));
}
