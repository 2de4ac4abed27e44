/** Commands about one's own connection: AUTH, HELLO, QUIT, RESET, SELECT. */
import { type CommandContext, type Handlers, NOT_AN_INTEGER, SYNTAX_ERROR } from '../context.js';
import { parseInteger } from '../integers.js';
import { REDIS_VERSION } from '../version.js';
import { logIn, patiently } from './login.js';
import { discardTransaction } from './transactions.js';

const DEFAULT_USER = new TextEncoder().encode('default');
const NO_BYTES = new Uint8Array(0);
const NAME_CHARSET = 'ERR Client names cannot contain spaces, newlines or special characters.';
const HELLO_NEEDS_AUTH =
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH ' +
  '<user> <pass> option can be used to authenticate the client and select the RESP protocol ' +
  'version at the same time';
const INT32_MIN = -(2n ** 31n);
const INT32_MAX = 2n ** 31n - 1n;

export const CONNECTION: Handlers = {
  auth: patiently(() => true, auth),
  hello: patiently(({ args }) => args.length > 4, hello),
  quit,
  reset,
  select,
};

function auth(context: CommandContext) {
  const { args, host } = context;
  if (args.length > 3) return context.fail(SYNTAX_ERROR);
  if (args.length === 2 && host.acl.defaultUser.noPassword) {
    return context.fail(
      'ERR AUTH <password> called without any password configured for the default user. Are you ' +
        'sure your configuration is correct?',
    );
  }
  const [name, password] = args.length === 2 ? [DEFAULT_USER, args[1]] : args.slice(1);
  if (logIn(context, name ?? NO_BYTES, password ?? NO_BYTES)) context.reply.simple('OK');
}

function hello(context: CommandContext) {
  const { args, session, reply } = context;
  const version = args.length >= 2 ? parseInteger(context.text(1)) : BigInt(session.protocol);
  if (version === null) {
    return context.fail('ERR Protocol version is not an integer or out of range');
  }
  if (version !== 2n && version !== 3n) {
    return context.fail('NOPROTO unsupported protocol version');
  }
  if (!applyHelloOptions(context)) return;
  if (!session.authenticated) return context.fail(HELLO_NEEDS_AUTH);
  session.protocol = version === 3n ? 3 : 2;
  reply.protocol = session.protocol;
  const facts: readonly [string, string | number][] = [
    ['server', 'redis'],
    ['version', REDIS_VERSION],
    ['proto', session.protocol],
    ['id', session.id],
    ['mode', 'standalone'],
    ['role', 'master'],
  ];
  reply.map(facts.length + 1);
  for (const [name, value] of facts) {
    reply.bulk(name);
    if (typeof value === 'number') reply.integer(value);
    else reply.bulk(value);
  }
  reply.bulk('modules');
  reply.array(0);
}

/** AUTH and SETNAME take effect one by one, also when a later option is wrong: as in Redis. */
function applyHelloOptions(context: CommandContext): boolean {
  const { args } = context;
  for (let at = 2; at < args.length; at++) {
    const option = context.text(at).toUpperCase();
    const more = args.length - 1 - at;
    if (option === 'AUTH' && more >= 2) {
      if (!logIn(context, args[at + 1] ?? NO_BYTES, args[at + 2] ?? NO_BYTES)) return false;
      at += 2;
    } else if (option === 'SETNAME' && more >= 1) {
      if (!setName(context, at + 1)) return false;
      at += 1;
    } else {
      context.failQuoting("ERR Syntax error in HELLO option '", at, "'");
      return false;
    }
  }
  return true;
}

/** Names the session as an argument says; false and an error reply if it must not be so called. */
export function setName(context: CommandContext, index: number): boolean {
  const bytes = context.args[index] ?? NO_BYTES;
  if (bytes.some((byte) => byte < 0x21 || byte > 0x7e)) {
    context.fail(NAME_CHARSET);
    return false;
  }
  context.session.name = context.text(index);
  return true;
}

function quit({ reply, session }: CommandContext): void {
  reply.simple('OK');
  session.closing = true;
}

function reset({ host, reply, session }: CommandContext): void {
  host.flush(session);
  discardTransaction(host, session);
  host.pubsub.forget(session);
  host.monitors.remove(session);
  host.tracking.disable(session);
  session.database = 0;
  session.protocol = 2;
  session.name = '';
  host.acl.welcome(session);
  session.replyMode = 'on';
  reply.protocol = 2;
  reply.simple('RESET');
}

function select(context: CommandContext) {
  const index = parseInteger(context.text(1));
  if (index === null) return context.fail(NOT_AN_INTEGER);
  if (index < INT32_MIN || index > INT32_MAX) {
    return context.fail(
      `ERR value is out of range, value must between ${INT32_MIN} and ${INT32_MAX}`,
    );
  }
  if (index < 0n || index >= BigInt(context.host.config.text('databases'))) {
    return context.fail('ERR DB index is out of range');
  }
  context.session.database = Number(index);
  context.reply.simple('OK');
}
