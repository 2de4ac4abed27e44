/**
 * SORT and SORT_RO. The elements are copied first, so that nothing that is looked up on the way
 * (a key may expire) can take them away:
 *
 *   texts     the bytes of all elements, one after the other
 *   weights   the bytes that BY with ALPHA compares
 *   items     a record for each element: places in these, a number to compare
 *   order     u32 each: addresses of items, which is what is sorted
 */
import * as database from '../keyspace/database';
import * as notifications from '../keyspace/notifications';
import { Buffer, bufferAt } from '../memory/buffer';
import { compare, toLower } from '../memory/bytes';
import { parseDouble, parsedDouble } from '../memory/float-text';
import { reserve } from '../memory/heap';
import { NOT_A_WEIGHT, OUT_OF_MEMORY, SYNTAX_ERROR, WRONG_TYPE } from '../protocol/errors';
import * as reply from '../protocol/reply';
import { dispose, Entry } from '../structures/entry';
import * as sorting from '../structures/sorting';
import { TYPE_LIST, TYPE_SET, TYPE_ZSET, typeOf } from '../values/kind';
import * as lists from '../values/lists';
import * as sets from '../values/sets';
import * as zsets from '../values/zsets';
import * as args from './arguments';
import * as keyed from './keyed';
import * as patterns from './sort-patterns';

@unmanaged
class Item {
  number: f64;
  /** Places in `texts` and, unless they are MISSING, of the weight. */
  text: u32;
  length: u32;
  weight: u32;
  weightLength: u32;
  /** Where the element was before: what is equal stays in order. */
  index: u32;
}

const ITEM_SIZE: usize = (offsetof<Item>() + 7) & ~7;
const MISSING: u32 = 0xffffffff;
/** What an element takes in a list, beside twice its bytes. */
const PUSH_COST: usize = 128;
const SPACE: u32 = 0x20;
const TAB: u32 = 0x09;
const LETTER_X: u32 = 0x78;

const texts: Buffer = bufferAt(memory.data(48, 16));
const weights: Buffer = bufferAt(memory.data(48, 16));
const items: Buffer = bufferAt(memory.data(48, 16));
const order: Buffer = bufferAt(memory.data(48, 16));
/** The arguments that are GET patterns, u32 each. */
const gets: Buffer = bufferAt(memory.data(48, 16));

// Options
let descending: bool = false;
let alpha: bool = false;
/** The argument that is the BY pattern, or 0. */
let by: u32 = 0;
/** True if BY asks for no order at all. */
let unsorted: bool = false;
/** The argument that is the destination, or 0. */
let destination: u32 = 0;
let limitStart: i64 = 0;
let limitCount: i64 = -1;

let refused: bool = false;
/** There was no memory to note all GETs. */
let getsLost: bool = false;
let weightsBase: usize = 0;

/** SORT key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA] [STORE destination] */
export function sort(): void {
  if (takesOptions(true)) sortKey();
}

/** SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA] */
export function sortReadOnly(): void {
  if (takesOptions(false)) sortKey();
}

function takesOptions(storing: bool): bool {
  descending = false;
  alpha = false;
  by = 0;
  unsorted = false;
  destination = 0;
  limitStart = 0;
  limitCount = -1;
  gets.clear();
  getsLost = false;
  patterns.begin();
  let index: u32 = 2;
  while (index < args.count) {
    const taken = takeOption(index, args.count - index - 1, storing);
    if (!taken) return false;
    index += taken;
  }
  return true;
}

/** Takes the option at `index`, behind which `more` arguments are: how many it is, or 0. */
function takeOption(index: u32, more: u32, storing: bool): u32 {
  if (args.is(index, 'ASC')) descending = false;
  else if (args.is(index, 'DESC')) descending = true;
  else if (args.is(index, 'ALPHA')) alpha = true;
  else if (more >= 2 && args.is(index, 'LIMIT')) return takeLimit(index + 1) ? 3 : 0;
  else if (more && (isPattern(index) || (storing && args.is(index, 'STORE')))) {
    takeArgument(index);
    return 2;
  } else {
    reply.error(SYNTAX_ERROR);
    return 0;
  }
  return 1;
}

function takeLimit(index: u32): bool {
  if (!args.isInteger(index)) return false;
  limitStart = args.integer;
  if (!args.isInteger(index + 1)) return false;
  limitCount = args.integer;
  return true;
}

function isPattern(index: u32): bool {
  return args.is(index, 'BY') || args.is(index, 'GET');
}

function takeArgument(index: u32): void {
  if (args.is(index, 'STORE')) {
    destination = index + 1;
  } else if (args.is(index, 'BY')) {
    by = index + 1;
    if (!patterns.hasPlace(by)) unsorted = true;
  } else if (!gets.hasRoom(4)) {
    getsLost = true;
  } else {
    store<u32>(gets.end, index + 1);
    gets.end += 4;
  }
}

function sortKey(): void {
  const source = database.read(args.address(1), args.length(1));
  const type = source ? typeOf(source) : TYPE_LIST;
  if (type != TYPE_LIST && type != TYPE_SET && type != TYPE_ZSET) return reply.error(WRONG_TYPE);
  // What is stored must not depend on the order that a set happens to have.
  if (unsorted && destination && type == TYPE_SET) {
    unsorted = false;
    alpha = true;
    by = 0;
  }
  if (getsLost) return reply.error(OUT_OF_MEMORY);
  refused = false;
  if (source) collect(source, type);
  if (!unsorted && !refused) refused = !isOrdered();
  else if (descending && type != TYPE_SET) reverse();
  if (!refused) answer();
  texts.clear();
  weights.clear();
  items.clear();
  order.clear();
}

// Elements

/** As in Redis a listpack becomes a table by being sorted. */
function collectScored(source: Entry): void {
  if (!zsets.isTable(source)) {
    if (!reserve(zsets.addCost(source, 0, 0))) refused = true;
    if (refused) return;
    zsets.toTable(source);
  }
  zsets.visit(source, addScored);
}

function collect(source: Entry, type: u32): void {
  if (type == TYPE_LIST) lists.visit(source, addElement);
  else if (type == TYPE_SET) sets.visit(source, addElement);
  else collectScored(source);
  if (refused) return reply.error(OUT_OF_MEMORY);
  for (let at = items.bytes; at < items.end; at += ITEM_SIZE) {
    store<u32>(order.end, <u32>at);
    order.end += 4;
  }
}

function addScored(member: usize, length: usize, _score: f64): void {
  addElement(member, length);
}

function addElement(bytes: usize, size: usize): void {
  if (refused) return;
  const needed = items.length / ITEM_SIZE + 1;
  refused = !items.hasRoom(ITEM_SIZE) || !texts.hasRoom(size) || !order.hasRoom(needed << 2);
  if (refused) return;
  const item = changetype<Item>(items.end);
  item.text = <u32>texts.length;
  item.length = <u32>size;
  item.index = <u32>(needed - 1);
  items.end += ITEM_SIZE;
  texts.raw(bytes, size);
}

function itemAt(place: usize): Item {
  return changetype<Item>(<usize>load<u32>(place));
}

function textOf(item: Item): usize {
  return texts.bytes + item.text;
}

function reverse(): void {
  let high = order.end;
  for (let low = order.bytes; low + 4 < high; low += 4) {
    high -= 4;
    const item = load<u32>(low);
    store<u32>(low, load<u32>(high));
    store<u32>(high, item);
  }
}

// Order

/** Weighs and sorts the elements; false, and that is replied, if one has no weight. */
function isOrdered(): bool {
  let weighed = true;
  // As in Redis all are looked up, also if one has no weight.
  for (let at = order.bytes; at < order.end; at += 4) {
    const item = itemAt(at);
    if (!(by ? weigh(item) : weighItself(item))) weighed = false;
    if (patterns.refused || refused) break;
  }
  if (!weighed) {
    reply.error(patterns.refused || refused ? OUT_OF_MEMORY : NOT_A_WEIGHT);
    return false;
  }
  weightsBase = alpha && by ? weights.bytes : texts.bytes;
  const count = <u32>(order.length >> 2);
  if (alpha) sorting.sort(order.bytes, count, compareTexts);
  else sorting.sort(order.bytes, count, compareNumbers);
  return true;
}

function weighItself(item: Item): bool {
  if (!alpha) return weighNumber(item, textOf(item), item.length);
  item.weight = item.text;
  item.weightLength = <u32>comparedLength(textOf(item), item.length);
  return true;
}

function weigh(item: Item): bool {
  const found = patterns.find(by, textOf(item), item.length);
  if (patterns.refused) return false;
  if (!alpha) {
    item.number = 0;
    return !found || weighNumber(item, patterns.address, patterns.length);
  }
  item.weight = found ? <u32>weights.length : MISSING;
  if (!found) return true;
  const size = comparedLength(patterns.address, patterns.length);
  item.weightLength = <u32>size;
  refused = !weights.hasRoom(size);
  if (!refused) weights.raw(patterns.address, size);
  return !refused;
}

/** Redis compares what is not stored as C strings, which end at a NUL. */
function comparedLength(bytes: usize, size: usize): usize {
  return destination ? size : textLength(bytes, size);
}

function textLength(bytes: usize, size: usize): usize {
  let at: usize = 0;
  while (at < size && load<u8>(bytes + at)) at++;
  return at;
}

/** Reads a number as strtod does; nothing at all is zero. */
function weighNumber(item: Item, bytes: usize, size: usize): bool {
  let left = textLength(bytes, size);
  item.number = 0;
  if (!left) return true;
  while (left && isSpace(load<u8>(bytes))) {
    bytes++;
    left--;
  }
  if (!parseDouble(bytes, left)) return false;
  item.number = parsedDouble;
  return !isInexact(parsedDouble, bytes, left);
}

function isSpace(byte: u32): bool {
  return byte == SPACE || byte - TAB < 5;
}

/** Whether strtod would say that so small a number was rounded: decimals that small always are. */
function isInexact(value: f64, bytes: usize, size: usize): bool {
  if (value == 0 || abs(value) >= f64.MIN_NORMAL_VALUE) return false;
  for (let at: usize = 0; at < size; at++) {
    if (toLower(load<u8>(bytes + at)) == LETTER_X) return false;
  }
  return true;
}

function compareNumbers(a: u32, b: u32): i32 {
  const one = changetype<Item>(<usize>a);
  const other = changetype<Item>(<usize>b);
  if (one.number != other.number) return directed(one.number < other.number ? -1 : 1);
  const order = compare(textOf(one), one.length, textOf(other), other.length);
  return order ? directed(order) : inPlace(one, other);
}

function compareTexts(a: u32, b: u32): i32 {
  const one = changetype<Item>(<usize>a);
  const other = changetype<Item>(<usize>b);
  if (one.weight == MISSING || other.weight == MISSING) {
    if (one.weight == other.weight) return inPlace(one, other);
    return directed(one.weight == MISSING ? -1 : 1);
  }
  const bytes = weightsBase + one.weight;
  const otherBytes = weightsBase + other.weight;
  const order = compare(bytes, one.weightLength, otherBytes, other.weightLength);
  return order ? directed(order) : inPlace(one, other);
}

function directed(order: i32): i32 {
  return descending ? -order : order;
}

function inPlace(one: Item, other: Item): i32 {
  return one.index < other.index ? -1 : one.index > other.index ? 1 : 0;
}

// Answer

/** Replies or stores the elements within the limits. */
function answer(): void {
  const count = <i64>(order.length >> 2);
  const start = min(max<i64>(limitStart, 0), count);
  const wanted = limitCount < 0 ? count : min(limitCount, count);
  const end = min(start + wanted, count);
  const from = order.bytes + ((<usize>start) << 2);
  const to = order.bytes + ((<usize>end) << 2);
  if (destination) return storeItems(from, to);
  const each = max<u64>(gets.length >> 2, 1);
  reply.array(<u64>(end - start) * each);
  for (let at = from; at < to && reply.fits(); at += 4) replyItem(itemAt(at));
  if (!patterns.refused) return;
  reply.pending().rewind();
  reply.error(OUT_OF_MEMORY);
}

function replyItem(item: Item): void {
  if (!gets.length) return reply.bulk(textOf(item), item.length);
  for (let get = gets.bytes; get < gets.end; get += 4) {
    if (patterns.find(load<u32>(get), textOf(item), item.length)) {
      reply.bulk(patterns.address, patterns.length);
    } else {
      reply.nil();
    }
  }
}

function storeItems(from: usize, to: usize): void {
  const each = max<usize>(gets.length >> 2, 1);
  const count = <u64>(((to - from) >> 2) * each);
  if (!count) {
    keyed.put(destination, null);
    return reply.integer(0);
  }
  const list = lists.createEntry(args.address(destination), args.length(destination), 0);
  for (let at = from; at < to && !refused; at += 4) pushItem(list, itemAt(at));
  if (refused || patterns.refused) {
    lists.disposeValue(list);
    dispose(list);
    return reply.error(OUT_OF_MEMORY);
  }
  keyed.put(destination, list);
  if (count > 1) database.signalBy(list, count - 1);
  keyed.notify(notifications.SORTSTORE, destination);
  reply.integer(count);
}

function pushItem(list: Entry, item: Item): void {
  if (!gets.length) return push(list, textOf(item), item.length);
  for (let get = gets.bytes; get < gets.end; get += 4) {
    const found = patterns.find(load<u32>(get), textOf(item), item.length);
    push(list, patterns.address, found ? patterns.length : 0);
  }
}

function push(list: Entry, bytes: usize, size: usize): void {
  refused = refused || !reserve((size << 1) + PUSH_COST);
  if (!refused) lists.pushTail(list, bytes, size);
}
