/**
 * One ownership of a store as users have it: engine, host and storage, and clients that send batches
 * and remember what each reply stands for.
 */
import { readFile } from 'node:fs/promises';
import { Engine } from '../../src/engine/engine.js';
import { Host } from '../../src/host/host.js';
import { endOfReply } from '../../src/host/reply-scan.js';
import type { Session } from '../../src/host/session.js';
import { RedstartError } from '../../src/resp/errors.js';
import type { CheckedStorage } from './checked-storage.js';
import { type Life, openChecked, type Surroundings } from './storage-life.js';
import { type Batch, drawBatch } from './workload.js';
import { type Process, Violation, type World } from './world.js';

/** WAITAOF: the journal here has it. */
const WAITED = '*2\r\n:1\r\n';
const CORE = new URL('../../dist/core.wasm', import.meta.url);
const decoder = new TextDecoder('latin1');
const DIGEST_OF_NOTHING = '0'.repeat(40);
/** F9: a pause this long may have cost the store its ownership. */
const PAUSE_MS_MAX = 500;

/** A batch whose replies have not all come. */
interface Asked {
  readonly batch: Batch;
  /** Entries that had been executed when it was sent, and when it had been taken. */
  readonly before: number;
  after: number;
  /** It came after the owner had slept and lost the store. */
  readonly isDeposed: boolean;
  /** Whether each reply is a promise. */
  readonly isPromised: boolean;
  left: number;
}

/** Makes lives with the core that has been built. */
export async function hostLives(): Promise<(surroundings: Surroundings) => Life> {
  const core = await WebAssembly.compile(await readFile(CORE));
  return (surroundings) => new HostLife(surroundings, core);
}

export class HostLife implements Life {
  state: Life['state'] = 'opening';
  error: unknown = null;
  storage: CheckedStorage | null = null;
  private host: Host | null = null;
  private frozenAt: number | null = null;
  /** It was frozen for long, and somebody else had the store when it went on. */
  wasDeposed = false;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly core: WebAssembly.Module,
  ) {
    this.live().catch((error) => void this.world.violation(`a client failed: ${error?.stack}`));
  }

  get process(): Process {
    return this.surroundings.process;
  }

  get world(): World {
    return this.process.world;
  }

  private async live(): Promise<void> {
    const { world, process } = this;
    try {
      this.host = await this.open();
      this.state = 'open';
    } catch (error) {
      this.error = error;
      this.state = 'refused';
      world.note(`${process.name} refused: ${error}`);
      if (!(error instanceof RedstartError)) world.violation(`opening threw ${error}`);
      return;
    }
    this.compareDigests(this.host);
    const clients = [new Client(this, this.host, true), new Client(this, this.host, false)];
    while (this.state === 'open') {
      await world.pause(world.dice.chance(0.5) ? world.dice.ms(10) : world.dice.ms(400), process);
      this.noteThaw();
      if (this.state === 'open') world.dice.pick(clients).send(drawBatch);
    }
  }

  private async open(): Promise<Host> {
    const { process, random } = this.surroundings;
    this.storage = await openChecked(this.surroundings);
    const seed = new Uint8Array(16);
    random(seed);
    const engine = Engine.create(this.core, { seed });
    this.storage.digest = () => engine.digest();
    return Host.open({ engine, storage: this.storage, clock: process.clock, random });
  }

  /** What was loaded is what had been executed. */
  private compareDigests({ engine }: Host): void {
    const expected = this.storage?.line?.entries.at(-1)?.digest ?? DIGEST_OF_NOTHING;
    if (engine.digest() !== expected) {
      this.world.violation(`${this.process.name} has other data than were executed`);
    }
  }

  frozen(): void {
    // One that was still opening finds out by itself.
    if (this.state === 'open') this.frozenAt = this.world.now;
  }

  private noteThaw(): void {
    if (this.frozenAt === null) return;
    const paused = this.world.now - this.frozenAt;
    this.frozenAt = null;
    const line = this.storage?.line;
    if (paused <= PAUSE_MS_MAX || !line || line.taken === null) return;
    this.wasDeposed = !line.isWiped;
  }

  /** A reply has been given: what it shows must be safe. */
  answered(asked: Asked, reply: string): void {
    if (reply.startsWith('-') || this.storage?.line == null) return;
    if (asked.isDeposed) {
      this.world.violation(`P5: ${this.process.name} slept, lost the store, and answers`);
    }
    const isLast = asked.left === 0;
    const waited = isLast && asked.batch.waits;
    // WAITAOF may say that it is not there, and then has promised nothing.
    if (waited && (!reply.startsWith(WAITED) || this.storage.durability === 'no')) return;
    if (!waited && !(asked.isPromised && this.storage.durability === 'always')) return;
    this.storage.line.answerFor(isLast && !waited ? asked.after : asked.before, 'a reply');
  }

  async close(): Promise<void> {
    this.state = 'closed';
    try {
      await this.host?.close();
    } catch (error) {
      this.world.note(`${this.process.name}: ${error}`);
      if (!(error instanceof RedstartError)) this.world.violation(`closing threw ${error}`);
    }
  }
}

class Client {
  private readonly asked: Asked[] = [];
  private readonly session: Session;
  private ended = false;

  constructor(
    private readonly life: HostLife,
    private readonly host: Host,
    private readonly administers: boolean,
  ) {
    const sink = {
      write: (bytes: Uint8Array) => this.listen(bytes),
      end: () => {
        this.ended = true;
      },
    };
    const about = { address: 'client:1', localAddress: 'store:1', kind: 'inline' } as const;
    this.session = host.connect(sink, about);
  }

  send(draw: typeof drawBatch): void {
    const { storage, world } = this.life;
    const batch = draw(world.dice, this.administers);
    if (this.ended || storage?.line == null) return;
    const isPromised = storage.durability === 'always' && !storage.isStopped;
    // What is not executed yet has seen nothing yet.
    const isLater = this.host.batches.isHeld || this.session.suspended;
    const before = isLater ? 0 : storage.line.entries.length;
    const { wasDeposed: isDeposed } = this.life;
    const asked: Asked = {
      batch,
      before,
      after: before,
      isDeposed,
      isPromised,
      left: batch.replies,
    };
    this.asked.push(asked);
    world.note(`${this.life.process.name} is asked: ${batch.text}`);
    this.host.receive(this.session, batch.requests);
    if (!isLater) asked.after = storage.line.entries.length;
  }

  /** What is wrong is noted down; it is not for the host to handle. */
  private listen(bytes: Uint8Array): void {
    try {
      this.hear(bytes);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
    }
  }

  private hear(bytes: Uint8Array): void {
    for (const reply of repliesIn(bytes)) {
      const asked = this.asked[0];
      this.life.world.note(`${this.life.process.name} replies: ${reply.slice(0, 40)}`);
      if (asked === undefined) throw this.life.world.violation('a reply that nobody asked for');
      asked.left--;
      if (asked.left === 0) this.asked.shift();
      this.life.answered(asked, reply);
    }
  }
}

function repliesIn(bytes: Uint8Array): string[] {
  const replies: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = endOfReply(bytes, at);
    replies.push(decoder.decode(bytes.subarray(at, end)));
    at = end;
  }
  return replies;
}
