/** The reply to a HELP subcommand: lines, under a title, closed by the line about itself. */
import type { ReplyWriter } from '../../resp/reply-writer.js';

/** `lines` are Redis 7.0.15's, also for subcommands that are still to come. */
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
