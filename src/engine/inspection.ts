/** What there is to know of the core and its data, without executing a request. */
import { CoreInstance } from './core-instance.js';
import { KEY_FIELDS, keyDescription, keyType } from './key-description.js';
import {
  type CommandStatistics,
  type EngineStatistics,
  HISTOGRAM_BUCKETS,
  STORE_FIELDS,
} from './statistics.js';

const ERROR_RECORD_BYTES = 48;

export class Inspection extends CoreInstance {
  statistics(): EngineStatistics {
    const values = this.record(this.core.statistics(), STORE_FIELDS.length);
    const named = Object.fromEntries(STORE_FIELDS.map((name, index) => [name, values[index] ?? 0]));
    const ofDatabase = (database: number) => this.record(this.core.databaseStatistics(database), 5);
    return {
      ...(named as Record<(typeof STORE_FIELDS)[number], number>),
      keys: (database) => ofDatabase(database)[0] ?? 0,
      expires: (database) => ofDatabase(database)[1] ?? 0,
      averageTtl: (database) => ofDatabase(database)[2] ?? 0,
      tableBytes: (database) => ofDatabase(database)[3] ?? 0,
      deadlineBytes: (database) => ofDatabase(database)[4] ?? 0,
    };
  }

  commandStatistics(id: number): CommandStatistics {
    const record = this.record(this.core.commandStatistics(id), 4);
    const [calls = 0, rejected = 0, failed = 0, microseconds = 0] = record;
    return { calls, rejected, failed, microseconds };
  }

  /** How many calls of a command took how long: a copy of HISTOGRAM_BUCKETS counts. */
  commandHistogram(id: number): Float64Array {
    return this.record(this.core.commandHistogram(id), HISTOGRAM_BUCKETS).slice();
  }

  /** What the command took at which `execute` stopped with StopReason.Slow. */
  get commandMicroseconds(): number {
    return this.core.commandMicroseconds();
  }

  /** Counts a call of a command that the host executed. */
  countCall(id: number, failed: boolean, microseconds: number): void {
    this.core.countCall(id, failed ? 1 : 0, microseconds);
  }

  /** Takes a call of a command back that the core has counted. */
  uncountCall(id: number): void {
    this.core.uncountCall(id);
  }

  resetStatistics(): void {
    this.core.resetStatistics();
  }

  /** How often each error code was replied, in the order of their first reply. */
  errorCounts(): Map<string, number> {
    const counts = new Map<string, number>();
    const place = this.core.errorCounts() >>> 0;
    const view = new DataView(this.core.memory.buffer, place);
    for (let at = 0; at < this.core.errorCodes() * ERROR_RECORD_BYTES; at += ERROR_RECORD_BYTES) {
      const code = this.view().subarray(
        place + at + 12,
        place + at + 12 + view.getUint32(at + 8, true),
      );
      counts.set(String.fromCharCode(...code), Number(view.getBigUint64(at, true)));
    }
    return counts;
  }

  /** Whether there is such a key; one that has expired is removed. */
  exists(database: number, key: Uint8Array): boolean {
    this.lend(key);
    return this.record(this.core.describeKey(database, key.length), 1)[0] === 1;
  }

  /** The type of the value under a key, by its name in Redis; null without such a key. */
  typeOf(database: number, key: Uint8Array): string | null {
    this.lend(key);
    return keyType(this.record(this.core.describeKey(database, key.length), 3));
  }

  /** The line of DEBUG OBJECT, or null without such a key. */
  debugObject(database: number, key: Uint8Array): string | null {
    this.lend(key);
    return keyDescription(this.record(this.core.describeKey(database, key.length), KEY_FIELDS));
  }

  /** SHA-1 of all databases in hex, equal to Redis's for equal data. */
  digest(): string {
    return this.hex(this.core.digestAll());
  }

  /** SHA-1 of the value of a key, or forty zeros. */
  digestValue(database: number, key: Uint8Array): string {
    this.lend(key);
    return this.hex(this.core.digestValue(database, key.length));
  }
}
