/**
 * What is sent to sessions that have not asked for it, in order with their replies. To the session
 * whose command is at work a message goes in front of the reply of that command, as in Redis, and
 * an invalidation behind it; neither can be sent before that command has ended.
 */
import type { Session } from './session.js';

/** What is known of the command at work, and how bytes leave. */
interface Replies {
  /** Whether replies of the session may be under way. */
  isAtWork(session: Session): boolean;
  /** Whether others run inside of the command. */
  isNested(): boolean;
  /** Sends the replies so far. */
  flush(session: Session): void;
  send(session: Session, bytes: Uint8Array): void;
}

type Push = readonly [Session, Uint8Array];

export class Pushes {
  private readonly inFront: Push[] = [];
  private readonly behind: Push[] = [];

  constructor(private readonly replies: Replies) {}

  push(session: Session, bytes: Uint8Array, isBehind: boolean): void {
    if (session.closed) return;
    const { replies } = this;
    const isAtWork = replies.isAtWork(session);
    if (isAtWork && isBehind) this.behind.push([session, bytes]);
    else if (isAtWork && replies.isNested()) this.inFront.push([session, bytes]);
    else {
      if (isAtWork) replies.flush(session);
      replies.send(session, bytes);
    }
  }

  /** The reply of the command at work comes next. */
  beforeReply(): void {
    for (const [session, bytes] of this.inFront.splice(0)) this.push(session, bytes, false);
  }

  /** The command has ended. */
  afterReply(): void {
    this.beforeReply();
    for (const [session, bytes] of this.behind.splice(0)) this.push(session, bytes, false);
  }
}
