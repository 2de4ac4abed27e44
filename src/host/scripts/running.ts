/** A script that is being executed: what it may do, what it has done, whether it takes long. */
import { Tick } from '../../scripting/lua-instance.js';
import type { MachineKind } from '../../scripting/script-machine.js';
import type { Host } from '../host.js';

/** What is to be executed, and for whom. */
export interface Call {
  readonly kind: MachineKind;
  /** The script's SHA-1, or the function's name. */
  readonly name: string;
  /** The command, for FUNCTION STATS. */
  readonly command: readonly Uint8Array[];
  readonly keys: readonly Uint8Array[];
  readonly args: readonly Uint8Array[];
  readonly isReadOnly: boolean;
  /** Inside a transaction: it has to end before anything else is done. */
  readonly isNested: boolean;
}

/** The clock is asked every so many thousand instructions. */
const TICKS_PER_LOOK = 8;
/** How long a busy script goes on before others are attended to. */
const SLICE_MS = 10;
/** What cannot be left is stopped after this many times `busy-reply-threshold`. */
const NESTED_PATIENCE = 2;
/** A script that has caught so many attempts to stop it has its machine taken away. */
const STOPS_MAX = 1000;

export class Running {
  /** It has called a command that writes. */
  hasWritten = false;
  /** It takes longer than `busy-reply-threshold`: others are told so. */
  isBusy = false;
  /** SCRIPT KILL or FUNCTION KILL was asked for. */
  isKilled = false;
  /** What it has done is undone: the core had to be started afresh. */
  isBroken = false;
  private readonly startedAt: number;
  private sliceStartedAt: number;
  private ticks = 0;
  private stops = 0;

  constructor(
    private readonly host: Host,
    readonly call: Call,
  ) {
    this.startedAt = host.clock.monotonic();
    this.sliceStartedAt = this.startedAt;
  }

  get duration(): number {
    return this.host.clock.monotonic() - this.startedAt;
  }

  /** It does nothing any more, and ends. */
  breakOff(): void {
    this.isBroken = true;
    this.isKilled = true;
  }

  /** Another slice begins. */
  goOn(): void {
    this.sliceStartedAt = this.host.clock.monotonic();
  }

  tick(): Tick {
    if (this.isKilled) return this.stop();
    if (++this.ticks % TICKS_PER_LOOK !== 0) return Tick.GoOn;
    const { clock, config } = this.host;
    const threshold = config.number('busy-reply-threshold');
    const now = clock.monotonic();
    const duration = now - this.startedAt;
    if (threshold <= 0 || duration < threshold) return Tick.GoOn;
    this.noteBusy(duration);
    if (this.call.isNested) {
      return duration < threshold * NESTED_PATIENCE ? Tick.GoOn : this.stop();
    }
    return now - this.sliceStartedAt < SLICE_MS ? Tick.GoOn : Tick.Leave;
  }

  private noteBusy(duration: number): void {
    if (this.isBusy) return;
    this.isBusy = true;
    this.host.log(
      'warning',
      `Slow script detected: still in execution after ${Math.round(duration)} milliseconds. You ` +
        `can try killing the script using the ${killCommand(this.call.kind)} command. Script name ` +
        `is: ${this.call.name}.`,
    );
  }

  private stop(): Tick {
    if (++this.stops > STOPS_MAX) throw new Error('the script cannot be stopped otherwise');
    return Tick.Stop;
  }
}

export function killCommand(kind: MachineKind): string {
  return kind === 'function' ? 'FUNCTION KILL' : 'SCRIPT KILL';
}
