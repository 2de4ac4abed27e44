/** What the browser grants this origin; the page is asked, for workers may not ask for everything. */
import { withDeadline } from '../resp/deadline.js';

export interface OriginStorage {
  /** Whether the browser deletes nothing by itself; null: it does not tell. */
  readonly persisted: boolean | null;
  /** Bytes that all of this origin takes, roughly; null: not known. */
  readonly usage: number | null;
  /** Bytes that this origin may take, roughly; null: not known. */
  readonly quota: number | null;
}

/** A browser may put a question to the user, and wait. */
const ASK_TIMEOUT_MS = 30_000;
const ANSWER_TIMEOUT_MS = 2_000;

const manager = (): Partial<StorageManager> =>
  typeof navigator === 'undefined' ? {} : (navigator.storage ?? {});

export async function originStorage(): Promise<OriginStorage> {
  const storage = manager();
  const [persisted, estimate] = await Promise.all([
    answerOf(() => storage.persisted?.(), ANSWER_TIMEOUT_MS),
    answerOf(() => storage.estimate?.(), ANSWER_TIMEOUT_MS),
  ]);
  return {
    persisted: persisted ?? null,
    usage: estimate?.usage ?? null,
    quota: estimate?.quota ?? null,
  };
}

/** Asks the browser, and perhaps the user, to delete nothing by itself. False also for no answer. */
export async function persistOrigin(timeoutMs = ASK_TIMEOUT_MS): Promise<boolean> {
  const storage = manager();
  return (await answerOf(() => storage.persist?.(), timeoutMs)) ?? false;
}

/** Undefined if there is no answer, for whatever reason. */
async function answerOf<T>(
  ask: () => Promise<T> | undefined,
  timeoutMs: number,
): Promise<T | undefined> {
  try {
    return await withDeadline(Promise.resolve(ask()), timeoutMs, () => new Error('no answer'));
  } catch {
    return undefined;
  }
}
