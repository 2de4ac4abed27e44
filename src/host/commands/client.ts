/** CLIENT: what sessions there are, and what becomes of them. */

import type { User } from '../acl/user.js';
import { binaryText } from '../binary-text.js';
import { clientLine } from '../client-line.js';
import { argumentBytes } from '../client-memory.js';
import { type CommandContext, type Handlers, SYNTAX_ERROR } from '../context.js';
import { INT64_MAX, parseInteger } from '../integers.js';
import type { PauseKind } from '../pauses.js';
import type { Session } from '../session.js';
import { CLIENT_HELP } from './client-help.js';
import { setName } from './connection.js';
import { helpReply } from './help.js';

/** Client types by the words for them. */
const CLIENT_TYPES: Readonly<Record<string, string>> = {
  normal: 'normal',
  slave: 'slave',
  replica: 'slave',
  pubsub: 'pubsub',
  master: 'master',
};

export const CLIENT: Handlers = {
  'client|getname': getName,
  'client|help': help,
  'client|id': id,
  'client|info': info,
  'client|kill': kill,
  'client|list': list,
  'client|no-evict': noEvict,
  'client|no-touch': noTouch,
  'client|pause': pause,
  'client|reply': replyMode,
  'client|setinfo': setInfo,
  'client|setname': setNameCommand,
  'client|unpause': unpause,
};

function getName({ reply, session }: CommandContext): void {
  if (session.name === '') reply.null();
  else reply.bulk(session.name);
}

function setNameCommand(context: CommandContext): void {
  if (setName(context, 2)) context.reply.simple('OK');
}

function id({ reply, session }: CommandContext): void {
  reply.integer(session.id);
}

function info(context: CommandContext): void {
  context.reply.verbatim('txt', linesOf(context, [context.session]));
}

function list(context: CommandContext) {
  const { args, host } = context;
  const option = args.length > 2 ? context.text(2).toLowerCase() : '';
  let sessions: Session[] = [...host.sessions.values()];
  if (option === 'type' && args.length === 4) {
    const type = typeAt(context, 3);
    if (type === null) return;
    sessions = sessions.filter(({ kind }) => kind === type);
  } else if (option === 'id' && args.length > 3) {
    const chosen = sessionsById(context);
    if (chosen === null) return;
    sessions = chosen;
  } else if (args.length !== 2) return context.fail(SYNTAX_ERROR);
  context.reply.verbatim('txt', linesOf(context, sessions));
}

function linesOf({ args, now, session: self }: CommandContext, sessions: readonly Session[]) {
  const lines = sessions.map((one) => clientLine(one, now, one === self ? argumentBytes(args) : 0));
  return lines.map((line) => `${line}\n`).join('');
}

function sessionsById(context: CommandContext): Session[] | null {
  const sessions: Session[] = [];
  for (let at = 3; at < context.args.length; at++) {
    const wanted = parseInteger(context.text(at));
    if (wanted === null) {
      context.fail('ERR Invalid client ID');
      return null;
    }
    const session = context.host.sessions.get(Number(wanted));
    if (session !== undefined) sessions.push(session);
  }
  return sessions;
}

function typeAt(context: CommandContext, index: number): string | null {
  const word = context.text(index);
  const type = Object.hasOwn(CLIENT_TYPES, word.toLowerCase())
    ? CLIENT_TYPES[word.toLowerCase()]
    : undefined;
  if (type === undefined) context.fail(`ERR Unknown client type '${word}'`);
  return type ?? null;
}

/** Which sessions CLIENT KILL means: those that pass all filters. */
interface Filters {
  id?: bigint;
  type?: string;
  user?: User | undefined;
  address?: string;
  localAddress?: string;
  skipMe: boolean;
}

function kill(context: CommandContext): void {
  const { args, host, reply, session } = context;
  const byAddress = args.length === 3;
  const filters = byAddress ? { address: context.text(2), skipMe: false } : parseFilters(context);
  if (filters === null) return;
  const doomed = [...host.sessions.values()].filter((one) => passes(one, session, filters));
  for (const one of doomed) {
    if (one === session) session.closing = true;
    else host.kill(one);
  }
  if (!byAddress) reply.integer(doomed.length);
  else if (doomed.length > 0) reply.simple('OK');
  else context.fail('ERR No such client');
}

function passes(session: Session, self: Session, filters: Filters): boolean {
  const { about } = session;
  if (filters.address !== undefined && filters.address !== about.address) return false;
  if (filters.localAddress !== undefined && filters.localAddress !== about.localAddress) {
    return false;
  }
  if (filters.type !== undefined && filters.type !== session.kind) return false;
  if (filters.user !== undefined && filters.user !== session.user) return false;
  if (filters.id !== undefined && filters.id !== BigInt(session.id)) return false;
  return session !== self || !filters.skipMe;
}

function parseFilters(context: CommandContext): Filters | null {
  const filters: Filters = { skipMe: true };
  for (let at = 2; at < context.args.length; at += 2) {
    if (at + 1 >= context.args.length) {
      context.fail(SYNTAX_ERROR);
      return null;
    }
    if (!parseFilter(context, at, filters)) return null;
  }
  return filters;
}

/** Takes the filter at `at` and its value; false after an error reply. */
function parseFilter(context: CommandContext, at: number, filters: Filters): boolean {
  const value = context.text(at + 1);
  switch (context.text(at).toLowerCase()) {
    case 'id':
      return parseId(context, value, filters);
    case 'type':
      filters.type = typeAt(context, at + 1) ?? undefined;
      return filters.type !== undefined;
    case 'addr':
      filters.address = value;
      return true;
    case 'laddr':
      filters.localAddress = value;
      return true;
    case 'user':
      return parseUser(context, at + 1, filters);
    case 'skipme':
      return parseSkipMe(context, value, filters);
    default:
      context.fail(SYNTAX_ERROR);
      return false;
  }
}

function parseId(context: CommandContext, text: string, filters: Filters): boolean {
  const id = parseInteger(text);
  if (id === null || id < 1n || id > INT64_MAX) {
    context.fail('ERR client-id should be greater than 0');
    return false;
  }
  filters.id = id;
  return true;
}

function parseUser(context: CommandContext, index: number, filters: Filters): boolean {
  filters.user = context.host.acl.find(binaryText(context.args[index]));
  if (filters.user !== undefined) return true;
  context.failQuoting("ERR No such user '", index, "'");
  return false;
}

function parseSkipMe(context: CommandContext, text: string, filters: Filters): boolean {
  const word = text.toLowerCase();
  if (word !== 'yes' && word !== 'no') {
    context.fail(SYNTAX_ERROR);
    return false;
  }
  filters.skipMe = word === 'yes';
  return true;
}

function noEvict(context: CommandContext) {
  const word = context.text(2).toLowerCase();
  if (word !== 'on' && word !== 'off') return context.fail(SYNTAX_ERROR);
  context.session.noEvict = word === 'on';
  context.reply.simple('OK');
}

function noTouch(context: CommandContext) {
  const word = context.text(2).toLowerCase();
  if (word !== 'on' && word !== 'off') return context.fail(SYNTAX_ERROR);
  context.session.noTouch = word === 'on';
  context.reply.simple('OK');
}

/** What was answered before goes out under the old rule. */
function replyMode(context: CommandContext): void {
  const { host, reply, session } = context;
  switch (context.text(2).toLowerCase()) {
    case 'on':
      host.flush(session);
      session.replyMode = 'on';
      session.skipReplies = 0;
      reply.simple('OK');
      return;
    case 'off':
      host.flush(session);
      session.replyMode = 'off';
      return;
    case 'skip':
      host.flush(session);
      if (session.replyMode === 'on') session.skipReplies = 1;
      return;
    default:
      context.fail(SYNTAX_ERROR);
  }
}

function help({ reply }: CommandContext): void {
  helpReply(reply, 'CLIENT', CLIENT_HELP);
}

/** CLIENT PAUSE timeout [WRITE | ALL] */
function pause(context: CommandContext) {
  const { args, host, reply } = context;
  if (args.length > 4) {
    return context.fail(
      `ERR unknown subcommand or wrong number of arguments for '${context.text(1)}'. Try CLIENT HELP.`,
    );
  }
  const kind = args.length === 4 ? context.text(3).toLowerCase() : 'all';
  if (!isPauseKind(kind)) return context.fail('ERR CLIENT PAUSE mode must be WRITE or ALL');
  const timeout = parseInteger(context.text(2));
  if (timeout === null || timeout > INT64_MAX) {
    return context.fail('ERR timeout is not an integer or out of range');
  }
  if (timeout < 0n) return context.fail('ERR timeout is negative');
  host.pauses.begin(Number(timeout), kind);
  reply.simple('OK');
}

function isPauseKind(word: string): word is PauseKind {
  return word === 'write' || word === 'all';
}

function unpause({ host, reply }: CommandContext): void {
  host.pauses.end();
  reply.simple('OK');
}

/** CLIENT SETINFO LIB-NAME name | LIB-VER version (Redis 7.2) */
function setInfo(context: CommandContext) {
  const option = context.text(2).toLowerCase();
  if (option !== 'lib-name' && option !== 'lib-ver') {
    return context.failQuoting("ERR Unrecognized option '", 2, "'");
  }
  if (context.args[3]?.some((byte) => byte < 0x21 || byte > 0x7e)) {
    return context.fail(`ERR ${option} cannot contain spaces, newlines or special characters.`);
  }
  const { library } = context.session;
  if (option === 'lib-name') library.name = context.text(3);
  else library.version = context.text(3);
  context.reply.simple('OK');
}
