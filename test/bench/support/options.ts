/**
 * How long a benchmark takes: `npm run bench -- QUESTION --quick` looks, without it it measures.
 */
export interface Effort {
  readonly quick: boolean;
  /** Repetitions, each of all contestants in turn; a result is the median. */
  readonly rounds: number;
  /** Of one contestant in one round. */
  readonly milliseconds: number;
}

export function effort(): Effort {
  const quick = process.argv.includes('--quick');
  return { quick, rounds: quick ? 3 : 7, milliseconds: quick ? 80 : 150 };
}
