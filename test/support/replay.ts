/** Plays a transcript to a store and pairs its lines with the replies. */
import type { Connection } from './connection.js';
import { renderReply, shorten } from './render.js';
import type { Store } from './targets.js';
import type { Line } from './transcript.js';
import { encodeCommands, latin1, type Protocol, type RawReply } from './wire.js';

const SENTINEL = 'nothing came after the last reply';

interface Peer {
  connection: Connection;
  protocol: Protocol;
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
  const connections = new Map<string, Peer>();
  const answers: (Answer | null)[] = [];
  try {
    await connectAs(store, connections, 'a', protocol, ['FLUSHALL']);
    for (const batch of inBatches(lines)) {
      const name = (batch[0] as Line).connection;
      const peer =
        connections.get(name) ?? (await connectAs(store, connections, name, protocol, ['PING']));
      answers.push(...(await exchange(peer, batch)));
    }
    for (const peer of connections.values()) await expectSilence(peer.connection);
  } finally {
    for (const { connection } of connections.values()) connection.close();
  }
  return answers;
}

async function connectAs(
  store: Store,
  connections: Map<string, Peer>,
  name: string,
  protocol: Protocol,
  first: string[],
): Promise<Peer> {
  const peer = { connection: await store.connect(), protocol };
  connections.set(name, peer);
  await peer.connection.pipeline(protocol === 3 ? [['HELLO', '3'], first] : [first]);
  return peer;
}

/** Lines up to the next change of connection; a line that closes its connection ends a batch. */
function inBatches(lines: Line[]): Line[][] {
  const batches: Line[][] = [];
  for (const line of lines) {
    const batch = batches.at(-1);
    const last = batch?.at(-1);
    const joins = last?.connection === line.connection && last.expected?.kind !== 'closed';
    if (joins) batch?.push(line);
    else batches.push([line]);
  }
  return batches;
}

async function exchange(peer: Peer, batch: Line[]): Promise<(Answer | null)[]> {
  const isAnswered = (line: Line) =>
    line.expected?.kind !== 'none' && line.expected?.kind !== 'closed';
  const answered = batch.filter(isAnswered).length;
  const bytes = encodeCommands(batch.map((line) => line.args));
  const replies = await peer.connection.raw(bytes, answered);
  if (batch.at(-1)?.expected?.kind === 'closed') await peer.connection.untilClosed();
  return batch.map((line) => {
    if (!isAnswered(line)) return null;
    const reply = replies.shift() as RawReply;
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

async function expectSilence(connection: Connection): Promise<void> {
  if (connection.closed) return;
  const last = await connection.send('ECHO', SENTINEL);
  const surplus = [last, ...connection.surplus()];
  const text = surplus.map((reply) => shorten(renderReply(reply.tree))).join(', ');
  if (text !== `"${SENTINEL}"`) throw new Error(`replies that nobody expected: ${text}`);
}
