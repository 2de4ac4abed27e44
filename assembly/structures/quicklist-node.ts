/**
 * Quicklist node: some neighbouring elements of a list, in a block of their own.
 *
 *   0          4      8       12     16      20       22      24    28
 *   +----------+------+-------+------+-------+--------+-------+-----+------+
 *   | previous | next | block | size | count | offset | flags | era | kept |
 *   +----------+------+-------+------+-------+--------+-------+-----+------+
 *     u32        u32    u32     u32    u32     u16      u8      u32   u32
 *
 * What the block has is `size` bytes: a listpack, or the bytes of a single element (PLAIN).
 * It begins `offset` bytes into the block, so that a listpack has room in front of it as well
 * as behind, and grows and shrinks at both ends without being moved:
 *
 *   block    offset                          offset + size     capacity
 *   +--------+-------------------------------+-----------------+
 *   | room   | listpack                      | room            |
 *   +--------+-------------------------------+-----------------+
 *
 * A node in the middle of a list may be compressed (LZF); `size` remains what it was:
 *
 *   +-------------------+------------------+
 *   | compressed length | compressed bytes |
 *   +-------------------+------------------+
 *     u32
 *
 * Example: a node with the element "a" takes 32 bytes and a block of 16, with
 *
 *   0a 00 00 00   01 00   81 61 02   ff
 *   total 10      count   "a"        end
 *
 * `era` and `kept` are for snapshots (snapshot/frozen-lists.ts): the last snapshot that does not
 * need the node, and the last of those nodes that it needs in front of this one.
 *
 * Which elements go to which node is for Redis's rules, so that nodes are the same.
 */
import { copy } from '../memory/bytes';
import { allocate, blockSize, release, reserve, resize, usableSize } from '../memory/heap';
import * as lzf from '../memory/lzf';
import * as listpack from './listpack';
import { beginOf, END, isShort, measure, SHORT_FRAME, write, writeShort } from './listpack-element';
import { era } from './watch';

/** The block is the one element. */
export const PLAIN: u32 = 1;
/** The block is compressed. */
export const PACKED: u32 = 2;
/** The node was decompressed for use, and should be compressed again. */
export const UNPACKED: u32 = 4;

/** What Redis allows for the frame of an element when it guesses whether there is room. */
const ELEMENT_FRAME: usize = 8;
/** No node that is limited by its number of elements gets larger by adding to it. */
const SIZE_SAFE: u64 = 8192;
/** Smaller nodes are not compressed, nor those that do not get smaller by more than this. */
const PACKED_MIN: usize = 48;
const PACKED_GAIN: usize = 8;
const OFFSET_MAX: usize = 0xffff;
const COUNT_MAX: u32 = 0xffff;
/** Longer elements than this are not given room in front: an offset could not tell of it. */
const LENGTH_IN_FRONT_MAX: usize = OFFSET_MAX - 16;
const PACKED_HEADER: usize = 4;
const PACKED_THRESHOLD: u64 = 1 << 30;

@unmanaged
export class Node {
  previous: u32;
  next: u32;
  block: u32;
  size: u32;
  count: u32;
  offset: u16;
  flags: u8;
  era: u32;
  kept: u32;

  /** Where the listpack or the plain element is; the node is not compressed. */
  @inline get contents(): usize {
    return <usize>this.block + this.offset;
  }

  @inline get isPlain(): bool {
    return (this.flags & PLAIN) != 0;
  }

  @inline get isPacked(): bool {
    return (this.flags & PACKED) != 0;
  }

  /** The compressed bytes of a node that is compressed, and how many they are. */
  get packedBytes(): usize {
    return <usize>this.block + PACKED_HEADER;
  }

  get packedLength(): usize {
    return <usize>load<u32>(<usize>this.block);
  }
}

if (offsetof<Node>() != 32) ERROR('a node takes 32 bytes');

/** Elements of this length and more get a node of their own. */
let packedThreshold: u64 = PACKED_THRESHOLD;

/** Sets from what length on an element is plain; 0 for the default. */
export function setPackedThreshold(length: u64): void {
  packedThreshold = length || PACKED_THRESHOLD;
}

export function isLarge(length: usize): bool {
  return <u64>length >= packedThreshold;
}

// Making and freeing

/** A node around `size` bytes in this block, which becomes its own. */
export function adopt(block: usize, size: usize, elements: u32, flags: u32): Node {
  const node = changetype<Node>(allocate(offsetof<Node>()));
  node.previous = 0;
  node.next = 0;
  node.block = <u32>block;
  node.size = <u32>size;
  node.count = elements;
  node.offset = 0;
  node.flags = <u8>flags;
  node.era = era;
  node.kept = 0;
  return node;
}

/** A node of one element in a listpack. */
export function create(bytes: usize, length: usize): Node {
  return createRoomy(bytes, length, 0, false);
}

/** As `create`, with a block of at least `capacity` bytes, at the end of which it lies, or not. */
export function createRoomy(bytes: usize, length: usize, capacity: usize, atEnd: bool): Node {
  const size = listpack.EMPTY_SIZE + measure(bytes, length);
  const block = allocate(max(size, capacity));
  const node = adopt(block, size, 0, 0);
  if (atEnd) node.offset = <u16>min(blockSize(block) - size, OFFSET_MAX);
  store<u8>(write(node.contents + listpack.HEADER_SIZE), END);
  setSize(node, size, 1);
  return node;
}

/** A node of one plain element. */
export function createPlain(bytes: usize, length: usize): Node {
  const block = allocate(length);
  copy(block, bytes, length);
  return adopt(block, length, 1, PLAIN);
}

/** A copy of the node, linked to nothing. Takes as much memory as `footprint` says. */
export function duplicate(node: Node): Node {
  const packed = node.isPacked;
  const size = packed ? <usize>load<u32>(<usize>node.block) + PACKED_HEADER : <usize>node.size;
  const block = allocate(size);
  copy(block, packed ? <usize>node.block : node.contents, size);
  return adopt(block, node.size, node.count, node.flags);
}

export function dispose(node: Node): void {
  release(<usize>node.block);
  release(changetype<usize>(node));
}

/** The bytes that the node takes from the heap. */
export function footprint(node: Node): usize {
  return blockSize(<usize>node.block) + usableSize(offsetof<Node>());
}

// How much a node may have

/** The bytes up to which a node of such a list is filled. */
function sizeMax(fill: i32): u64 {
  return fill < 0 ? (<u64>4096) << (-1 - fill) : SIZE_SAFE;
}

/** True if an element of this length may be added to the node. */
export function takes(node: Node | null, fill: i32, length: usize): bool {
  if (!node || node.isPlain || isLarge(length)) return false;
  if (<u64>node.size + length + ELEMENT_FRAME > sizeMax(fill)) return false;
  return fill < 0 || <i64>node.count < fill;
}

/** True if the two nodes may be made one. */
export function canJoin(a: Node | null, b: Node | null, fill: i32): bool {
  if (!a || !b || a.isPlain || b.isPlain) return false;
  if (<u64>a.size + b.size - listpack.EMPTY_SIZE > sizeMax(fill)) return false;
  return fill < 0 || <i64>a.count + b.count <= fill;
}

// Both ends of a listpack that is not compressed

/** Adds an element at the end. The bytes must not lie in this node. */
export function append(node: Node, bytes: usize, length: usize): void {
  const short = isShort(bytes, length);
  const size = short ? length + SHORT_FRAME : measure(bytes, length);
  makeRoomBehind(node, size);
  const total = <usize>node.size;
  const to = node.contents + total - 1;
  store<u8>(short ? writeShort(to, bytes, length) : write(to), END);
  setSize(node, total + size, node.count + 1);
}

/** Adds an element at the beginning. The bytes must not lie in this node. */
export function prepend(node: Node, bytes: usize, length: usize): void {
  if (length > LENGTH_IN_FRONT_MAX) {
    return update(node, listpack.prepend(settle(node), bytes, length), node.count + 1);
  }
  const short = isShort(bytes, length);
  const size = short ? length + SHORT_FRAME : measure(bytes, length);
  makeRoomInFront(node, size);
  node.offset -= <u16>size;
  const to = node.contents + listpack.HEADER_SIZE;
  if (short) writeShort(to, bytes, length);
  else write(to);
  setSize(node, <usize>node.size + size, node.count + 1);
}

/** Writes down how many bytes and elements the node's listpack has now. */
function setSize(node: Node, size: usize, elements: u32): void {
  const contents = node.contents;
  node.size = <u32>size;
  node.count = elements;
  store<u32>(contents, <u32>size);
  store<u16>(contents, <u16>min(elements, COUNT_MAX), 4);
}

function makeRoomBehind(node: Node, size: usize): void {
  const capacity = blockSize(<usize>node.block);
  const total = <usize>node.size;
  if (capacity - node.offset - total >= size) return;
  const room = capacity - total;
  if (room >= size) return slide(node, min((room - size) >> 1, OFFSET_MAX));
  moveTo(node, allocate(total + size), 0);
}

function makeRoomInFront(node: Node, size: usize): void {
  if (<usize>node.offset >= size) return;
  const total = <usize>node.size;
  const room = blockSize(<usize>node.block) - total;
  if (room >= size) return slide(node, min(size + ((room - size) >> 1), OFFSET_MAX));
  const block = allocate(total + size);
  moveTo(node, block, min(blockSize(block) - total, OFFSET_MAX));
}

/** Moves the contents within the block. */
function slide(node: Node, offset: usize): void {
  memory.copy(<usize>node.block + offset, node.contents, node.size);
  node.offset = <u16>offset;
}

function moveTo(node: Node, block: usize, offset: usize): void {
  copy(block + offset, node.contents, node.size);
  release(<usize>node.block);
  node.block = <u32>block;
  node.offset = <u16>offset;
}

/** Removes the first `elements` elements, which end at `end`; there are more. */
export function cutFront(node: Node, end: usize, elements: u32): void {
  const size = end - node.contents - listpack.HEADER_SIZE;
  if (node.offset + size > OFFSET_MAX) {
    const first = node.contents + listpack.HEADER_SIZE;
    memory.copy(first, end, <usize>node.size - size - listpack.HEADER_SIZE);
  } else {
    node.offset += <u16>size;
  }
  setSize(node, <usize>node.size - size, node.count - elements);
  giveBack(node);
}

/** Removes the last `elements` elements, which begin at `begin`; there are more. */
export function cutBack(node: Node, begin: usize, elements: u32): void {
  store<u8>(begin, END);
  setSize(node, begin + 1 - node.contents, node.count - elements);
  giveBack(node);
}

/** Takes a smaller block if little of this one is used. */
function giveBack(node: Node): void {
  const size = <usize>node.size;
  if (size << 2 >= blockSize(<usize>node.block) || size <= 16 || !reserve(size)) return;
  moveTo(node, allocate(size), 0);
}

/** Gives back what the block has beyond the contents, if that is anything. */
export function trim(node: Node): void {
  const size = <usize>node.size;
  if (node.isPacked || usableSize(size) >= blockSize(<usize>node.block) || !reserve(size)) return;
  moveTo(node, allocate(size), 0);
}

/** The first element of a listpack node. */
export function firstOf(contents: usize): usize {
  return contents + listpack.HEADER_SIZE;
}

/** The last element of a listpack node. */
export function lastOf(node: Node, contents: usize): usize {
  return beginOf(contents + node.size - 1);
}

/** The element of this number of a listpack node. */
export function elementOf(node: Node, contents: usize, place: u32): usize {
  if (place == 0) return firstOf(contents);
  if (place == node.count - 1) return lastOf(node, contents);
  return listpack.elementAt(contents, place);
}

// The whole listpack, for other changes

/** Moves the listpack to the beginning of its block: now it can be changed by listpack.ts. */
export function settle(node: Node): usize {
  if (node.offset) slide(node, 0);
  return <usize>node.block;
}

/** Takes the listpack back that was changed. */
export function update(node: Node, changed: usize, elements: u32): void {
  node.block = <u32>changed;
  node.size = <u32>listpack.bytesOf(changed);
  node.count = elements;
}

/**
 * Takes the elements behind the one of this number, or else those in front of it, off to a new
 * node. Some stay, some go. Takes up to `size` bytes of memory.
 */
export function split(node: Node, place: u32, behind: bool): Node {
  const contents = node.contents;
  const first = firstOf(contents);
  const cut = elementOf(node, contents, behind ? place + 1 : place);
  const from = behind ? cut : first;
  const bytes = (behind ? contents + node.size - 1 : cut) - from;
  const elements = behind ? node.count - place - 1 : place;
  const size = bytes + listpack.EMPTY_SIZE;
  const block = allocate(size);
  copy(block + listpack.HEADER_SIZE, from, bytes);
  store<u8>(block + size - 1, END);
  const taken = adopt(block, size, 0, 0);
  setSize(taken, size, elements);
  if (behind) cutBack(node, cut, elements);
  else cutFront(node, cut, elements);
  return taken;
}

/** Appends the elements of the other node, of which only the shell is left. */
export function join(node: Node, other: Node): void {
  const elements = node.count + other.count;
  update(node, listpack.merge(settle(node), settle(other)), elements);
}

// Compression

/** Compresses the node, if that is worth it and there is memory for it. */
export function pack(node: Node): void {
  node.flags &= ~(<u8>UNPACKED);
  const size = <usize>node.size;
  if (node.isPacked || size < PACKED_MIN || !reserve(size << 1)) return;
  const block = allocate(size + PACKED_HEADER);
  const packed = lzf.compress(node.contents, size, block + PACKED_HEADER, size);
  if (!packed || packed + PACKED_GAIN >= size) return release(block);
  store<u32>(block, <u32>packed);
  release(<usize>node.block);
  node.block = <u32>resize(block, packed + PACKED_HEADER, packed + PACKED_HEADER);
  node.offset = 0;
  node.flags |= <u8>PACKED;
}

/** Decompresses the node for good, if there is memory for it. */
export function unpack(node: Node): void {
  node.flags &= ~(<u8>UNPACKED);
  if (node.isPacked && reserve(node.size)) inflate(node);
}

/** Decompresses the node for a change, memory for which is reserved; `pack` may follow. */
export function unpackForUse(node: Node): void {
  if (!node.isPacked) return;
  inflate(node);
  node.flags |= <u8>UNPACKED;
}

function inflate(node: Node): void {
  const contents = open(node);
  release(<usize>node.block);
  node.block = <u32>contents;
  node.flags &= ~(<u8>PACKED);
}

/**
 * The node's contents for reading: if it is compressed, in a block of their own, memory for
 * which is reserved. `close` must follow.
 */
export function open(node: Node): usize {
  if (!node.isPacked) return node.contents;
  const block = <usize>node.block;
  const contents = allocate(node.size);
  lzf.decompress(block + PACKED_HEADER, <usize>load<u32>(block), contents, node.size);
  return contents;
}

export function close(node: Node, contents: usize): void {
  if (node.isPacked) release(contents);
}
