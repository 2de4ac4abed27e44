/** Connections: PING, ECHO, SELECT, RESET, QUIT, TIME, AUTH, and what belongs to one connection. */
import { expect } from 'vitest';
import { commandSuite, storeSuite } from '../support/cases.js';
import { latin1 } from '../support/wire.js';

const given = commandSuite();

given('PING answers PONG, or what it was given')`
  PING         -> +PONG
  PING hello   -> "hello"
  PING ""      -> ""
  PING <bytes> -> <bytes>
  PING a b     -> -ERR wrong number of arguments for 'ping' command
  ping         -> +PONG
`;

given('ECHO answers its argument')`
  ECHO hello   -> "hello"
  ECHO ""      -> ""
  ECHO <bytes> -> <bytes>
  ECHO         -> -ERR wrong number of arguments for 'echo' command
  ECHO a b     -> -ERR wrong number of arguments for 'echo' command
`;

given('SELECT takes the number of a database')`
  SELECT 0                   -> +OK
  SELECT 15                  -> +OK
  SELECT 16                  -> -ERR DB index is out of range
  SELECT -1                  -> -ERR DB index is out of range
  SELECT x                   -> -ERR value is not an integer or out of range
  SELECT ""                  -> -ERR value is not an integer or out of range
  SELECT 1.0                 -> -ERR value is not an integer or out of range
  SELECT 01                  -> -ERR value is not an integer or out of range
  SELECT " 1"                -> -ERR value is not an integer or out of range
  SELECT 2147483647          -> -ERR DB index is out of range
  SELECT 2147483648
    -> -ERR value is out of range, value must between -2147483648 and 2147483647
  SELECT 4294967296
    -> -ERR value is out of range, value must between -2147483648 and 2147483647
  SELECT 9223372036854775807
    -> -ERR value is out of range, value must between -2147483648 and 2147483647
  SELECT 9223372036854775808 -> -ERR value is not an integer or out of range
  SELECT                     -> -ERR wrong number of arguments for 'select' command
  SELECT 0 1                 -> -ERR wrong number of arguments for 'select' command
`;

given('a SELECT that fails stays where it was')`
  SELECT 3     -> +OK
  SET k three  -> +OK
  SELECT 99    -> -ERR DB index is out of range
  SELECT x     -> -ERR value is not an integer or out of range
  GET k        -> "three"
`;

given('each connection has a database of its own')`
  a> SELECT 1  -> +OK
  a> SET k one -> +OK
  b> GET k     -> nil
  b> SELECT 1  -> +OK
  b> GET k     -> "one"
  c> GET k     -> nil
`;

given('RESET brings a connection back to its beginning')`
  SELECT 5          -> +OK
  CLIENT SETNAME me -> +OK
  HELLO 3
    -> {"server" => "redis" "version" => "7.0.15" "proto" => :3 "id" => :* "mode" => "standalone"
  "role" => "master" "modules" => []}
  RESET             -> +RESET
  CLIENT GETNAME    -> nil
  GET missing       -> nil
  SET k v           -> +OK
  SELECT 0          -> +OK
  GET k             -> "v"
  RESET x           -> -ERR wrong number of arguments for 'reset' command
`;

given('QUIT answers OK and closes the connection')`
  b> PING -> +PONG
  b> QUIT -> +OK
  b> PING -> (closed)
  a> PING -> +PONG
`;

given('QUIT takes any arguments')`
  b> QUIT now please -> +OK
  b> PING -> (closed)
  a> PING -> +PONG
`;

given('requests after QUIT are not executed')`
  b> SET k 1 -> +OK
  b> QUIT -> +OK
  b> SET k 2 -> (closed)
  a> GET k -> "1"
`;

given('TIME answers seconds and microseconds')`
  TIME -> [/1[0-9]{9}/ /[0-9]{1,6}/]
  TIME x -> -ERR wrong number of arguments for 'time' command
`;

given('AUTH without a password set')`
  AUTH secret
    -> -ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?
  AUTH default secret -> +OK
  AUTH nobody secret  -> -WRONGPASS invalid username-password pair or user is disabled.
  AUTH                -> -ERR wrong number of arguments for 'auth' command
  AUTH a b c          -> -ERR syntax error
  PING                -> +PONG
`;

const withStore = storeSuite();

withStore('every connection gets a number that was never used', async (store) => {
  const numbers: number[] = [];
  for (let count = 0; count < 5; count++) {
    const connection = await store.connect();
    const { tree } = await connection.send('CLIENT', 'ID');
    expect(tree.mark).toBe(':');
    numbers.push(Number(tree.text));
    connection.close();
  }
  expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
});

withStore('TIME goes on and is near the clock of this machine', async (store) => {
  const connection = await store.connect();
  const { tree } = await connection.send('TIME');
  const [seconds, micros] = (tree.items ?? []).map(({ text }) => Number(text));
  const now = (seconds as number) * 1000 + (micros as number) / 1000;
  expect(Math.abs(Date.now() - now)).toBeLessThan(60_000);
  connection.close();
});

withStore('two hundred connections at once are all served', async (store) => {
  const connections = await Promise.all(Array.from({ length: 200 }, () => store.connect()));
  const replies = await Promise.all(
    connections.map((connection, index) => connection.send('INCRBY', 'sum', `${index}`)),
  );
  expect(replies.every(({ tree }) => tree.mark === ':')).toBe(true);
  const last = await (connections[0] as (typeof connections)[0]).send('GET', 'sum');
  expect(latin1(last.wire)).toBe('$5\r\n19900\r\n');
  for (const connection of connections) connection.close();
});
