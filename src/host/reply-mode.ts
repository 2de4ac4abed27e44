/** CLIENT REPLY: which replies of a session are sent at all. */
import { endOfReply } from './reply-scan.js';
import type { Session } from './session.js';

const NONE = new Uint8Array(0);

/** The replies that the session wants to have. */
export function wantedReplies(session: Session, replies: Uint8Array): Uint8Array {
  if (session.replyMode === 'off') return NONE;
  let at = 0;
  while (session.skipReplies > 0 && at < replies.length) {
    at = endOfReply(replies, at);
    session.skipReplies--;
  }
  return at === 0 ? replies : replies.subarray(at);
}
