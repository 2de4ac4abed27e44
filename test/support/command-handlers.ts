/** Runs COMMAND's handlers without a host: what a table test needs to see their replies. */
import { docsJson } from '../../scripts/build-docs.js';
import { docsSource } from '../../src/commands/docs.js';
import { CommandNames } from '../../src/commands/names.js';
import { commandHandlers } from '../../src/host/commands/command.js';
import type { CommandContext } from '../../src/host/context.js';
import { ReplyWriter } from '../../src/resp/reply-writer.js';
import { type Protocol, type Reply, ReplySplitter } from '../support/wire.js';

const NAMES = new CommandNames();
const HANDLERS = commandHandlers(docsSource(docsJson));

/** What the handler of a command line answers, as it would come over the wire. */
export async function answer(protocol: Protocol, words: readonly string[]): Promise<Reply> {
  const args = words.map((word) => new TextEncoder().encode(word));
  const reply = new ReplyWriter(protocol);
  let waiting: Promise<void> | null = null;
  const context: Partial<CommandContext> = {
    args,
    host: { names: NAMES } as CommandContext['host'],
    reply,
    fail: (text) => reply.error(text),
    wait: (work, then) => {
      waiting = work.then(() => then(null), then);
    },
  };
  HANDLERS[NAMES.ofLine(args)?.name ?? '']?.(context as CommandContext);
  await waiting;
  const [first] = new ReplySplitter().push(reply.take());
  if (!first) throw new Error(`no reply to ${words.join(' ')}`);
  return first.tree;
}
