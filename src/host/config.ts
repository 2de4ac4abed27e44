/**
 * The parameters of a running store. A change is made as a whole or not at all, also when one
 * of the parts that it concerns (a socket, the storage) refuses it.
 */
import { findParameter, PARAMETER_NAMES, PARAMETERS, type ParameterRow } from './config-table.js';
import { ConfigError, parseParameter, shownValue } from './config-values.js';
import { isGlob, matchesGlob } from './glob.js';
import { INT64_MAX } from './integers.js';

/** Puts a new value into effect. May refuse it by throwing or rejecting with a ConfigError. */
type Apply = (value: string) => void | Promise<void>;

/** A change that was refused; `parameter` is the name as the user wrote it. */
export class ConfigSetError extends Error {
  override name = 'ConfigSetError';

  constructor(
    readonly parameter: string,
    message: string,
  ) {
    super(message);
  }
}

interface Change {
  readonly row: ParameterRow;
  readonly name: string;
  readonly value: string;
}

const SILENT_RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  hz: [1n, 500n],
  'repl-backlog-size': [16384n, INT64_MAX],
};

export class Config {
  private readonly values = new Map<string, string>();
  private readonly appliers = new Map<string, Apply[]>();

  /** `given` are words by parameter, as in a configuration file. Throws a ConfigSetError. */
  constructor(given: Readonly<Record<string, string>> = {}) {
    for (const row of PARAMETERS) this.values.set(row.name, row.default);
    for (const [name, text] of Object.entries(given)) {
      const row = findParameter(name);
      if (row === undefined) throw new ConfigSetError(name, 'there is no such parameter');
      // No words could say some of the defaults: that there is no replica, say.
      if (text !== row.default) this.values.set(row.name, this.parse(row, name, text));
    }
  }

  text(name: string): string {
    const value = this.values.get(name);
    if (value === undefined) throw new Error(`no parameter is called ${name}`);
    return value;
  }

  /** A value as CONFIG GET shows it. */
  shown(row: ParameterRow): string {
    return shownValue(row, this.text(row.name));
  }

  flag(name: string): boolean {
    return this.text(name) === 'yes';
  }

  number(name: string): number {
    return Number(this.text(name));
  }

  /** Names, as asked for or as matched, with their values. */
  match(patterns: readonly string[]): Map<string, string> {
    const found = new Map<string, string>();
    for (const pattern of patterns) {
      if (isGlob(pattern)) this.matchGlob(pattern, found);
      else this.matchName(pattern, found);
    }
    return found;
  }

  /** `apply` is called with each new value of a parameter. */
  onChange(name: string, apply: Apply): void {
    const appliers = this.appliers.get(name) ?? [];
    appliers.push(apply);
    this.appliers.set(name, appliers);
  }

  /**
   * Sets all of `pairs` or none. `mayChangeProtected` is asked for parameters that are protected.
   * Throws a ConfigSetError; a promise is returned, and rejects with one, when an effect takes
   * time.
   */
  set(
    pairs: readonly (readonly [string, string])[],
    mayChangeProtected: () => boolean,
  ): void | Promise<void> {
    const changes = this.plan(pairs, mayChangeProtected);
    const before = changes.map(({ row }) => this.text(row.name));
    for (const { row, value } of changes) this.values.set(row.name, value);
    const changed = changes.filter(({ value }, at) => value !== before[at]);
    return this.applyFrom(changed, 0, () => {
      for (const [at, { row }] of changes.entries()) this.values.set(row.name, before[at] ?? '');
    });
  }

  /** Sets a parameter without asking anybody: what the store finds out about itself. */
  declare(name: string, value: string): void {
    this.values.set(name, value);
  }

  private plan(
    pairs: readonly (readonly [string, string])[],
    mayChangeProtected: () => boolean,
  ): Change[] {
    const rows: ParameterRow[] = [];
    const names = new Set<string>();
    for (const [name] of pairs) {
      const row = findParameter(name);
      if (row === undefined) throw new UnknownParameterError(name);
      if (row.immutable) throw new ConfigSetError(name, "can't set immutable config");
      if (row.protected && !mayChangeProtected()) {
        throw new ConfigSetError(name, "can't set protected config");
      }
      if (names.has(name.toLowerCase())) throw new ConfigSetError(name, 'duplicate parameter');
      names.add(name.toLowerCase());
      rows.push(row);
    }
    return pairs.map(([name, text], at) => {
      const row = rows[at] as ParameterRow;
      return { row, name: name.toLowerCase(), value: this.parse(row, name.toLowerCase(), text) };
    });
  }

  private parse(row: ParameterRow, name: string, text: string): string {
    try {
      const words = row.multi ? text.split(' ') : [text];
      return clamp(row, parseParameter(row, words, this.text(row.name)));
    } catch (error) {
      if (error instanceof ConfigError) throw new ConfigSetError(name, error.message);
      throw error;
    }
  }

  private applyFrom(
    changes: readonly Change[],
    start: number,
    restore: () => void,
  ): void | Promise<void> {
    for (const [at, change] of changes.entries()) {
      if (at < start) continue;
      const refuse = (error: unknown): never => {
        restore();
        for (const { row } of changes.slice(0, at)) void this.apply(row.name, this.text(row.name));
        throw new ConfigSetError(change.name, messageOf(error));
      };
      try {
        const pending = this.apply(change.row.name, change.value);
        if (pending !== undefined) {
          return pending.then(() => this.applyFrom(changes, at + 1, restore), refuse);
        }
      } catch (error) {
        refuse(error);
      }
    }
  }

  private apply(name: string, value: string): void | Promise<void> {
    const pending: Promise<void>[] = [];
    for (const apply of this.appliers.get(name) ?? []) {
      const result = apply(value);
      if (result !== undefined) pending.push(result);
    }
    if (pending.length > 0) return Promise.all(pending).then(() => undefined);
  }

  private matchGlob(pattern: string, found: Map<string, string>): void {
    for (const [name, row] of PARAMETER_NAMES) {
      if (!found.has(name) && matchesGlob(pattern, name)) found.set(name, this.shown(row));
    }
  }

  private matchName(name: string, found: Map<string, string>): void {
    const row = findParameter(name);
    const known = [...found.keys()].some((key) => key.toLowerCase() === name.toLowerCase());
    if (row !== undefined && !known) found.set(name, this.shown(row));
  }
}

/** CONFIG SET of a name that is no parameter. */
export class UnknownParameterError extends ConfigSetError {
  override name = 'UnknownParameterError';

  constructor(parameter: string) {
    super(parameter, 'there is no such parameter');
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What Redis brings into its range without a word. */
function clamp(row: ParameterRow, value: string): string {
  const range = Object.hasOwn(SILENT_RANGES, row.name) ? SILENT_RANGES[row.name] : undefined;
  if (range === undefined) return value;
  const [min, max] = range;
  const number = BigInt(value);
  return String(number < min ? min : number > max ? max : number);
}
