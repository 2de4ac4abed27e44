/** What the host counts for INFO. CONFIG RESETSTAT starts again from zero. */

/** How many commands of one second are kept to tell the current rate. */
const SAMPLES = 16;
const SAMPLE_MS = 100;

export class Statistics {
  connections = 0;
  rejectedConnections = 0;
  evictedClients = 0;
  inputBytes = 0;
  outputBytes = 0;
  reads = 0;
  writes = 0;
  errorReplies = 0;
  /** Time spent on removing keys that nobody asked for. */
  expiryMs = 0;
  /** How often that was cut short although there was more to remove. */
  expiryInterruptions = 0;
  /** The core's count of its error replies at the last reset. */
  coreErrorsBefore = 0;
  /** Error replies by code word. */
  readonly errors = new Map<string, number>();
  readonly commandRate = new Rate();
  readonly inputRate = new Rate();
  readonly outputRate = new Rate();

  countError(text: string): void {
    const code = text.split(' ', 1)[0] ?? '';
    this.errorReplies++;
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }

  /** `coreErrors`: the core's count of its error replies, which goes on. */
  reset(coreErrors: number): void {
    this.coreErrorsBefore = coreErrors;
    this.connections = 0;
    this.rejectedConnections = 0;
    this.evictedClients = 0;
    this.inputBytes = 0;
    this.outputBytes = 0;
    this.reads = 0;
    this.writes = 0;
    this.errorReplies = 0;
    this.expiryMs = 0;
    this.expiryInterruptions = 0;
    this.errors.clear();
    for (const rate of [this.commandRate, this.inputRate, this.outputRate]) rate.clear();
  }
}

/** Growth of a counter per second, over the last 16 samples that lie at least 100 ms apart. */
class Rate {
  private readonly samples: number[] = [];
  private at = Number.NaN;
  private value = 0;

  sample(value: number, monotonicMs: number): void {
    if (Number.isNaN(this.at)) {
      this.at = monotonicMs;
      this.value = value;
    }
    const elapsed = monotonicMs - this.at;
    if (elapsed < SAMPLE_MS) return;
    if (elapsed > SAMPLE_MS * SAMPLES) this.samples.length = 0;
    this.samples.push(Math.max(0, ((value - this.value) * 1000) / elapsed));
    if (this.samples.length > SAMPLES) this.samples.shift();
    this.at = monotonicMs;
    this.value = value;
  }

  get perSecond(): number {
    if (this.samples.length === 0) return 0;
    return this.samples.reduce((sum, sample) => sum + sample, 0) / SAMPLES;
  }

  clear(): void {
    this.samples.length = 0;
    this.at = Number.NaN;
  }
}
