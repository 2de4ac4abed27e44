/**
 * SLOWLOG: the commands that took longest, the latest first. Long ones are cut: of more than 32
 * arguments the last that is kept tells how many follow, and so it is with bytes beyond 128.
 */
import type { CommandRow } from '../commands/row.js';
import { redact } from './redact.js';
import type { Session } from './session.js';

export interface SlowCommand {
  readonly id: number;
  /** Unix time in seconds. */
  readonly at: number;
  readonly microseconds: number;
  readonly args: readonly Uint8Array[];
  readonly address: string;
  readonly clientName: string;
}

const ARGUMENTS_MAX = 32;
const BYTES_MAX = 128;
const encoder = new TextEncoder();

export class SlowLog {
  /** The latest first. */
  private entries: SlowCommand[] = [];
  private nextId = 0;

  get length(): number {
    return this.entries.length;
  }

  /** Notes a command down, and keeps `length` of them at the most. */
  add(
    session: Session,
    row: CommandRow,
    args: readonly Uint8Array[],
    microseconds: number,
    unixMs: number,
    length: number,
  ): void {
    const client = session.caller ?? session;
    this.entries.unshift({
      id: this.nextId++,
      at: Math.floor(unixMs / 1000),
      microseconds: Math.round(microseconds),
      args: cut(redact(row, args)),
      address: client.about.address,
      clientName: client.name,
    });
    if (this.entries.length > length) this.entries.length = length;
  }

  /** The latest `count`. */
  latest(count: number): readonly SlowCommand[] {
    return this.entries.slice(0, count);
  }

  reset(): void {
    this.entries = [];
  }
}

function cut(args: readonly Uint8Array[]): Uint8Array[] {
  const kept = args.length > ARGUMENTS_MAX ? args.slice(0, ARGUMENTS_MAX - 1) : args;
  const shown = kept.map(cutBytes);
  const more = args.length - kept.length;
  if (more > 0) shown.push(encoder.encode(`... (${more} more arguments)`));
  return shown;
}

function cutBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= BYTES_MAX) return bytes;
  const more = encoder.encode(`... (${bytes.length - BYTES_MAX} more bytes)`);
  const shown = new Uint8Array(BYTES_MAX + more.length);
  shown.set(bytes.subarray(0, BYTES_MAX));
  shown.set(more, BYTES_MAX);
  return shown;
}
