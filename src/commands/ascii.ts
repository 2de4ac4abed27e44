/** Argument bytes as text, where only ASCII matters: names, keywords, digits. */

const decoder = new TextDecoder('latin1');

/** One character a byte; empty when there is no argument. */
export function asciiText(argument: Uint8Array | undefined): string {
  return argument === undefined ? '' : decoder.decode(argument);
}
