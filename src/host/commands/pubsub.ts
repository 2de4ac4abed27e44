/** Pub/sub: SUBSCRIBE and its kin, PUBLISH, SPUBLISH, PUBSUB. */
import type { CommandRow } from '../../commands/row.js';
import { ReplyWriter } from '../../resp/reply-writer.js';
import { binaryBytes, binaryText } from '../binary-text.js';
import type { CommandContext, Handler, Handlers } from '../context.js';
import { matchesGlobExactly } from '../glob.js';
import type { Space, SubscriptionKind } from '../pubsub.js';
import type { Session } from '../session.js';
import { helpReply } from './help.js';

export const PUBSUB: Handlers = {
  subscribe: subscriber('channels', 'subscribe'),
  unsubscribe: unsubscriber('channels', 'unsubscribe'),
  psubscribe: subscriber('patterns', 'psubscribe'),
  punsubscribe: unsubscriber('patterns', 'punsubscribe'),
  ssubscribe: subscriber('shards', 'ssubscribe'),
  sunsubscribe: unsubscriber('shards', 'sunsubscribe'),
  publish: publisher('channels'),
  spublish: publisher('shards'),
  'pubsub|channels': listing('channels'),
  'pubsub|numsub': counting('channels'),
  'pubsub|numpat': ({ host, reply }) => reply.integer(host.pubsub.patternCount),
  'pubsub|shardchannels': listing('shards'),
  'pubsub|shardnumsub': counting('shards'),
  'pubsub|help': ({ reply }) => helpReply(reply, 'PUBSUB', HELP),
};

/** In RESP2 a message looks like a reply: a session that waits for messages may send only these. */
const ALLOWED = new Set([...Object.keys(PUBSUB).filter(isSubscribing), 'ping', 'quit', 'reset']);

/** The error for what a RESP2 subscriber must not ask for, or null. */
export function subscriberRefusal(session: Session, row: CommandRow): string | null {
  if (session.protocol === 3 || !session.isSubscriber || ALLOWED.has(row.name)) return null;
  return (
    `ERR Can't execute '${row.name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / ` +
    'RESET are allowed in this context'
  );
}

/** The reply to PING for a RESP2 subscriber: it must look like a message. */
export function subscriberPong(args: readonly Uint8Array[]): Uint8Array {
  const reply = new ReplyWriter(2);
  reply.array(2);
  reply.bulk('pong');
  reply.bulk(args[1] ?? '');
  return reply.take();
}

const NOT_IN_EXEC = "ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client";

function isSubscribing(name: string): boolean {
  return name.endsWith('subscribe');
}

function subscriber(kind: SubscriptionKind, word: string): Handler {
  return (context) => {
    const { args, host, session } = context;
    if (context.isNested && kind === 'shards') return context.fail(NOT_IN_EXEC);
    const told = new ReplyWriter(session.protocol);
    for (const name of args.slice(1)) {
      host.pubsub.subscribe(session, kind, binaryText(name));
      tellOf(told, word, name, countOf(session, kind));
    }
    answer(context, told.take());
  };
}

/** Without arguments it ends all subscriptions of its kind, and says so even if there is none. */
function unsubscriber(kind: SubscriptionKind, word: string): Handler {
  return (context) => {
    const { args, host, session } = context;
    const told = new ReplyWriter(session.protocol);
    const names =
      args.length > 1 ? args.slice(1) : [...session.subscriptions[kind]].map(binaryBytes);
    for (const name of names) {
      host.pubsub.unsubscribe(session, kind, binaryText(name));
      tellOf(told, word, name, countOf(session, kind));
    }
    if (names.length === 0) tellOf(told, word, null, countOf(session, kind));
    answer(context, told.take());
  };
}

function tellOf(told: ReplyWriter, word: string, name: Uint8Array | null, count: number): void {
  told.push(3);
  told.bulk(word);
  if (name === null) told.null();
  else told.bulk(name);
  told.integer(count);
}

function countOf({ subscriptions }: Session, kind: SubscriptionKind): number {
  if (kind === 'shards') return subscriptions.shards.size;
  return subscriptions.channels.size + subscriptions.patterns.size;
}

/** These are no replies, and CLIENT REPLY does not hold them back; but in EXEC they stand among them. */
function answer({ host, isNested, reply, session }: CommandContext, told: Uint8Array): void {
  if (isNested) {
    reply.raw(told);
    return;
  }
  host.push(session, told);
  // The command has had its turn all the same.
  if (session.skipReplies > 0) session.skipReplies--;
}

function publisher(space: Space): Handler {
  return ({ args, host, reply }) => {
    const [, channel = NO_BYTES, message = NO_BYTES] = args;
    reply.integer(host.pubsub.publish(channel, message, space));
  };
}

function listing(kind: Space): Handler {
  return (context) => {
    const { args, host, reply } = context;
    if (args.length > 3) {
      return context.failQuoting(UNKNOWN, 1, "'. Try PUBSUB HELP.");
    }
    const pattern = args[2] === undefined ? null : binaryText(args[2]);
    const names = [...host.pubsub.names(kind)].filter(
      (name) => pattern === null || matchesGlobExactly(pattern, name),
    );
    reply.array(names.length);
    for (const name of names) reply.bulk(binaryBytes(name));
  };
}

function counting(kind: Space): Handler {
  return ({ args, host, reply }) => {
    reply.array((args.length - 2) * 2);
    for (const name of args.slice(2)) {
      reply.bulk(name);
      reply.integer(host.pubsub.sessionsOf(kind, binaryText(name)).size);
    }
  };
}

const NO_BYTES = new Uint8Array(0);
const UNKNOWN = "ERR unknown subcommand or wrong number of arguments for '";

const HELP = [
  'CHANNELS [<pattern>]',
  "    Return the currently active channels matching a <pattern> (default: '*').",
  'NUMPAT',
  '    Return number of subscriptions to patterns.',
  'NUMSUB [<channel> ...]',
  '    Return the number of subscribers for the specified channels, excluding',
  '    pattern subscriptions(default: no channels).',
  'SHARDCHANNELS [<pattern>]',
  "    Return the currently active shard level channels matching a <pattern> (default: '*').",
  'SHARDNUMSUB [<shardchannel> ...]',
  '    Return the number of subscribers for the specified shard level channel(s)',
];
