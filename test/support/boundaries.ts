/** The numbers at which arithmetic goes wrong. */

/** 0, 1 and the powers of two at which numbers change their width, each +-1, both signs. */
export const BOUNDARIES: readonly bigint[] = (() => {
  const powers = [0n, 7n, 8n, 15n, 16n, 31n, 32n, 53n, 63n].map((bits) => 1n << bits);
  const around = [0n, ...powers].flatMap((value) => [value - 1n, value, value + 1n]);
  return [...new Set(around.flatMap((value) => [value, -value]))];
})();
