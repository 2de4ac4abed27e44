/**
 * Taking a journal over from the owner before: what the new one asks for and finds, and what becomes of
 * what is broken in it.
 */
import type { Writing } from './connection.js';
import { StorageFault } from './errors.js';
import type { Place } from './frames.js';
import { type Chain, describePosition } from './recovery.js';

export interface TakeoverOptions {
  /** The number of the new epoch, given what is there; may throw to give up. */
  epochAfter(chain: Chain): number;
  /** Where the new epoch will write. */
  readonly place: Place;
  readonly owner: number;
  /** `truncate` cuts at damage instead of refusing; what follows goes to quarantine. */
  readonly recover: 'refuse' | 'truncate';
}

export interface Takeover {
  readonly epoch: number;
  /** What was found, as it stood when the fence went in. */
  readonly chain: Chain;
}

/** Copies what a fault has spoilt to quarantine, where it stays. */
export function* setAside(transaction: Writing, epoch: number, fault: NonNullable<Chain['fault']>) {
  const quarantine = transaction.objectStore('quarantine');
  for (const [index, entry] of fault.dropped.entries()) {
    const why = entry.fault || fault.cause;
    yield quarantine.put({ key: entry.key, value: entry.value, why }, [epoch, index]);
  }
}

export function refuseDamage({ fault }: Chain, recover: TakeoverOptions['recover']): void {
  if (fault === null || fault.kind === 'torn') return;
  const message = `the journal is ${fault.kind} at frame ${describePosition(fault.at)}: ${fault.cause}`;
  if (fault.kind === 'newer') throw new StorageFault('newer', message, { at: fault.at });
  if (recover === 'refuse') throw new StorageFault('damaged', message, { at: fault.at });
}
