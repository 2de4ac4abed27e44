/** Events in the manner of Node's EventEmitter: what of it node-redis's users call. */

export type Listener = (...args: never[]) => unknown;

export class Emitter<Events extends Record<keyof Events, Listener>> {
  private readonly _listeners = new Map<keyof Events, { listener: Listener; isOnce: boolean }[]>();

  on<Name extends keyof Events>(name: Name, listener: Events[Name]): this {
    return this._add(name, listener, false);
  }

  once<Name extends keyof Events>(name: Name, listener: Events[Name]): this {
    return this._add(name, listener, true);
  }

  off<Name extends keyof Events>(name: Name, listener: Events[Name]): this {
    const kept = this._of(name).filter((entry) => entry.listener !== listener);
    this._listeners.set(name, kept);
    return this;
  }

  addListener<Name extends keyof Events>(name: Name, listener: Events[Name]): this {
    return this.on(name, listener);
  }

  removeListener<Name extends keyof Events>(name: Name, listener: Events[Name]): this {
    return this.off(name, listener);
  }

  removeAllListeners(name?: keyof Events): this {
    if (name === undefined) this._listeners.clear();
    else this._listeners.delete(name);
    return this;
  }

  listenerCount(name: keyof Events): number {
    return this._of(name).length;
  }

  /**
   * Calls the listeners; says whether there were any. What a listener throws is reported as an
   * uncaught error, and so is an `error` that nobody listens to: as in Node, but without
   * stopping us halfway.
   */
  emit<Name extends keyof Events>(name: Name, ...args: Parameters<Events[Name]>): boolean {
    const entries = this._of(name);
    for (const entry of entries) {
      if (entry.isOnce) this._listeners.set(name, without(this._of(name), entry));
      try {
        entry.listener(...args);
      } catch (error) {
        throwLater(error);
      }
    }
    if (entries.length === 0 && name === 'error') throwLater(args[0]);
    return entries.length > 0;
  }

  private _of(name: keyof Events): { listener: Listener; isOnce: boolean }[] {
    return this._listeners.get(name) ?? [];
  }

  private _add(name: keyof Events, listener: Listener, isOnce: boolean): this {
    this._listeners.set(name, [...this._of(name), { listener, isOnce }]);
    return this;
  }
}

function without<T>(entries: readonly T[], gone: T): T[] {
  return entries.filter((entry) => entry !== gone);
}

export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
