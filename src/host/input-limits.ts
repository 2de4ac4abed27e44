/**
 * How many bytes of requests that are not executed yet are kept: of a client as much as
 * `client-query-buffer-limit` says; of strangers, who have not given a password, little, and of all
 * of them together not much more (docs/RELIABILITY.md S6).
 */
import type { Host } from './host.js';
import type { Session } from './session.js';

const MIB = 1024 * 1024;
/** No limit of a client can be set lower: below it nothing has to be looked up. */
const LIMIT_MIN = MIB;
const STRANGER_MAX = MIB;
const STRANGERS_MAX = 32 * MIB;
/** Strangers with less are not added up. */
const STRANGER_SMALL = 16 * 1024;

/** Whether a session has to end for what it has sent. */
export function exceedsInputLimit(host: Host, session: Session): boolean {
  const { length } = session.input;
  if (length < STRANGER_SMALL) return false;
  if (host.acl.isStranger(session)) {
    return length > STRANGER_MAX || strangersInput(host) > STRANGERS_MAX;
  }
  return length >= LIMIT_MIN && length > host.config.number('client-query-buffer-limit');
}

function strangersInput({ acl, sessions }: Host): number {
  let sum = 0;
  for (const session of sessions.values()) if (acl.isStranger(session)) sum += session.input.length;
  return sum;
}
