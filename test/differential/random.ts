/**
 * The seeded randomness of the differential tests: sfc32, one stream for each sequence.
 * fast-check would do, but takes longer to make a command than both sides take to run it.
 */

/** Steps after which nothing of the seed shows in the numbers any more. */
const WARM_UP = 12;

export class Random {
  /** How many members, fields and elements there are to choose from in this sequence. */
  readonly spread: number;
  /** Grows with each id made: stream ids mostly go up. */
  clock = 1;
  private a: number;
  private b: number;
  private c = 0x243f6a88;
  private counter = 1;

  constructor(seed: number, round: number) {
    this.a = seed | 0;
    this.b = round | 0;
    for (let step = 0; step < WARM_UP; step++) this.next();
    this.spread = this.pick([6, 20, 60, 400]);
  }

  /** A u32. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0 to limit - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** Both ends included. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  /** Any 64-bit integer. */
  wide(): bigint {
    return BigInt.asIntN(64, (BigInt(this.next()) << 32n) | BigInt(this.next()));
  }
}
