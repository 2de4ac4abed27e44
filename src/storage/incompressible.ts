/** Bytes that take as much space as they have: databases compress what repeats itself. */

/** Fills `bytes`, 64 KiB at most, with chance. */
export type RandomSource = (bytes: Uint8Array) => void;

/** As many bytes as a random source gives at once. */
const RANDOM_BYTES_MAX = 65_536;

export function incompressible(count: number, random: RandomSource): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  for (let offset = 0; offset < count; offset += RANDOM_BYTES_MAX)
    random(bytes.subarray(offset, offset + RANDOM_BYTES_MAX));
  return bytes;
}
