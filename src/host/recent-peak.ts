/** The largest value of the last eight seconds, as INFO's `client_recent_max_...` tell it. */

const SLOTS = 8;

export class RecentPeak {
  private readonly slots = new Float64Array(SLOTS);
  private second = 0;

  note(value: number, nowMs: number): void {
    const slot = this.advance(nowMs);
    if (value > (this.slots[slot] as number)) this.slots[slot] = value;
  }

  most(nowMs: number): number {
    this.advance(nowMs);
    return Math.max(...this.slots);
  }

  /** Empties the slots of the seconds that have passed; returns the current one. */
  private advance(nowMs: number): number {
    const second = Math.floor(nowMs / 1000);
    const passed = second - this.second;
    if (passed < 0 || passed >= SLOTS) this.slots.fill(0);
    else for (let back = 0; back < passed; back++) this.slots[(second - back) % SLOTS] = 0;
    this.second = second;
    return second % SLOTS;
  }
}
