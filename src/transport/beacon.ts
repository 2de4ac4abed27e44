/**
 * Watches over a store that is deleted by others: while it is open, then its clients get a new one; or
 * while it is closed, then they hear of it at the next opening.
 *
 * That takes a beacon: a note in localStorage that a store holds something. A store that is new although its
 * beacon is there was deleted while nobody had it open: by the browser, which needed the space, or by
 * the user. (What deletes all that a site has takes the beacon with it, and nobody can tell.)
 *
 *   redstart:beacon:NAME   {"epoch":3,"bytes":12345}
 *
 * Where there is no localStorage, or it may not be touched, there is no beacon, and no harm done.
 */
import type { RedstartError } from '../resp/errors.js';
import { type PersistenceEvent, WIPED } from '../resp/persistence.js';
import type { StoreReport } from '../worker/messages.js';
import type { AskStore, OpenTransport, TransportEvents } from './transport.js';

/** What was known of a store when its beacon was written. */
interface Beacon {
  readonly epoch: number;
  readonly bytes: number;
}

/** Stores of this page that were found deleted, until they are opened again: all clients hear it. */
const wiped = new Map<string, { readonly epoch: number; readonly event: PersistenceEvent }>();

/** Opens through `open` the store `name`, and watches over it. */
export function withBeacon(open: OpenTransport, name: string): OpenTransport {
  return async (events) => {
    let epoch = 0;
    const transport = await open({
      receive: (bytes, length) => events.receive(bytes, length),
      closed: (error, mayReturn) => {
        if (error.cause === WIPED) replace(name, error, events);
        else events.closed(error, mayReturn);
      },
      resumed: () => events.resumed(),
      notice: (notice) => {
        if ('kept' in notice && epoch > 0) writeBeacon(name, { epoch, bytes: notice.kept });
        events.notice?.(notice);
      },
    });
    const report = transport.report as StoreReport | null;
    epoch = report?.epoch ?? 0;
    const event = report && look(name, report);
    if (event) events.notice?.({ persistence: event });
    const ask: AskStore = (request, ...args) => {
      if (request === 'deleteStore') removeBeacon(name);
      return transport.ask(request, ...args);
    };
    return {
      report,
      ask,
      lend: () => transport.lend(),
      send: (buffer, length) => transport.send(buffer, length),
      close: () => transport.close(),
      destroy: () => transport.destroy(),
    };
  };
}

/** Writes the beacon of a store that was there; says what is to be told of one that was deleted. */
function look(name: string, report: StoreReport): PersistenceEvent | null {
  const { backend, created, epoch, bytes, snapshotBytes } = report;
  if (backend !== 'indexeddb') return null;
  const known = wiped.get(name);
  if (known?.epoch === epoch) return known.event;
  wiped.delete(name);
  const beacon = readBeacon(name);
  if (!created) {
    const kept = bytes + snapshotBytes;
    if (kept > 0) writeBeacon(name, { epoch, bytes: kept });
    return null;
  }
  if (beacon === null) return null;
  removeBeacon(name);
  const event: PersistenceEvent = { state: 'wiped', message: messageOf(name, beacon) };
  wiped.set(name, { epoch, event });
  return event;
}

function messageOf(name: string, { bytes, epoch }: Beacon): string {
  const held = `it held ${bytes} bytes at its opening no. ${epoch}`;
  return `The store '${name}' was deleted while it was closed: ${held}`;
}

/** The store was deleted while it was open: its clients go on with a new one. */
function replace(name: string, error: RedstartError, events: TransportEvents): void {
  removeBeacon(name);
  events.notice?.({ persistence: { state: 'wiped', message: error.message } });
  events.closed(error, true);
  events.resumed();
}

function readBeacon(name: string): Beacon | null {
  return withStorage((storage) => {
    const { epoch, bytes } = JSON.parse(storage.getItem(keyOf(name)) ?? '{}') as Partial<Beacon>;
    return epoch === undefined || bytes === undefined ? null : { epoch, bytes };
  });
}

function writeBeacon(name: string, beacon: Beacon): void {
  withStorage((storage) => storage.setItem(keyOf(name), JSON.stringify(beacon)));
}

function removeBeacon(name: string): void {
  withStorage((storage) => storage.removeItem(keyOf(name)));
}

function keyOf(name: string): string {
  return `redstart:beacon:${name}`;
}

/** Null if there is no localStorage; already touching it may throw (SecurityError). */
function withStorage<T>(use: (storage: Storage) => T): T | null {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}
