/** Scripts in the host: what reaches the journal, scripts that take long, machines that break. */
import { expect, test } from 'vitest';
import { FakeStorage, openTestHost, settled, type TestConnection } from './test-host.js';

const LIBRARY = "#!lua name=lib\nredis.register_function('f', function() return 7 end)";

/** RESP as words, without its lengths. */
function words(resp: string): string {
  return resp
    .replace(/[*$]\d+\r\n/g, '')
    .replace(/\r\n/g, ' ')
    .trim();
}

function request(...args: string[]): string {
  const bulks = args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`);
  return `*${args.length}\r\n${bulks.join('')}`;
}

/** Sends a command and waits for its reply. */
async function ask(connection: TestConnection, ...args: string[]): Promise<string> {
  const before = connection.received.length;
  connection.feed(request(...args));
  await untilReply(connection, before);
  return connection.received.slice(before);
}

async function untilReply(connection: TestConnection, before: number): Promise<void> {
  while (connection.received.length === before) await settled();
}

test('what a script writes reaches the journal as one whole, in the form that repeats it', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  await ask(
    connection,
    'EVAL',
    "redis.call('SET','a',1) redis.call('GET','a') redis.call('INCR','a')",
    '0',
  );
  expect(words(storage.appended)).toBe('MULTI SELECT 0 SET a 1 INCR a EXEC');
  storage.appended = '';
  await ask(connection, 'EVAL', "return redis.call('SET','a',1)", '0');
  expect(words(storage.appended)).toBe('SELECT 0 SET a 1');
  storage.appended = '';
  await ask(connection, 'EVAL', "return redis.call('GET','a')", '0');
  expect(storage.appended).toBe('');
});

test('redis.set_repl keeps writes from the journal', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const script =
    "redis.set_repl(redis.REPL_NONE) redis.call('SET','a',1) " +
    "redis.set_repl(redis.REPL_ALL) redis.call('SET','b',1)";
  await ask(connect(), 'EVAL', script, '0');
  expect(words(storage.appended)).toBe('SELECT 0 SET b 1');
});

test('libraries are there again when the journal is replayed', async () => {
  const first = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage: first });
  const connection = connect();
  await ask(connection, 'FUNCTION', 'LOAD', LIBRARY);
  await ask(connection, 'FUNCTION', 'LOAD', LIBRARY.replace('lib', 'gone').replace("'f'", "'g'"));
  await ask(connection, 'FUNCTION', 'DELETE', 'gone');
  const storage = new FakeStorage('everysec', [first.appended]);
  const { connect: again } = await openTestHost({ storage });
  const later = again();
  expect(await ask(later, 'FCALL', 'f', '0')).toBe(':7\r\n');
  expect(await ask(later, 'FCALL', 'g', '0')).toBe('-ERR Function not found\r\n');
});

/** A host whose clock goes on by itself, so that a script is busy soon. */
async function openBusyHost() {
  const opened = await openTestHost({ config: { 'busy-reply-threshold': '20' } });
  let now = 0;
  opened.clock.monotonic = () => now++;
  return opened;
}

const BUSY =
  '-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n';

test.each([
  'while true do end',
  'while true do pcall(function() while true do end end) end',
  'while true do xpcall(function() while true do end end, function() end) end',
  'while true do coroutine.resume(coroutine.create(function() while true do end end)) end',
  'table.sort({2, 1}, function() while true do end end)',
])('SCRIPT KILL ends %s', async (script) => {
  const { connect } = await openBusyHost();
  const runs = connect();
  const other = connect();
  await ask(runs, 'EVAL', 'return 1', '0');
  const before = runs.received.length;
  runs.feed(request('EVAL', script, '0'));
  expect(await ask(other, 'GET', 'a')).toBe(BUSY);
  expect(await ask(other, 'FUNCTION', 'KILL')).toBe(BUSY);
  expect(await ask(other, 'SCRIPT', 'KILL')).toBe('+OK\r\n');
  await untilReply(runs, before);
  expect(runs.received.slice(before)).toContain('ERR Script killed by user with SCRIPT KILL...');
  expect(await ask(other, 'GET', 'a')).toBe('$-1\r\n');
  expect(await ask(runs, 'EVAL', 'return 2', '0')).toBe(':2\r\n');
});

test('a script that has written cannot be killed, and ends', async () => {
  const { connect } = await openBusyHost();
  const runs = connect();
  const other = connect();
  await ask(runs, 'EVAL', 'return 1', '0');
  const before = runs.received.length;
  const script = "redis.call('SET','a',1) for i = 1, 3e6 do end return redis.call('INCR','a')";
  runs.feed(request('EVAL', script, '0'));
  expect(await ask(other, 'SCRIPT', 'KILL')).toMatch(/^-UNKILLABLE /);
  await untilReply(runs, before);
  expect(runs.received.slice(before)).toBe(':2\r\n');
  expect(await ask(other, 'GET', 'a')).toBe('$1\r\n2\r\n');
});

test('inside a transaction a script that takes long is stopped', async () => {
  const { connect } = await openBusyHost();
  const connection = connect();
  await ask(connection, 'EVAL', 'return 1', '0');
  await ask(connection, 'MULTI');
  await ask(connection, 'EVAL', 'while true do end', '0');
  await ask(connection, 'SET', 'a', '1');
  expect(await ask(connection, 'EXEC')).toMatch(/^\*2\r\n-ERR Script killed[^\r]*\r\n\+OK\r\n$/);
});

test('a library that does not end while it is loaded is refused', async () => {
  const { connect } = await openBusyHost();
  const reply = await ask(connect(), 'FUNCTION', 'LOAD', '#!lua name=lib\nwhile true do end');
  expect(reply).toContain('FUNCTION LOAD timeout');
});

test.each([
  ["return #string.rep('x', 1e9)", 'not enough memory'],
  [
    "local s, t = string.rep('x', 1e4), {} while true do t[#t + 1] = s .. #t end",
    'not enough memory',
  ],
  ["return string.find(string.rep('a', 1e6), string.rep('a?', 1e5) .. 'b')", 'ERR '],
])('%s is bounded', async (script, error) => {
  const { connect } = await openTestHost();
  const connection = connect();
  expect(await ask(connection, 'EVAL', script, '0')).toContain(error);
  expect(await ask(connection, 'EVAL', 'return 1', '0')).toBe(':1\r\n');
});

/** A store whose core has little memory, with everything in it taken. */
async function openFullHost() {
  const opened = await openTestHost({ memoryPagesMax: 100 });
  const connection = opened.connect();
  const fill =
    "for i = 1, 1e5 do local r = redis.pcall('SET', ARGV[1] .. ':' .. i, string.rep('x', ARGV[1])) " +
    'if r.err then return r end end';
  let reply = '';
  for (const size of ['50000', '500', '8']) reply = await ask(connection, 'EVAL', fill, '0', size);
  expect(reply).toBe(OUT_OF_MEMORY);
  return { ...opened, connection };
}

const OUT_OF_MEMORY = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

test.each(['', '#!lua\n', '#!lua flags=allow-oom\n'])(
  'a script (%j) that finds no memory hears of it, and may make room',
  async (shebang) => {
    const { connection } = await openFullHost();
    const evaluate = (code: string) => ask(connection, 'EVAL', shebang + code, '0');
    const big = "redis.call('SET','new',string.rep('y',1e5))";
    expect(await evaluate(big)).toMatch(
      /^-OOM command not allowed .* script: \w+, on @user_script:/,
    );
    expect(await evaluate(`return {pcall(function() ${big} end)}`)).toMatch(
      /\$-1\r\n\$\d+\r\nOOM /,
    );
    expect(await evaluate("return redis.call('STRLEN','50000:1')")).toBe(':50000\r\n');
    const room = "for i = 1, 50 do redis.call('DEL','50000:' .. i) end";
    expect(await evaluate(`${room} ${big} return redis.call('STRLEN','new')`)).toBe(':100000\r\n');
  },
);

test('replies, arguments and results too large for a full store break nothing', async () => {
  const { connection } = await openFullHost();
  const keys = "local t = {} for i = 1, 400 do t[i] = '50000:' .. (i % 50 + 1) end ";
  const calls = [
    `${keys} return #redis.call('MGET', unpack(t))`,
    "return #redis.call('ECHO', string.rep('x', 2e7))",
    "return string.rep('x', 2e7)",
    "return redis.call('APPEND', '50000:1', string.rep('x', 2e7))",
    "return redis.call('LRANGE', 'none', 0, -1)",
  ];
  for (const code of calls) {
    expect(await ask(connection, 'EVAL', code, '0'), code).toMatch(/^(-OOM |-ERR |[:*$])/);
    expect(await ask(connection, 'EVAL', 'return 1', '0'), code).toBe(':1\r\n');
  }
});

/** What the parser has to bear: each answers, and the machine goes on. */
test.each([
  "return #select(2, loadstring('return ' .. string.rep('(', 1e5)))",
  "return #select(2, loadstring('return ' .. string.rep('not ', 1e5) .. '1'))",
  "return #select(2, loadstring('return ' .. string.rep('{', 1e5)))",
  "return #select(2, loadstring(string.rep('do ', 1e5)))",
  "return loadstring('return ' .. string.rep('1+', 1e5) .. '1')()",
  "return #select(2, loadstring('local a ' .. string.rep('a=1 ', 2e6) .. '!'))",
  "return #loadstring('return \\'' .. string.rep('x', 1e7) .. '\\'')()",
  "return #select(2, pcall(string.gsub, string.rep('a', 1e6), string.rep('(', 1e5), ''))",
  "return #select(2, pcall(cmsgpack.unpack, string.rep('\\145', 1e6)))",
  'local t = {} for i = 1, 1e5 do t = {t} end return #cmsgpack.pack(t)',
  'local t = {} for i = 1, 1e5 do t = {t} end return t',
])('%s is answered', async (script) => {
  const { connect } = await openTestHost();
  const connection = connect();
  expect(await ask(connection, 'EVAL', script, '0')).toMatch(/^(:\d+|-ERR |\*)/);
  expect(await ask(connection, 'EVAL', 'return 1', '0')).toBe(':1\r\n');
});
