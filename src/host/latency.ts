/**
 * The latency monitor: when something that everybody had to wait for took long. What it was is an
 * event (`command`, `fast-command`, `expire-cycle`, ...); of each the last 160 samples are kept, of
 * those in one second the longest.
 */

export interface LatencySample {
  /** Unix time in seconds. */
  readonly at: number;
  readonly milliseconds: number;
}

export interface LatencyEvent {
  readonly name: string;
  /** The oldest first. */
  readonly samples: readonly LatencySample[];
  /** The longest ever. */
  readonly worst: number;
}

const SAMPLES_MAX = 160;

export class LatencyMonitor {
  private readonly events = new Map<string, { samples: LatencySample[]; worst: number }>();

  /** `milliseconds` are cut to whole ones. */
  add(event: string, milliseconds: number, unixMs: number): void {
    const sample = { at: Math.floor(unixMs / 1000), milliseconds: Math.floor(milliseconds) };
    const known = this.events.get(event) ?? { samples: [], worst: 0 };
    this.events.set(event, known);
    known.worst = Math.max(known.worst, sample.milliseconds);
    const last = known.samples.at(-1);
    if (last?.at !== sample.at) known.samples.push(sample);
    else if (sample.milliseconds > last.milliseconds) known.samples.splice(-1, 1, sample);
    if (known.samples.length > SAMPLES_MAX) known.samples.shift();
  }

  all(): LatencyEvent[] {
    return [...this.events].map(([name, { samples, worst }]) => ({ name, samples, worst }));
  }

  find(name: string): LatencyEvent | undefined {
    return this.all().find((event) => event.name === name);
  }

  /** Forgets an event; false if there was none. */
  forget(name: string): boolean {
    return this.events.delete(name);
  }

  /** Forgets everything; how many events that were. */
  reset(): number {
    const count = this.events.size;
    this.events.clear();
    return count;
  }
}
