/**
 * Databases that will not open (docs/RELIABILITY.md F3) are set aside: they stay where they are, and the store
 * begins anew under other names. Which they are is remembered in a small database of its own. If not
 * even that one opens, it is IndexedDB that is broken, and nothing is set aside.
 */
import { Connection, type ConnectionOptions } from './connection.js';
import { isFault, type StorageFault } from './errors.js';
import { Place } from './frames.js';
import type { Scheduler } from './storage.js';

/** How many databases of each place were set aside: the number of the one in use. */
export type Series = Readonly<Record<Place, number>>;

export interface AsideRecord {
  readonly database: string;
  readonly why: string;
  /** Unix milliseconds, for people. */
  readonly at: number;
}

export interface AsideOptions {
  readonly factory: IDBFactory;
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly timeoutMs: number;
}

/** Pauses before the second try, and so on: what will not open may only be slow to come up. */
const PAUSES_MS = [100, 400];

/** Of the names of all our databases. */
export const DATABASE_PREFIX = 'redstart/1/';

export function databaseName(name: string, place: Place, series = 0): string {
  const kind = place === Place.Strict ? 'strict' : 'relaxed';
  return `${DATABASE_PREFIX}${kind}${series === 0 ? '' : `.${series}`}/${name}`;
}

export function asideName(name: string): string {
  return `${DATABASE_PREFIX}aside/${name}`;
}

/** What has been set aside, by [place, series]. */
export async function readAside(options: AsideOptions): Promise<readonly AsideRecord[]> {
  const connection = await openIfThere(options);
  if (connection === null) return [];
  try {
    const [records] = await connection.read<unknown[]>(['quarantine'], function* (transaction) {
      yield transaction.objectStore('quarantine').getAll();
    });
    return (records ?? []) as AsideRecord[];
  } finally {
    connection.close();
  }
}

export function seriesOf({ name }: AsideOptions, records: readonly AsideRecord[]): Series {
  const count = (place: Place) => {
    let series = 0;
    while (records.some(({ database }) => database === databaseName(name, place, series))) series++;
    return series;
  };
  return { [Place.Strict]: count(Place.Strict), [Place.Relaxed]: count(Place.Relaxed) };
}

/** Sets the databases of `places` aside; resolves with the series to use instead. */
export async function setAside(
  options: AsideOptions,
  series: Series,
  places: readonly Place[],
  why: string,
): Promise<Series> {
  const { name, scheduler } = options;
  const connection = await Connection.open(connectionOptions(options), true);
  const next = { ...series };
  try {
    await connection.write<unknown>(['quarantine'], function* (transaction) {
      for (const place of places) {
        const record = {
          database: databaseName(name, place, next[place]),
          why,
          at: scheduler.now(),
        };
        yield transaction.objectStore('quarantine').put(record, [place, next[place]]);
        next[place]++;
      }
    });
  } finally {
    connection.close();
  }
  return next;
}

/** `open`, tried again if the database will not open. */
export async function patiently<T>(scheduler: Scheduler, open: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await open();
    } catch (error) {
      if (!willNotOpen(error)) throw error;
      await new Promise<void>((resolve) => scheduler.after(pause, resolve));
    }
  }
  return open();
}

/** What a browser says of a database that it cannot read; not of one that is blocked or slow. */
export function willNotOpen(error: unknown): error is StorageFault {
  if (!isFault(error, 'unopenable')) return false;
  const { cause } = error;
  return typeof cause === 'object' && cause !== null && 'name' in cause
    ? cause.name === 'UnknownError'
    : false;
}

async function openIfThere(options: AsideOptions): Promise<Connection | null> {
  try {
    return await Connection.open(connectionOptions(options), false);
  } catch (error) {
    if (isFault(error, 'missing')) return null;
    throw error;
  }
}

function connectionOptions({
  factory,
  name,
  scheduler,
  timeoutMs,
}: AsideOptions): ConnectionOptions {
  return { factory, name: asideName(name), durability: 'strict', scheduler, timeoutMs };
}
