/** Random names: hexadecimal digits from a source of random bytes. */

/** Fills `bytes` with random ones and returns them. */
export type RandomSource = (bytes: Uint8Array) => Uint8Array;

/** Two digits for each byte. */
export function randomHex(random: RandomSource, byteCount: number): string {
  const bytes = random(new Uint8Array(byteCount));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
