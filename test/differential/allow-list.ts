/**
 * The differences from redis-server that are none, each with its reason. Everything else must
 * be the same byte for byte.
 *
 * Not generated, because their replies cannot be alike, and covered by test/commands: RANDOMKEY
 * (and, with it, the expired keys that it removes in passing), SCAN with cursors, CLIENT, INFO,
 * TIME, MEMORY USAGE, DEBUG OBJECT.
 */
import { encodeReply, type Reply } from '../support/wire.js';
import type { Command } from './grammar.js';
import { isPicked, isPopped } from './random-replies.js';

/** A command and what both sides replied. */
export interface Answered {
  readonly command: Command;
  readonly ours: Reply;
  readonly theirs: Reply;
}

interface Rule {
  readonly commands: RegExp;
  readonly reason: string;
  /** `before` is the command that was sent before this one. */
  same(now: Answered, before: Answered | null): boolean;
}

const RULES: readonly Rule[] = [
  {
    commands: /^(ttl|pttl|object idletime)$/,
    reason: 'counts from now, and each side has a now of its own',
    same: ({ ours, theirs }) => areClose(ours, theirs),
  },
  {
    commands: /^p?expiretime$/,
    reason: 'a relative time was counted from a now of its own; absolute ones are far beyond',
    same: ({ ours, theirs }) => isRelative(theirs) && areClose(ours, theirs),
  },
  {
    commands: /^(xinfo|xpending|xreadgroup|xclaim|xautoclaim)$/,
    reason: 'times of delivery and idle times; all ids are far below them',
    same: ({ ours, theirs }) => haveSameShape(ours, theirs, areClose),
  },
  {
    commands: /^xadd$/,
    reason: 'an id of now',
    same: ({ command, ours, theirs }) => command.includes('*') && areCloseIds(ours, theirs),
  },
  {
    commands: /^zrange$/,
    reason: 'distances that were just stored: the last digit follows from how sine is computed',
    same: ({ ours, theirs }, before) =>
      before?.command.some((text) => text.toUpperCase() === 'STOREDIST') === true &&
      haveSameShape(ours, theirs, areCloseFloats),
  },
  {
    commands: /^(keys|scan)$/,
    reason: 'the order of keys follows a secret hash seed',
    same: ({ ours, theirs }) => haveSameItems(ours, theirs, 1),
  },
  {
    commands: /^(smembers|hkeys|hvals|sscan|sunion|sdiff|sinter)$/,
    reason: 'so does the order within a hash table; compact encodings keep theirs',
    same: ({ command, ours, theirs }, before) =>
      !isCompact(command, before) && haveSameItems(ours, theirs, 1),
  },
  {
    commands: /^(hgetall|hscan|zscan)$/,
    reason: 'so does that of pairs',
    same: ({ command, ours, theirs }, before) =>
      !isCompact(command, before) && haveSameItems(ours, theirs, 2),
  },
  {
    commands: /^sort(_ro)?$/,
    reason: 'so does that of a set which is not sorted',
    same: ({ command, ours, theirs }) => isUnsorted(command) && haveSameItems(ours, theirs, 1),
  },
  {
    commands: /^dump$/,
    reason: 'holds the order of a hash table, or the times of a stream',
    same: ({ command, ours, theirs }, before) =>
      !isCompact(command, before) && ours.text?.length === theirs.text?.length,
  },
  {
    commands: /^(srandmember|hrandfield|zrandmember)$/,
    reason: 'random; all of it must be there, and nothing twice',
    same: isPicked,
  },
  {
    commands: /^spop$/,
    reason: 'random; all of it must have been there',
    same: isPopped,
  },
  {
    commands: /^object refcount$/,
    reason:
      'a COPY of a small integer is not shared in Redis; we share none and show all as shared',
    same: ({ ours, theirs }) => isReferenceCount(ours) && isReferenceCount(theirs),
  },
  {
    commands: /^hello$/,
    reason: 'a connection has another number on each side',
    same: ({ ours, theirs }) => haveSameShape(ours, theirs, (left) => left.mark === ':'),
  },
];

const RELATIVE_SLACK = 1e-14;
const SLACK_MS = 30n * 1000n;
/** What the grammar's absolute times begin with, in seconds and milliseconds. */
const FAR = ['5000', '5000000'];
const COMPACT = ['listpack', 'intset', 'quicklist'];

export function areSame(now: Answered, before: Answered | null): boolean {
  if (encodeReply(now.ours) === encodeReply(now.theirs)) return true;
  const [first = '', second = ''] = now.command.map((text) => text.toLowerCase());
  const rule = RULES.find(
    ({ commands }) => commands.test(first) || commands.test(`${first} ${second}`),
  );
  return rule?.same(now, before) ?? false;
}

function areClose(ours: Reply, theirs: Reply): boolean {
  if (ours.mark !== ':' || theirs.mark !== ':') return false;
  return areCloseNumbers(BigInt(ours.text ?? ''), BigInt(theirs.text ?? ''));
}

function areCloseFloats(ours: Reply, theirs: Reply): boolean {
  const [left, right] = [Number(ours.text), Number(theirs.text)];
  return ours.mark === theirs.mark && Math.abs(left - right) <= Math.abs(right) * RELATIVE_SLACK;
}

/** Negative ones are not times: -1 is no time to live, -2 no key. */
function areCloseNumbers(left: bigint, right: bigint): boolean {
  if (left < 0n || right < 0n) return false;
  return (left > right ? left - right : right - left) <= SLACK_MS;
}

function areCloseIds(ours: Reply, theirs: Reply): boolean {
  const [left, right] = [ours, theirs].map(({ text }) => /^(\d+)-\d+$/.exec(text ?? '')?.[1]);
  return left !== undefined && right !== undefined && areCloseNumbers(BigInt(left), BigInt(right));
}

function isReferenceCount({ mark, text }: Reply): boolean {
  return mark === ':' && (text === '1' || text === '2147483647');
}

function isRelative({ text }: Reply): boolean {
  return !FAR.some((digits) => text?.startsWith(digits));
}

/** Equal but for leaves that `mayDiffer`. */
function haveSameShape(
  ours: Reply,
  theirs: Reply,
  mayDiffer: (ours: Reply, theirs: Reply) => boolean,
): boolean {
  if (ours.mark !== theirs.mark) return false;
  if (ours.items === null || theirs.items === null) {
    return encodeReply(ours) === encodeReply(theirs) || mayDiffer(ours, theirs);
  }
  const others = theirs.items;
  if (ours.items.length !== others.length) return false;
  return ours.items.every((item, at) => haveSameShape(item, others[at] as Reply, mayDiffer));
}

/** Its result is one of these, of several keys: their encodings do not tell that of the result. */
const COMBINED = /^(sunion|sdiff|sinter)$/i;

/** OBJECT ENCODING of its only key was asked just before, and it was one that has an order. */
function isCompact(command: Command, before: Answered | null): boolean {
  if (command.length > 2 && COMBINED.test(command[0] ?? '')) return false;
  const isAsked = before?.command[1] === 'ENCODING' && before.command[2] === command[1];
  return isAsked && COMPACT.includes(before.theirs.text ?? '');
}

/** SORT BY a pattern without a star leaves the elements as they come. */
function isUnsorted(command: Command): boolean {
  const by = command.findIndex((text) => text.toUpperCase() === 'BY');
  return by > 0 && command[by + 1]?.includes('*') === false;
}

/** The same items, `width` of which belong together, in whatever order. */
function haveSameItems(ours: Reply, theirs: Reply, width: number): boolean {
  const [left, right] = [ours, theirs].map((reply) => itemsOf(reply, width).sort());
  return ours.mark === theirs.mark && (left ?? []).join() === (right ?? []).join();
}

/** Those of the second part of a SCAN's reply, whose cursor must be the same. */
function itemsOf(reply: Reply, width: number): string[] {
  const [cursor, found] = reply.items ?? [];
  if (found?.items) return [`cursor ${cursor?.text}`, ...itemsOf(found, width)];
  if (reply.items === null) return [encodeReply(reply)];
  const units: string[] = [];
  reply.items.forEach((item, at) => {
    const text = encodeReply(item);
    if (at % width === 0) units.push(text);
    else units[units.length - 1] += text;
  });
  return units;
}
