/**
 * The stores that every command case runs on: one contract, four implementations. The
 * environment variable TARGETS (redis,server,inline,worker) picks; all of them by default.
 * A target which cannot start fails its cases: it is never skipped.
 */
import type { Connection } from './connection.js';

export type TargetName = 'redis' | 'server' | 'inline' | 'worker';

/** A running, empty store. Debug commands are allowed. */
export interface Store {
  /** Another session with the same data. */
  connect(): Promise<Connection>;
  close(): Promise<void>;
}

export interface Target {
  readonly name: TargetName;
  open(): Promise<Store>;
}

/** Loaded when they are opened: a file of cases need not wait for playwright to be read. */
const TARGETS: readonly Target[] = [
  { name: 'redis', open: async () => (await import('./target-process.js')).openRedis() },
  { name: 'server', open: async () => (await import('./target-process.js')).openServer() },
  { name: 'inline', open: async () => (await import('./target-inline.js')).openInline() },
  { name: 'worker', open: async () => (await import('./target-worker.js')).openWorker() },
];

export function chosenTargets(): readonly Target[] {
  const names = process.env.TARGETS?.split(',').filter((name) => name !== '');
  if (names === undefined || names.length === 0) return TARGETS;
  return names.map((name) => {
    const target = TARGETS.find((candidate) => candidate.name === name);
    if (target === undefined) throw new Error(`TARGETS names '${name}', which is no target`);
    return target;
  });
}
