/** A session in one line, as CLIENT LIST, CLIENT INFO and the log show it. */
import { COMMANDS } from '../commands/table.js';
import { outputBytes, totalBytes, transactionBytes } from './client-memory.js';
import type { Session } from './session.js';

/** `argumentBytes` are those of the command that the session is executing. */
export function clientLine(session: Session, now: number, argumentBytes = 0): string {
  const { about, input, library, subscriptions, transaction, executing } = session;
  const output = outputBytes(session);
  const fields: readonly (readonly [string, string | number])[] = [
    ['id', session.id],
    ['addr', about.address],
    ['laddr', about.localAddress],
    ['fd', about.descriptor ?? -1],
    ['name', session.name],
    ['age', secondsBetween(session.createdAt, now)],
    ['idle', secondsBetween(session.lastInteraction, now)],
    ['flags', flagsOf(session)],
    ['db', session.database],
    ['sub', subscriptions.channels.size],
    ['psub', subscriptions.patterns.size],
    ['ssub', subscriptions.shards.size],
    ['multi', (transaction ?? executing)?.count ?? -1],
    ['qbuf', input.length],
    ['qbuf-free', input.capacity - input.length],
    ['argv-mem', argumentBytes],
    ['multi-mem', transactionBytes(session)],
    // Replies are written into one buffer of the core, which is nobody's own.
    ['rbs', 0],
    ['rbp', 0],
    ['obl', 0],
    ['oll', session.heldReplies + (output > session.heldBytes ? 1 : 0)],
    ['omem', output],
    ['tot-mem', totalBytes(session, argumentBytes)],
    ['events', output > 0 ? 'rw' : 'r'],
    ['cmd', COMMANDS[session.lastCommand]?.name ?? 'NULL'],
    ['user', session.user.title],
    ['redir', session.tracking?.redirect ?? -1],
    ['resp', session.protocol],
    ...(library.name === '' ? [] : [['lib-name', library.name] as const]),
    ...(library.version === '' ? [] : [['lib-ver', library.version] as const]),
  ];
  return fields.map(([name, value]) => `${name}=${value}`).join(' ');
}

function secondsBetween(start: number, end: number): number {
  return Math.max(0, Math.floor(end / 1000) - Math.floor(start / 1000));
}

/** Redis's letters, in its order. */
function flagsOf(session: Session): string {
  const letters: readonly (readonly [string, boolean])[] = [
    ['O', session.isMonitor],
    ['P', session.isSubscriber],
    ['x', session.transaction !== null || session.executing !== null],
    ['b', session.isPostponed || session.blocked !== null],
    ['t', session.tracking !== null],
    ['R', session.tracking?.isRedirectBroken === true],
    ['B', session.tracking?.isBroadcast === true],
    ['d', session.isDirty],
    ['c', session.closing],
    ['U', session.about.kind === 'unix'],
    ['e', session.noEvict],
    ['T', session.noTouch],
  ];
  const chosen = letters.filter(([, isSet]) => isSet).map(([letter]) => letter);
  return chosen.join('') || 'N';
}
