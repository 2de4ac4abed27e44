/** The reply to a HELP subcommand: lines, under a title, closed by the line about itself. */
import type { ReplyWriter } from '../../resp/reply-writer.js';

/** `lines` are those of the subcommands that this version has. */
export function helpReply(reply: ReplyWriter, command: string, lines: readonly string[]): void {
  const all = [
    `${command} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`,
    ...lines,
    'HELP',
    '    Prints this help.',
  ];
  reply.array(all.length);
  for (const line of all) reply.simple(line);
}
