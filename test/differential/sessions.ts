/**
 * Several sessions on two stores: each move is made on both, and what each connection has been
 * sent must be the same, byte by byte, after every turn.
 */
import { cliLine, encode } from './compare.js';
import { Random } from './random.js';
import { type Move, movesOf } from './session-grammar.js';
import type { End, Expected, Store, TheirStore } from './session-sides.js';

export interface SessionSequence {
  /** Of each session. */
  readonly protocols: readonly number[];
  /** For the whole store. */
  readonly events: string;
  readonly moves: readonly Move[];
}

export interface SessionDifference {
  /** Moves up to the end of the turn after which it was seen. */
  readonly turn: number;
  readonly who: string;
  readonly ours: string;
  readonly theirs: string;
}

interface Pair {
  readonly ours: End;
  readonly theirs: End;
}

const LENGTHS = [20, 60, 150, 300];
const EVENTS = ['', '', '', 'KEA', 'EA'];
const EVENT_PATTERN = '__key*';
const DIGEST = [['DEBUG', 'DIGEST'], ['DBSIZE']];

export function sequenceOf(seed: number, round: number): SessionSequence {
  const random = new Random(seed, round);
  const sessions = random.between(2, 4);
  const protocols = Array.from({ length: sessions }, () => random.pick([2, 2, 3]));
  const events = random.pick(EVENTS);
  return { protocols, events, moves: movesOf(random, sessions, random.pick(LENGTHS)) };
}

export class SessionComparison {
  private readonly pairs: (Pair | null)[];
  private control: Pair | null = null;
  private listener: Pair | null = null;
  private gone: string[] = [];

  constructor(
    private readonly ours: Store,
    private readonly theirs: TheirStore,
    private readonly sequence: SessionSequence,
  ) {
    this.pairs = sequence.protocols.map(() => null);
  }

  async firstDifference(): Promise<SessionDifference | null> {
    const { moves } = this.sequence;
    this.control = await this.open(2);
    try {
      await this.begin();
      for (let from = 0; from < moves.length; ) {
        const to = this.endOfTurn(from);
        const difference = await this.play(moves.slice(from, to), to);
        if (difference !== null) return difference;
        from = to;
      }
      return await this.tell(this.control, DIGEST, moves.length);
    } finally {
      await this.end();
    }
  }

  private async begin(): Promise<void> {
    const { events } = this.sequence;
    const settings = [
      ['DEBUG', 'SET-ACTIVE-EXPIRE', '0'],
      ['CONFIG', 'SET', 'notify-keyspace-events', events],
      ['FLUSHALL'],
    ];
    await this.tell(this.control as Pair, settings, 0);
    if (events === '') return;
    this.listener = await this.open(3);
    await this.tell(this.listener, [['PSUBSCRIBE', EVENT_PATTERN]], 0);
  }

  private async end(): Promise<void> {
    for (const pair of [...this.pairs, this.control, this.listener]) this.drop(pair);
    await this.theirs.untilGone(this.gone);
  }

  private async open(protocol: number): Promise<Pair> {
    return { ours: await this.ours.open(protocol), theirs: await this.theirs.open(protocol) };
  }

  private drop(pair: Pair | null): void {
    if (pair === null) return;
    pair.ours.close();
    pair.theirs.close();
    this.gone.push(pair.theirs.id);
  }

  /** Moves of one session that follow each other go in one write. */
  private endOfTurn(from: number): number {
    const { moves } = this.sequence;
    const { who, words } = moves[from] as Move;
    let to = from + 1;
    if (words.length === 0) return to;
    while (moves[to]?.who === who && (moves[to]?.words.length ?? 0) > 0) to++;
    return to;
  }

  private async play(turn: readonly Move[], end: number): Promise<SessionDifference | null> {
    const [{ who, words }] = turn as [Move];
    let pair = this.pairs[who] ?? null;
    if (pair === null || pair.ours.closed) {
      pair = await this.open(this.sequence.protocols[who] ?? 2);
      this.pairs[who] = pair;
    }
    if (words.length > 0)
      return this.tell(
        pair,
        turn.map((move) => move.words),
        end,
      );
    this.drop(pair);
    this.pairs[who] = null;
    await this.theirs.untilGone(this.gone.splice(0));
    return this.compare(end);
  }

  private async tell(
    pair: Pair,
    commands: readonly (readonly string[])[],
    end: number,
  ): Promise<SessionDifference | null> {
    pair.theirs.write(this.bytesFor('theirs', commands));
    pair.ours.write(this.bytesFor('ours', commands));
    if (pair.ours.received === '' && !pair.ours.closed) await this.theirs.barrier();
    return this.compare(end);
  }

  private bytesFor(side: keyof Pair, commands: readonly (readonly string[])[]): Uint8Array {
    const idOf = (who: string) => this.pairs[Number(who)]?.[side].id ?? '99999999';
    return encode(
      commands.map((words) =>
        words.map((word) => word.replace(/^<id:(\d)>$/, (_, who: string) => idOf(who))),
      ),
    );
  }

  private async compare(turn: number): Promise<SessionDifference | null> {
    const all = [...this.pairs, this.control, this.listener];
    const pairs = all.filter((pair): pair is Pair => pair !== null);
    const expected = pairs.map(
      ({ ours }): Expected => ({ bytes: ours.received.length, closed: ours.closed }),
    );
    await this.theirs.untilReceived(
      pairs.map(({ theirs }) => theirs),
      expected,
    );
    for (const { ours, theirs } of pairs) {
      if (!areSame(ours, theirs)) {
        return this.differenceOf(turn, ours, theirs);
      }
      ours.received = '';
      theirs.received = '';
    }
    return null;
  }

  private differenceOf(turn: number, ours: End, theirs: End): SessionDifference {
    const index = this.pairs.findIndex((pair) => pair?.ours === ours);
    const who = index < 0 ? 'what is stored, or told of keys' : `session ${index}`;
    return { turn, who, ours: shown(ours), theirs: shown(theirs) };
  }
}

/** What has not been sent yet is lost in Redis when a connection is killed; we have sent it. */
function areSame(ours: End, theirs: End): boolean {
  if (ours.closed !== theirs.closed) return false;
  return ours.closed
    ? ours.received.startsWith(theirs.received)
    : ours.received === theirs.received;
}

function shown({ received, closed }: End): string {
  return JSON.stringify(received) + (closed ? ' and closes' : '');
}

type Attempt = (sequence: SessionSequence) => Promise<SessionDifference | null>;

/** Leaves out ever smaller pieces as long as some difference is left. */
export async function minimize(
  differenceOf: Attempt,
  sequence: SessionSequence,
): Promise<SessionSequence> {
  let { moves } = sequence;
  for (let piece = Math.ceil(moves.length / 2); piece >= 1; piece = piece >> 1) {
    for (let at = moves.length - piece; at > -piece; at -= piece) {
      const without = [...moves.slice(0, Math.max(0, at)), ...moves.slice(at + piece)];
      if ((await differenceOf({ ...sequence, moves: without })) !== null) moves = without;
    }
  }
  return { ...sequence, moves };
}

export function explain(
  { protocols, events, moves }: SessionSequence,
  difference: SessionDifference,
): string {
  return [
    ...(events === '' ? [] : [`(notify-keyspace-events ${events})`]),
    `(protocols ${protocols.join(' ')})`,
    ...moves
      .slice(0, difference.turn)
      .map(({ who, words }) => `${who}> ${words.length > 0 ? cliLine(words) : '(disconnects)'}`),
    `differs: ${difference.who}`,
    `  redis-server: ${difference.theirs}`,
    `  redstart:     ${difference.ours}`,
  ].join('\n');
}
