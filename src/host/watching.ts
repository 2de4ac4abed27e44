/**
 * WATCH: a session whose watched keys were touched has become dirty, and its EXEC does nothing.
 *
 * A key that has expired counts as absent, both when it is watched and at EXEC: the core is asked,
 * and to be asked makes it go.
 */
import type { Engine } from '../engine/engine.js';
import { KeyEvent } from '../engine/touched-keys.js';
import { type Interests, type KeyOfInterest, keyOfInterest } from './interests.js';
import type { Session } from './session.js';

export class Watching {
  /** The sessions that watch a key, by the key's id. */
  private readonly watchers = new Map<string, Set<Session>>();

  constructor(
    private readonly engine: Engine,
    private readonly interests: Interests,
  ) {
    interests.observe(({ id }, event) => {
      if (event === KeyEvent.GroupGone) return;
      for (const session of this.watchers.get(id) ?? []) session.isDirty = true;
    });
  }

  watch(session: Session, key: Uint8Array): void {
    const wanted = keyOfInterest(session.database, key);
    if (session.watched.has(wanted.id)) return;
    this.engine.exists(wanted.database, key);
    this.interests.tell();
    this.interests.declare(wanted);
    session.watched.set(wanted.id, wanted);
    const sessions = this.watchers.get(wanted.id) ?? new Set();
    this.watchers.set(wanted.id, sessions.add(session));
  }

  /** Forgets all keys that the session watches, and that they were touched. */
  unwatch(session: Session): void {
    session.isDirty = false;
    for (const watched of session.watched.values()) this.forget(session, watched);
    session.watched.clear();
  }

  /** Whether a watched key has been touched or has expired. */
  isDirty(session: Session): boolean {
    if (session.isDirty) return true;
    for (const { database, key } of session.watched.values()) this.engine.exists(database, key);
    this.interests.tell();
    return session.isDirty;
  }

  private forget(session: Session, watched: KeyOfInterest): void {
    const sessions = this.watchers.get(watched.id);
    sessions?.delete(session);
    if (sessions?.size === 0) this.watchers.delete(watched.id);
    this.interests.withdraw(watched);
  }
}
