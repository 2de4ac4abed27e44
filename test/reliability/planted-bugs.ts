/**
 * Bugs to plant (docs/RELIABILITY.md R22): each a small change of a source file, and the test that must
 * notice it. A test that no bug can make fail proves nothing.
 */

export interface PlantedBug {
  readonly title: string;
  /** The file that is changed, this text in it, and what takes its place. */
  readonly path: string;
  readonly find: string;
  readonly put: string;
  /** The test that must fail: its file, and what its full name ends with. */
  readonly file: string;
  readonly test: string;
}

const SIMULATION = 'test/reliability/simulation.test.ts';
const SWEEP = 'test/reliability/fault-sweep.test.ts';
const RECOVERY = 'test/storage/recovery.test.ts';
const FIRST_SEEDS = 'storage, seeds 1 to 250';

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    title: 'acknowledged before the commit',
    path: 'src/storage/group-commit.ts',
    find: 'await this.#target.commit(chunks, () => this.#takeAhead());',
    put: 'void this.#target.commit(chunks, () => {}).catch(() => {});',
    file: SIMULATION,
    test: FIRST_SEEDS,
  },
  {
    title: 'relaxed for strict',
    path: 'src/storage/opening.ts',
    find: "const durability = place === Place.Strict ? 'strict' : 'relaxed';",
    put: "const durability = 'relaxed' as const;",
    file: SIMULATION,
    test: FIRST_SEEDS,
  },
  {
    title: 'strict and relaxed mixed in one database',
    path: 'src/storage/connection.ts',
    find: 'mode, { durability });',
    put: "mode, { durability: stores.length > 1 ? 'relaxed' : durability });",
    file: SIMULATION,
    test: FIRST_SEEDS,
  },
  {
    title: 'no fence',
    path: 'src/storage/journal.ts',
    find: 'yield journal.add(frames[0], [epoch, n]);',
    put: 'yield journal.put(frames[0], [epoch, n]);',
    file: SIMULATION,
    test: FIRST_SEEDS,
  },
  {
    title: 'the fence is not last',
    path: 'src/storage/journal.ts',
    find: 'for (let index = 1; index < frames.length; index++) {\n          yield journal.add(frames[index], [epoch, n + index]);\n        }\n        // The fence: last, or Firefox commits without it (F11).\n        yield journal.add(frames[0], [epoch, n]);',
    put: 'yield journal.add(frames[0], [epoch, n]);\n        for (let index = 1; index < frames.length; index++) {\n          yield journal.add(frames[index], [epoch, n + index]);\n        }',
    file: SIMULATION,
    test: 'storage, seeds 751 to 1000',
  },
  {
    title: 'two commits in flight',
    path: 'src/storage/group-commit.ts',
    find: 'if (this.#busy || this.#final) return;',
    put: 'if (this.#final) return;',
    file: SIMULATION,
    test: FIRST_SEEDS,
  },
  {
    title: 'a length off by one',
    path: 'src/storage/group-commit.ts',
    find: 'end: this.#durablePosition + bytes }',
    put: 'end: this.#durablePosition + bytes + 1 }',
    file: SIMULATION,
    test: FIRST_SEEDS,
  },
  {
    title: 'thrown away when the disk is full',
    path: 'src/storage/group-commit.ts',
    find: 'if (this.#final) return;\n    if (isFinal(error)) this.stop(error);',
    put: "if (this.#final) return;\n    if (error.message.includes('Quota')) this.#batch = null;\n    if (isFinal(error)) this.stop(error);",
    file: SWEEP,
    test: 'appending: each call fails once',
  },
  {
    title: 'the checksum is skipped',
    path: 'src/storage/frames.ts',
    find: 'if (view.getUint32(0, true) !== checksumOf(value))',
    put: 'if (false)',
    file: RECOVERY,
    test: 'is refused for a bad bit in any record but the last, and torn at the last',
  },
  {
    title: 'a torn end is dropped silently',
    path: 'src/storage/opening.ts',
    find: 'const fault = chain?.fault ?? null;\n  if (fault === null) return null;',
    put: 'const fault = chain?.fault ?? null;\n  if (fault === null || fault.kind === "torn") return null;',
    file: RECOVERY,
    test: 'is reported with place, size and cause',
  },
  {
    title: 'bad data is not kept',
    path: 'src/storage/takeover.ts',
    find: 'yield quarantine.put({ key: entry.key, value: entry.value, why }, [epoch, index]);',
    put: 'yield quarantine.delete([epoch, index + why.length]);',
    file: RECOVERY,
    test: 'is copied to quarantine and left where it was',
  },
  {
    title: 'no look at the store after a pause',
    path: 'src/host/persistence/persistence.ts',
    find: 'pause > PAUSE_MS_MAX &&',
    put: 'pause < 0 &&',
    file: SIMULATION,
    test: 'a host that has slept and lost its store answers nobody',
  },
  {
    title: 'a core that has broken is used again',
    path: 'src/host/persistence/recovery.ts',
    find: 'host.engine.restart();',
    put: '',
    file: 'test/host/recovery.test.ts',
    test: 'keeps what the batch had done before',
  },
];
