/** A store that is not one: a transport whose other end is the test. */
import type { RedstartError } from '../../src/resp/errors.js';
import type { StoreNotice } from '../../src/resp/persistence.js';
import type {
  AskStore,
  OpenTransport,
  Transport,
  TransportEvents,
} from '../../src/transport/transport.js';

/** One open pipe, seen from the store. */
export class FakePipe implements Transport {
  readonly report: unknown;
  /** Batches as they came, and their commands. */
  readonly batches: string[][][] = [];
  isClosed = false;
  isDestroyed = false;

  constructor(
    readonly events: TransportEvents,
    private readonly store: FakeStore,
  ) {
    this.report = store.report;
  }

  lend(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(64);
  }

  send(bytes: Uint8Array, length: number): void {
    const commands = parse(Buffer.from(bytes.buffer, bytes.byteOffset, length).toString());
    this.batches.push(commands);
    this.store.handle(this, commands);
    bytes.fill(0xff);
  }

  /** Reply bytes, as the store would send them. */
  reply(text: string): void {
    const bytes = Buffer.from(text);
    this.events.receive(bytes, bytes.length);
    bytes.fill(0xff);
  }

  break(error: RedstartError, mayReturn = false): void {
    this.events.closed(error, mayReturn);
  }

  /** What was asked beside commands, and how that is answered. */
  readonly asked: string[] = [];
  readonly ask: AskStore = async (name, ...args) => {
    this.asked.push(name);
    return (await this.store.requests[name]?.(...args)) as never;
  };

  tell(notice: StoreNotice): void {
    this.events.notice?.(notice);
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  destroy(): void {
    this.isDestroyed = true;
  }
}

export class FakeStore {
  readonly pipes: FakePipe[] = [];
  report: unknown = { warnings: ['a fake'] };
  /** Answers by itself: HELLO, and what `answers` says. Others wait for `reply`. */
  answers: (command: string[]) => string | null = () => null;
  opening: Promise<void> = Promise.resolve();
  /** Answers to what is no command, by name. */
  requests: Record<string, (...args: unknown[]) => unknown> = {};

  readonly open: OpenTransport = async (events) => {
    await this.opening;
    const pipe = new FakePipe(events, this);
    this.pipes.push(pipe);
    return pipe;
  };

  get pipe(): FakePipe {
    return this.pipes.at(-1) as FakePipe;
  }

  handle(pipe: FakePipe, commands: string[][]): void {
    let text = '';
    for (const command of commands) {
      text += command[0] === 'HELLO' ? '%0\r\n' : (this.answers(command) ?? '');
    }
    if (text !== '') queueMicrotask(() => pipe.reply(text));
  }
}

/** Commands of a batch; made for the texts of these tests. */
function parse(text: string): string[][] {
  const commands: string[][] = [];
  const lines = text.split('\r\n');
  let at = 0;
  while (at < lines.length - 1) {
    const count = Number((lines[at++] as string).slice(1));
    const command: string[] = [];
    for (let i = 0; i < count; i++) {
      command.push(lines[at + 1] as string);
      at += 2;
    }
    commands.push(command);
  }
  return commands;
}
