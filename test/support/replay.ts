/** Plays a transcript to a store and pairs its lines with the replies. */
import type { Connection } from './connection.js';
import { renderReply, shorten } from './render.js';
import type { Store } from './targets.js';
import { isWithoutReply, type Line } from './transcript.js';
import { Watcher } from './watcher.js';
import { encodeCommands, fromLatin1, latin1, type Protocol, type RawReply } from './wire.js';

const SENTINEL = 'nothing came after the last reply';
/** How a connection answers the last PING that is in MULTI, or may not PING. */
const IS_OTHER_ANSWER = /^(\+QUEUED|-NOAUTH|-NOPERM)/;

interface Peer {
  readonly connection: Connection;
  protocol: Protocol;
  /** As CLIENT ID tells it; empty where nobody needs it. */
  readonly id: string;
  /** Lines whose reply has not come yet. */
  pending: number;
}

/** A reply with the protocol that it was written in. */
export interface Answer {
  reply: RawReply;
  protocol: Protocol;
}

/** Sends the lines, consecutive ones of a connection in one write, and pairs them with replies. */
export async function replay(
  store: Store,
  lines: Line[],
  protocol: Protocol,
): Promise<(Answer | null)[]> {
  const watcher = lines.some(needsWatcher) ? await Watcher.open(store) : null;
  const stage = new Stage(store, protocol, watcher);
  const answers: (Answer | null)[] = [];
  try {
    await stage.peer('a', 'FLUSHALL');
    for (const batch of inBatches(lines)) answers.push(...(await stage.play(batch)));
    await stage.expectSilence();
  } finally {
    await stage.leave();
  }
  return answers;
}

function needsWatcher({ args, expected }: Line): boolean {
  const kind = expected?.kind;
  return args.length === 0 || kind === 'blocked' || kind === 'later' || args.some(isIdOf);
}

const ID_OF = /^<id:(\w+)>$/;

function isIdOf(argument: Uint8Array): boolean {
  return ID_OF.test(latin1(argument));
}

/** Lines up to the next change of connection, or up to one after which something is waited for. */
function inBatches(lines: Line[]): Line[][] {
  const batches: Line[][] = [];
  for (const line of lines) {
    const batch = batches.at(-1);
    const last = batch?.at(-1);
    if (last !== undefined && joins(last, line)) batch?.push(line);
    else batches.push([line]);
  }
  return batches;
}

function joins(last: Line, line: Line): boolean {
  const kind = last.expected?.kind;
  if (last.connection !== line.connection || kind === 'closed') return false;
  return (kind === 'blocked' || kind === 'later') === (line.expected?.kind === kind);
}

/** The connections of one run. */
class Stage {
  private readonly peers = new Map<string, Peer>();

  constructor(
    private readonly store: Store,
    private readonly protocol: Protocol,
    private readonly watcher: Watcher | null,
  ) {}

  /** The connection of this name, which is opened when it is first named. */
  async peer(name: string, first = 'PING'): Promise<Peer> {
    const found = this.peers.get(name);
    if (found !== undefined) return found;
    const connection = await this.store.connect();
    const opening = [[first]];
    if (this.watcher !== null) opening.unshift(['CLIENT', 'ID']);
    if (this.protocol === 3) opening.unshift(['HELLO', '3']);
    const replies = await connection.pipeline(opening);
    const id = this.watcher === null ? '' : (replies.at(-2)?.tree.text ?? '');
    const peer = { connection, protocol: this.protocol, id, pending: 0 };
    this.peers.set(name, peer);
    return peer;
  }

  async play(batch: Line[]): Promise<(Answer | null)[]> {
    const { connection: name, expected } = batch.at(-1) as Line;
    const peer = await this.peer(name);
    const { connection } = peer;
    const sent = batch.filter((line) => line.args.length > 0);
    const bytes = encodeCommands(await Promise.all(sent.map((line) => this.argumentsOf(line))));
    const answered = batch.filter(isAnswered).length;
    const replies = bytes.length > 0 ? connection.raw(bytes, answered) : connection.take(answered);
    const answers = pair(peer, batch, await replies);
    if (expected?.kind === 'closed') await connection.untilClosed();
    if (expected?.kind === 'blocked') await this.watcher?.untilBlocked(connection, peer.id);
    if (expected?.kind === 'none') await this.expectNothing(batch.at(-1) as Line, connection);
    return answers;
  }

  /** Every connection has said what it had to say: a PING is answered by nothing but its reply. */
  async expectSilence(): Promise<void> {
    await this.watcher?.roundTrip();
    for (const { connection, pending } of this.peers.values()) {
      if (connection.closed) continue;
      const last = pending > 0 ? [] : [await connection.send('PING', SENTINEL)];
      const texts = [...last, ...connection.surplus()].map((reply) => renderReply(reply.tree));
      const isSilent = pending > 0 ? texts.length === 0 : texts.length === 1 && isLast(texts[0]);
      const told = texts.map((text) => shorten(text)).join(', ');
      if (!isSilent) throw new Error(`replies that nobody expected: ${told}`);
    }
  }

  async leave(): Promise<void> {
    for (const { connection } of this.peers.values()) connection.close();
    if (this.watcher === null) return;
    await this.watcher.untilGone([...this.peers.values()].map(({ id }) => id));
    this.watcher.close();
  }

  private async argumentsOf(line: Line): Promise<Uint8Array[]> {
    return Promise.all(
      line.args.map(async (argument) => {
        const name = ID_OF.exec(latin1(argument))?.[1];
        return name === undefined ? argument : fromLatin1((await this.peer(name)).id);
      }),
    );
  }

  private async expectNothing(line: Line, connection: Connection): Promise<void> {
    if (line.args.length > 0) return;
    await this.watcher?.roundTrip();
    const [early] = connection.surplus();
    if (early !== undefined) throw new Error(`nobody expected ${renderReply(early.tree)}`);
  }
}

function isLast(text = ''): boolean {
  return text === `"${SENTINEL}"` || text.endsWith(`"${SENTINEL}"]`) || IS_OTHER_ANSWER.test(text);
}

function isAnswered({ expected }: Line): boolean {
  return expected === null || !isWithoutReply(expected);
}

function pair(peer: Peer, batch: Line[], replies: RawReply[]): (Answer | null)[] {
  return batch.map((line) => {
    const kind = line.expected?.kind;
    if (kind === 'blocked' || kind === 'later') peer.pending++;
    if (!isAnswered(line)) return null;
    const reply = replies.shift() as RawReply;
    if (line.args.length === 0 && peer.pending > 0 && reply.tree.mark !== '>') peer.pending--;
    peer.protocol = protocolAfter(line, reply, peer.protocol);
    return { reply, protocol: peer.protocol };
  });
}

/** HELLO and RESET change the protocol, beginning with their own reply. */
function protocolAfter(line: Line, reply: RawReply, protocol: Protocol): Protocol {
  const [name, version] = line.args.map((bytes) => latin1(bytes).toUpperCase());
  if (name === 'RESET') return 2;
  if (name !== 'HELLO' || reply.tree.mark === '-') return protocol;
  if (version === '3') return 3;
  return version === '2' ? 2 : protocol;
}
