/** Integers in arguments, as strict as Redis: no sign `+`, no leading zeros, no blanks. */

const INTEGER = /^(?:0|-?[1-9]\d{0,18})$/;
export const INT64_MAX = 9223372036854775807n;
export const INT64_MIN = -9223372036854775808n;

/** The 64-bit integer that `text` is, or null. */
export function parseInteger(text: string): bigint | null {
  if (!INTEGER.test(text)) return null;
  const value = BigInt(text);
  return value < INT64_MIN || value > INT64_MAX ? null : value;
}
