/**
 * Write value: a value as the bytes of a snapshot, in pieces, so that a large collection need not
 * be written at once. `begin`, then `step` until it says true; the value must stay what it is
 * between the steps.
 */
import { Entry } from '../structures/entry';
import { STRING_INT, shapeOf, TYPE_STRING, typeOf } from '../values/kind';
import * as strings from '../values/strings';
import * as format from './format';
import * as writer from './writer';

/** What the type byte of the value says. */
export function formatOf(entry: Entry): u32 {
  const type = typeOf(entry);
  if (type == TYPE_STRING) return format.STRING;
  return unreachable();
}

/** The value that is being written, and how far it is: what it means depends on the format. */
let current: Entry = changetype<Entry>(0);
let cursor: usize = 0;

/** Begins the body of a value: what stands behind its type and key. */
export function begin(entry: Entry): void {
  current = entry;
  cursor = 0;
}

/** Writes the next piece; true if it was the last. */
export function step(): bool {
  writeString(current);
  return true;
}

/** Writes the whole body. */
export function whole(entry: Entry): void {
  begin(entry);
  while (!step());
}

function writeString(entry: Entry): void {
  if (shapeOf(entry) == STRING_INT) return writer.integer(strings.integerOf(entry));
  strings.read(entry);
  writer.string(strings.address, strings.length);
}
