/** MULTI, EXEC, DISCARD, WATCH, UNWATCH. */
import type { CommandContext, Handlers } from '../context.js';
import type { Host } from '../host.js';
import type { Session } from '../session.js';
import { Transaction } from '../transaction.js';

const ABORTED = 'EXECABORT Transaction discarded because of previous errors.';

export const TRANSACTIONS: Handlers = { discard, exec, multi, unwatch, watch };

function multi(context: CommandContext) {
  const { reply, session } = context;
  if (session.transaction !== null) return context.fail('ERR MULTI calls can not be nested');
  session.transaction = new Transaction();
  reply.simple('OK');
}

function discard(context: CommandContext) {
  const { host, reply, session } = context;
  if (session.transaction === null) return context.fail('ERR DISCARD without MULTI');
  discardTransaction(host, session);
  reply.simple('OK');
}

/** Forgets what was queued and what is watched. */
export function discardTransaction(host: Host, session: Session): void {
  session.transaction = null;
  host.watching.unwatch(session);
}

function watch(context: CommandContext) {
  const { args, host, reply, session } = context;
  if (session.transaction !== null) return context.fail('ERR WATCH inside MULTI is not allowed');
  // One that is dirty is lost already.
  if (!session.isDirty) for (const key of args.slice(1)) host.watching.watch(session, key);
  reply.simple('OK');
}

function unwatch({ host, reply, session }: CommandContext): void {
  host.watching.unwatch(session);
  reply.simple('OK');
}

function exec(context: CommandContext) {
  const { host, reply, session } = context;
  const { transaction } = session;
  if (transaction === null) return context.fail('ERR EXEC without MULTI');
  const isDirty = host.watching.isDirty(session);
  discardTransaction(host, session);
  if (transaction.hasFailed) return context.fail(ABORTED);
  if (isDirty) return reply.nullArray();
  host.executeTransaction(session, transaction);
}
