/** CLIENT UNBLOCK, WAIT, WAITAOF: waiting that is not for keys, and its end. */
import { ReplyWriter } from '../../resp/reply-writer.js';
import { type CommandContext, type Handlers, NOT_AN_INTEGER } from '../context.js';
import { parseInteger } from '../integers.js';
import type { Session } from '../session.js';

const NOT_A_TIMEOUT = 'ERR timeout is not an integer or out of range';
const NEGATIVE_TIMEOUT = 'ERR timeout is negative';
const NOT_A_REASON = 'ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR';
const WRONG_ARGUMENTS = "ERR unknown subcommand or wrong number of arguments for '";
const NOT_LOCAL = 'ERR value is out of range, value must between 0 and 1';
const NOT_POSITIVE = 'ERR value is out of range, must be positive';
const NO_JOURNAL = 'ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.';

/** When the journal cannot be written. */
const RETRY_MS = 1000;

export const BLOCKING: Handlers = { 'client|unblock': unblock, wait, waitaof };

function unblock(context: CommandContext) {
  const { args, host, reply } = context;
  if (args.length > 4) return context.failQuoting(WRONG_ARGUMENTS, 1, "'. Try CLIENT HELP.");
  const reason = args.length === 4 ? context.text(3).toUpperCase() : 'TIMEOUT';
  if (reason !== 'TIMEOUT' && reason !== 'ERROR') return context.fail(NOT_A_REASON);
  const id = parseInteger(context.text(2));
  if (id === null) return context.fail(NOT_AN_INTEGER);
  const session = host.sessions.get(Number(id));
  const isDone = session !== undefined && host.blocking.unblock(session, reason === 'ERROR');
  reply.integer(isDone ? 1 : 0);
}

/** There are no replicas: time has to pass, unless none is asked for. */
function wait(context: CommandContext) {
  const { host, isNested, reply, session } = context;
  const replicas = parseInteger(context.text(1));
  if (replicas === null) return context.fail(NOT_AN_INTEGER);
  const timeout = timeoutAt(context, 2);
  if (timeout === null) return;
  if (replicas <= 0 || isNested) return reply.integer(0);
  host.blocking.suspend(session, timeout, integerReply(session, 0));
}

/** Waits until what has been executed is in the journal, and for replicas that never come. */
function waitaof(context: CommandContext) {
  const { host, isNested, reply, session } = context;
  const local = parseInteger(context.text(1));
  if (local === null) return context.fail(NOT_AN_INTEGER);
  if (local < 0 || local > 1) return context.fail(NOT_LOCAL);
  const replicas = parseInteger(context.text(2));
  if (replicas === null || replicas < 0) return context.fail(NOT_POSITIVE);
  const timeout = timeoutAt(context, 3);
  if (timeout === null) return;
  const hasJournal = host.config.text('appendonly') === 'yes';
  if (local > 0 && !hasJournal) return context.fail(NO_JOURNAL);
  host.takeEffects();
  if (isNested || (local === 0n && replicas === 0n)) {
    return reply.raw(pairReply(session, hasJournal && host.persistence.isDurable));
  }
  host.blocking.suspend(session, timeout, pairReply(session, false));
  if (hasJournal) awaitJournal(context, replicas === 0n);
}

/** Once the journal has it all, that is the reply at the latest when time is up. */
function awaitJournal({ host, session }: CommandContext, isAll: boolean): void {
  const { blocked } = session;
  const { recovery } = host.persistence;
  const { discards } = recovery;
  const isOn = () => host.storage?.journals === true;
  const tell = () => {
    if (session.blocked !== blocked || blocked === null) return;
    // What it waited for may have been given up meanwhile, and so may the journal.
    const isKept = recovery.discards === discards;
    blocked.atTimeout = isOn() ? pairReply(session, isKept) : errorReply(session, NO_JOURNAL);
    if (isAll || !isOn()) host.blocking.unblock(session, false);
  };
  const ask = () => {
    if (session.blocked === blocked) host.executedIsDurable().then(tell, askLater);
  };
  const askLater = () => (isOn() ? host.startTimer(RETRY_MS, ask) : tell());
  ask();
}

function timeoutAt(context: CommandContext, index: number): number | null {
  const timeout = parseInteger(context.text(index));
  if (timeout === null) context.fail(NOT_A_TIMEOUT);
  else if (timeout < 0) context.fail(NEGATIVE_TIMEOUT);
  else return Number(timeout);
  return null;
}

function integerReply(session: Session, value: number): Uint8Array {
  return replyTo(session, (reply) => reply.integer(value));
}

function errorReply(session: Session, message: string): Uint8Array {
  return replyTo(session, (reply) => reply.error(message));
}

function pairReply(session: Session, isLocal: boolean): Uint8Array {
  return replyTo(session, (reply) => {
    reply.array(2);
    reply.integer(isLocal ? 1 : 0);
    reply.integer(0);
  });
}

/** What `write` writes, for later. */
function replyTo({ protocol }: Session, write: (reply: ReplyWriter) => void): Uint8Array {
  const reply = new ReplyWriter(protocol);
  write(reply);
  return reply.take();
}
