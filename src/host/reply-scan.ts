/** Finds where replies and requests end, in bytes that are known to be RESP. */

const CR = 13;
const LF = 10;
const ASTERISK = 0x2a;
const MINUS = 0x2d;
const BLOBS = new Set([...'$=!'].map((mark) => mark.charCodeAt(0)));
const AGGREGATES = new Set([...'*~>'].map((mark) => mark.charCodeAt(0)));
const MAP = 0x25;
const ATTRIBUTE = 0x7c;

/** Where the reply that begins at `start` ends. */
export function endOfReply(bytes: Uint8Array, start: number): number {
  let at = start;
  for (let open = 1; open > 0; open--) {
    const mark = bytes[at] ?? 0;
    const end = bytes.indexOf(CR, at);
    if (end < 0) return bytes.length;
    const length = decimal(bytes, at + 1, end);
    at = end + 2;
    if (BLOBS.has(mark)) at += length < 0 ? 0 : length + 2;
    else if (AGGREGATES.has(mark)) open += Math.max(length, 0);
    else if (mark === MAP) open += length * 2;
    else if (mark === ATTRIBUTE) open += length * 2 + 1;
  }
  return at;
}

/** Where the request that begins at `start` ends: it is whole, an array of blobs or a line. */
export function endOfRequest(bytes: Uint8Array, start: number): number {
  if (bytes[start] === ASTERISK) return Math.min(endOfReply(bytes, start), bytes.length);
  const end = bytes.indexOf(LF, start);
  return end < 0 ? bytes.length : end + 1;
}

export function countReplies(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at = endOfReply(bytes, at)) count++;
  return count;
}

function decimal(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] === MINUS) return -1;
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + (bytes[at] ?? 48) - 48;
  return value;
}

/** Where the first error among the replies begins, or -1. */
export function findError(bytes: Uint8Array): number {
  if (bytes.indexOf(MINUS) < 0) return -1;
  for (let at = 0; at < bytes.length; at = endOfReply(bytes, at)) {
    if (bytes[at] === MINUS) return at;
  }
  return -1;
}

/** The line that begins at `start`, without its mark. */
export function lineAt(bytes: Uint8Array, start: number): string {
  const end = bytes.indexOf(CR, start);
  return new TextDecoder().decode(bytes.subarray(start + 1, end < 0 ? bytes.length : end));
}
