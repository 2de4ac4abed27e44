/**
 * Loading: delivers the newest candidate that turns out to be whole. Chunks are checked while they are
 * read, so a bad one may be found late: then what was delivered is void and the next candidate comes.
 */
import { type Candidate, candidate, type Records, readable } from './candidates.js';
import { isFault, StorageFault } from './errors.js';
import type { Generations } from './generations.js';
import type { Manifest } from './manifest.js';
import { type Chain, type Commit, compare, describePosition } from './recovery.js';
import type { DamageReport, Loader, Position } from './storage.js';

export interface LoadSource {
  readonly records: Records;
  /** What is not durable yet: follows on everything. */
  readonly tail: readonly Uint8Array[];
  readonly generations: Generations;
  /** Generations known to be bad, to which those found are added. */
  readonly bad: Set<number>;
  /** Faults at these places are known and were accepted when the store was taken. */
  readonly accepted: readonly Position[];
  /** Deliver what there is if nothing is whole? */
  readonly truncate: boolean;
  /** The number of this ownership, for what is set aside. */
  readonly epoch: number;
  /** Rejects if another owner may have changed what we read. */
  verify(): Promise<void>;
}

export interface Delivered {
  readonly base: Manifest | null;
  /** Of the journal. */
  readonly frames: number;
  readonly bytes: number;
  readonly damaged: DamageReport | null;
  /** False if something newer was left out. */
  readonly whole: boolean;
}

export async function deliver(loader: Loader, source: LoadSource): Promise<Delivered> {
  const delivery = new Delivery(loader, source);
  const bases = [...readable(source.records.manifests), null];
  for (const whole of source.truncate ? [true, false] : [true]) {
    for (const base of bases) {
      const delivered = await delivery.attempt(base, whole);
      if (delivered !== null) return delivered;
    }
  }
  throw delivery.refusal();
}

class Delivery {
  readonly #loader: Loader;
  readonly #source: LoadSource;
  /** What was wrong first, so with the newest. */
  #damage: DamageReport | null = null;
  /** True once something was delivered that does not count. */
  #void = false;

  constructor(loader: Loader, source: LoadSource) {
    this.#loader = loader;
    this.#source = source;
  }

  /** Null if `base` cannot be delivered. */
  async attempt(base: Manifest | null, whole: boolean): Promise<Delivered | null> {
    if (base !== null && this.#source.bad.has(base.number)) return null;
    const found = candidate(this.#source.records, base);
    const problem = this.#problemOf(found);
    if (problem !== null && whole) {
      this.#note({ kind: 'damaged', bytesLost: 0, ...problem });
      return null;
    }
    if (base !== null && !(await this.#snapshot(base))) return null;
    if (base === null && !this.#reset()) return null;
    const commits = problem === null ? found.commits : until(found.commits, problem.at);
    return this.#journal(base, found, commits);
  }

  refusal(): StorageFault {
    const { at, cause } = this.#damage ?? { at: { epoch: 0, n: 0 }, cause: 'nothing is whole' };
    const message = `no snapshot is whole with the journal behind it: ${cause}`;
    return new StorageFault('damaged', message, { at });
  }

  #problemOf({ strict, relaxed, gap }: Candidate): { at: Position; cause: string } | null {
    return this.#faultOf(strict) ?? this.#faultOf(relaxed) ?? gap;
  }

  #faultOf(chain: Chain | null): { at: Position; cause: string } | null {
    const fault = chain?.fault ?? null;
    if (fault === null || this.#source.accepted.some((at) => compare(at, fault.at) === 0))
      return null;
    const { at, cause } = fault;
    return { at, cause: `the journal is damaged at frame ${describePosition(at)}: ${cause}` };
  }

  /** False if it is damaged. */
  async #snapshot(base: Manifest): Promise<boolean> {
    const { generations, epoch, bad } = this.#source;
    let sound = false;
    this.#void = true;
    this.#loader.beginSnapshot();
    try {
      for await (const content of generations.read(base, epoch)) {
        sound = true;
        await this.#loader.snapshot(content);
        sound = false;
      }
      sound = true;
      await this.#loader.endSnapshot();
      return true;
    } catch (error) {
      if (!isFault(error, 'damaged')) throw error;
      // Only with the store still ours is it not another owner who has deleted what is missing.
      await this.#source.verify();
      if (sound) await generations.setAllAside(base, error.message, epoch);
      bad.add(base.number);
      const { number, cut } = base;
      const cause = error.message;
      this.#note({ kind: 'damaged', at: cut.position, bytesLost: 0, cause, generation: number });
      return false;
    }
  }

  /** False if the loader cannot forget. */
  #reset(): boolean {
    if (this.#void) this.#loader.reset?.();
    return !this.#void || this.#loader.reset !== undefined;
  }

  async #journal(base: Manifest | null, found: Candidate, commits: readonly Commit[]) {
    let frames = 0;
    let bytes = 0;
    for (const { payloads } of commits) {
      frames += payloads.length;
      for (const payload of payloads) bytes += payload.length;
      await this.#loader.journal(joined(payloads));
    }
    for (const chunk of this.#source.tail) await this.#loader.journal(chunk);
    const whole = commits.length === found.commits.length;
    const bytesLost = sizeOf(found.commits) - sizeOf(commits);
    const damaged = this.#damage && { ...this.#damage, bytesLost };
    return { base, frames, bytes, damaged, whole };
  }

  #note(damage: DamageReport): void {
    this.#damage ??= damage;
  }
}

/** The commits in front of `at`. */
function until(commits: readonly Commit[], at: Position): readonly Commit[] {
  return commits.filter(({ position }) => compare(position, at) < 0);
}

export function sizeOf(commits: readonly Commit[]): number {
  let bytes = 0;
  for (const { payloads } of commits) for (const { length } of payloads) bytes += length;
  return bytes;
}

function joined(payloads: readonly Uint8Array[]): Uint8Array {
  const [first] = payloads;
  if (payloads.length === 1 && first !== undefined) return first;
  const bytes = new Uint8Array(payloads.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const payload of payloads) {
    bytes.set(payload, offset);
    offset += payload.length;
  }
  return bytes;
}
