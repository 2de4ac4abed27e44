/**
 * The keyspace events of each side: what a subscriber of redis-server hears, and what our core
 * notes down. They are the same one by one; only keys that were missed one after the other may
 * be in another order, since SORT asks for them in the order that a hash table happens to have.
 */
import { eventClasses } from '../../src/engine/notifications.js';
import { openInline } from '../support/target-inline.js';
import { connectTo, openRedis } from '../support/target-process.js';
import { latin1 } from '../support/wire.js';
import {
  beforehand,
  cliLine,
  type Difference,
  encode,
  exchange,
  type Sequence,
} from './compare.js';
import { connectSide, inlineSide, type Side } from './sides.js';

/** `set k1` in database 0, say. */
type Event = readonly [database: string, event: string, key: string];

export interface ListeningSide extends Side {
  /** The events since the last call. */
  events(): Promise<Event[]>;
}

const CLASSES = 'g$lshzxetmn';
const CHANNEL = /^__keyevent@(\d+)__:(.*)$/s;
const END = 'end of events';
const MISS = 'keymiss';

export async function openRedisListening(): Promise<ListeningSide> {
  const redis = await openRedis();
  const side = await connectSide(redis.port);
  const listener = await connectTo(redis.port);
  await listener.send('CONFIG', 'SET', 'notify-keyspace-events', `E${CLASSES}`);
  await listener.send('PSUBSCRIBE', '*');
  return {
    exchange: side.exchange,
    events: async () => {
      await side.exchange(encode([['PUBLISH', 'end', END]]), 0);
      const events: Event[] = [];
      for (;;) {
        const [message] = await listener.take(1);
        const [, , channel = '', text = ''] = (message?.tree.items ?? []).map(
          (item) => item.text ?? '',
        );
        if (text === END) return events;
        const [, database = '', event = ''] = CHANNEL.exec(channel) ?? [];
        events.push([database, event, text]);
      }
    },
    close: async () => {
      listener.close();
      await side.close();
      await redis.close();
    },
  };
}

/** Our engine and host. Events are seen in passing: the host has them all the same. */
export async function openInlineListening(): Promise<ListeningSide> {
  const store = await openInline();
  const { engine } = store.host;
  engine.configure('notifications', eventClasses(CLASSES));
  const take = engine.takeNotifications.bind(engine);
  let events: Event[] = [];
  engine.takeNotifications = () => {
    const taken = take();
    for (const { event, database, key } of taken) events.push([`${database}`, event, latin1(key)]);
    return taken;
  };
  return {
    ...inlineSide(store),
    events: async () => {
      engine.takeNotifications();
      const seen = events;
      events = [];
      return seen;
    },
  };
}

export async function firstNotificationDifference(
  sides: { readonly ours: ListeningSide; readonly theirs: ListeningSide },
  { protocol, slice, steps }: Sequence,
): Promise<Difference | null> {
  await exchange(sides, [...beforehand(protocol), ...steps.flat()], slice);
  const [ours, theirs] = await Promise.all([sides.ours.events(), sides.theirs.events()]);
  return firstUnlike(withSortedMisses(ours), withSortedMisses(theirs));
}

function withSortedMisses(events: readonly Event[]): string[] {
  const shown: string[] = [];
  let misses: string[] = [];
  for (const event of events) {
    if (event[1] !== MISS) shown.push(...misses.sort());
    if (event[1] !== MISS) misses = [];
    (event[1] === MISS ? misses : shown).push(`in ${event[0]}: ${cliLine(event.slice(1))}`);
  }
  return [...shown, ...misses.sort()];
}

function firstUnlike(ours: readonly string[], theirs: readonly string[]): Difference | null {
  const at = theirs.findIndex((event, index) => event !== ours[index]);
  if (at < 0 && ours.length <= theirs.length) return null;
  const place = at < 0 ? theirs.length : at;
  const shown = (events: readonly string[]) => events[place] ?? 'nothing';
  return { command: ['(events)'], ours: shown(ours), theirs: shown(theirs) };
}
