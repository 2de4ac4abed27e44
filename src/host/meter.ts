/**
 * Commands that took long: they go to the slow log and to the latency monitor. The core tells the
 * host of its own from `slow-microseconds` on, which is the lower of the two thresholds.
 */
import { CommandFlag } from '../commands/flags.js';
import type { CommandRow } from '../commands/row.js';
import type { Host } from './host.js';
import { LatencyMonitor } from './latency.js';
import type { Session } from './session.js';
import { SlowLog } from './slowlog.js';

export class Meter {
  readonly slowlog = new SlowLog();
  readonly latency = new LatencyMonitor();

  /** Microseconds from which on `ran` has something to do, or below zero: never. */
  private threshold = -1;
  /** Whether the latency monitor is on: what is only timed for it need not be otherwise. */
  isMonitoring = false;

  constructor(private readonly host: Host) {}

  /** Reads the thresholds of the configuration; the lower one, or below zero if both are off. */
  readThresholds(): number {
    const { config } = this.host;
    const slowlog = config.number('slowlog-log-slower-than');
    const latency = config.number('latency-monitor-threshold') * 1000;
    this.isMonitoring = latency > 0;
    const lower = slowlog < 0 ? latency : Math.min(slowlog, latency);
    this.threshold = latency === 0 ? slowlog : lower;
    return this.threshold;
  }

  /** A command has run and took so long. */
  ran(
    session: Session,
    row: CommandRow,
    args: () => readonly Uint8Array[],
    microseconds: number,
  ): void {
    if (this.threshold < 0 || microseconds < this.threshold) return;
    const { config } = this.host;
    const isFast = (row.flags & CommandFlag.FAST) !== 0;
    this.lasted(isFast ? 'fast-command' : 'command', microseconds);
    const threshold = config.number('slowlog-log-slower-than');
    if (threshold < 0 || microseconds < threshold || row.flags & CommandFlag.SKIP_SLOWLOG) return;
    const length = config.number('slowlog-max-len');
    this.slowlog.add(session, row, args(), microseconds, this.host.clock.now(), length);
  }

  /** Does something that everybody waits for. */
  time(event: string, work: () => void): void {
    const startedAt = this.isMonitoring ? this.host.microseconds() : 0;
    work();
    if (this.isMonitoring) this.lasted(event, this.host.microseconds() - startedAt);
  }

  /** Something that everybody waits for took so long. */
  lasted(event: string, microseconds: number): void {
    const threshold = this.host.config.number('latency-monitor-threshold') * 1000;
    if (threshold === 0 || microseconds < threshold) return;
    this.latency.add(event, microseconds / 1000, this.host.clock.now());
  }
}
