/**
 * Hostile input: frames of every kind, cut anywhere, from several clients at once. The store never
 * traps, is never busy for a second with one piece of input, answers in RESP, and tells nobody
 * what is another's. `FRAMES=10000000 npx vitest run test/server/hostile.test.ts` for a long run;
 * `SEED=` repeats one.
 */
import { expect, test } from 'vitest';
import type { Host } from '../../src/host/host.js';
import { Random } from '../differential/random.js';
import { openTestHost, type TestHost } from '../host/test-host.js';
import { fromLatin1, ReplySplitter } from '../support/wire.js';
import { frame, HostileFrames } from './hostile-frames.js';

const FRAMES = Number(process.env.FRAMES ?? 30_000);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const CLIENTS = 8;
/** Frames that a client sends before it is replaced by a new one. */
const LIFE = 400;
/** Frames after which the data is thrown away. */
const FRESH = 20_000;
/** A long run says how far it is. */
const PROGRESS = 200_000;
const BUSY_US_MAX = 1_000_000;

/** Somebody who sends hostile frames, and hears only what is meant for it. */
class Attacker {
  private readonly random: Random;
  private readonly frames: HostileFrames;
  private readonly splitter = new ReplySplitter();
  private readonly connection: ReturnType<TestHost['connect']>;
  private readonly tag: string;
  private left = LIFE;
  busiestUs = 0;
  slowest = '';
  replies = 0;

  constructor(
    opened: TestHost,
    private readonly number: number,
  ) {
    this.random = new Random(SEED, number);
    this.tag = `tag-${number}-`;
    this.frames = new HostileFrames(this.random, this.tag);
    this.connection = opened.connect({ address: `10.0.0.${number % 250}:1` });
  }

  /** It has ended, or waits for what may not come. */
  get isSpent(): boolean {
    const { ended, session } = this.connection;
    return this.left <= 0 || ended || session.suspended;
  }

  /** Sends some frames in pieces; how many they were. */
  attack(): number {
    const count = this.random.between(1, 12);
    this.left -= count;
    const bytes = Buffer.concat(Array.from({ length: count }, () => this.frames.next()));
    let at = 0;
    while (at < bytes.length && !this.connection.ended) {
      const length = this.random.below(3) === 0 ? this.random.between(1, 40) : bytes.length;
      this.feed(bytes.subarray(at, at + length));
      at += length;
    }
    this.listen();
    return count;
  }

  leave(): void {
    this.listen();
    this.connection.host.disconnect(this.connection.session);
  }

  /** The processor's time is measured: a busy machine is not our fault. */
  private feed(piece: Buffer): void {
    const before = process.cpuUsage();
    this.connection.feed(piece);
    const { user, system } = process.cpuUsage(before);
    if (user + system <= this.busiestUs) return;
    this.busiestUs = user + system;
    this.slowest = piece.toString('latin1').slice(0, 300);
  }

  private listen(): void {
    for (const { wire } of this.splitter.push(fromLatin1(this.connection.take()))) {
      this.replies++;
      if (wire.length > 1000) continue;
      const tags =
        Buffer.from(wire)
          .toString('latin1')
          .match(/tag-\d+-/g) ?? [];
      if (tags.some((tag) => tag !== this.tag)) {
        throw new Error(`client ${this.number} was told ${Buffer.from(wire)}`);
      }
    }
  }
}

/** Somebody who only ever does right, and must be answered right. */
function honestRound(client: ReturnType<TestHost['connect']>, round: number): void {
  const value = `honest ${round}`;
  client.feed(Buffer.concat([frame(['SET', 'honest', value]), frame(['GET', 'honest'])]));
  const answer = client.take();
  if (answer !== `+OK\r\n$${value.length}\r\n${value}\r\n`) {
    throw new Error(`an honest client was answered ${JSON.stringify(answer)} in round ${round}`);
  }
}

test(
  `${FRAMES} hostile frames, seed ${SEED}`,
  async () => {
    const opened = await openTestHost({ config: { 'enable-debug-command': 'no' } });
    const honest = opened.connect({ kind: 'inline' });
    let clients = 0;
    let replies = 0;
    let [busiestUs, slowest] = [0, ''];
    const attackers = Array.from({ length: CLIENTS }, () => new Attacker(opened, clients++));
    for (let sent = 0, round = 0, next = FRESH; sent < FRAMES; round++) {
      const at = round % CLIENTS;
      const attacker = attackers[at] as Attacker;
      sent += attacker.attack();
      opened.clock.at += 1;
      if (attacker.busiestUs > busiestUs) ({ busiestUs, slowest } = attacker);
      if (attacker.isSpent) {
        attacker.leave();
        replies += attacker.replies;
        attackers[at] = new Attacker(opened, clients++);
      }
      honestRound(honest, round);
      if (sent < next) continue;
      next += FRESH;
      if (sent % PROGRESS < FRESH)
        console.log(`${sent} frames, ${Math.round(busiestUs / 1000)} ms`);
      await forget(opened.host, honest);
    }
    for (const attacker of attackers) attacker.leave();
    expect(opened.host.sessions.size).toBe(1);
    expect(opened.log.filter((line) => line.includes('Internal error'))).toEqual([]);
    expect(busiestUs, slowest).toBeLessThan(BUSY_US_MAX);
    const busiest = `busiest ${Math.round(busiestUs / 1000)} ms`;
    console.log(`${FRAMES} frames, ${clients} clients, ${replies} replies, ${busiest}`);
  },
  Math.max(60_000, FRAMES),
);

/** Throws the data away, and lets what was put off run. */
async function forget(host: Host, honest: ReturnType<TestHost['connect']>): Promise<void> {
  honest.send('FLUSHALL', 'FUNCTION FLUSH', 'SCRIPT FLUSH', 'ACL LOG RESET');
  honest.take();
  host.statistics.errors.clear();
  await new Promise((resolve) => setImmediate(resolve));
}
