/**
 * Bytes as text in which each character is one byte: names, patterns and keys that are compared
 * and matched as Redis does it, byte by byte, whatever their encoding.
 */

/** So many arguments a call of String.fromCharCode takes without trouble. */
const CHUNK = 4096;

export function binaryText(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return '';
  if (bytes.length <= CHUNK) return String.fromCharCode(...bytes);
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}

export function binaryBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
