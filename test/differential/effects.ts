/**
 * What each side writes down of its writes: our effects, and the AOF of redis-server. They are
 * the same command by command, in the same databases, but for
 *
 *   - SELECT, which each side writes when it has to;
 *   - the name of a command as the client wrote it, in whatever case: Redis keeps that;
 *   - times that were counted from now, and ids of now;
 *   - the members that a SPOP took; those of one SPOP are one SREM here, and there one for each:
 *     what follows each other on one key is joined on both sides;
 *   - what only we write down: BITFIELD that made the key longer before it failed by OVERFLOW
 *     FAIL, PFADD that changed registers before it met a corrupt one. Redis changes its memory
 *     and writes nothing: its replicas and its log lose that change.
 */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openInline } from '../support/target-inline.js';
import { openProcess } from '../support/target-process.js';
import { ReplySplitter } from '../support/wire.js';
import { beforehand, cliLine, type Difference, exchange, type Sequence } from './compare.js';
import type { Command } from './grammar.js';
import { connectSide, inlineSide, type Side } from './sides.js';

export interface WritingSide extends Side {
  /** What was written down since the last call. */
  effects(): Promise<Uint8Array>;
}

const REDIS = process.env.REDIS_SERVER ?? 'redis-server';
const LOG = 'appendonlydir/appendonly.aof.1.incr.aof';
const READ_SIZE = 1 << 20;
const PING = new TextEncoder().encode('PING\r\n');

/**
 * redis-server writes its log before it goes to sleep. Replies may leave earlier than that, when
 * the socket was full before; the answer to a command of a later turn tells that the log is written.
 */
export async function openRedisWriting(): Promise<WritingSide> {
  const directory = await mkdtemp(join(tmpdir(), 'redstart-aof-'));
  const settings = 'appendonly yes appendfsync no auto-aof-rewrite-percentage 0'.split(' ');
  const more = settings.map((word, at) => (at % 2 ? word : `--${word}`));
  const redis = await openProcess(REDIS, [], [...more, '--dir', directory]);
  const side = await connectSide(redis.port);
  const log = await open(join(directory, LOG));
  let position = 0;
  return {
    exchange: side.exchange,
    effects: async () => {
      await side.exchange(PING, 0);
      const bytes = await readFrom(log, position);
      position += bytes.length;
      return bytes;
    },
    close: async () => {
      await Promise.all([side.close(), log.close()]);
      await redis.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function readFrom(file: FileHandle, start: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let position = start; ; ) {
    const chunk = new Uint8Array(READ_SIZE);
    const { bytesRead } = await file.read(chunk, 0, READ_SIZE, position);
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, bytesRead));
    position += bytesRead;
  }
}

/** Our engine and host; nothing takes the effects but this. */
export async function openInlineWriting(): Promise<WritingSide> {
  const store = await openInline();
  const { engine } = store.host;
  engine.setEffects(true);
  return {
    ...inlineSide(store),
    effects: async () => {
      const bytes = engine.effects().slice();
      engine.clearEffects();
      return bytes;
    },
  };
}

/** One command that was written down, and the database it is for. */
type Effect = readonly [database: string, ...command: Command];

export async function firstEffectDifference(
  sides: { readonly ours: WritingSide; readonly theirs: WritingSide },
  { protocol, slice, steps }: Sequence,
): Promise<Difference | null> {
  // A write in database 0 first: both sides say which database they are in.
  const select = [
    ['SELECT', '1'],
    ['SET', 'x', '1'],
    ['SELECT', '0'],
    ['SET', 'x', '2'],
  ];
  const before = [...beforehand(protocol), ...select];
  await exchange(sides, [...before, ...steps.flat()], slice);
  const [ours, theirs] = await Promise.all([sides.ours.effects(), sides.theirs.effects()]);
  return firstUnlike(effectsIn(ours), effectsIn(theirs));
}

function effectsIn(bytes: Uint8Array): Effect[] {
  const effects: Effect[] = [];
  let group: Effect[] | null = null;
  let database = '';
  for (const { tree } of new ReplySplitter().push(bytes)) {
    const [first = '', ...rest] = (tree.items ?? []).map(({ text }) => text ?? '');
    const name = first.toUpperCase();
    if (name === 'SELECT') database = rest[0] ?? '';
    else if (name === 'MULTI') group = [];
    else if (name !== 'EXEC') append(group ?? effects, [database, name, ...rest]);
    else {
      for (const effect of wrapped(group ?? [])) append(effects, effect);
      group = null;
    }
  }
  return effects;
}

/** What belongs together, between MULTI and EXEC; those of a single SPOP are one effect by now. */
function wrapped(group: readonly Effect[]): readonly Effect[] {
  return group.length > 1 ? [['', 'MULTI'], ...group, ['', 'EXEC']] : group;
}

/** Adds an effect; one that removes more members of the same set is joined to the last. */
function append(effects: Effect[], effect: Effect): void {
  const last = effects.at(-1);
  const isMore = last?.[1] === 'SREM' && last.slice(0, 3).join() === effect.slice(0, 3).join();
  if (isMore) effects[effects.length - 1] = [...last, ...effect.slice(3)];
  else effects.push(effect);
}

function firstUnlike(ours: readonly Effect[], theirs: readonly Effect[]): Difference | null {
  // The first ones come before the first SELECT, where the database is that of the batch before.
  for (let mine = 1, other = 1; mine < ours.length || other < theirs.length; mine++) {
    const [left, right] = [ours[mine], theirs[other]];
    if (left !== undefined && right !== undefined && areAlike(left, right)) other++;
    else if (left === undefined || !isOursAlone(left)) {
      return { command: ['(effects)'], ours: show(left), theirs: show(right) };
    }
  }
  return null;
}

/** What may have failed after it had changed something. */
function isOursAlone([, name, ...rest]: Effect): boolean {
  if (name === 'PFADD') return true;
  return name === 'BITFIELD' && rest.some((word) => word.toUpperCase() === 'FAIL');
}

function show(effect: Effect | undefined): string {
  return effect === undefined ? 'nothing' : `in ${effect[0]}: ${cliLine(effect.slice(1))}`;
}

const SLACK_MS = 30_000;

function areAlike(ours: Effect, theirs: Effect): boolean {
  if (ours.length !== theirs.length) return false;
  const isPopped = ours[1] === 'SREM';
  return ours.every((text, at) => {
    const other = theirs[at] as string;
    return text === other || (isPopped && at > 2) || areCloseTimes(text, other);
  });
}

/** Unix times in milliseconds, of about now or later, or ids made of them. */
function areCloseTimes(ours: string, theirs: string): boolean {
  const [left, right] = [ours, theirs].map((text) => /^(\d{13})(-\d+)?$/.exec(text)?.[1]);
  return left !== undefined && Math.abs(Number(left) - Number(right ?? 0)) <= SLACK_MS;
}
