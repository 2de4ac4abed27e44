/**
 * An instance of the core, and the ways to its memory: views of it, the Buffers and records that
 * docs/formats/abi.md draws, the place where bytes are lent to a call.
 */
import type { CoreExports } from './exports.js';
import { floatImports } from './floats.js';

/** Thrown when the core cannot even take the bytes in: its memory is exhausted. */
export class EngineMemoryError extends Error {
  override readonly name = 'EngineMemoryError';
}

const SEED_BYTES = 16;
const DIGEST_BYTES = 20;
export const NO_BYTES = new Uint8Array(0);

export class CoreInstance {
  /** Another one after a restart. */
  protected core: CoreExports;
  private bytes = NO_BYTES;
  private words = new Uint32Array(0);
  private microseconds = () => 0;

  /** Throws RangeError if the seed is too short. */
  protected constructor(
    protected readonly module: WebAssembly.Module,
    protected seed: Uint8Array,
  ) {
    this.core = this.instantiate(seed);
  }

  private instantiate(seedBytes: Uint8Array): CoreExports {
    if (seedBytes.length < SEED_BYTES) throw new RangeError('the seed takes 16 bytes');
    const clock = () => this.microseconds();
    const imports = { env: { ...floatImports(() => this.view()), clock } };
    const instance = new WebAssembly.Instance(this.module, imports);
    const core = instance.exports as unknown as CoreExports;
    const seed = new DataView(seedBytes.buffer, seedBytes.byteOffset, SEED_BYTES);
    core.start(seed.getBigUint64(0, true), seed.getBigUint64(8, true));
    return core;
  }

  /** Puts a fresh instance in the place of this one; its memory, and all views of it, are gone. */
  protected renew(seed: Uint8Array = this.seed): void {
    this.core = this.instantiate(seed);
    this.seed = seed;
    this.bytes = NO_BYTES;
  }

  /** Gives it a clock to time commands with: microseconds since some start. */
  setClock(microseconds: () => number): void {
    this.microseconds = microseconds;
  }

  /** Makes room behind the replies; the memory may have grown, so views come after it. */
  protected outputPlace(length: number): number {
    const place = this.core.outputPlace(length) >>> 0;
    if (place === 0) throw new EngineMemoryError(`no memory for ${length} bytes of reply`);
    return place;
  }

  /** Puts bytes behind the replies, for a call that reads them there. */
  protected lend(bytes: Uint8Array): void {
    const place = this.outputPlace(bytes.length + 8);
    this.view().set(bytes, place);
  }

  /**
   * All of the memory. Growing detaches views, and then they have no length: that is cheaper to
   * ask than whether `memory.buffer` is another one.
   */
  protected view(): Uint8Array {
    if (this.bytes.length === 0) {
      this.bytes = new Uint8Array(this.core.memory.buffer);
      this.words = new Uint32Array(this.core.memory.buffer);
    }
    return this.bytes;
  }

  protected wordView(): Uint32Array {
    this.view();
    return this.words;
  }

  /**
   * The written part of a Buffer of the core: { u32 bytes, u32 end, ... }. The `last` view of it if
   * that is the same part: replies are often as long as the ones before, and a new view costs half
   * of what a command does. A detached view has no length and is never the same.
   */
  protected bufferView(record: number, last: Uint8Array): Uint8Array {
    const words = this.wordView();
    const start = words[record] as number;
    const end = words[record + 1] as number;
    if (start === end) return NO_BYTES;
    const isSame = last.byteOffset === start && last.length === end - start;
    return isSame ? last : this.bytes.subarray(start, end);
  }

  protected record(address: number, count: number): Float64Array {
    return new Float64Array(this.core.memory.buffer, address >>> 0, count);
  }

  protected hex(address: number): string {
    const bytes = this.view().subarray(address >>> 0, (address >>> 0) + DIGEST_BYTES);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}
