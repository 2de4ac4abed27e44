/**
 * Replication, as a server answers that stands alone and never had a replica: nothing to fail over
 * to. There is no other server to reach from a page, so becoming a replica is refused;
 * redis-server would take it and try.
 */
import { type CommandContext, type Handlers, NOT_AN_INTEGER, SYNTAX_ERROR } from '../context.js';
import { parseInteger } from '../integers.js';

const NO_MASTER = 'ERR REPLICAOF is not supported: a Redstart store has no other server to follow';
const PORT_MAX = 65535n;

export const REPLICATION: Handlers = {
  failover,
  replicaof: follow,
  role,
  slaveof: follow,
};

function role({ reply }: CommandContext): void {
  reply.array(3);
  reply.bulk('master');
  reply.integer(0);
  reply.array(0);
}

/** REPLICAOF host port; NO ONE ends what there is not. */
function follow(context: CommandContext) {
  const [host, port] = [context.text(1), context.text(2)];
  if (host.toLowerCase() === 'no' && port.toLowerCase() === 'one') {
    return context.reply.simple('OK');
  }
  const number = parseInteger(port);
  if (number === null || number < 0n || number > PORT_MAX) {
    return context.fail('ERR Invalid master port');
  }
  context.fail(NO_MASTER);
}

/** FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds] */
function failover(context: CommandContext) {
  const { args } = context;
  const word = (at: number) => context.text(at).toLowerCase();
  if (args.length === 2 && word(1) === 'abort') return context.fail('ERR No failover in progress.');
  const seen = new Set<string>();
  for (let at = 1; at < args.length; at++) {
    const left = args.length - 1 - at;
    if (seen.has(word(at))) return context.fail(SYNTAX_ERROR);
    seen.add(word(at));
    if (word(at) === 'timeout' && left >= 1) {
      const timeout = parseInteger(context.text(++at));
      if (timeout === null) return context.fail(NOT_AN_INTEGER);
      if (timeout <= 0n) return context.fail('ERR FAILOVER timeout must be greater than 0');
    } else if (word(at) === 'to' && left >= 2) {
      if (parseInteger(context.text(at + 2)) === null) return context.fail(NOT_AN_INTEGER);
      at += 2;
    } else if (word(at) !== 'force') return context.fail(SYNTAX_ERROR);
  }
  context.fail('ERR FAILOVER requires connected replicas.');
}
