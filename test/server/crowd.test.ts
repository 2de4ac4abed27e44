/**
 * A thousand connections that do everything at once: transactions, WATCH, BLPOP, SUBSCRIBE,
 * pipelines, half frames, resets. Every reply has to carry the mark of the connection that asked for
 * it, and when all have gone nothing of them is left.
 */
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Server } from '../../src/server/server.js';
import { latin1, ReplySplitter } from '../support/wire.js';
import { command, exchange, open, openServer } from './pair.js';

const CONNECTIONS = 1000;
const PUBLISHERS = 10;
/** Every part once. */
const ROUNDS = 7;
const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A connection of the crowd, and how its replies are awaited. */
class Member {
  readonly mark: string;
  private readonly splitter = new ReplySplitter();
  private readonly replies: string[] = [];
  private wake: () => void = () => {};
  private isClosed = false;

  constructor(
    readonly number: number,
    readonly socket: Socket,
  ) {
    this.mark = `member:${number}:`;
    socket.on('data', (bytes) => {
      for (const { wire } of this.splitter.push(bytes)) this.replies.push(latin1(wire));
      this.wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
      this.wake();
    });
  }

  /** Sends requests in two pieces, cut at a place of its own. */
  send(...requests: string[]): void {
    const text = requests.join('');
    const cut = (this.number * 7) % text.length;
    this.socket.write(text.slice(0, cut), 'latin1');
    setImmediate(() => this.socket.write(text.slice(cut), 'latin1'));
  }

  /** For one that works for several at once. */
  sendWhole(request: string): void {
    this.socket.write(request, 'latin1');
  }

  async take(count: number): Promise<string[]> {
    while (this.replies.length < count && !this.isClosed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.replies.splice(0, count);
  }

  /** What has come unasked. */
  get surplus(): readonly string[] {
    return this.replies;
  }
}

interface Crowd {
  readonly server: Server;
  readonly members: readonly Member[];
  readonly publishers: readonly Member[];
}

type Part = (member: Member, round: number, crowd: Crowd) => Promise<void>;

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

const pipelines: Part = async (member, round) => {
  const words = Array.from({ length: 10 }, (_, n) => `${member.mark}${round}:${n}`);
  member.send(...words.map((word) => command('ECHO', word)));
  expect(await member.take(10)).toEqual(words.map(bulk));
};

const transactions: Part = async (member, round) => {
  const key = `${member.mark}t`;
  const value = `${member.mark}${round}`;
  member.send(
    command('WATCH', key),
    command('MULTI'),
    command('SET', key, value),
    command('GET', key),
    command('EXEC'),
  );
  const queued = ['+OK\r\n', '+OK\r\n', '+QUEUED\r\n', '+QUEUED\r\n'];
  expect(await member.take(5)).toEqual([...queued, `*2\r\n+OK\r\n${bulk(value)}`]);
};

/** Its own write between WATCH and EXEC: the transaction does nothing. */
const lostTransactions: Part = async (member, round) => {
  const key = `${member.mark}w`;
  member.send(
    command('WATCH', key),
    command('SET', key, String(round)),
    command('MULTI'),
    command('DEL', key),
    command('EXEC'),
    command('GET', key),
  );
  const replies = await member.take(6);
  expect(replies.slice(3)).toEqual(['+QUEUED\r\n', '*-1\r\n', bulk(String(round))]);
};

/** Waits for what its neighbour pushes a moment later. */
const waiting: Part = async (member, round, { publishers }) => {
  const key = `${member.mark}l`;
  const value = `${member.mark}${round}`;
  member.send(command('BLPOP', `${member.mark}none`, key, '0'));
  publisherOf(member, publishers).sendWhole(command('RPUSH', key, value));
  expect(await member.take(1)).toEqual([`*2\r\n${bulk(key)}${bulk(value)}`]);
};

const givingUp: Part = async (member) => {
  member.send(command('BLPOP', `${member.mark}none`, '0.01'), command('ECHO', member.mark));
  expect(await member.take(2)).toEqual(['*-1\r\n', bulk(member.mark)]);
};

const listening: Part = async (member, round, { publishers }) => {
  const channel = `${member.mark}c`;
  const message = `${member.mark}${round}`;
  member.send(command('SUBSCRIBE', channel));
  expect(await member.take(1)).toEqual([`*3\r\n${bulk('subscribe')}${bulk(channel)}:1\r\n`]);
  publisherOf(member, publishers).sendWhole(command('PUBLISH', channel, message));
  expect(await member.take(1)).toEqual([
    `*3\r\n${bulk('message')}${bulk(channel)}${bulk(message)}`,
  ]);
  member.send(command('UNSUBSCRIBE', channel));
  expect(await member.take(1)).toEqual([`*3\r\n${bulk('unsubscribe')}${bulk(channel)}:0\r\n`]);
};

/** Another connection that goes in the middle of something. */
const resets: Part = async (member, round, { server }) => {
  const key = `${member.mark}gone`;
  const beginnings = [
    command('SET', key, 'x').slice(0, 20),
    command('MULTI') + command('SET', key, 'x'),
    command('BLPOP', key, '0'),
    command('WATCH', key) + command('SUBSCRIBE', key) + command('ECHO', 'never').slice(0, 9),
  ];
  const socket = await open(server.port);
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(beginnings[(member.number + round) % beginnings.length] as string, () =>
    socket.resetAndDestroy(),
  );
  await closed;
  member.send(command('EXISTS', key));
  expect(await member.take(1)).toEqual([':0\r\n']);
};

const PARTS = [
  pipelines,
  transactions,
  lostTransactions,
  waiting,
  givingUp,
  listening,
  resets,
] as const;

/** Each publisher is several members' alone, and works for them in any order. */
function publisherOf({ number }: Member, publishers: readonly Member[]): Member {
  return publishers[number % publishers.length] as Member;
}

async function assemble(server: Server): Promise<Crowd> {
  const join = async (_: unknown, number: number) => new Member(number, await open(server.port));
  const members = await Promise.all(Array.from({ length: CONNECTIONS }, join));
  const publishers = await Promise.all(Array.from({ length: PUBLISHERS }, join));
  return { server, members, publishers };
}

async function untilEmpty({ host }: Server): Promise<void> {
  while (host.sessions.size > 0) await new Promise((resolve) => setImmediate(resolve));
}

/** All of it once, until nobody is left; the memory that the core uses then. */
async function gatherAndPart(server: Server): Promise<number> {
  const crowd = await assemble(server);
  const live = async (member: Member) => {
    for (let round = 0; round < ROUNDS; round++) {
      const part = PARTS[(member.number + round) % PARTS.length] as Part;
      await part(member, round, crowd);
    }
  };
  await Promise.all(crowd.members.map(live));
  expect(crowd.members.flatMap(({ surplus }) => surplus)).toEqual([]);
  expect(new Set(crowd.publishers.flatMap(({ surplus }) => surplus))).toEqual(new Set([':1\r\n']));
  for (const { socket } of [...crowd.members, ...crowd.publishers]) socket.destroy();
  await untilEmpty(server);
  const left = await exchange(
    server.port,
    command('PUBSUB', 'CHANNELS') + command('INFO', 'clients'),
  );
  expect(left).toMatch(/^\*0\r\n/);
  expect(left).toContain('blocked_clients:0\r\n');
  await exchange(server.port, command('FLUSHALL'));
  return server.host.engine.statistics().usedMemory;
}

test('a thousand connections get their own replies and leave nothing behind', async () => {
  const server = await openServer();
  servers.push(server);
  // Buffers grow with the first crowd, and are there for the second; how much is a matter of its order.
  const first = await gatherAndPart(server);
  const more = (await gatherAndPart(server)) - first;
  expect(more, 'less than a byte a connection').toBeLessThan(CONNECTIONS);
}, 120_000);
