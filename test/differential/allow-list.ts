/**
 * The differences from redis-server that are none, each with its reason. Everything else must
 * be the same byte for byte.
 *
 * Not generated, because their replies cannot be alike, and covered by test/commands: RANDOMKEY
 * (and, with it, the expired keys that it removes in passing), SCAN with cursors, CLIENT, INFO,
 * CONFIG, TIME, DEBUG OBJECT.
 */
import { encodeReply, type Reply } from '../support/wire.js';
import type { Command } from './grammar.js';

interface Rule {
  readonly commands: RegExp;
  readonly reason: string;
  same(ours: Reply, theirs: Reply): boolean;
}

const RULES: readonly Rule[] = [
  {
    commands: /^(ttl|pttl|object idletime)$/,
    reason: 'counts from now, and each side has a now of its own',
    same: (ours, theirs) => distance(ours, theirs) <= SLACK_MS,
  },
  {
    commands: /^p?expiretime$/,
    reason: 'a relative time was counted from a now of its own; absolute ones are far beyond',
    same: (ours, theirs) => isRelative(theirs) && distance(ours, theirs) <= SLACK_MS,
  },
  {
    commands: /^(keys|scan)$/,
    reason: 'the order of keys follows a secret hash seed',
    same: (ours, theirs) => ours.mark === theirs.mark && lines(ours, true) === lines(theirs, true),
  },
  {
    commands: /^object refcount$/,
    reason:
      'a COPY of a small integer is not shared in Redis; we share none and show all as shared',
    same: (ours, theirs) => isReferenceCount(ours) && isReferenceCount(theirs),
  },
  {
    commands: /^hello$/,
    reason: 'a connection has another number on each side',
    same: (ours, theirs) => lines(ours, false) === lines(theirs, false),
  },
];

const SLACK_MS = 30n * 1000n;
/** What the grammar's absolute times begin with, in seconds and milliseconds. */
const FAR = ['5000', '5000000'];

export function areSame(command: Command, ours: Reply, theirs: Reply): boolean {
  if (encodeReply(ours) === encodeReply(theirs)) return true;
  const name = command.slice(0, 2).join(' ').toLowerCase();
  const rule = RULES.find(({ commands }) => commands.test(name) || commands.test(first(name)));
  return rule?.same(ours, theirs) ?? false;
}

function first(name: string): string {
  return name.split(' ')[0] as string;
}

function distance(ours: Reply, theirs: Reply): bigint {
  const values = [ours, theirs].map(({ mark, text }) => (mark === ':' ? BigInt(text ?? '') : null));
  const [left, right] = values;
  // Negative ones are not times: -1 is no time to live, -2 no key.
  if (typeof left !== 'bigint' || typeof right !== 'bigint') return 2n ** 64n;
  if (left < 0n || right < 0n) return 2n ** 64n;
  return left > right ? left - right : right - left;
}

function isReferenceCount({ mark, text }: Reply): boolean {
  return mark === ':' && (text === '1' || text === '2147483647');
}

function isRelative({ text }: Reply): boolean {
  return !FAR.some((digits) => text?.startsWith(digits));
}

/** The reply line by line, without the numbers if they may differ, sorted if the order may. */
function lines(reply: Reply, asSet: boolean): string {
  const parts = encodeReply(reply).split('\r\n');
  return asSet ? parts.sort().join('\n') : parts.filter((part) => part[0] !== ':').join('\n');
}
