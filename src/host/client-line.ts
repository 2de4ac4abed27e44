/** A session in one line, as CLIENT LIST and CLIENT INFO show it. */
import { COMMANDS } from '../commands/table.js';
import type { CommandContext } from './context.js';
import type { Session } from './session.js';

export function clientLine({ args, now, session: self }: CommandContext, session: Session): string {
  const argumentBytes = session === self ? args.reduce((sum, arg) => sum + arg.length, 0) : 0;
  const fields: readonly (readonly [string, string | number])[] = [
    ['id', session.id],
    ['addr', session.about.address],
    ['laddr', session.about.localAddress],
    ['fd', session.about.descriptor ?? -1],
    ['name', session.name],
    ['age', secondsBetween(session.createdAt, now)],
    ['idle', secondsBetween(session.lastInteraction, now)],
    ['flags', flagsOf(session)],
    ['db', session.database],
    ['sub', 0],
    ['psub', 0],
    ['ssub', 0],
    ['multi', -1],
    ['qbuf', session.input.length],
    ['qbuf-free', 0],
    ['argv-mem', argumentBytes],
    ['multi-mem', 0],
    ['rbs', 0],
    ['rbp', 0],
    ['obl', 0],
    ['oll', session.heldReplies],
    ['omem', 0],
    ['tot-mem', session.input.length + argumentBytes],
    ['events', 'r'],
    ['cmd', COMMANDS[session.lastCommand]?.name ?? 'NULL'],
    ['user', session.user],
    ['redir', -1],
    ['resp', session.protocol],
  ];
  return fields.map(([name, value]) => `${name}=${value}`).join(' ');
}

function secondsBetween(start: number, end: number): number {
  return Math.max(0, Math.floor(end / 1000) - Math.floor(start / 1000));
}

function flagsOf(session: Session): string {
  return (session.closing ? 'c' : '') + (session.noEvict ? 'e' : '') || 'N';
}
