/**
 * Saves: snapshots into storage, when they are made and what INFO tells of them. Redis knows two
 * kinds: a `dump` is what SAVE and BGSAVE write and the rules of `save` ask for; a `base` is what the
 * journal is to follow on (BGREWRITEAOF), written when the journal has grown by
 * `auto-aof-rewrite-percentage`.
 *
 * Where nothing is kept a save is over at once, and has the same figures.
 */
import type { SnapshotKind } from '../../storage/storage.js';
import type { Host } from '../host.js';
import type { PeriodicWork } from '../scheduler.js';
import { withCommands } from './command-base.js';
import { countKeys } from './replay.js';
import { nextRule, saveRules } from './save-rules.js';
import type { SnapshotTarget } from './snapshots.js';

/** What INFO tells of the saves of one kind. */
export interface SaveFigures {
  /** Unix milliseconds; null: none is under way. */
  startedAt: number | null;
  /** How long the last one took; -1: there was none. */
  lastSeconds: number;
  isOk: boolean;
  /** How many were begun. */
  count: number;
  /** How many have failed, one after the other. */
  failures: number;
  /** When the last one ended. */
  triedAt: number;
  /** One is to begin when the other kind is done. */
  isScheduled: boolean;
}

const NEVER = Number.POSITIVE_INFINITY;
/** After a failure, before a rule is followed again. */
const RULE_RETRY_MS = 5000;
/** Rewrites that fail go on being tried that often, then less and less. */
const REWRITE_FAILURES_MAX = 3;
const MINUTE_MS = 60_000;
const REWRITE_PAUSE_MINUTES_MAX = 60;

export class Saves implements PeriodicWork {
  readonly dump = noFigures();
  readonly base = noFigures();
  /** Unix milliseconds; as in Redis all is saved at the start. */
  lastSaveAt: number;
  /** Whether there was one since then. */
  hasSaved = false;
  /** Of the snapshot that was read last. */
  loadedKeys = 0;
  /** At the beginning of the last save. */
  keysTotal = 0;
  /** The core's count of changes when everything was saved. */
  private changesBefore = 0;

  constructor(private readonly host: Host) {
    this.lastSaveAt = host.startedAt;
  }

  /** Changes since the last save, as Redis counts them. */
  get changes(): number {
    return Math.max(0, this.host.engine.statistics().changes - this.changesBefore);
  }

  /** What is there now is saved, or so many changes are not. */
  resetChanges(unsaved = 0): void {
    this.changesBefore = this.host.engine.statistics().changes - unsaved;
  }

  figures(kind: SnapshotKind): SaveFigures {
    return kind === 'dump' ? this.dump : this.base;
  }

  isUnderWay(kind: SnapshotKind): boolean {
    return this.figures(kind).startedAt !== null;
  }

  get hasRules(): boolean {
    return this.host.config.text('save') !== '';
  }

  /** Saves; resolves when it is durable, rejects with what was in the way. */
  async save(kind: SnapshotKind): Promise<void> {
    const { host } = this;
    const figures = this.figures(kind);
    const startedAt = host.clock.now();
    figures.startedAt = startedAt;
    figures.count++;
    figures.isScheduled = false;
    try {
      await this.write(kind);
      figures.isOk = true;
      figures.failures = 0;
    } catch (error) {
      figures.isOk = false;
      figures.failures++;
      throw error;
    } finally {
      figures.startedAt = null;
      host.persistence.decide();
      figures.triedAt = host.clock.now();
      figures.lastSeconds = Math.floor((figures.triedAt - startedAt) / 1000);
      this.beginScheduled();
    }
  }

  /** The same, for nobody who waits for it: the log tells how it ended. */
  saveInBackground(kind: SnapshotKind): void {
    const { log } = this.host;
    const [begun, done, failed] = WORDS[kind];
    log('notice', begun);
    this.save(kind).then(
      () => log('notice', done),
      (error) => log('warning', `${failed}: ${messageOf(error)}`),
    );
  }

  /** As soon as nothing else is under way. */
  schedule(kind: SnapshotKind): void {
    this.figures(kind).isScheduled = true;
    queueMicrotask(() => this.beginScheduled());
  }

  /** Follows the rules; ms until one of them is due. */
  run(): number {
    if (this.isUnderWay('dump') || this.isUnderWay('base')) return NEVER;
    return Math.min(this.followRules(), this.followGrowth());
  }

  private beginScheduled(): void {
    for (const kind of ['base', 'dump'] as const) {
      if (this.isUnderWay('dump') || this.isUnderWay('base')) return;
      if (this.figures(kind).isScheduled) this.saveInBackground(kind);
    }
    this.host.wake();
  }

  private followRules(): number {
    const { clock, config, log } = this.host;
    if (!this.obeysRules) return NEVER;
    const now = clock.now();
    const { changes } = this;
    const next = nextRule(saveRules(config.text('save')), changes, now - this.lastSaveAt);
    if (next === null) return NEVER;
    if (next.inMs >= 0) return next.inMs + 1;
    const pause = this.dump.isOk ? 0 : this.dump.triedAt + RULE_RETRY_MS - now;
    if (pause > 0) return pause;
    log('notice', `${next.rule.changes} changes in ${next.rule.seconds} seconds. Saving...`);
    this.saveInBackground('dump');
    return NEVER;
  }

  /** Where each snapshot takes the place of the journal, the growth of the journal is rule enough. */
  private get obeysRules(): boolean {
    const { storage } = this.host;
    if (storage === null || !this.host.persistence.isKept) return false;
    return storage.report.backend === 'files' || !storage.journals;
  }

  private followGrowth(): number {
    const { clock, config, log, storage } = this.host;
    const percentage = config.number('auto-aof-rewrite-percentage');
    if (storage === null || !storage.journals || percentage === 0) return NEVER;
    const { journalBytes, snapshotBytes } = storage.facts;
    const size = journalBytes + snapshotBytes;
    if (size <= config.number('auto-aof-rewrite-min-size')) return NEVER;
    const growth = Math.floor((size * 100) / (snapshotBytes || 1)) - 100;
    if (growth < percentage) return NEVER;
    const pause = this.base.triedAt + this.rewritePauseMs - clock.now();
    if (pause > 0) return pause;
    log('notice', `Starting automatic rewriting of AOF on ${growth}% growth`);
    this.saveInBackground('base');
    return NEVER;
  }

  private get rewritePauseMs(): number {
    const { failures } = this.base;
    if (failures === 0) return 0;
    if (failures < REWRITE_FAILURES_MAX) return RULE_RETRY_MS;
    const minutes = 2 ** (failures - REWRITE_FAILURES_MAX);
    return Math.min(minutes, REWRITE_PAUSE_MINUTES_MAX) * MINUTE_MS;
  }

  private async write(kind: SnapshotKind): Promise<void> {
    const { engine, clock, persistence } = this.host;
    let changes = engine.statistics().changes;
    if (persistence.isKept) {
      await this.host.snapshots.store(() => {
        changes = engine.statistics().changes;
        return this.begin(kind);
      });
    }
    if (kind === 'base' && persistence.isKept) return;
    // A restart has counted anew.
    this.changesBefore = Math.min(changes, engine.statistics().changes);
    this.lastSaveAt = clock.now();
    this.hasSaved = true;
  }

  /** Where the bytes go; called in the task in which the snapshot is begun. */
  private begin(kind: SnapshotKind): SnapshotTarget {
    const { config, engine, persistence, storage } = this.host;
    this.keysTotal = countKeys(engine, config.number('databases'));
    const starts = kind === 'base' && storage?.journals === false;
    const writer = (storage as NonNullable<typeof storage>).beginSnapshot(kind);
    if (starts) persistence.journalFollows();
    let bytes = 0;
    const target: SnapshotTarget = {
      write: (slice) => {
        bytes += slice.length;
        persistence.events.progress({ doing: 'saving', bytes, total: null });
        return writer.write(slice);
      },
      commit: async () => {
        await writer.commit();
        // Before the next snapshot begins: it holds what no journal has.
        if (kind === 'base') await persistence.endUnwantedJournal();
      },
      abort: () => writer.abort(),
    };
    if (kind === 'dump' || config.flag('aof-use-rdb-preamble')) return target;
    return withCommands(target, engine, config.number('databases'));
  }
}

/** What the log is told: at the beginning, at a good end, at a bad one. */
const WORDS = {
  dump: [
    'Background saving started',
    'Background saving terminated with success',
    'Background saving error',
  ],
  base: [
    'Background append only file rewriting started',
    'Background AOF rewrite finished successfully',
    'Background AOF rewrite terminated with error',
  ],
} as const;

function noFigures(): SaveFigures {
  return {
    startedAt: null,
    lastSeconds: -1,
    isOk: true,
    count: 0,
    failures: 0,
    triedAt: Number.NEGATIVE_INFINITY,
    isScheduled: false,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
