/**
 * Registry: every command of the table as a record that dispatch can use, and the way
 * from a name to a record.
 *
 * Names are compared in lower case. A small cache leads from the raw bytes of short names
 * straight to the record, because batches repeat their commands.
 *
 * What a command is called by is its name, unless it was renamed (`rename-command`): only the way
 * from a name to a record changes then, and the record keeps its name for all else.
 */
import { copy, toLower } from '../memory/bytes';
import { allocate, reserve } from '../memory/heap';

/** A command handler: takes its arguments from the request, writes one reply. */
export type Handler = () => void;

@unmanaged
export class Command {
  /** Index into the function table; 0 if the core does not execute it. */
  handler: u32;
  /** The core runs it by itself if its number of arguments less `countMin` is at most this. */
  countRange: u32;
  countMin: u32;
  arity: i32;
  flags: u32;
  firstKey: i32;
  lastKey: i32;
  keyStep: i32;
  /** The argument that names a member of the first key's value, if it looks for one; or 0. */
  member: u32;
  /** Id of the container, or -1. */
  parent: i32;
  id: u32;
  /** The name in lower case: the part behind `|` for a subcommand. */
  name: usize;
  nameLength: u32;
  /** How often it was executed, refused before that, and answered with an error. */
  calls: u64;
  rejected: u64;
  failed: u64;
  /** For how many calls there are durations, and their sum (timing.ts). */
  timedCalls: u64;
  microseconds: f64;
}

export const COMMANDS_MAX: u32 = 512;
const RECORD_SIZE: usize = (offsetof<Command>() + 7) & ~7;
const NAME_SLOTS: u32 = 2048;
const CACHE_SLOTS: usize = 64;
/** Nothing longer is looked for. */
const NAME_LENGTH_MAX: usize = 128;
/** 2^64 divided by the golden ratio. */
const HASH_FACTOR: u64 = 0x9e3779b97f4a7c15;
const CACHE_ENTRY_SIZE: usize = 16;
const NO_PARENT: i32 = -1;
/** The bytes of a row of the table before its name. */
const ROW_HEAD: usize = 11;

const records: usize = memory.data(53248, 16);
if (RECORD_SIZE * COMMANDS_MAX > 53248) ERROR('all command records fit');
/** Open addressing, u16 each: id + 1. */
const nameTable: usize = memory.data(4096, 16);
/** { u64 name and length, u32 record }, CACHE_SLOTS times. */
const cache: usize = memory.data(1024, 16);
if (CACHE_SLOTS * CACHE_ENTRY_SIZE != 1024) ERROR('the cache fills its place');

/** What commands are called by: { u32 address, u32 length } by id. */
const spellings: usize = memory.data(4096, 16);
if (COMMANDS_MAX * 8 != 4096) ERROR('each command has a spelling');

/** Number of commands defined. */
export let count: u32 = 0;
/** True once a command is called by another name than its own. */
export let renamed: bool = false;

export function at(id: u32): Command {
  return changetype<Command>(records + <usize>id * RECORD_SIZE);
}

/**
 * Defines the commands of the table: `rows` as scripts/generate-table.ts writes them, which stay
 * in use for their names, and as many function references or nulls at `handlers`.
 */
export function register(rows: usize, handlers: usize, rowCount: u32): void {
  while (count < rowCount) {
    const handler = load<u32>(handlers + ((<usize>count) << 2));
    rows = define(rows, handler ? load<u32>(<usize>handler) : 0);
  }
}

/** Adds a command. Its id is its position. The next row's address. */
function define(row: usize, handler: u32): usize {
  const command = at(count);
  const back = <i32>load<u8>(row, 9);
  command.id = count;
  command.handler = handler;
  command.flags = load<u32>(row);
  command.arity = load<i8>(row, 4);
  command.firstKey = load<i8>(row, 5);
  command.lastKey = load<i8>(row, 6);
  command.keyStep = load<i8>(row, 7);
  command.member = load<u8>(row, 8);
  command.parent = back ? <i32>count - back : NO_PARENT;
  command.nameLength = load<u8>(row, 10);
  command.name = row + ROW_HEAD;
  setCounts(command);
  spell(command, command.name, command.nameLength);
  link(command);
  count++;
  return command.name + command.nameLength;
}

/** Numbers of arguments with which it runs at once: none if the core has no handler. */
function setCounts(command: Command): void {
  const arity = command.arity;
  command.countMin = <u32>abs(arity);
  command.countRange = arity < 0 ? i32.MAX_VALUE : 0;
  if (command.handler) return;
  command.countMin = u32.MAX_VALUE;
  command.countRange = 0;
}

function spell(command: Command, name: usize, length: usize): void {
  const spelling = spellings + ((<usize>command.id) << 3);
  store<u32>(spelling, <u32>name);
  store<u32>(spelling, <u32>length, 4);
}

function link(command: Command): void {
  const spelling = load<u64>(spellings + ((<usize>command.id) << 3));
  let slot = slotOf(command.parent, <usize>(<u32>spelling), <u32>(spelling >> 32));
  while (load<u16>(nameTable + ((<usize>slot) << 1))) slot = (slot + 1) & (NAME_SLOTS - 1);
  store<u16>(nameTable + ((<usize>slot) << 1), <u16>(command.id + 1));
}

/**
 * Calls a command by another name from now on, or by none if `length` is 0. False if there is no
 * memory to remember it.
 */
export function rename(id: u32, name: usize, length: usize): bool {
  if (!reserve(length + 8)) return false;
  const kept = allocate(length + 8);
  copy(kept, name, length);
  for (let index: usize = 0; index < length; index++) {
    store<u8>(kept + index, toLower(load<u8>(kept + index)));
  }
  spell(at(id), kept, length);
  renamed = true;
  memory.fill(nameTable, 0, (<usize>NAME_SLOTS) << 1);
  memory.fill(cache, 0, CACHE_SLOTS * CACHE_ENTRY_SIZE);
  for (let other: u32 = 0; other < count; other++) {
    if (load<u32>(spellings + ((<usize>other) << 3), 4)) link(at(other));
  }
  return true;
}

/** FNV-1a over the lower-case name, begun with the container's id. */
function slotOf(parent: i32, name: usize, length: u32): u32 {
  let value: u32 = 0x811c9dc5 ^ <u32>(parent + 1);
  for (let index: u32 = 0; index < length; index++) {
    value = (value ^ toLower(load<u8>(name + index))) * 0x01000193;
  }
  return (value ^ (value >> 15)) & (NAME_SLOTS - 1);
}

/**
 * A short name as one word: its bytes, and its length where the eighth would be. 0 if it
 * is empty or longer than seven bytes. Eight bytes from `name` on are readable.
 */
export function wordOf(name: usize, length: usize): u64 {
  if (length - 1 >= 7) return 0;
  const bytes = load<u64>(name) & (((<u64>1) << ((<u64>length) << 3)) - 1);
  return bytes | ((<u64>length) << 56);
}

/** The command of this name, or null. Eight bytes from `name` on are readable. */
export function find(name: usize, length: usize): Command | null {
  const word = wordOf(name, length);
  if (!word) return search(NO_PARENT, name, length);
  const hash = (word ^ (word >> 32)) * HASH_FACTOR;
  const slot = cache + <usize>(hash >>> 58) * CACHE_ENTRY_SIZE;
  if (load<u64>(slot) == word) return changetype<Command>(<usize>load<u32>(slot, 8));
  const command = search(NO_PARENT, name, length);
  if (!command) return null;
  store<u64>(slot, word);
  store<u32>(slot, <u32>changetype<usize>(command), 8);
  return command;
}

/** The command whose name calls this one: the container of a subcommand. */
export function calledBy(command: Command): Command {
  return command.parent >= 0 ? at(command.parent) : command;
}

/** The subcommand of a container, or null. */
export function findSubcommand(parent: u32, name: usize, length: usize): Command | null {
  return search(<i32>parent, name, length);
}

function search(parent: i32, name: usize, length: usize): Command | null {
  if (length > NAME_LENGTH_MAX) return null;
  let slot = slotOf(parent, name, <u32>length);
  while (true) {
    const id = <u32>load<u16>(nameTable + ((<usize>slot) << 1));
    if (!id) return null;
    const command = at(id - 1);
    if (command.parent == parent && hasName(command, name, length)) return command;
    slot = (slot + 1) & (NAME_SLOTS - 1);
  }
}

function hasName(command: Command, name: usize, length: usize): bool {
  const spelling = load<u64>(spellings + ((<usize>command.id) << 3));
  if (<usize>(spelling >> 32) != length) return false;
  const known = <usize>(<u32>spelling);
  for (let index: usize = 0; index < length; index++) {
    if (toLower(load<u8>(name + index)) != <u32>load<u8>(known + index)) return false;
  }
  return true;
}

/** Sets the counters of all commands to zero. */
export function resetStatistics(): void {
  for (let id: u32 = 0; id < count; id++) {
    const command = at(id);
    command.calls = 0;
    command.rejected = 0;
    command.failed = 0;
    command.timedCalls = 0;
    command.microseconds = 0;
  }
}
