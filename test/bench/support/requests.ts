/**
 * Requests for the benchmarks, encoded ahead of time: a pool of commands over random keys, cut
 * into batches. The same for Node, for the browser and for redis-server.
 */

/** Twelve digits make a key of sixteen bytes: what redis-benchmark makes of `key:__rand_int__`. */
export function keyName(index: number): string {
  return `key:${String(index).padStart(12, '0')}`;
}

/** 32 bytes. */
export const VALUE = 'abcdefghijklmnopqrstuvwxyz012345';

/** Numbers that look random and are the same in every run (xorshift32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 1;
  }

  below(limit: number): number {
    let state = this.state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return (state >>> 0) % limit;
  }
}

/** Encoded commands, one behind the other. */
export interface Pool {
  readonly bytes: Uint8Array;
  /** Where each command begins, and at last where the last one ends. */
  readonly offsets: Uint32Array;
}

export function encodeCommand(args: readonly string[]): string {
  let text = `*${args.length}\r\n`;
  for (const arg of args) text += `$${arg.length}\r\n${arg}\r\n`;
  return text;
}

/** `count` commands; `make` gives the encoded one of that index. All of it is ASCII. */
export function makePool(count: number, make: (index: number) => string): Pool {
  const chunks: Uint8Array[] = [];
  const offsets = new Uint32Array(count + 1);
  const encoder = new TextEncoder();
  for (let from = 0; from < count; from += CHUNK) {
    let text = '';
    for (let index = from; index < Math.min(from + CHUNK, count); index++) {
      const command = make(index);
      text += command;
      offsets[index + 1] = (offsets[index] ?? 0) + command.length;
    }
    chunks.push(encoder.encode(text));
  }
  return { bytes: join(chunks, offsets[count] ?? 0), offsets };
}

const CHUNK = 1000;

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** The pool in batches of `size` commands, `most` of them at most. */
export function cutBatches({ bytes, offsets }: Pool, size: number, most: number): Uint8Array[] {
  const batches: Uint8Array[] = [];
  for (let from = 0; from + size < offsets.length && batches.length < most; from += size) {
    batches.push(bytes.subarray(offsets[from], offsets[from + size]));
  }
  return batches;
}

/** SETs of all keys once, in order. */
export function fillBatches(keys: number, value: string): Uint8Array[] {
  const pool = makePool(keys, (index) => encodeCommand(['SET', keyName(index), value]));
  return cutBatches(pool, 1000, Number.POSITIVE_INFINITY);
}
