/** CLIENT: names, numbers, lists, killing, and silence. */
import { expect } from 'vitest';
import { commandSuite, storeSuite } from '../support/cases.js';
import type { Connection } from '../support/connection.js';

const given = commandSuite();
const withStore = storeSuite();

given('CLIENT SETNAME gives a name, an empty one takes it away')`
  CLIENT GETNAME          -> nil
  CLIENT SETNAME worker-1 -> +OK
  CLIENT GETNAME          -> "worker-1"
  CLIENT SETNAME ""       -> +OK
  CLIENT GETNAME          -> nil
`;

given('CLIENT SETNAME refuses what would break a line of CLIENT LIST')`
  CLIENT SETNAME "a b"
    -> -ERR Client names cannot contain spaces, newlines or special characters.
  CLIENT SETNAME "a\nb"
    -> -ERR Client names cannot contain spaces, newlines or special characters.
  CLIENT SETNAME "a\x00b"
    -> -ERR Client names cannot contain spaces, newlines or special characters.
  CLIENT SETNAME "a\x7fb"
    -> -ERR Client names cannot contain spaces, newlines or special characters.
  CLIENT SETNAME "\xff"
    -> -ERR Client names cannot contain spaces, newlines or special characters.
  CLIENT SETNAME "!~"     -> +OK
  CLIENT GETNAME          -> "!~"
  CLIENT SETNAME          -> -ERR wrong number of arguments for 'client|setname' command
  CLIENT SETNAME a b      -> -ERR wrong number of arguments for 'client|setname' command
  CLIENT GETNAME a        -> -ERR wrong number of arguments for 'client|getname' command
`;

given('names belong to their connection')`
  a> CLIENT SETNAME one -> +OK
  b> CLIENT SETNAME two -> +OK
  a> CLIENT GETNAME     -> "one"
  b> CLIENT GETNAME     -> "two"
  c> CLIENT GETNAME     -> nil
`;

given('CLIENT ID answers a number')`
  CLIENT ID -> :1..9223372036854775807
  CLIENT ID x -> -ERR wrong number of arguments for 'client|id' command
`;

given('CLIENT knows its subcommands')`
  CLIENT               -> -ERR wrong number of arguments for 'client' command
  CLIENT FOO           -> -ERR unknown subcommand 'FOO'. Try CLIENT HELP.
  CLIENT "a\r\nb"      -> -ERR unknown subcommand 'a  b'. Try CLIENT HELP.
  CLIENT LIST FOO      -> -ERR syntax error
  CLIENT LIST TYPE     -> -ERR syntax error
  CLIENT LIST TYPE foo -> -ERR Unknown client type 'foo'
  CLIENT LIST ID       -> -ERR syntax error
  CLIENT LIST ID x     -> -ERR Invalid client ID
  CLIENT LIST ID -1    -> ="txt:"
  CLIENT INFO x        -> -ERR wrong number of arguments for 'client|info' command
  CLIENT REPLY         -> -ERR wrong number of arguments for 'client|reply' command
  CLIENT REPLY FOO     -> -ERR syntax error
  CLIENT NO-EVICT      -> -ERR wrong number of arguments for 'client|no-evict' command
  CLIENT NO-EVICT FOO  -> -ERR syntax error
  CLIENT HELP x        -> -ERR wrong number of arguments for 'client|help' command
`;

given('CLIENT LIST with a number that nobody has is empty')`
  CLIENT LIST ID 999999999 -> ="txt:"
  CLIENT LIST TYPE replica -> ="txt:"
  CLIENT LIST TYPE pubsub -> ="txt:"
`;

given('CLIENT NO-EVICT can be switched')`
  CLIENT NO-EVICT ON  -> +OK
  CLIENT NO-EVICT off -> +OK
`;

given('CLIENT HELP lists the subcommands')`
  CLIENT HELP
    -> [+"CLIENT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:" +"CACHING (YES|NO)"
    +"    Enable/disable tracking of the keys for next command in OPTIN/OPTOUT modes." +GETREDIR
    +"    Return the client ID we are redirecting to when tracking is enabled." +GETNAME
    +"    Return the name of the current connection." +ID
    +"    Return the ID of the current connection." +INFO
    +"    Return information about the current client connection." +"KILL <ip:port>"
    +"    Kill connection made from <ip:port>." +"KILL <option> <value> [<option> <value> [...]]"
    +"    Kill connections. Options are:" +"    * ADDR (<ip:port>|<unixsocket>:0)"
    +"      Kill connections made from the specified address"
    +"    * LADDR (<ip:port>|<unixsocket>:0)"
    +"      Kill connections made to specified local address"
    +"    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)" +"      Kill connections by type."
    +"    * USER <username>" +"      Kill connections authenticated by <username>."
    +"    * SKIPME (YES|NO)" +"      Skip killing current connection (default: yes)."
    +"LIST [options ...]" +"    Return information about client connections. Options:"
    +"    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)" +"      Return clients of specified type."
    +UNPAUSE +"    Stop the current client pause, resuming traffic."
    +"PAUSE <timeout> [WRITE|ALL]"
    +"    Suspend all, or just write, clients for <timeout> milliseconds." +"REPLY (ON|OFF|SKIP)"
    +"    Control the replies sent to the current connection." +"SETNAME <name>"
    +"    Assign the name <name> to the current connection." +"UNBLOCK <clientid> [TIMEOUT|ERROR]"
    +"    Unblock the specified blocked client."
    +"TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]"
    +"         [OPTIN] [OPTOUT] [NOLOOP]" +"    Control server assisted client side caching."
    +TRACKINGINFO +"    Report tracking status for the current connection." +"NO-EVICT (ON|OFF)"
    +"    Protect current client connection from eviction." +HELP +"    Prints this help."]
`;

given('CLIENT REPLY OFF silences the connection until it is switched on')`
  SET k 1 -> +OK
  CLIENT REPLY OFF -> (none)
  INCR k -> (none)
  GET nosuch -> (none)
  NOSUCHCOMMAND -> (none)
  PING -> (none)
  CLIENT REPLY ON -> +OK
  GET k -> "2"
`;

given('CLIENT REPLY SKIP swallows the next reply')`
  CLIENT REPLY SKIP -> (none)
  INCR k -> (none)
  GET k -> "1"
  CLIENT REPLY SKIP -> (none)
  NOSUCHCOMMAND -> (none)
  PING -> +PONG
  CLIENT REPLY ON -> +OK
`;

given('CLIENT REPLY SKIP while switched off changes nothing')`
  CLIENT REPLY OFF -> (none)
  CLIENT REPLY SKIP -> (none)
  PING -> (none)
  PING -> (none)
  CLIENT REPLY ON -> +OK
  PING -> +PONG
`;

given('CLIENT KILL refuses filters that it does not know')`
  CLIENT KILL                   -> -ERR wrong number of arguments for 'client|kill' command
  CLIENT KILL FOO bar           -> -ERR syntax error
  CLIENT KILL 1.2.3.4:5         -> -ERR No such client
  CLIENT KILL ID                -> -ERR No such client
  CLIENT KILL ID x              -> -ERR client-id should be greater than 0
  CLIENT KILL ID 0              -> -ERR client-id should be greater than 0
  CLIENT KILL ID -1             -> -ERR client-id should be greater than 0
  CLIENT KILL ID 999999999      -> :0
  CLIENT KILL TYPE foo          -> -ERR Unknown client type 'foo'
  CLIENT KILL SKIPME maybe      -> -ERR syntax error
  CLIENT KILL USER nobody       -> -ERR No such user 'nobody'
  CLIENT KILL ADDR 1.2.3.4:5    -> :0
  CLIENT KILL LADDR 1.2.3.4:5   -> :0
  CLIENT KILL ID 999999999 ADDR -> -ERR syntax error
  CLIENT KILL ID 999999999 ADDR 1.2.3.4:5 TYPE normal SKIPME yes -> :0
`;

const FIELDS =
  'id addr laddr fd name age idle flags db sub psub ssub multi qbuf qbuf-free argv-mem multi-mem ' +
  'rbs rbp obl oll omem tot-mem events cmd user redir resp';

function fieldsOf(line: string): Map<string, string> {
  return new Map(
    line.split(' ').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    }),
  );
}

async function textOf(connection: Connection, ...args: string[]): Promise<string> {
  return (await connection.send(...args)).tree.text ?? '';
}

withStore('CLIENT INFO has the fields of Redis, in its order', async (store) => {
  const connection = await store.connect();
  await connection.pipeline([
    ['SELECT', '7'],
    ['CLIENT', 'SETNAME', 'me'],
  ]);
  const line = await textOf(connection, 'CLIENT', 'INFO');
  expect(line.endsWith('\n')).toBe(true);
  const fields = fieldsOf(line.trimEnd());
  expect([...fields.keys()].join(' ')).toBe(FIELDS);
  const id = await textOf(connection, 'CLIENT', 'ID');
  const known = { id, name: 'me', db: '7', flags: 'N', cmd: 'client|info', user: 'default' };
  for (const [name, value] of Object.entries({ ...known, resp: '2', multi: '-1', sub: '0' })) {
    expect(`${name}=${fields.get(name)}`).toBe(`${name}=${value}`);
  }
  connection.close();
});

withStore('CLIENT INFO tells the protocol and the last command of others', async (store) => {
  const [watched, watcher] = [await store.connect(), await store.connect()];
  await watched.send('HELLO', '3');
  const id = (await watched.send('CLIENT', 'ID')).tree.text ?? '';
  await watched.send('GET', 'k');
  const fields = fieldsOf((await textOf(watcher, 'CLIENT', 'LIST', 'ID', id)).trimEnd());
  expect(fields.get('resp')).toBe('3');
  expect(fields.get('cmd')).toBe('get');
  expect(fields.get('id')).toBe(id);
  watched.close();
  watcher.close();
});

withStore('CLIENT LIST has a line for each connection, the oldest first', async (store) => {
  const connections = [await store.connect(), await store.connect(), await store.connect()];
  const ids = await Promise.all(connections.map((peer) => textOf(peer, 'CLIENT', 'ID')));
  const [first] = connections as [Connection];
  const lines = (await textOf(first, 'CLIENT', 'LIST')).trimEnd().split('\n');
  const listed = lines.map((line) => fieldsOf(line).get('id'));
  expect(listed.filter((id) => ids.includes(id ?? ''))).toEqual(ids);
  const some = await textOf(first, 'CLIENT', 'LIST', 'ID', ...ids.slice(1), '999999999');
  expect(some.trimEnd().split('\n').length).toBe(2);
  const normal = await textOf(first, 'CLIENT', 'LIST', 'TYPE', 'normal');
  expect(normal.split('\n').length).toBe(lines.length + 1);
  for (const connection of connections) connection.close();
});

withStore('CLIENT LIST and CLIENT INFO are verbatim texts in RESP3', async (store) => {
  const connection = await store.connect();
  await connection.send('HELLO', '3');
  for (const subcommand of ['LIST', 'INFO']) {
    const { tree } = await connection.send('CLIENT', subcommand);
    expect(tree.mark).toBe('=');
    expect(tree.text?.startsWith('txt:id=')).toBe(true);
  }
  connection.close();
});

withStore('CLIENT KILL ID closes another connection and counts it', async (store) => {
  const [victim, killer] = [await store.connect(), await store.connect()];
  const id = await textOf(victim, 'CLIENT', 'ID');
  expect((await killer.send('CLIENT', 'KILL', 'ID', id)).tree).toMatchObject({
    mark: ':',
    text: '1',
  });
  await victim.untilClosed();
  expect((await killer.send('CLIENT', 'KILL', 'ID', id)).tree.text).toBe('0');
  expect((await killer.send('PING')).tree.text).toBe('PONG');
  killer.close();
});

withStore('CLIENT KILL with an address, old and new form', async (store) => {
  const killer = await store.connect();
  for (const form of [[], ['ADDR']]) {
    const victim = await store.connect();
    const fields = fieldsOf((await textOf(victim, 'CLIENT', 'INFO')).trimEnd());
    const reply = await killer.send('CLIENT', 'KILL', ...form, fields.get('addr') ?? '');
    expect(reply.tree.text).toBe(form.length === 0 ? 'OK' : '1');
    await victim.untilClosed();
  }
  killer.close();
});

withStore('CLIENT KILL spares the caller unless SKIPME says no', async (store) => {
  const caller = await store.connect();
  const id = await textOf(caller, 'CLIENT', 'ID');
  expect((await caller.send('CLIENT', 'KILL', 'ID', id)).tree.text).toBe('0');
  const last = await caller.send('CLIENT', 'KILL', 'ID', id, 'SKIPME', 'no');
  expect(last.tree.text).toBe('1');
  await caller.untilClosed();
});

withStore('a killed connection does not execute what it had sent', async (store) => {
  const [victim, killer] = [await store.connect(), await store.connect()];
  const id = await textOf(victim, 'CLIENT', 'ID');
  await killer.send('CLIENT', 'KILL', 'ID', id);
  await victim.untilClosed();
  victim.raw(Buffer.from('SET late 1\r\n'), 0).catch(() => {});
  expect((await killer.send('EXISTS', 'late')).tree.text).toBe('0');
  killer.close();
});
