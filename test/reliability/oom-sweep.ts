/**
 * One call with each of its reservations of memory refused in turn, beside the same call where none
 * is: what a refusal may leave, and what it may not.
 */
import type { Engine } from '../../src/engine/engine.js';
import { EngineMemoryError } from '../../src/engine/engine.js';
import { countReplies, findError } from '../../src/host/reply-scan.js';
import { encodeCommand } from '../support/wire.js';
import { BareStore } from './bare-store.js';
import { CHANCE, keyspaceOf, LIMITS } from './oom-table.js';

/** More than any call reserves; one that never goes through asks for too much. */
const RESERVATIONS_MAX = 2000;
/** More than there are buffers that keep their memory. */
const BUFFERS = 20;
/** What a buffer of the core holds before it grows (assembly/memory/buffer.ts). */
const PRIMED_BYTES = 16 * 1024 - 1024;
/** All classes of events but keys that were missed, which readers tell of before they fail. */
const CHANGES = 0xffff & ~(1 << 9);
const PROBE = Buffer.from('\0probe');
const REFUSALS = new Set([
  "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
  '-OOM the reply does not fit into memory\r\n',
]);
const decoder = new TextDecoder('latin1');

/** In which a call is made. */
export interface Circumstances {
  readonly name: string;
  /** `list-compress-depth` */
  readonly compressDepth: number;
  /** So many bytes fit behind the replies before their buffer grows. */
  readonly replyRoom: number | null;
  /** Whether the host listens to keyspace events, and hears of all keys. */
  readonly watched: boolean;
}

interface Outcome {
  /** `refused` too if not even the request found room. */
  readonly refused: boolean;
  readonly reply: string;
  readonly effects: string;
}

export interface Tally {
  calls: number;
  refusals: number;
  /** Reservations that the call went on without. */
  spared: number;
  longest: number;
  longestCall: string;
}

export class Sweep {
  readonly tally: Tally = { calls: 0, refusals: 0, spared: 0, longest: 0, longestCall: '' };
  private readonly dumps: BareStore;
  private readonly witness: BareStore;

  constructor(
    private readonly module: WebAssembly.Module,
    private readonly circumstances: Circumstances,
  ) {
    this.dumps = this.prepared('');
    this.witness = new BareStore(module);
  }

  /** What is there before the call, nothing of it being told any more. */
  private prepared(line: string): BareStore {
    const { compressDepth, watched, replyRoom } = this.circumstances;
    const store = new BareStore(this.module);
    const { engine } = store;
    for (const [name, limit] of Object.entries(LIMITS)) {
      engine.configure(name as keyof typeof LIMITS, limit);
    }
    engine.configure('list-compress-depth', compressDepth);
    store.run(Buffer.concat(keyspaceOf(line).map((each) => this.encode(each))));
    const error = findError(engine.output());
    if (error >= 0) throw new Error(decoder.decode(engine.output().subarray(error)).slice(0, 200));
    if (watched) engine.configure('notifications', CHANGES);
    if (watched) engine.configure('follow', 3);
    forget(engine);
    this.fill(engine, replyRoom);
    return store;
  }

  private fill(engine: Engine, room: number | null): void {
    if (room !== null) engine.reply(new Uint8Array(PRIMED_BYTES - room));
  }

  private encode(line: string): Uint8Array {
    return encodeCommand(line.split(' ').map((word) => this.argument(word)));
  }

  private argument(word: string): string | Uint8Array {
    const text = /^~(\d+)\.?(.*)$/.exec(word);
    if (text !== null) return 'x'.repeat(Number(text[1])) + text[2];
    return word.startsWith('@') ? this.dump(word.slice(1)) : word;
  }

  private dump(key: string): Uint8Array {
    const { engine } = this.dumps;
    forget(engine);
    this.dumps.run(encodeCommand(['DUMP', key]));
    const reply = engine.output();
    return reply.slice(reply.indexOf(10) + 1, reply.length - 2);
  }

  /** Makes the call without its first reservation, then without its second, and so on. */
  run(line: string): void {
    const call = this.encode(line);
    const expected = this.prepared(line);
    const rule = this.attempt(expected, call, 0);
    const after = stateOf(expected);
    let subject = this.prepared(line);
    const before = stateOf(this.prepared(line));
    const isFull = this.circumstances.replyRoom !== null;
    this.tally.calls++;
    for (let count = 1; ; count++) {
      if (count > RESERVATIONS_MAX) throw new Error(`${line} never goes through`);
      const what = `${this.circumstances.name}: ${line.slice(0, 100)}, without reservation ${count}`;
      const outcome = this.attempt(subject, call, count);
      const wasAsked = isSpent(subject.engine, count);
      if (wasAsked && outcome.refused) {
        this.expectUntouched(subject, before, what);
        const isAgain = !isFull && this.isRefusedAgain(subject, call, count, what);
        // What looks at a store has its replies grow.
        if (!isAgain) subject = this.prepared(line);
        continue;
      }
      if (!CHANCE.test(line)) expectSame(outcome, rule, what);
      if (!CHANCE.test(line)) same(stateOf(subject), after, `${what} changes the same`);
      if (!wasAsked) {
        this.note(line, count);
        break;
      }
      this.tally.spared++;
      subject = this.prepared(line);
    }
    this.expectSound(subject, line);
  }

  private note(line: string, count: number): void {
    const { tally } = this;
    if (count <= tally.longest) return;
    tally.longest = count;
    tally.longestCall = line.slice(0, 100);
  }

  /** Makes the call with the reservation of this number refused, or with none. */
  private attempt(store: BareStore, call: Uint8Array, refusal: number): Outcome {
    const { engine } = store;
    const start = engine.output().length;
    engine.configure('refuse-reservation', refusal);
    try {
      store.run(call);
    } catch (error) {
      if (!(error instanceof EngineMemoryError)) throw error;
      return { refused: true, reply: '', effects: decoder.decode(engine.effects()) };
    }
    const reply = decoder.decode(engine.output().subarray(start));
    return { refused: REFUSALS.has(reply), reply, effects: decoder.decode(engine.effects()) };
  }

  private expectUntouched(store: BareStore, before: string, what: string): void {
    const { engine } = store;
    this.tally.refusals++;
    same(decoder.decode(engine.effects()), '', `${what} writes nothing down`);
    same(stateOf(store), before, `${what} changes nothing`);
    same(String(engine.takeNotifications().length), '0', `${what} tells of no event`);
    same(String(engine.takeTouched().length), '0', `${what} touches no key`);
    this.clear(engine);
  }

  /**
   * Repeats a refusal until it leaves no memory behind: at first buffers grow, that has an end.
   * False if the call went through, because what it asked for was kept.
   */
  private isRefusedAgain(store: BareStore, call: Uint8Array, count: number, what: string): boolean {
    let used = usedBy(store.engine);
    for (let tries = 0; tries < BUFFERS; tries++) {
      const { refused } = this.attempt(store, call, count);
      if (!isSpent(store.engine, count) || !refused) return false;
      this.clear(store.engine);
      const after = usedBy(store.engine);
      if (after <= used) return true;
      used = after;
    }
    throw new Error(`${what} keeps memory`);
  }

  private clear(engine: Engine): void {
    forget(engine);
    this.fill(engine, this.circumstances.replyRoom);
  }

  /** What went through all refusals can be saved, is read by another store, and can be emptied. */
  private expectSound(store: BareStore, line: string): void {
    const { engine } = store;
    forget(engine);
    this.witness.load(store.save());
    same(this.witness.engine.digest(), engine.digest(), `${line} can be saved`);
    store.run(encodeCommand(['FLUSHALL', 'SYNC']));
    same(String(engine.statistics().keys(0)), '0', `${line} leaves what can be emptied`);
  }
}

function forget(engine: Engine): void {
  engine.clearOutput();
  engine.clearEffects();
  engine.takeNotifications();
  engine.takeTouched();
}

/** All that can be seen of the data. Of groups of streams the digest tells nothing, as in Redis. */
function stateOf(store: BareStore): string {
  const { engine } = store;
  if (!hasGroups(engine)) return engine.digest();
  return engine.digest() + decoder.decode(Buffer.concat(store.save()));
}

/** Whether there is a stream: only they have groups. */
function hasGroups(engine: Engine): boolean {
  return ['x:small', 'x:large', 'x:gone', 'x:huge', 'fresh', 'to'].some((name) => {
    return engine.typeOf(0, Buffer.from(name)) === 'stream';
  });
}

function usedBy(engine: Engine): number {
  while (engine.tick(1e6) === 0);
  return engine.statistics().usedMemory;
}

/** Whether the reservation that was to be refused was asked for; if not, it is withdrawn. */
export function isSpent(engine: Engine, count: number): boolean {
  for (let left = 0; left < count; left++) {
    try {
      engine.setInterest(0, PROBE, true);
    } catch (error) {
      if (error instanceof EngineMemoryError) return false;
      throw error;
    }
    engine.setInterest(0, PROBE, false);
  }
  return true;
}

function expectSame(outcome: Outcome, rule: Outcome, what: string): void {
  same(outcome.reply, rule.reply, `${what} replies the same`);
  same(outcome.effects, rule.effects, `${what} writes the same down`);
  same(String(countReplies(Buffer.from(outcome.reply, 'latin1'))), '1', `${what} replies once`);
}

function same(found: string, expected: string, what: string): void {
  if (found === expected) return;
  throw new Error(`${what}: ${shorten(found)} and not ${shorten(expected)}`);
}

function shorten(text: string): string {
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}... (${text.length})` : text);
}
