/**
 * The command table beside redis-server: for every row, what follows from it is what COMMAND and
 * COMMAND DOCS tell. The commands come in another order there (a hash table's), and notes and
 * summaries are in our own words; everything else is the same, bytes and order. What redis-server
 * 7.0.15 does not have yet is left out.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flagBits, flagWords } from '../../src/commands/flags.js';
import { parseKeySpec } from '../../src/commands/key-specs.js';
import { parseTable } from '../../src/commands/row.js';
import { COMMANDS, findCommand } from '../../src/commands/table.js';
import { answer } from '../support/command-handlers.js';
import type { Connection } from '../support/connection.js';
import { NEWER_COMMANDS } from '../support/newer-commands.js';
import { openRedis } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import { encodeReply, type Protocol, type Reply } from '../support/wire.js';

let store: Store;
beforeAll(async () => {
  store = await openRedis();
});
afterAll(() => store.close());

async function redis(protocol: Protocol): Promise<Connection> {
  const connection = await store.connect();
  await connection.send('HELLO', String(protocol));
  return connection;
}

/** Texts that are our own, or that we do not have. */
const OWN_WORDS = ['notes', 'summary', 'replaced_by'];
const LEFT_OUT = 'history';

/** The same reply with our own words blanked, without history, and with rows in order of name. */
function comparable(reply: Reply): Reply {
  if (reply.items === null) return reply;
  const items = reply.items.map(comparable);
  for (let index = 0; index + 1 < items.length; index++) {
    const { mark, text } = items[index] as Reply;
    const value = items[index + 1] as Reply;
    if (mark !== '$' || text === null) continue;
    if (OWN_WORDS.includes(text) && value.mark === '$') value.text = 'own words';
    if (text === LEFT_OUT && value.items) items.splice(index--, 2);
    if (text === 'subcommands' && value.items) {
      value.items = sortedPairs(known(value, 2).items ?? []);
    }
  }
  const isRow = items.length === 10 && items[9]?.items;
  if (isRow) (items[9] as Reply).items = sortedRows(known(items[9] as Reply).items ?? []);
  return { ...reply, items };
}

/** The reply's items about commands that redis-server has, too; of maps in steps of two. */
function known(reply: Reply, step = 1): Reply {
  const items = (reply.items ?? []).filter((_, index, all) => {
    const item = all[index - (index % step)] as Reply;
    return !NEWER_COMMANDS.has(item.text ?? nameOf(item));
  });
  return { ...reply, items };
}

const nameOf = (row: Reply | undefined) => row?.items?.[0]?.text ?? '';

function sortedRows(rows: Reply[]): Reply[] {
  return [...rows].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function sortedPairs(items: Reply[]): Reply[] {
  const pairs: [Reply, Reply][] = [];
  for (let index = 0; index < items.length; index += 2) {
    pairs.push([items[index] as Reply, items[index + 1] as Reply]);
  }
  return pairs.sort(([a], [b]) => ((a.text ?? '') < (b.text ?? '') ? -1 : 1)).flat();
}

/** Replies element by element, so that a difference names its command. */
function lines(reply: Reply): string[] {
  return (reply.items ?? []).map(encodeReply);
}

describe.each([2, 3] as const)('in RESP%d', (protocol) => {
  test('every command has the facts that COMMAND tells', async () => {
    const connection = await redis(protocol);
    const expected = comparable((await connection.send('COMMAND')).tree);
    const actual = comparable(known(await answer(protocol, ['COMMAND'])));
    expect(lines({ ...actual, items: sortedRows(actual.items ?? []) })).toEqual(
      lines({ ...expected, items: sortedRows(expected.items ?? []) }),
    );
  });

  test('every command has the documentation that COMMAND DOCS tells', async () => {
    const connection = await redis(protocol);
    const expected = comparable((await connection.send('COMMAND', 'DOCS')).tree);
    const actual = comparable(known(await answer(protocol, ['COMMAND', 'DOCS']), 2));
    expect(actual.mark).toBe(expected.mark);
    expect(sortedPairs(actual.items ?? []).map(encodeReply)).toEqual(
      sortedPairs(expected.items ?? []).map(encodeReply),
    );
  });

  test('COMMAND LIST names every command and subcommand', async () => {
    const connection = await redis(protocol);
    const expected = (await connection.send('COMMAND', 'LIST')).tree;
    expect(lines(known(await answer(protocol, ['COMMAND', 'LIST']))).sort()).toEqual(
      lines(expected).sort(),
    );
  });

  test.each([
    'MODULE nosuch',
    'ACLCAT scripting',
    'aclcat DANGEROUS',
    'ACLCAT nosuch',
    'ACLCAT @read',
    'PATTERN geo*',
    'PATTERN OBJECT*',
    'PATTERN xgroup|[cd]*',
    'PATTERN *|?el*',
    'PATTERN nosuch',
  ])('COMMAND LIST FILTERBY %s lets the same names through', async (filter) => {
    const line = `COMMAND LIST FILTERBY ${filter}`;
    const connection = await redis(protocol);
    const expected = (await connection.send(...line.split(' '))).tree;
    const actual = known(await answer(protocol, line.split(' ')));
    expect(lines(actual).sort()).toEqual(lines(expected).sort());
  });

  test.each([
    'COMMAND HELP',
    'COMMAND LIST x',
    'COMMAND LIST FILTERBY',
    'COMMAND LIST FILTERBY MODULE',
    'COMMAND LIST FILTERBY nosuch x',
    'COMMAND LIST FILTERBY PATTERN a b',
    'COMMAND INFO nosuch',
    'COMMAND INFO get nosuch GET object|encoding OBJECT|Encoding object| | get|x object|freq|x',
    'COMMAND INFO object command',
    'COMMAND DOCS nosuch',
    'COMMAND DOCS get nosuch GET object|freq object|nosuch object get|x',
    'COMMAND DOCS set getset geoadd xinfo hset restore-asking',
  ])('%s answers as redis-server does', async (line) => {
    const connection = await redis(protocol);
    const expected = (await connection.send(...line.split(' '))).tree;
    expect(encodeReply(comparable(await answer(protocol, line.split(' '))))).toBe(
      encodeReply(comparable(expected)),
    );
  });

  test('COMMAND INFO and DOCS take an empty name for an unknown one', async () => {
    const connection = await redis(protocol);
    for (const line of [
      ['COMMAND', 'INFO', ''],
      ['COMMAND', 'DOCS', ''],
    ]) {
      expect(await answer(protocol, line)).toEqual((await connection.send(...line)).tree);
    }
  });
});

describe('the table', () => {
  test('has 240 commands and 126 subcommands of Redis 7.0, each once', () => {
    const all = COMMANDS.map(({ name }) => name);
    const names = all.filter((name) => !NEWER_COMMANDS.has(name));
    expect(new Set(all).size).toBe(names.length + NEWER_COMMANDS.size);
    expect(names.filter((name) => !name.includes('|'))).toHaveLength(240);
    expect(new Set(names).size).toBe(366);
  });

  test('calls a command by its index, and its subcommands follow it', () => {
    COMMANDS.forEach((row, index) => {
      expect(row.id).toBe(index);
      expect(row.subcommands).toEqual(row.subcommands.map((_, nth) => index + 1 + nth));
      for (const id of row.subcommands) expect(COMMANDS[id]?.parent).toBe(index);
    });
  });

  test('finds commands and subcommands by name in any case', () => {
    expect(findCommand('GeT')?.name).toBe('get');
    expect(findCommand('OBJECT|freq')?.arity).toBe(3);
    expect(findCommand('nosuch')).toBeUndefined();
  });

  test.each([
    ['get 2 - - readonly', 'six columns'],
    ['get 2 - - readonly later more', 'six columns'],
    ['get 2 XX:1 - readonly later', 'not a key spec'],
    ['get 2 - nosuch readonly later', 'not an ACL category'],
    ['get 2 - - nosuch later', 'not a command flag'],
    ['object|freq 3 - - - later', 'before its container'],
  ])('does not take the row %j', (line, why) => {
    expect(() => parseTable(line)).toThrow(why);
  });

  test('flags are bits, and read back as the same words', () => {
    const bits = flagBits(['readonly', 'fast']);
    expect(flagWords(bits)).toEqual(['readonly', 'fast']);
  });

  test('reads the key spec that key-specs.ts draws', () => {
    expect(parseKeySpec('RWau:1..-1/2')).toEqual({
      flags: 0b110010,
      begin: { type: 'index', index: 1 },
      find: { type: 'range', lastKey: -1, keyStep: 2, limit: 0 },
    });
  });
});
