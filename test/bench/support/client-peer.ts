/** What the contestants of the question `client` have in common. */
export const KEYS = 10_000;

export interface Peer {
  /** Without promises: `get` and `set` have done their work when they return. */
  readonly isSync?: boolean;
  get(key: string): unknown;
  set(key: string, value: string): unknown;
  /** Sets many at once, where that is quicker than one by one. */
  fill?(keys: readonly string[], value: string): Promise<unknown>;
}

export interface Measured {
  readonly commands: number;
  readonly milliseconds: number;
}
