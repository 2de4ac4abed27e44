/** INFO: sections, fields, and the counters that follow what was done. */
import { expect } from 'vitest';
import { commandSuite, storeSuite } from '../support/cases.js';
import type { Connection } from '../support/connection.js';

const given = commandSuite();
const withStore = storeSuite();

/** Text of INFO, without the mark of a verbatim string. */
async function info(connection: Connection, ...sections: string[]): Promise<string> {
  return (await connection.send('INFO', ...sections)).tree.text ?? '';
}

async function field(connection: Connection, name: string): Promise<string> {
  const text = await info(connection, 'everything');
  return new RegExp(`^${name}:(.*)\r$`, 'm').exec(text)?.[1] ?? `no field ${name}`;
}

function titles(text: string): string[] {
  const all = [...text.matchAll(/^# (.*)\r$/gm)].map((match) => match[1] as string);
  // Ours on top of Redis's: what a store in a browser has to tell.
  return all.filter((title) => title !== 'Redstart');
}

given('INFO of a section that there is not is empty')`
  INFO nosuch  -> ="txt:"
  INFO ""      -> ="txt:"
`;

withStore('INFO without arguments has the default sections in order', async (store) => {
  const connection = await store.connect();
  const text = await info(connection);
  expect(titles(text)).toEqual(
    'Server Clients Memory Persistence Stats Replication CPU Modules Errorstats Cluster Keyspace'.split(
      ' ',
    ),
  );
  expect(titles(await info(connection, 'default'))).toEqual(titles(text));
  expect(text.startsWith('# Server\r\nredis_version:7.0.15\r\n')).toBe(true);
  connection.close();
});

withStore('INFO answers the sections that were asked for, each once', async (store) => {
  const connection = await store.connect();
  expect(titles(await info(connection, 'server'))).toEqual(['Server']);
  expect(titles(await info(connection, 'SERVER', 'server'))).toEqual(['Server']);
  expect(titles(await info(connection, 'memory', 'clients'))).toEqual(['Clients', 'Memory']);
  expect(titles(await info(connection, 'keyspace', 'nosuch'))).toEqual(['Keyspace']);
  expect(titles(await info(connection, 'commandstats'))).toEqual(['Commandstats']);
  for (const word of ['all', 'everything']) {
    expect(titles(await info(connection, word))).toContain('Commandstats');
  }
  connection.close();
});

withStore('INFO is a verbatim text in RESP3', async (store) => {
  const connection = await store.connect();
  await connection.send('HELLO', '3');
  const { tree } = await connection.send('INFO', 'server');
  expect(tree.mark).toBe('=');
  expect(tree.text?.startsWith('txt:# Server\r\n')).toBe(true);
  connection.close();
});

withStore('every line of INFO is a title, a field, or empty', async (store) => {
  const connection = await store.connect();
  const lines = (await info(connection, 'everything')).split('\r\n');
  const odd = lines.filter((line) => !/^(|# [A-Za-z]+|[a-z0-9_|-]+:.*)$/i.test(line));
  expect(odd).toEqual([]);
  connection.close();
});

withStore('INFO keyspace counts keys and those with a time to live', async (store) => {
  const connection = await store.connect();
  expect(await info(connection, 'keyspace')).toBe('# Keyspace\r\n');
  await connection.pipeline([
    ['MSET', 'a', '1', 'b', '2', 'c', '3'],
    ['EXPIREAT', 'a', '33177117420'],
    ['SELECT', '5'],
    ['SET', 'd', '4'],
  ]);
  const text = await info(connection, 'keyspace');
  expect(text).toMatch(
    /^# Keyspace\r\ndb0:keys=3,expires=1,avg_ttl=\d+\r\ndb5:keys=1,expires=0,avg_ttl=0\r\n$/,
  );
  connection.close();
});

withStore('keyspace hits, misses and expired keys are counted', async (store) => {
  const connection = await store.connect();
  await connection.send('CONFIG', 'RESETSTAT');
  await connection.pipeline([
    ['SET', 'k', 'v'],
    ['GET', 'k'],
    ['GET', 'missing'],
    ['MGET', 'k', 'missing', 'missing'],
    ['EXISTS', 'k', 'missing'],
    ['SET', 'gone', 'v', 'PXAT', '1'],
    ['GET', 'gone'],
  ]);
  expect(await field(connection, 'keyspace_hits')).toBe('3');
  expect(await field(connection, 'keyspace_misses')).toBe('5');
  expect(await field(connection, 'expired_keys')).toBe('1');
  connection.close();
});

withStore('used_memory grows with the data and shrinks without it', async (store) => {
  const connection = await store.connect();
  const used = async () => Number(await field(connection, 'used_memory'));
  const before = await used();
  await connection.send('SET', 'k', 'x'.repeat(4_000_000));
  const during = await used();
  await connection.send('DEL', 'k');
  expect(during - before).toBeGreaterThan(3_900_000);
  await expect.poll(used, { timeout: 10_000, interval: 50 }).toBeLessThan(during - 3_000_000);
  connection.close();
});

withStore('commandstats counts calls, rejected and failed ones by command', async (store) => {
  const connection = await store.connect();
  await connection.send('CONFIG', 'RESETSTAT');
  await connection.pipeline([
    ['SET', 'k', 'v'],
    ['GET', 'k'],
    ['GET', 'k'],
    ['GET'],
    ['INCR', 'k'],
    ['OBJECT', 'ENCODING', 'k'],
  ]);
  const text = await info(connection, 'commandstats');
  const counts = (name: string) =>
    new RegExp(`^cmdstat_${name}:calls=(\\d+),.*,(rejected_calls=.*)\r$`, 'm')
      .exec(text)
      ?.slice(1)
      .join(',');
  expect(counts('get')).toBe('2,rejected_calls=1,failed_calls=0');
  expect(counts('set')).toBe('1,rejected_calls=0,failed_calls=0');
  expect(counts('incr')).toBe('1,rejected_calls=0,failed_calls=1');
  expect(counts('object\\|encoding')).toBe('1,rejected_calls=0,failed_calls=0');
  connection.close();
});

withStore('errorstats counts errors by their code', async (store) => {
  const connection = await store.connect();
  await connection.send('CONFIG', 'RESETSTAT');
  await connection.pipeline([['NOSUCH'], ['GET'], ['SET', 'k', 'x'], ['INCR', 'k']]);
  expect(await info(connection, 'errorstats')).toBe('# Errorstats\r\nerrorstat_ERR:count=3\r\n');
  connection.close();
});

withStore('connected_clients and total_commands_processed follow what happens', async (store) => {
  const connection = await store.connect();
  const before = Number(await field(connection, 'connected_clients'));
  const other = await store.connect();
  await other.send('PING');
  expect(Number(await field(connection, 'connected_clients'))).toBe(before + 1);
  const commands = Number(await field(connection, 'total_commands_processed'));
  await connection.pipeline([['PING'], ['PING'], ['PING']]);
  expect(Number(await field(connection, 'total_commands_processed'))).toBe(commands + 4);
  other.close();
  connection.close();
});
