/** A section of INFO: its fields in order. */

export type Section = readonly (readonly [string, string | number])[];

const UNITS = 'KMGTP';

/** Sizes as INFO shows them to people: `895.05K`. */
export function humanSize(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  let size = bytes;
  let unit = -1;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(2)}${UNITS[unit]}`;
}

export function percent(part: number, whole: number): string {
  return `${whole === 0 ? '0.00' : ((part * 100) / whole).toFixed(2)}%`;
}

export function ratio(part: number, whole: number): string {
  return whole === 0 ? '1.00' : (part / whole).toFixed(2);
}

/** Fields of what does not exist here. */
export function zeros(...names: string[]): Section {
  return names.map((name) => [name, 0] as const);
}
