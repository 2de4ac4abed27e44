/** What a session has asked for by CLIENT TRACKING. */
export interface TrackingOptions {
  /** The id of the session that is told in its place; 0: it is told itself. */
  readonly redirect: number;
  /** Of all changed keys with one of its prefixes, whether it has read them or not. */
  readonly isBroadcast: boolean;
  /** Keys are remembered only for a command behind CLIENT CACHING yes. */
  readonly optIn: boolean;
  /** Keys are remembered but for a command behind CLIENT CACHING no. */
  readonly optOut: boolean;
  /** Not of keys that it has changed itself. */
  readonly noLoop: boolean;
}

export interface TrackingState extends TrackingOptions {
  /** CLIENT CACHING was called for the command or transaction that comes next. */
  isCachingGiven: boolean;
  /** The session that was to be told is gone. */
  isRedirectBroken: boolean;
  /** For broadcasts: names as strings of bytes; the empty one is all keys. */
  readonly prefixes: Set<string>;
}

/** Whether the next command has to be looked at: it may read keys, or use up what was said for it. */
export function mustBeSeen(state: TrackingState): boolean {
  return !state.isBroadcast && (state.isCachingGiven || !state.optIn);
}

/** Whether the keys that the next command reads are remembered. */
export function remembersKeys(state: TrackingState): boolean {
  if (state.isBroadcast) return false;
  if (state.optIn) return state.isCachingGiven;
  return !(state.optOut && state.isCachingGiven);
}
