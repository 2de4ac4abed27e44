/**
 * SYNC, PSYNC and REPLCONF, as far as `redis-cli --rdb` needs them: a snapshot over the wire, and
 * then the connection ends. Nothing is sent that came after it, so a replica is told no.
 *
 *   $EOF:<40 bytes> CR LF  snapshot  <the same 40 bytes>      for who said `REPLCONF capa eof`
 *   $<length> CR LF  snapshot                                 for others
 */
import { type CommandContext, type Handlers, SYNTAX_ERROR } from '../context.js';
import type { Host } from '../host.js';
import { parseInteger } from '../integers.js';
import type { Session } from '../session.js';

/** What a session has said by REPLCONF. */
interface Announced {
  takesEof: boolean;
  isReplica: boolean;
}

const MARK_BYTES = 20;
const CONGESTED_MS = 10;
const NO_REPLICAS =
  'ERR Redstart has no replicas: SYNC sends a snapshot to redis-cli --rdb and no more';
const announcedBy = new WeakMap<Session, Announced>();

export const SYNC: Handlers = { psync: refuse, replconf: configure, sync };

/** A replica begins with it, and wants all that follows. */
function refuse(context: CommandContext): void {
  context.fail(NO_REPLICAS);
}

/** REPLCONF [option value ...] */
function configure(context: CommandContext) {
  const { args, reply, session } = context;
  if (args.length % 2 === 0) return context.fail(SYNTAX_ERROR);
  const announced = announcedBy.get(session) ?? { takesEof: false, isReplica: false };
  announcedBy.set(session, announced);
  for (let at = 1; at < args.length; at += 2) {
    const option = context.text(at).toLowerCase();
    // Neither is answered: they go to and fro between a primary and its replicas.
    if (option === 'ack' || option === 'getack') return;
    const mistake = note(announced, option, context.text(at), context.text(at + 1));
    if (mistake !== null) return context.fail(mistake);
  }
  reply.simple('OK');
}

/** Takes an option down; what is wrong with it, or null. */
function note(announced: Announced, option: string, given: string, value: string): string | null {
  switch (option) {
    case 'capa':
      if (value.toLowerCase() === 'eof') announced.takesEof = true;
      return null;
    case 'listening-port':
    case 'ip-address':
      announced.isReplica = true;
      return option === 'ip-address' ? null : portMistake(value);
    case 'rdb-only':
      return rangeMistake(value);
    case 'rdb-filter-only':
      return value.split(' ').every((word) => word === 'functions' || word === '')
        ? 'ERR Redstart sends whole snapshots only'
        : `ERR Unsupported rdb-filter-only option: ${value}`;
    default:
      return `ERR Unrecognized REPLCONF option: ${given}`;
  }
}

function portMistake(value: string): string | null {
  return parseInteger(value) === null ? 'ERR value is not an integer or out of range' : null;
}

function rangeMistake(value: string): string | null {
  const number = parseInteger(value);
  if (number === null) return 'ERR value is not an integer or out of range';
  const isFlag = number === 0n || number === 1n;
  return isFlag ? null : 'ERR value is out of range, value must between 0 and 1';
}

function sync(context: CommandContext) {
  const { host, session } = context;
  const { isReplica = false, takesEof = false } = announcedBy.get(session) ?? {};
  if (isReplica) return context.fail(NO_REPLICAS);
  host.log('notice', `Client id=${session.id} asks for a snapshot`);
  const sending = takesEof ? sendMarked(host, session) : sendMeasured(host, session);
  context.wait(sending, (failure) => {
    if (failure !== null) host.log('warning', `The snapshot was not sent: ${failure}`);
    host.kill(session);
  });
}

async function sendMarked(host: Host, session: Session): Promise<void> {
  const bytes = host.random(new Uint8Array(MARK_BYTES));
  const mark = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const encoder = new TextEncoder();
  await send(host, session, encoder.encode(`$EOF:${mark}\r\n`));
  await host.snapshots.write((slice) => send(host, session, slice));
  await send(host, session, encoder.encode(mark));
}

async function sendMeasured(host: Host, session: Session): Promise<void> {
  const slices: Uint8Array[] = [];
  await host.snapshots.write((slice) => {
    slices.push(slice);
  });
  const length = slices.reduce((sum, slice) => sum + slice.length, 0);
  await send(host, session, new TextEncoder().encode(`$${length}\r\n`));
  for (const slice of slices) await send(host, session, slice);
}

/** Sends bytes as fast as the other side takes them. */
async function send(host: Host, session: Session, bytes: Uint8Array): Promise<void> {
  host.push(session, bytes);
  while (session.sink.congested === true && !session.closed) {
    await new Promise<void>((resolve) => host.startTimer(CONGESTED_MS, resolve));
  }
  if (session.closed) throw new Error('the connection has ended');
}
