/**
 * Observer: who must hear of a change before it happens. A snapshot that is being written is
 * the only one: it writes an entry while it still is what it was when the snapshot began.
 *
 * The keyspace cannot see snapshots, so they leave functions here. While there is no snapshot
 * no entry is unwritten, and nothing here is called but for whole databases.
 */
import { Entry } from '../structures/entry';

/** An unwritten entry of a database is about to change, to move or to go. */
type WillChange = (database: u32, entry: Entry) => void;
/** A database is about to be emptied; true if its entries are the observer's from now on. */
type TakesOver = (database: u32) => bool;
/** Two databases have exchanged their contents. */
type Swapped = (first: u32, second: u32) => void;

let onChange: WillChange | null = null;
let onFlush: TakesOver | null = null;
let onSwap: Swapped | null = null;

/** From now on these functions are called. */
export function observe(change: WillChange, flush: TakesOver, swap: Swapped): void {
  onChange = change;
  onFlush = flush;
  onSwap = swap;
}

export function willChange(database: u32, entry: Entry): void {
  const observer = onChange;
  if (observer) observer(database, entry);
}

export function takesOver(database: u32): bool {
  const observer = onFlush;
  return observer ? observer(database) : false;
}

export function swapped(first: u32, second: u32): void {
  const observer = onSwap;
  if (observer) observer(first, second);
}
