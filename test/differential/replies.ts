/**
 * Replies as bytes, one behind the other: most are compared without being understood. Only those
 * that differ become trees.
 */
import { type Reply, ReplySplitter } from '../support/wire.js';

const RETURN = '\r'.charCodeAt(0);
const MINUS = '-'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);
const [ARRAY, SET, PUSH, MAP, BULK, VERBATIM] = [...'*~>%$='].map((mark) => mark.charCodeAt(0));

/** Where the reply at `at` ends, or -1 if it is not all there. */
export function endOfReply(bytes: Uint8Array, at: number): number {
  let place = at;
  for (let pending = 1; pending > 0; pending--) {
    const mark = bytes[place];
    const lineEnd = endOfLine(bytes, place);
    if (lineEnd > bytes.length) return -1;
    const length = hasLength(mark) ? lengthAt(bytes, place + 1) : -1;
    place = lineEnd;
    if (length < 0) continue;
    if (mark === BULK || mark === VERBATIM) place += length + 2;
    else pending += mark === MAP ? length * 2 : length;
  }
  return place <= bytes.length ? place : -1;
}

function hasLength(mark: number | undefined): boolean {
  return (
    mark === BULK ||
    mark === ARRAY ||
    mark === MAP ||
    mark === SET ||
    mark === VERBATIM ||
    mark === PUSH
  );
}

/** Behind the line's end; beyond the bytes if it has none. */
function endOfLine(bytes: Uint8Array, at: number): number {
  let place = at;
  while (place < bytes.length && bytes[place] !== RETURN) place++;
  return place + 2;
}

/** The number in a header, -1 for a null. */
function lengthAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] === MINUS) return -1;
  let length = 0;
  for (let place = at; bytes[place] !== RETURN; place++) {
    length = length * 10 + (bytes[place] as number) - ZERO;
  }
  return length;
}

export function parseReply(bytes: Uint8Array): Reply {
  const [reply] = new ReplySplitter().push(bytes);
  if (reply === undefined) throw new Error('a reply is not whole');
  return reply.tree;
}
