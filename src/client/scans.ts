/** SCAN and its kin as loops: `for await (const keys of client.scanIterator()) ...`. */
import type { RedisArgument } from './redis-commands.js';

export interface ScanIteratorOptions {
  readonly cursor?: RedisArgument;
  readonly MATCH?: RedisArgument;
  readonly COUNT?: number;
  /** Of SCAN alone. */
  readonly TYPE?: RedisArgument;
}

export interface HashEntry {
  readonly field: string;
  readonly value: string;
}

export interface ScoredMember {
  readonly value: string;
  readonly score: number;
}

type Page = Readonly<Record<string, unknown>>;

/** The pages that the client's method gives, from the first cursor until it comes back to 0. */
export async function* pagesOf<T>(
  client: object,
  method: string,
  args: readonly unknown[],
  options: ScanIteratorOptions = {},
  itemsOf: (page: Page) => T[],
): AsyncGenerator<T[], void, unknown> {
  const methods = client as Record<string, (...args: unknown[]) => Promise<Page>>;
  let cursor = String(options.cursor ?? '0');
  do {
    const page = (await methods[method]?.(...args, cursor, options)) as Page;
    cursor = String(page.cursor);
    yield itemsOf(page);
  } while (cursor !== '0');
}
