/**
 * Storage in IndexedDB: two journals, one for each way to write, and the group commit between them
 * and the caller.
 *
 * Strict and relaxed transactions must never meet in one database (docs/RELIABILITY.md F3), so `always` and
 * `everysec` write to the strict one and `no` to the relaxed one. Who owns the store is settled in the
 * strict one alone, for both: every owner puts its fence there first and gets its epoch from it.
 *
 *   strict    F1 ( ) ( )  F2            F3 (copied) (copied) (end) ( ) ...
 *   relaxed                  F2 ( ) ( )    F3
 *             '- always -'  '--- no ---'  '------- everysec -------
 *
 * Replay is the strict journal, then the epochs of the relaxed one that it has not absorbed. An owner
 * that writes to the strict one first brings those over, commit by commit, with an end mark: without
 * the mark nothing of it counts and the relaxed journal still does. An owner that writes to the relaxed
 * one brings nothing over: what it writes follows on what is there.
 */
import { fenced, isFault, isFinal, StorageFault } from './errors.js';
import { Place } from './frames.js';
import { type CommitTarget, GroupCommit, type Pace } from './group-commit.js';
import { Journal, type Takeover } from './journal.js';
import type { Commit } from './recovery.js';
import type {
  DamageReport,
  Durability,
  Loader,
  OpenReport,
  Scheduler,
  SnapshotWriter,
  Storage,
  StorageFacts,
  StorageState,
} from './storage.js';

export interface IndexedDBOptions {
  readonly name: string;
  readonly durability: Durability;
  readonly factory: IDBFactory;
  readonly scheduler: Scheduler;
  /** Fills `bytes` with random numbers. */
  random(bytes: Uint8Array): void;
  /** How long one call of IndexedDB may take. */
  readonly timeoutMs: number;
  /** What to do about damage that is not at the end: refuse to open, or cut there. */
  readonly recover: 'refuse' | 'truncate';
}

/** If the relaxed journal knows of later epochs than the strict one, which then has lost some. */
const EPOCH_ATTEMPTS_MAX = 3;

export function databaseName(name: string, place: Place): string {
  return `redstart/1/${place === Place.Strict ? 'strict' : 'relaxed'}/${name}`;
}

export class IndexedDBStorage implements Storage {
  readonly report: OpenReport;
  readonly #options: IndexedDBOptions;
  readonly #journal: Journal;
  readonly #group: GroupCommit;
  #durability: Durability;
  #state: StorageState = { kind: 'ok', error: null };
  readonly #listeners: ((state: StorageState) => void)[] = [];
  readonly journals = true;
  /** What was there at open, until the first replay has delivered it. */
  #commits: readonly Commit[] | null;

  private constructor(options: IndexedDBOptions, opened: Opened) {
    this.#options = options;
    this.#journal = opened.journal;
    this.#durability = options.durability;
    this.#commits = opened.commits;
    this.report = reportOf(options, opened);
    const target: CommitTarget = opened.journal;
    this.#group = new GroupCommit(target, options.scheduler, paceOf(options.durability));
    this.#group.onFailure((error) => {
      const kind = isFinal(error) ? 'ended' : isFault(error, 'full') ? 'full' : 'failing';
      this.#setState({ kind, error });
    });
    this.#group.onSuccess(() => {
      if (this.#state.kind !== 'ok') this.#setState({ kind: 'ok', error: null });
    });
    // Find out at once whether the data is gone with the connection; if not, write the rest again.
    opened.journal.onLost = () => void this.#group.check().catch(() => {});
  }

  static async open(options: IndexedDBOptions): Promise<IndexedDBStorage> {
    const opening = new Opening(options);
    try {
      return new IndexedDBStorage(options, await opening.run());
    } catch (error) {
      opening.closeAll();
      throw error;
    }
  }

  async load(loader: Loader): Promise<void> {
    const commits = this.#commits ?? (await this.#readAgain());
    this.#commits = null;
    for (const commit of commits) await loader.journal(bytesOf(commit));
  }

  append(bytes: Uint8Array): number {
    return this.#group.append(bytes);
  }

  get position(): number {
    return this.#group.position;
  }

  get durablePosition(): number {
    return this.#group.durablePosition;
  }

  durable(position: number): Promise<void> {
    return this.#group.durable(position);
  }

  flush(): Promise<void> {
    return this.#group.flush();
  }

  verify(): Promise<void> {
    return this.#group.check();
  }

  async setDurability(mode: Durability): Promise<void> {
    if ((mode === 'no') !== (this.#durability === 'no')) {
      const change = `from appendfsync ${this.#durability} to ${mode}`;
      throw new StorageFault('unsupported', `${change}: close the store and open it again`);
    }
    this.#durability = mode;
    this.#group.setPace(paceOf(mode));
  }

  async discard(): Promise<void> {
    throw new StorageFault('unsupported', 'not yet');
  }

  beginSnapshot(): SnapshotWriter {
    throw new StorageFault('unsupported', 'not yet');
  }

  async stopJournal(): Promise<void> {
    throw new StorageFault('unsupported', 'not yet');
  }

  async destroy(): Promise<void> {
    throw new StorageFault('unsupported', 'not yet');
  }

  get facts(): StorageFacts {
    return { generation: 0, snapshotBytes: 0, journalBytes: this.position, lastDurableAt: null };
  }

  get state(): StorageState {
    return this.#state;
  }

  onState(listener: (state: StorageState) => void): void {
    this.#listeners.push(listener);
  }

  #setState(state: StorageState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  async close(): Promise<void> {
    try {
      await this.#group.flush();
    } finally {
      this.#group.stop(new StorageFault('closed', 'the store is closed'));
      this.#journal.close();
    }
  }

  async #readAgain(): Promise<readonly Commit[]> {
    const opening = new Opening(this.#options);
    try {
      return await opening.read();
    } finally {
      opening.closeAll();
    }
  }
}

interface Opened {
  readonly journal: Journal;
  readonly created: boolean;
  readonly epoch: number;
  readonly commits: readonly Commit[];
  readonly damaged: DamageReport | null;
}

/** One opening of the store: from nothing to a journal that is ours. */
class Opening {
  readonly #options: IndexedDBOptions;
  readonly #owner: number;
  readonly #journals: Journal[] = [];

  constructor(options: IndexedDBOptions) {
    this.#options = options;
    this.#owner = drawOwner(options);
  }

  async run(): Promise<Opened> {
    const relaxedWanted = this.#options.durability === 'no';
    // A relaxed owner makes its journal before it gets an epoch, so that later owners can find it.
    let relaxed = relaxedWanted ? await this.#open(Place.Relaxed, true) : null;
    const strict = await this.#open(Place.Strict, true);
    let { epoch, chain } = await this.#takeStrict(strict, 0);
    relaxed ??= await this.#openIfThere(Place.Relaxed);
    if (relaxed === null) return this.#opened(strict, strict, [{ epoch, chain }]);

    for (let attempt = 0; attempt < EPOCH_ATTEMPTS_MAX; attempt++) {
      const { highestEpoch } = await relaxed.scan();
      if (highestEpoch < epoch) break;
      ({ epoch, chain } = await this.#takeStrict(strict, highestEpoch));
    }
    const relaxedTakeover = await this.#takeRelaxed(relaxed, epoch);
    const takeovers = [{ epoch, chain }, relaxedTakeover];
    if (relaxedWanted) return this.#opened(relaxed, strict, takeovers);

    const fresh = notAbsorbed(takeovers);
    if (fresh.length > 0) await strict.copy(fresh);
    return this.#opened(strict, strict, takeovers);
  }

  /** All that counts now, without taking anything over. */
  async read(): Promise<readonly Commit[]> {
    const strict = await this.#open(Place.Strict, false);
    const chains = [{ epoch: 0, chain: await strict.scan() }];
    const relaxed = await this.#openIfThere(Place.Relaxed);
    if (relaxed !== null) chains.push({ epoch: 0, chain: await relaxed.scan() });
    return allCommits(chains);
  }

  closeAll(): void {
    for (const journal of this.#journals) journal.close();
  }

  async #open(place: Place, create: boolean): Promise<Journal> {
    const { factory, name, scheduler, timeoutMs } = this.#options;
    const durability = place === Place.Strict ? 'strict' : 'relaxed';
    const options = { factory, name: databaseName(name, place), durability, scheduler, timeoutMs };
    const journal = await Journal.open({ ...options, durability, place }, create);
    this.#journals.push(journal);
    return journal;
  }

  async #openIfThere(place: Place): Promise<Journal | null> {
    try {
      return await this.#open(place, false);
    } catch (error) {
      if (isFault(error, 'missing')) return null;
      throw error;
    }
  }

  #takeStrict(journal: Journal, above: number): Promise<Takeover> {
    return journal.takeOver({
      ...this.#claim(),
      epochAfter: ({ highestEpoch }) => Math.max(highestEpoch, above) + 1,
    });
  }

  #takeRelaxed(journal: Journal, epoch: number): Promise<Takeover> {
    return journal.takeOver({
      ...this.#claim(),
      epochAfter: ({ highestEpoch }) => {
        // A later owner was here first.
        if (highestEpoch >= epoch) throw fenced();
        return epoch;
      },
    });
  }

  #claim() {
    const { durability, recover } = this.#options;
    const place = durability === 'no' ? Place.Relaxed : Place.Strict;
    return { place, owner: this.#owner, recover };
  }

  /** Keeps the journal that is written to and lets go of the other. */
  #opened(journal: Journal, strict: Journal, takeovers: readonly Takeover[]): Opened {
    for (const other of this.#journals) if (other !== journal) other.close();
    const [{ epoch }] = takeovers as [Takeover];
    const damaged = takeovers.map(damageOf).find((damage) => damage !== null) ?? null;
    return { journal, created: strict.created, epoch, commits: allCommits(takeovers), damaged };
  }
}

/** First what the strict journal has, then what the relaxed one has beyond it. */
function allCommits(takeovers: readonly Takeover[]): readonly Commit[] {
  const [strict] = takeovers;
  return [...(strict?.chain.commits ?? []), ...notAbsorbed(takeovers)];
}

function notAbsorbed([strict, relaxed]: readonly Takeover[]): readonly Commit[] {
  const from = strict?.chain.absorbedBelow ?? 0;
  return relaxed?.chain.commits.filter(({ epoch }) => epoch >= from) ?? [];
}

function damageOf({ chain: { fault } }: Takeover): DamageReport | null {
  if (fault === null) return null;
  const bytesLost = fault.dropped.reduce((sum, { bytes }) => sum + bytes, 0);
  const kind = fault.kind === 'torn' ? 'torn' : 'damaged';
  return { kind, at: fault.at, bytesLost, cause: fault.cause };
}

function reportOf(options: IndexedDBOptions, opened: Opened): OpenReport {
  let frames = 0;
  let bytes = 0;
  for (const { payloads } of opened.commits) {
    frames += payloads.length;
    for (const payload of payloads) bytes += payload.length;
  }
  const { created, epoch, damaged } = opened;
  const { durability } = options;
  return {
    backend: 'indexeddb',
    reason: null,
    durability,
    created,
    epoch,
    frames,
    bytes,
    snapshotBytes: 0,
    damaged,
  };
}

function bytesOf({ payloads }: Commit): Uint8Array {
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

function paceOf(durability: Durability): Pace {
  return durability === 'always' ? 'always' : 'paced';
}

function drawOwner({ random }: IndexedDBOptions): number {
  const bytes = new Uint8Array(4);
  random(bytes);
  return new DataView(bytes.buffer).getUint32(0, true);
}
