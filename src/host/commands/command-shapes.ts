/**
 * The shapes in which COMMAND tells facts: a row as COMMAND INFO does, documentation as COMMAND
 * DOCS does. RESP3 has maps and sets where RESP2 has arrays.
 */
import type { ArgumentDoc, CommandDoc, CommandDocs } from '../../commands/docs.js';
import { flagWords } from '../../commands/flags.js';
import { commandTips, keyNote } from '../../commands/hints.js';
import { type KeySpec, keyFlagWords } from '../../commands/key-specs.js';
import type { CommandRow } from '../../commands/row.js';
import { COMMANDS } from '../../commands/table.js';
import type { ReplyWriter } from '../../resp/reply-writer.js';

/** A map's key and what writes its value. */
type Pair = readonly [key: string, write: () => void];

/** An array; `write` writes one element. */
export function writeArray<T>(
  reply: ReplyWriter,
  items: readonly T[],
  write: (item: T) => void,
): void {
  reply.array(items.length);
  items.forEach(write);
}

/** A set of words as status replies. */
export function writeWords(reply: ReplyWriter, words: readonly string[]): void {
  reply.set(words.length);
  for (const word of words) reply.simple(word);
}

function writeMap(reply: ReplyWriter, pairs: readonly (Pair | false)[]): void {
  const present = pairs.filter((pair) => pair !== false);
  reply.map(present.length);
  for (const [key, write] of present) {
    reply.bulk(key);
    write();
  }
}

/** One command as COMMAND INFO tells it. */
export function writeRow(reply: ReplyWriter, row: CommandRow): void {
  reply.array(10);
  reply.bulk(row.name);
  reply.integer(row.arity);
  writeWords(reply, flagWords(row.flags));
  reply.integer(row.keyRange.first);
  reply.integer(row.keyRange.last);
  reply.integer(row.keyRange.step);
  writeWords(
    reply,
    row.acl.map((category) => `@${category}`),
  );
  const tips = commandTips(row.name);
  reply.set(tips.length);
  for (const tip of tips) reply.bulk(tip);
  reply.set(row.keySpecs.length);
  row.keySpecs.forEach((spec, index) => {
    writeKeySpec(reply, spec, keyNote(row.name, index));
  });
  if (row.subcommands.length === 0) reply.set(0);
  else writeArray(reply, subcommandsOf(row), (subcommand) => writeRow(reply, subcommand));
}

function subcommandsOf(row: CommandRow): CommandRow[] {
  return row.subcommands.map((id) => COMMANDS[id] as CommandRow);
}

function writeKeySpec(reply: ReplyWriter, spec: KeySpec, note: string | undefined): void {
  const begin = beginFacts(spec);
  const find = findFacts(spec);
  writeMap(reply, [
    note !== undefined && ['notes', () => reply.bulk(note)],
    ['flags', () => writeWords(reply, keyFlagWords(spec.flags))],
    ['begin_search', () => writeSearch(reply, spec.begin.type, begin)],
    ['find_keys', () => writeSearch(reply, spec.find.type, find)],
  ]);
}

type Facts = Readonly<Record<string, string | number>>;

function beginFacts({ begin }: KeySpec): Facts {
  if (begin.type === 'index') return { index: begin.index };
  if (begin.type === 'keyword') return { keyword: begin.keyword, startfrom: begin.startFrom };
  return {};
}

function findFacts({ find }: KeySpec): Facts {
  if (find.type === 'range') {
    return { lastkey: find.lastKey, keystep: find.keyStep, limit: find.limit };
  }
  return find.type === 'keynum' ? { keynumidx: 0, firstkey: 1, keystep: 1 } : {};
}

function writeSearch(reply: ReplyWriter, type: string, facts: Facts): void {
  const pairs = Object.entries(facts).map(([key, fact]): Pair => {
    return [key, () => (typeof fact === 'number' ? reply.integer(fact) : reply.bulk(fact))];
  });
  writeMap(reply, [
    ['type', () => reply.bulk(type)],
    ['spec', () => writeMap(reply, pairs)],
  ]);
}

/** A map from the rows' names to their documentation. */
export function writeDocs(
  reply: ReplyWriter,
  rows: readonly CommandRow[],
  docs: CommandDocs,
): void {
  reply.map(rows.length);
  for (const row of rows) {
    reply.bulk(row.name);
    writeDoc(reply, row, docs);
  }
}

function writeDoc(reply: ReplyWriter, row: CommandRow, docs: CommandDocs): void {
  const doc = docs.get(row.name);
  const text = (key: keyof CommandDoc): Pair | false => {
    const value = doc?.[key];
    return typeof value === 'string' && [key, () => reply.bulk(value)];
  };
  const { doc_flags: flags, arguments: args } = doc ?? {};
  writeMap(reply, [
    text('summary'),
    text('since'),
    ['group', () => reply.bulk(row.group)],
    text('complexity'),
    flags !== undefined && ['doc_flags', () => writeWords(reply, flags)],
    text('deprecated_since'),
    text('replaced_by'),
    args !== undefined && ['arguments', () => writeArguments(reply, args)],
    row.subcommands.length > 0 && ['subcommands', () => writeDocs(reply, subcommandsOf(row), docs)],
  ]);
}

function writeArguments(reply: ReplyWriter, args: readonly ArgumentDoc[]): void {
  writeArray(reply, args, (argument) => writeArgument(reply, argument));
}

function writeArgument(reply: ReplyWriter, argument: ArgumentDoc): void {
  const { key_spec_index: keySpec, flags, arguments: parts } = argument;
  const text = (key: keyof ArgumentDoc): Pair | false => {
    const value = argument[key];
    return typeof value === 'string' && [key, () => reply.bulk(value)];
  };
  writeMap(reply, [
    text('name'),
    text('type'),
    keySpec !== undefined && ['key_spec_index', () => reply.integer(keySpec)],
    text('token'),
    text('since'),
    text('deprecated_since'),
    flags !== undefined && ['flags', () => writeWords(reply, flags)],
    parts !== undefined && ['arguments', () => writeArguments(reply, parts)],
  ]);
}
