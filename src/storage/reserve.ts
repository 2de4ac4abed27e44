/**
 * The reserve: a record of nothing that is deleted when there is no space left, so that deletions and
 * the like can still be written, and put back once there is space again.
 */
import type { Connection } from './connection.js';
import { incompressible, type RandomSource } from './incompressible.js';

export const RESERVE_BYTES = 4 * 1024 * 1024;

/** Where it stands among the chunks, whose keys are numbers. */
const KEY = ['reserve'];
const PROBE_KEY = ['probe'];

export interface ReserveOptions {
  readonly bytes: number;
  /** To the strict database. */
  connection(): Promise<Connection>;
  readonly random: RandomSource;
}

export class Reserve {
  readonly #options: ReserveOptions;
  /** Null: not known yet. */
  #there: boolean | null = null;

  constructor(options: ReserveOptions) {
    this.#options = options;
  }

  /** Puts it there unless it is. */
  async put(): Promise<void> {
    if (await this.#isThere()) return;
    const { bytes, random } = this.#options;
    const record = incompressible(bytes, random);
    const connection = await this.#options.connection();
    this.#there = null;
    await connection.write(['chunks'], function* (transaction) {
      yield transaction.objectStore('chunks').put(record, KEY);
    });
    this.#there = true;
  }

  /** Gives its space away; false if there is none to give. */
  async release(): Promise<boolean> {
    if (!(await this.#isThere())) return false;
    const connection = await this.#options.connection();
    this.#there = null;
    await connection.write(['chunks'], function* (transaction) {
      yield transaction.objectStore('chunks').delete(KEY);
    });
    this.#there = false;
    return true;
  }

  /** Resolves if something can be written. */
  async probe(): Promise<void> {
    const connection = await this.#options.connection();
    await connection.write<unknown>(['chunks'], function* (transaction) {
      const chunks = transaction.objectStore('chunks');
      yield chunks.put(new Uint8Array(1), PROBE_KEY);
      yield chunks.delete(PROBE_KEY);
    });
  }

  async #isThere(): Promise<boolean> {
    if (this.#there !== null) return this.#there;
    const connection = await this.#options.connection();
    const [count] = await connection.read(['chunks'], function* (transaction) {
      yield transaction.objectStore('chunks').count(KEY);
    });
    this.#there = count === 1;
    return this.#there;
  }
}
