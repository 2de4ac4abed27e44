/**
 * CLIENT TRACKING: which sessions may have which keys in a cache of their own, and what they are
 * told when such a key changes.
 *
 *   table      name of a key    -> ids of sessions that have read it, until it changes
 *   prefixes   prefix           -> sessions that want to hear of all keys that begin so
 *
 * As in Redis a key is its name, in whichever database. Who has read a key hears of it once, right
 * after the command that changed it; the session whose command that was behind its reply. Changes
 * under a prefix are gathered and told in one message at the end of the batch. A session that is
 * gone stays in the table until the key changes.
 */

import { CommandFlag } from '../commands/flags.js';
import { commandKeys } from '../commands/keys.js';
import type { CommandRow } from '../commands/row.js';
import { COMMANDS } from '../commands/table.js';
import { KeyEvent } from '../engine/touched-keys.js';
import { type Protocol, ReplyWriter } from '../resp/reply-writer.js';
import { binaryBytes, binaryText } from './binary-text.js';
import type { Host } from './host.js';
import type { Session } from './session.js';
import { remembersKeys, type TrackingOptions, type TrackingState } from './tracking-state.js';

/** The sessions of a prefix, and what has changed: keys, and who changed them first. */
interface Broadcast {
  readonly sessions: Set<Session>;
  readonly changed: Map<string, Session | null>;
}

/** Names of keys, or all of them. */
type Changed = readonly string[] | null;

const NOBODY: Broadcast = { sessions: new Set(), changed: new Map() };
/** A whole database is told of in one go, or, if it was exchanged, not at all. */
const UNHEARD: ReadonlySet<KeyEvent> = new Set([KeyEvent.GroupGone, KeyEvent.Exchanged]);
const CHANNEL = '__redis__:invalidate';
const SCRIPTS = /^(eval|evalsha|fcall)_ro$/;

export class Tracking {
  /** How many sessions track. */
  clients = 0;
  /** How many ids the table has. */
  items = 0;
  private readonly table = new Map<string, Set<number>>();
  private readonly broadcasts = new Map<string, Broadcast>();

  constructor(private readonly host: Host) {
    host.interests.observe(({ key }, event) => {
      if (UNHEARD.has(event)) return;
      this.invalidate(binaryText(key));
    });
    host.interests.observeFlush(() => this.invalidateAll());
  }

  get keyCount(): number {
    return this.table.size;
  }

  get prefixCount(): number {
    return this.broadcasts.size;
  }

  /** Prefixes add to those that the session has. */
  enable(session: Session, options: TrackingOptions, prefixes: readonly string[]): void {
    if (session.tracking === null) this.clients++;
    const known = session.tracking?.prefixes ?? new Set();
    session.tracking = {
      ...options,
      isCachingGiven: session.tracking?.isCachingGiven ?? false,
      isRedirectBroken: false,
      prefixes: known,
    };
    if (options.isBroadcast) {
      for (const prefix of prefixes.length > 0 ? prefixes : ['']) this.join(session, known, prefix);
    }
    this.follow();
  }

  disable(session: Session): void {
    if (session.tracking === null) return;
    for (const prefix of session.tracking.prefixes) {
      const sessions = this.broadcasts.get(prefix)?.sessions;
      sessions?.delete(session);
      if (sessions?.size === 0) this.broadcasts.delete(prefix);
    }
    session.tracking = null;
    this.clients--;
    this.follow();
  }

  /** Before a command: the table is brought down to its limit, `tracking-table-max-keys`. */
  limit(): void {
    const most = this.host.config.number('tracking-table-max-keys');
    if (most === 0 || this.clients === 0) return;
    for (const name of this.table.keys()) {
      if (this.table.size <= most) return;
      this.invalidateReaders(name);
    }
  }

  /** After a command: what it has read is remembered, and what was said for it alone is over. */
  hasRun(session: Session, row: CommandRow, args: readonly Uint8Array[]): void {
    const reader = session.caller ?? session;
    const state = reader.tracking;
    if (state === null || !remembersKeys(state)) return;
    if (!(row.flags & CommandFlag.READONLY) || SCRIPTS.test(row.name)) return;
    // What expired under its eyes was cached before.
    this.host.interests.tell();
    const keys = session.caller === null ? keysOf(row, args) : this.keysOfScript;
    for (const key of keys) this.remember(reader, binaryText(key));
  }

  /** A command of the client itself has ended. */
  hasEnded(session: Session, row: CommandRow): void {
    if (session.tracking === null || session.transaction !== null) return;
    if (!row.name.startsWith('client|')) session.tracking.isCachingGiven = false;
  }

  /** Tells of the changes under prefixes. */
  broadcast(): void {
    for (const prefix of [...this.broadcasts.keys()].sort()) {
      const { sessions, changed } = this.broadcasts.get(prefix) ?? NOBODY;
      if (changed.size === 0) continue;
      const names = [...changed.keys()].sort();
      for (const session of [...sessions]) {
        const own = session.tracking?.noLoop === true ? session : undefined;
        const others = names.filter((name) => changed.get(name) !== own);
        if (others.length > 0) this.tell(session, others);
      }
      changed.clear();
    }
  }

  /** Whose command it is that changes keys; nobody's if they expire under one that reads. */
  private get writer(): Session | null {
    const { current, engine } = this.host;
    const flags = COMMANDS[engine.commandId]?.flags ?? 0;
    return flags & CommandFlag.WRITE ? current : null;
  }

  /** As in Redis a script that reads has read the keys that it was called with. */
  private get keysOfScript(): readonly Uint8Array[] {
    return this.host.scripts.running?.call.keys ?? [];
  }

  private join(session: Session, known: Set<string>, prefix: string): void {
    known.add(prefix);
    const broadcast = this.broadcasts.get(prefix) ?? { sessions: new Set(), changed: new Map() };
    this.broadcasts.set(prefix, broadcast);
    broadcast.sessions.add(session);
  }

  /** Has the core tell of no more than somebody asks for. */
  private follow(): void {
    this.host.interests.follow(this.clients > 0, this.broadcasts.size > 0);
  }

  private remember(session: Session, name: string): void {
    const ids = this.table.get(name) ?? new Set();
    if (ids.size === 0) {
      this.host.interests.setAnywhere(binaryBytes(name), true);
      this.table.set(name, ids);
    }
    if (!ids.has(session.id)) this.items++;
    ids.add(session.id);
  }

  private invalidate(name: string): void {
    for (const [prefix, { changed }] of this.broadcasts) {
      if (name.startsWith(prefix) && !changed.has(name)) changed.set(name, this.writer);
    }
    this.invalidateReaders(name);
  }

  private invalidateReaders(name: string): void {
    const ids = this.table.get(name);
    if (ids === undefined) return;
    this.forgetKey(name, ids);
    for (const id of ids) {
      const session = this.host.sessions.get(id);
      const state = session?.tracking ?? null;
      if (session === undefined || state === null || state.isBroadcast) continue;
      if (!(state.noLoop && session === this.host.current)) this.tell(session, [name]);
    }
  }

  private forgetKey(name: string, ids: ReadonlySet<number>): void {
    this.table.delete(name);
    this.items -= ids.size;
    this.host.interests.setAnywhere(binaryBytes(name), false);
  }

  /** A database was emptied: nobody is asked whether that concerns what is cached. */
  private invalidateAll(): void {
    for (const session of [...this.host.sessions.values()]) {
      if (session.tracking !== null) this.tell(session, null);
    }
    for (const [name, ids] of this.table) this.forgetKey(name, ids);
  }

  private tell(session: Session, changed: Changed): void {
    const state = session.tracking;
    if (state === null) return;
    const { redirect } = state;
    const target = redirect === 0 ? session : this.host.sessions.get(redirect);
    if (target === undefined) {
      this.breakRedirect(session, state);
      return;
    }
    const isMessage = target.protocol === 2 && redirect !== 0 && target.isSubscriber;
    if (target.protocol === 2 && !isMessage) return;
    const push = beginPush(target.protocol, isMessage ? ['message', CHANNEL] : ['invalidate']);
    this.host.push(target, finishPush(push, session.protocol, changed), true);
  }

  private breakRedirect(session: Session, state: TrackingState): void {
    state.isRedirectBroken = true;
    if (session.protocol === 2) return;
    const push = beginPush(3, ['tracking-redir-broken']);
    push.integer(state.redirect);
    this.host.push(session, push.take(), true);
  }
}

function keysOf(row: CommandRow, args: readonly Uint8Array[]): Uint8Array[] {
  return commandKeys(row, args).flatMap(({ index }) => args[index] ?? []);
}

function beginPush(protocol: Protocol, words: readonly string[]): ReplyWriter {
  const writer = new ReplyWriter(protocol);
  writer.push(words.length + 1);
  for (const word of words) writer.bulk(word);
  return writer;
}

/** All keys are a null of the protocol of the session that tracks, also if another one is told. */
function finishPush(writer: ReplyWriter, protocol: Protocol, changed: Changed): Uint8Array {
  if (changed === null) {
    writer.protocol = protocol;
    writer.null();
  } else {
    writer.array(changed.length);
    for (const name of changed) writer.bulk(binaryBytes(name));
  }
  return writer.take();
}
