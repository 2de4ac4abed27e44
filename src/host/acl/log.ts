/** ACL LOG: what was refused, to whom, when. The latest is first; repetitions are counted. */

export type LogContext = 'toplevel' | 'multi' | 'lua';

export interface Incident {
  readonly reason: 'auth' | 'command' | 'key' | 'channel';
  readonly context: LogContext;
  /** The command, key or channel. */
  readonly object: Uint8Array | string;
  /** One character a byte. */
  readonly username: string;
  /** The session as CLIENT INFO shows it. */
  readonly client: string;
}

export interface LogEntry extends Incident {
  readonly count: number;
  /** When it last happened. */
  readonly at: number;
}

/** A repetition this much later is told on its own. */
const GROUPING_MS_MAX = 60_000;
/** So many of the latest are looked at for the same thing. */
const LOOKED_AT_MAX = 10;

export class AclLog {
  private entries: LogEntry[] = [];

  add(incident: Incident, now: number, lengthMax: number): void {
    const recent = this.entries.slice(0, LOOKED_AT_MAX);
    const at = recent.findIndex((entry) => isSame(entry, incident, now));
    const [same] = at < 0 ? [] : this.entries.splice(at, 1);
    this.entries.unshift({ ...incident, count: (same?.count ?? 0) + 1, at: now });
    if (this.entries.length > lengthMax) this.entries.length = lengthMax;
  }

  latest(count: number): readonly LogEntry[] {
    return this.entries.slice(0, Math.max(0, count));
  }

  clear(): void {
    this.entries = [];
  }
}

function isSame(entry: LogEntry, incident: Incident, now: number): boolean {
  return (
    entry.reason === incident.reason &&
    entry.context === incident.context &&
    entry.username === incident.username &&
    Math.abs(now - entry.at) <= GROUPING_MS_MAX &&
    isSameObject(entry.object, incident.object)
  );
}

function isSameObject(left: Uint8Array | string, right: Uint8Array | string): boolean {
  if (typeof left === 'string' || typeof right === 'string') return left === right;
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
