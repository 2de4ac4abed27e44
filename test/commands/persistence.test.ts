/** SAVE and its kin: what they answer, what may not be asked where, and what INFO tells afterwards. */
import { expect, vi } from 'vitest';
import { commandSuite, storeSuite } from '../support/cases.js';
import type { Connection } from '../support/connection.js';

const given = commandSuite();
const withStore = storeSuite();

async function field(connection: Connection, name: string): Promise<string> {
  const text = (await connection.send('INFO', 'persistence')).tree.text ?? '';
  return new RegExp(`^${name}:(.*)\r$`, 'm').exec(text)?.[1] ?? `no field ${name}`;
}

async function idle(connection: Connection): Promise<void> {
  await vi.waitFor(
    async () => {
      for (const name of ['rdb_bgsave_in_progress', 'aof_rewrite_in_progress']) {
        expect(await field(connection, name)).toBe('0');
      }
      expect(await field(connection, 'aof_rewrite_scheduled')).toBe('0');
    },
    { timeout: 10_000 },
  );
}

given('SAVE and its kin say what is wrong')`
  SAVE x            -> -ERR wrong number of arguments for 'save' command
  BGSAVE x          -> -ERR syntax error
  BGSAVE SCHEDULE x -> -ERR syntax error
  BGREWRITEAOF x    -> -ERR wrong number of arguments for 'bgrewriteaof' command
  LASTSAVE x        -> -ERR wrong number of arguments for 'lastsave' command
`;

given('SAVE has no place in a transaction')`
  MULTI             -> +OK
  SAVE              -> -ERR Command not allowed inside a transaction
  EXEC              -> -EXECABORT Transaction discarded because of previous errors.
`;

given('scripts do not save')`
  EVAL "return redis.call('SAVE')" 0
    -> /-?ERR This Redis command is not allowed from script script: .*/
  EVAL "return redis.call('BGSAVE')" 0
    -> /-?ERR This Redis command is not allowed from script script: .*/
  EVAL "return redis.call('BGREWRITEAOF')" 0
    -> /-?ERR This Redis command is not allowed from script script: .*/
`;

given('DEBUG RELOAD keeps all data')`
  SET k v PXAT 33177117420000              -> +OK
  RPUSH l a b c                            -> :3
  SELECT 3                                 -> +OK
  ZADD z 1.5 m                             -> :1
  DEBUG RELOAD                             -> +OK
  ZSCORE z m                               -> /1.5/
  SELECT 0                                 -> +OK
  GET k                                    -> "v"
  PEXPIRETIME k                            -> :33177117420000
  LRANGE l 0 -1                            -> ["a" "b" "c"]
  DEBUG RELOAD NOSAVE                      -> +OK
  DBSIZE                                   -> :2
  DEBUG RELOAD x
    -> -ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.
`;

withStore('SAVE counts what has changed since from nothing', async (store) => {
  const connection = await store.connect();
  await idle(connection);
  await connection.pipeline([
    ['SET', 'a', '1'],
    ['MSET', 'b', '1', 'c', '2'],
  ]);
  const before = Number(await field(connection, 'rdb_saves'));
  expect(Number(await field(connection, 'rdb_changes_since_last_save'))).toBeGreaterThan(2);
  expect((await connection.send('SAVE')).tree.text).toBe('OK');
  expect(await field(connection, 'rdb_changes_since_last_save')).toBe('0');
  expect(Number(await field(connection, 'rdb_saves'))).toBe(before + 1);
  const saved = (await connection.send('LASTSAVE')).tree.text;
  expect(await field(connection, 'rdb_last_save_time')).toBe(saved);
  await connection.send('DEL', 'a', 'b', 'c');
  expect(await field(connection, 'rdb_changes_since_last_save')).toBe('3');
  connection.close();
});

withStore('BGSAVE and BGREWRITEAOF begin at once, and end well', async (store) => {
  const connection = await store.connect();
  await idle(connection);
  expect((await connection.send('BGSAVE')).tree.text).toBe('Background saving started');
  await idle(connection);
  expect((await connection.send('BGSAVE', 'SCHEDULE')).tree.text).toBe('Background saving started');
  await idle(connection);
  expect(await field(connection, 'rdb_last_bgsave_status')).toBe('ok');
  const before = Number(await field(connection, 'aof_rewrites'));
  expect((await connection.send('BGREWRITEAOF')).tree.text).toBe(
    'Background append only file rewriting started',
  );
  await idle(connection);
  expect(await field(connection, 'aof_last_bgrewrite_status')).toBe('ok');
  expect(Number(await field(connection, 'aof_rewrites'))).toBe(before + 1);
  connection.close();
});

withStore('in a transaction they are put off, and then done', async (store) => {
  const connection = await store.connect();
  await idle(connection);
  await connection.pipeline([['MULTI'], ['BGSAVE'], ['BGREWRITEAOF'], ['BGSAVE', 'SCHEDULE']]);
  const { tree } = await connection.send('EXEC');
  expect(tree.items?.map(({ text }) => text)).toEqual([
    'Background saving scheduled',
    'Background append only file rewriting scheduled',
    'Background saving scheduled',
  ]);
  await vi.waitFor(
    async () => expect(Number(await field(connection, 'aof_rewrites'))).toBeGreaterThan(0),
    { timeout: 10_000 },
  );
  await idle(connection);
  connection.close();
});

withStore('INFO persistence has the fields of Redis in their order', async (store) => {
  const connection = await store.connect();
  await idle(connection);
  const text = (await connection.send('INFO', 'persistence')).tree.text ?? '';
  const names = [...text.matchAll(/^([a-z_]+):/gm)].map((match) => match[1]);
  expect(names.filter((name) => !JOURNAL_FIELDS.includes(name as string))).toEqual(FIELDS);
  connection.close();
});

const FIELDS = `loading async_loading current_cow_peak current_cow_size current_cow_size_age
  current_fork_perc current_save_keys_processed current_save_keys_total
  rdb_changes_since_last_save rdb_bgsave_in_progress rdb_last_save_time rdb_last_bgsave_status
  rdb_last_bgsave_time_sec rdb_current_bgsave_time_sec rdb_saves rdb_last_cow_size
  rdb_last_load_keys_expired rdb_last_load_keys_loaded aof_enabled aof_rewrite_in_progress
  aof_rewrite_scheduled aof_last_rewrite_time_sec aof_current_rewrite_time_sec
  aof_last_bgrewrite_status aof_rewrites aof_rewrites_consecutive_failures aof_last_write_status
  aof_last_cow_size module_fork_in_progress module_fork_last_cow_size`.split(/\s+/);
/** Of stores with a journal. */
const JOURNAL_FIELDS = `aof_current_size aof_base_size aof_pending_rewrite aof_buffer_length
  aof_pending_bio_fsync aof_delayed_fsync`.split(/\s+/);
