/**
 * Who may run what, beside redis-server: every command of the table, with arguments of many kinds,
 * for six users, as ACL DRYRUN tells it; and the same commands run where their keys are not plain
 * to see (docs/RELIABILITY.md S8).
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandRow } from '../../src/commands/row.js';
import { COMMANDS } from '../../src/commands/table.js';
import { encode, openTestHost, type TestConnection } from '../host/test-host.js';
import type { Connection } from '../support/connection.js';
import { NEWER_COMMANDS } from '../support/newer-commands.js';
import { openRedis } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import { latin1 } from '../support/wire.js';

const USERS = [
  'everything allcommands allkeys allchannels',
  'reader +@read %R~a* ~b',
  'careful +@all -@dangerous -@blocking %R~a* %W~b* %RW~c &a* &c',
  'mixed +@write +config|get +select|1 +ping|a +object|freq ~a ~1 (+@read ~b) (+@all -@write ~x &b)',
  'keyless +@all -@connection +client|id',
  'listener +@pubsub +@scripting +@stream +sort +migrate %R~* %W~a ~b* &a &b* (+@list %W~b*)',
];

/** What stands in for arguments; each is taken in turn, from its beginning. */
const FILLINGS = [
  'a b c x a b c x',
  'b a x c b a x c',
  '1 a b x 1 a b x',
  '2 a b x 2 a b x',
  'a 1 b c x a 1 b',
  'a 2 b a x c 1 0',
  'a a 2 b x 0 0 0',
  'x a 1 b 1 2 3 4',
  'c 3 a b c x y z',
  'b* a? c x* b a 1',
].map((words) => words.split(' '));

/** Command lines whose keys depend on more than their place. */
const LINES = `
  set a v | set a v get | set b v GET | set a v ex 10 get | bitfield a get u8 0 | bitfield b get u8 0
  bitfield a set u8 0 1 | bitfield b incrby u8 0 1 | bitfield c get u8 0 overflow sat | bitfield b
  sort a | sort a by x* | sort a get x | sort a store b | sort a store x | sort a STORE b store x
  sort a limit 0 1 store b | sort b by nosort get # store a | sort_ro a by x* | sort_ro b get a
  migrate h 1 a 0 1 | migrate h 1 "" 0 1 keys a b | migrate h 1 "" 0 1 keys b bb | migrate h 1 b 0 1
  migrate h 1 "" 0 1 auth p keys b | migrate h 1 "" 0 1 auth2 u p keys a | migrate h 1 a 0 1 keys b
  xread streams a 0 | xread streams a b 0 0 | xread count 1 block 0 STREAMS b bb $ $ | xread streams x 0
  xreadgroup group g c streams a > | xreadgroup group g c noack streams b bb > >
  eval s 0 | eval s 1 a | eval s 2 a x | eval s 1 x | eval s -1 a | eval s x a | eval s 3 a b
  evalsha s 1 b | eval_ro s 1 a | evalsha_ro s 2 a b | fcall f 1 b | fcall_ro f 2 a ab | eval s +1 a
  georadius a 1 1 1 m | georadius a 1 1 1 m store b | georadius a 1 1 1 m STOREDIST x
  georadiusbymember b m 1 m store c | georadiusbymember_ro a m 1 m | geosearchstore b a frommember m byradius 1 m
  zunionstore b 2 a ab | zunionstore b 2 a x | zinter 2 a b | zdiff 1 a | zdiffstore b 1 a | zmpop 1 b min
  lmpop 2 b bb left | blmpop 0 1 a left | bzmpop 0 2 a b min | sintercard 2 a ab | lcs a ab | lcs a b
  copy a b | copy b a | copy a c replace | rename a b | rename c b | renamenx b c | rpoplpush a b | lmove b b left right
  object encoding a | object freq a | object freq x | object help | memory usage a | memory usage x | command getkeys get x
  publish a m | publish c m | publish x m | spublish a m | spublish b m | spublish bb m | subscribe a | subscribe a x
  psubscribe a* | psubscribe a | psubscribe c | psubscribe b* bb | ssubscribe a ab | unsubscribe x | punsubscribe x | sunsubscribe x
  config get x | config set x y | config help | config resetstat | select 0 | select 1 | ping | ping a | ping A | ping b
  client id | client list | client kill x | acl whoami | acl setuser x | auth a | auth a b | hello | hello 3 auth a b | quit | reset
  multi | exec | watch a | watch x | watch a b | unwatch | touch a | touch x | exists a b | exists a x | del a | del b c
  pfcount a b | pfcount a ab | pfmerge b a | pfdebug encode a | getdel a | getex a | getset b 1 | append b 1 | setrange b 0 x
  xinfo stream a | xgroup create b g 0 | xgroup help | debug object a | restore b 0 x | restore-asking a 0 x | swapdb 0 1 | flushall
`;

let redis: Store;
let theirs: Connection;
let ours: TestConnection;
beforeAll(async () => {
  redis = await openRedis();
  theirs = await redis.connect();
  ours = (await openTestHost()).connect({ kind: 'inline' });
  for (const rules of USERS) {
    const words = ['ACL', 'SETUSER', ...rules.split(' ')];
    expect((await theirs.send(...words)).tree.text).toBe('OK');
    expect(say(words)).toBe('+OK\r\n');
  }
});
afterAll(() => redis.close());

function say(words: readonly string[]): string {
  ours.take();
  ours.feed(encode(words));
  return ours.take();
}

/** Replies of both to many lines, in lists that are equal when all is well. */
async function compare(lines: readonly (readonly string[])[]): Promise<void> {
  const replies = await theirs.pipeline(lines);
  const expected = replies.map(({ wire }, at) => `${lines[at]?.join(' ')}: ${latin1(wire)}`);
  expect(lines.map((words) => `${words.join(' ')}: ${say(words)}`)).toEqual(expected);
}

/** Lines of a command that have a number of arguments which it takes. */
function linesOf(row: CommandRow): string[][] {
  const name = row.name.split('|');
  const fewest = Math.abs(row.arity);
  const most = row.arity > 0 ? fewest : fewest + 3;
  const lines: string[][] = [];
  for (let count = fewest; count <= most; count++) {
    for (const filling of FILLINGS) {
      lines.push([...name, ...filling.slice(0, Math.max(0, count - name.length))]);
    }
  }
  return lines;
}

const KNOWN = COMMANDS.filter(({ name }) => !NEWER_COMMANDS.has(name));

test.each(USERS)('DRYRUN for %s', async (rules) => {
  const [user = ''] = rules.split(' ');
  const written = LINES.trim()
    .split(/\s*[|\n]\s*/)
    .map((line) => line.split(' ').map((word) => (word === '""' ? '' : word)));
  const lines = [...KNOWN.flatMap(linesOf), ...written];
  expect(lines.length).toBeGreaterThan(8000);
  await compare(lines.map((line) => ['ACL', 'DRYRUN', user, ...line]));
});

test('categories hold the same commands', async () => {
  const names = await theirs.send('ACL', 'CAT');
  for (const { text } of names.tree.items ?? []) {
    const { tree } = await theirs.send('ACL', 'CAT', text ?? '');
    const expected = (tree.items ?? []).map((item) => item.text).sort();
    const reply = say(['ACL', 'CAT', text ?? '']).split('\r\n');
    const given = reply.filter((line) => /^[a-z]/.test(line) && !NEWER_COMMANDS.has(line));
    expect(given.sort(), text ?? '').toEqual(expected);
  }
});
