/**
 * Command cases: a title that is a sentence about behaviour, and a transcript. Each case runs on
 * every chosen target, from an empty store, once in RESP2 and once in RESP3:
 *
 *     const given = commandSuite();
 *
 *     given('APPEND creates the key, then extends it')`
 *       APPEND k Hello     -> :5
 *       APPEND k " World"  -> :11
 *     `;
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReply, shorten } from './render.js';
import { type Answer, replay } from './replay.js';
import { chosenTargets, type Store, type TargetName } from './targets.js';
import { type Line, mismatch, parseTranscript } from './transcript.js';
import type { Protocol } from './wire.js';

interface CaseOptions {
  /** Protocols to run in; both by default. */
  protocols?: readonly Protocol[];
  /** Targets that cannot run this case, each with the reason. */
  skip?: Partial<Record<TargetName, string>>;
}

type Given = (
  title: string,
  options?: CaseOptions,
) => (transcript: TemplateStringsArray, ...values: unknown[]) => void;

const START_TIMEOUT_MS = 60_000;

/** Opens the chosen targets for this file's cases. */
export function commandSuite(): Given {
  const stores = openTargets();
  return (title, options = {}) =>
    (transcript, ...values) => {
      const text = String.raw({ raw: transcript.raw }, ...values);
      describe(title, () => registerCase(stores, options, text));
    };
}

/** For cases that are written as code: `body` gets an empty store, once per chosen target. */
export function storeSuite(): (
  title: string,
  body: (store: Store, target: TargetName) => Promise<void>,
  options?: Pick<CaseOptions, 'skip'>,
) => void {
  const stores = openTargets();
  return (title, body, options = {}) => {
    describe(title, () => {
      for (const { name } of chosenTargets()) {
        test.skipIf(options.skip?.[name] !== undefined)(name, async () => {
          const store = storeOf(stores, name);
          const connection = await store.connect();
          await connection.send('FLUSHALL');
          connection.close();
          await body(store, name);
        });
      }
    });
  };
}

function openTargets(): Map<TargetName, Store | Error> {
  const stores = new Map<TargetName, Store | Error>();
  beforeAll(async () => {
    const open = chosenTargets().map(async (target) => {
      stores.set(target.name, await target.open().catch((error: Error) => error));
    });
    await Promise.all(open);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    for (const store of stores.values()) if (!(store instanceof Error)) await store.close();
  });
  return stores;
}

function storeOf(stores: Map<TargetName, Store | Error>, name: TargetName): Store {
  const store = stores.get(name);
  if (store === undefined || store instanceof Error) {
    throw new Error(`the target ${name} did not start`, { cause: store });
  }
  return store;
}

function registerCase(
  stores: Map<TargetName, Store | Error>,
  options: CaseOptions,
  text: string,
): void {
  for (const { name } of chosenTargets()) {
    const reason = options.skip?.[name];
    test.skipIf(reason !== undefined)(
      reason === undefined ? name : `${name} (${reason})`,
      async () => {
        const store = storeOf(stores, name);
        const lines = parseTranscript(text);
        for (const protocol of options.protocols ?? [2, 3]) await runLines(store, lines, protocol);
      },
    );
  }
}

/** Runs a transcript and fails with all of its lines when one reply is not as expected. */
export async function runLines(store: Store, lines: Line[], protocol: Protocol): Promise<void> {
  const replies = await replay(store, lines, protocol);
  const wrong: string[] = [];
  for (const [index, line] of lines.entries()) {
    const complaint = judge(line, replies[index] ?? null);
    if (complaint === null) continue;
    wrong.push(`RESP${protocol}  ${shorten(line.command)}\n  ${complaint}`);
  }
  expect(wrong.join('\n'), 'replies that are not as expected').toBe('');
}

function judge(line: Line, answer: Answer | null): string | null {
  if (line.expected === null) return 'has no expected reply';
  if (answer === null) return null;
  const complaint = mismatch(line.expected, answer.reply.tree, answer.protocol);
  if (complaint === null) return null;
  return `${complaint}: got ${shorten(renderReply(answer.reply.tree), 2000)}`;
}
