/**
 * A row of the command table: read from its line, with everything that follows from it.
 */
import { type AclCategory, aclCategories, isAclCategory } from './acl.js';
import { CommandFlag, flagBits } from './flags.js';
import {
  hasMovableKeys,
  type KeyRange,
  type KeySpec,
  keyRange,
  parseKeySpec,
} from './key-specs.js';

export interface CommandRow {
  /** The index in COMMANDS: the number by which core and host call this command. */
  readonly id: number;
  /** In lower case; a subcommand is `container|name`. */
  readonly name: string;
  /** The container's id, or -1 for a command. */
  readonly parent: number;
  /** The subcommands' ids: they follow their container. */
  readonly subcommands: readonly number[];
  /** Number of arguments including the name; negative: at least so many. */
  readonly arity: number;
  /** Bits of CommandFlag. */
  readonly flags: number;
  readonly keySpecs: readonly KeySpec[];
  readonly keyRange: KeyRange;
  readonly acl: readonly AclCategory[];
  readonly group: string;
  /** `'family.function'` of the core, or `'host'`, `'later'`, `'container'`. */
  readonly handler: string;
}

/** Not `fast`, but its price follows from the length of the request or the reply alone. */
const STEADY: ReadonlySet<string> = new Set(
  'set setex psetex mset msetnx setrange getrange substr setbit lset'.split(' '),
);

/** A line of the table, split: name, arity, keys, acl, flags, handler. */
interface Line {
  readonly group: string;
  readonly fields: readonly string[];
}

/**
 * Reads the table's text: one command a line, `# group` above each group. Throws when a line is
 * malformed, because the table is source code.
 */
export function parseTable(text: string): CommandRow[] {
  const lines = splitLines(text);
  const ids = new Map<string, number>();
  const subcommands: number[][] = lines.map(() => []);
  lines.forEach(({ fields }, id) => {
    const name = fields[0] ?? '';
    ids.set(name, id);
    const parent = parentOf(name, ids);
    if (parent >= 0) subcommands[parent]?.push(id);
  });
  return lines.map((line, id) => {
    const parent = parentOf(line.fields[0] ?? '', ids);
    return parseRow(line, id, parent, subcommands[id] ?? []);
  });
}

function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let group = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('# ')) group = line.slice(2);
    else if (line !== '') lines.push({ group, fields: line.split(/ +/) });
  }
  return lines;
}

/** The id of `name`'s container, which must stand above it, or -1. */
function parentOf(name: string, ids: ReadonlyMap<string, number>): number {
  const bar = name.indexOf('|');
  if (bar < 0) return -1;
  const parent = ids.get(name.slice(0, bar));
  if (parent === undefined) throw new Error(`'${name}' stands before its container`);
  return parent;
}

function parseRow(
  { group, fields }: Line,
  id: number,
  parent: number,
  subcommands: readonly number[],
): CommandRow {
  const [name, arity, keys, acl, flagList, handler, ...more] = fields;
  if (!name || !keys || !acl || !flagList || !handler || more.length > 0) {
    throw new Error(`row '${fields.join(' ')}' does not have six columns`);
  }
  const keySpecs = keySpecsOf(keys);
  let flags = flagsOf(flagList);
  if (hasMovableKeys(keySpecs)) flags |= CommandFlag.MOVABLE_KEYS;
  if (handler === 'host') flags |= CommandFlag.HOST;
  if (handler === 'later') flags |= CommandFlag.LATER;
  if (subcommands.length > 0) flags |= CommandFlag.CONTAINER;
  if (!(flags & CommandFlag.FAST) && !STEADY.has(name)) flags |= CommandFlag.TIMED;
  return {
    id,
    name,
    parent,
    subcommands,
    arity: Number(arity),
    flags,
    keySpecs,
    keyRange: keyRange(keySpecs),
    acl: aclCategories(flags, list(acl).map(categoryOf)),
    group,
    handler,
  };
}

/** Columns repeat, and are read when a page starts: each text is read once. */
const keySpecsOf = remembering((column) => list(column).map(parseKeySpec));
const flagsOf = remembering((column) => flagBits(list(column)));

function remembering<T>(read: (column: string) => T): (column: string) => T {
  const known = new Map<string, T>();
  return (column) => {
    const value = known.get(column) ?? read(column);
    known.set(column, value);
    return value;
  };
}

/** The items of a column; `-` is none. */
function list(column: string): string[] {
  return column === '-' ? [] : column.split(',');
}

function categoryOf(word: string): AclCategory {
  if (!isAclCategory(word)) throw new Error(`'${word}' is not an ACL category`);
  return word;
}
