/** The context that handlers are given: one command of one session. */
import { ReplyWriter } from '../resp/reply-writer.js';
import type { CommandContext } from './context.js';
import type { Host } from './host.js';
import type { Session } from './session.js';

const NO_BYTES = new Uint8Array(0);
const CANNOT_WAIT = 'ERR this command has to wait, which it cannot inside a transaction or script';
const decoder = new TextDecoder();

export class HandlerContext implements CommandContext {
  readonly reply: ReplyWriter;

  constructor(
    readonly host: Host,
    readonly session: Session,
    readonly now: number,
    readonly args: readonly Uint8Array[],
    readonly isNested: boolean,
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

  failQuoting(before: string, quoted: number | Uint8Array, after: string): void {
    const bytes = typeof quoted === 'number' ? this.args[quoted] : quoted;
    this.host.statistics.countError(before);
    this.reply.errorQuoting(before, bytes ?? NO_BYTES, after);
  }

  wait(work: Promise<void>, reply: (failure: unknown) => void): void {
    const { host, session } = this;
    if (this.isNested) {
      work.catch(() => undefined);
      this.fail(CANNOT_WAIT);
      return;
    }
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
