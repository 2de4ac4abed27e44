/** What the tests of group commit share: a target that ends its commits when the test says so. */
import { type CommitTarget, GroupCommit, type Pace } from '../../src/storage/group-commit.js';
import { bytes } from './contract.js';
import { settle } from './drive.js';
import { FakeScheduler } from './fake-scheduler.js';

/** Remembers what it was asked for; at most one commit may be under way. */
export class ManualTarget implements CommitTarget {
  readonly commits: string[] = [];
  checks = 0;
  #end: ((error?: Error) => void) | null = null;

  commit(chunks: readonly Uint8Array[], _written?: () => void): Promise<void> {
    if (this.#end !== null) throw new Error('two commits at once');
    this.commits.push(chunks.map((chunk) => new TextDecoder().decode(chunk)).join('|'));
    return new Promise((resolve, reject) => {
      this.#end = (error) => (error ? reject(error) : resolve());
    });
  }

  async check(): Promise<void> {
    if (this.#end !== null) throw new Error('a check during a commit');
    this.checks++;
  }

  /** Ends the commit under way and lets what follows from it happen. */
  async end(error?: Error): Promise<void> {
    const end = this.#end;
    if (end === null) throw new Error('no commit is under way');
    this.#end = null;
    end(error);
    await settle();
  }
}

export interface Made<T> {
  readonly target: T;
  readonly scheduler: FakeScheduler;
  readonly group: GroupCommit;
  /** Appends in one task, and lets what follows from it happen. */
  append(...texts: string[]): Promise<void>;
}

export function makeFor<T extends CommitTarget>(target: T, pace: Pace): Made<T> {
  const scheduler = new FakeScheduler();
  const group = new GroupCommit(target, scheduler, pace);
  const append = async (...texts: string[]) => {
    for (const text of texts) group.append(bytes(text));
    await settle();
  };
  return { target, scheduler, group, append };
}
