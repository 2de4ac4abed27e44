/**
 * Wrong passwords, counted by address: ten at once, then ten a second; who tries more often waits
 * (docs/RELIABILITY.md S5). A right one costs nothing.
 */

const INTERVAL_MS = 100;
const AT_ONCE = 10;
/** Nobody waits longer than this: an attempt that would have to is wrong without being looked at. */
const WAIT_MS_MAX = 10_000;
/** So many addresses are remembered before those that owe nothing are forgotten. */
const ADDRESSES_MAX = 1000;

export class Attempts {
  /** By address, when it will have paid for all of its attempts. */
  private readonly paidAt = new Map<string, number>();

  /**
   * Milliseconds until `address` may try; null if that is too long, or if it cannot wait at all.
   * Who waits has paid in advance.
   */
  delay(address: string, now: number, canWait: boolean): number | null {
    const delay = (this.paidAt.get(address) ?? now) - now - INTERVAL_MS * (AT_ONCE - 1);
    if (delay <= 0) return 0;
    if (delay > WAIT_MS_MAX || !canWait) return null;
    this.pay(address, now);
    return delay;
  }

  /** An attempt was wrong. */
  pay(address: string, now: number): void {
    const from = Math.max(this.paidAt.get(address) ?? now, now);
    this.paidAt.set(address, from + INTERVAL_MS);
    if (this.paidAt.size > ADDRESSES_MAX) this.forget(now);
  }

  /** The turn of one that has waited has come: it pays again if it is wrong. */
  refund(address: string): void {
    const paidAt = this.paidAt.get(address);
    if (paidAt !== undefined) this.paidAt.set(address, paidAt - INTERVAL_MS);
  }

  private forget(now: number): void {
    for (const [address, paidAt] of this.paidAt) if (paidAt <= now) this.paidAt.delete(address);
  }
}
