/** An engine for tests, with requests and replies as text. */
import { readFile } from 'node:fs/promises';
import { Engine, type EngineOptions, type StopReason } from '../../src/engine/engine.js';

const CORE = new URL('../../dist/core.wasm', import.meta.url);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface Answer {
  readonly reason: StopReason;
  readonly replies: string;
  readonly effects: string;
}

/** An engine at the time 1,000,000 ms, whose effects are noted down. */
export async function createCore(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const module = await WebAssembly.compile(await readFile(CORE));
  const engine = Engine.create(module, { seed: new Uint8Array(16).fill(3), ...options });
  engine.setTime(1_000_000);
  engine.setEffects(true);
  return engine;
}

/** A command in RESP; the words must not contain spaces. */
export function resp(line: string): string {
  const words = line.split(' ');
  const bulks = words.map((word) => `$${encoder.encode(word).length}\r\n${word}\r\n`);
  return `*${words.length}\r\n${bulks.join('')}`;
}

/** Runs bytes as one batch in database 0, RESP2, until the core stops. */
export function run(engine: Engine, bytes: string): Answer {
  const batch = encoder.encode(bytes);
  engine.input(batch.length).set(batch);
  engine.begin(batch.length);
  return finish(engine, engine.execute(0, 2));
}

/** Takes replies and effects out of the engine. */
export function finish(engine: Engine, reason: StopReason): Answer {
  const replies = decoder.decode(engine.output());
  const effects = decoder.decode(engine.effects());
  engine.clearOutput();
  engine.clearEffects();
  return { reason, replies, effects };
}

/** Runs command lines and returns what is propagated, as lines without the SELECT. */
export function propagated(engine: Engine, ...lines: string[]): string[] {
  const { effects } = run(engine, lines.map(resp).join(''));
  return effects
    .split(/(?=\*\d+\r\n)/)
    .map((command) => command.split('\r\n').filter((_, index) => index > 0 && index % 2 === 0))
    .map((words) => words.join(' '))
    .filter((command) => command !== '' && !command.startsWith('SELECT'));
}
