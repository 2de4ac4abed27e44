/**
 * Watch: who must see a part of a large collection before it changes. A snapshot that is being
 * written is the only one. It numbers the collections that it still needs as they were; one that
 * is watched has its number in its head, all others have 0 there and nothing here is called.
 *
 * Collections cannot see snapshots, so they leave functions here. Each is called before the change.
 */

/** Members whose hashes are like this one are about to come, to change or to go. */
type MemberWillChange = (watched: u32, hash: u64) => void;
/** A node of a list is about to get other elements. */
type NodeWillChange = (watched: u32, node: usize) => void;
/** A node has left its list, where `after` followed it; true if it is the observer's from now on. */
type NodeIsGone = (watched: u32, node: usize, after: u32) => bool;
/** A node of a stream, which begins with this id, is about to change; or it is new: `pack` is 0. */
type PackWillChange = (watched: u32, ms: u64, seq: u64, pack: usize) => void;
/** A node of a stream is about to go; true if its listpack is the observer's from now on. */
type PackIsGone = (watched: u32, ms: u64, seq: u64, pack: usize) => bool;
/** The collection has moved to another block, or, if that is 0, is the observer's from now on. */
type Moved = (watched: u32, block: usize) => void;

let onMember: MemberWillChange | null = null;
let onNode: NodeWillChange | null = null;
let onNodeGone: NodeIsGone | null = null;
let onPack: PackWillChange | null = null;
let onPackGone: PackIsGone | null = null;
let onMove: Moved | null = null;

/** The number of the snapshot: nodes of lists know by it whether it needs them still. */
export let era: u32 = 0;

/** A snapshot begins: it needs every node that there is. */
export function beginEra(): void {
  era++;
}

export function observeTables(member: MemberWillChange, moved: Moved): void {
  onMember = member;
  onMove = moved;
}

export function observeLists(node: NodeWillChange, gone: NodeIsGone): void {
  onNode = node;
  onNodeGone = gone;
}

export function observeStreams(pack: PackWillChange, gone: PackIsGone): void {
  onPack = pack;
  onPackGone = gone;
}

export function memberWillChange(watched: u32, hash: u64): void {
  const observer = onMember;
  if (observer) observer(watched, hash);
}

export function nodeWillChange(watched: u32, node: usize): void {
  const observer = onNode;
  if (observer) observer(watched, node);
}

export function nodeIsGone(watched: u32, node: usize, after: u32): bool {
  const observer = onNodeGone;
  return observer ? observer(watched, node, after) : false;
}

export function packWillChange(watched: u32, ms: u64, seq: u64, pack: usize): void {
  const observer = onPack;
  if (observer) observer(watched, ms, seq, pack);
}

export function packIsGone(watched: u32, ms: u64, seq: u64, pack: usize): bool {
  const observer = onPackGone;
  return observer ? observer(watched, ms, seq, pack) : false;
}

export function moved(watched: u32, block: usize): void {
  const observer = onMove;
  if (observer) observer(watched, block);
}

/** True if a collection that nobody sees any more is the observer's: it is not to be freed. */
export function inherits(watched: u32): bool {
  if (watched) moved(watched, 0);
  return watched != 0;
}
