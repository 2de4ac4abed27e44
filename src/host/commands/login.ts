/**
 * Passwords that clients give, in AUTH and HELLO: right or wrong, and how many wrong ones are put
 * up with (docs/RELIABILITY.md S5).
 */
import { binaryText } from '../binary-text.js';
import type { CommandContext, Handler } from '../context.js';
import type { Session } from '../session.js';

const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.';
/** So many end a connection. */
const FAILURES_MAX = 10;

/** Makes the session `name`'s if the password is right; else false, and that has been answered. */
export function logIn(context: CommandContext, name: Uint8Array, password: Uint8Array): boolean {
  const { acl, clock } = context.host;
  const { args, session } = context;
  const user = binaryText(name);
  if (acl.authenticate(session, user, password)) return true;
  acl.noteFailedLogin(session, user, args);
  const address = addressOf(session);
  if (address !== null) acl.attempts.pay(address, clock.monotonic());
  fail(context);
  return false;
}

/** A handler before which those wait who have given too many wrong passwords of late. */
export function patiently(givesPassword: (context: CommandContext) => boolean, handler: Handler) {
  return (context: CommandContext) => {
    const { host, session } = context;
    const address = givesPassword(context) ? addressOf(session) : null;
    if (address === null) return handler(context);
    const { attempts } = host.acl;
    const delay = attempts.delay(address, host.clock.monotonic(), !context.isNested);
    if (delay === 0) return handler(context);
    if (delay === null) return fail(context);
    const turn = new Promise<void>((resolve) => host.startTimer(delay, resolve));
    context.wait(turn, () => {
      attempts.refund(address);
      handler(context);
    });
  };
}

function fail(context: CommandContext): void {
  const { session } = context;
  context.fail(WRONG_PASSWORD);
  session.failedLogins++;
  if (session.failedLogins >= FAILURES_MAX && addressOf(session) !== null) session.closing = true;
}

/** Null for those who are in this process: there is nobody else that they could be. */
function addressOf({ about, isForeign }: Session): string | null {
  return isForeign ? about.address.replace(/:\d+$/, '') : null;
}
