/**
 * Merges the data segments of a WebAssembly module that lie close together: `mergeSegments()`.
 *
 * Binaryen cuts a core's data at every few zeros, into more than a thousand segments. The head of
 * a segment costs more than the zeros, which a compressor all but removes.
 *
 *   0b 10 02   00 41 80 08 0b 02 68 69   00 41 84 08 0b 01 21       "hi" at 1024, "!" at 1028
 *   0b 0c 01   00 41 80 08 0b 05 68 69 00 00 21                     merged
 */

interface Segment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** Segments with fewer zeros than this between them become one. */
const GAP = 32;
const HEADER_SIZE = 8;
const DATA = 11;
/** Needed only by instructions that name segments: the core has none. */
const DATA_COUNT = 12;
const I32_CONST = 0x41;
const END = 0x0b;

/** The module with fewer data segments and the same memory. */
export function mergeSegments(wasm: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [wasm.subarray(0, HEADER_SIZE)];
  const cursor = new Cursor(wasm, HEADER_SIZE);
  while (cursor.at < wasm.length) {
    const start = cursor.at;
    const id = cursor.byte();
    const body = cursor.take(cursor.unsigned());
    if (id === DATA) parts.push(dataSection(merged(readSegments(body))));
    else if (id !== DATA_COUNT) parts.push(wasm.subarray(start, cursor.at));
  }
  return Buffer.concat(parts);
}

function readSegments(body: Uint8Array): Segment[] {
  const cursor = new Cursor(body, 0);
  return Array.from({ length: cursor.unsigned() }, () => {
    if (cursor.byte() !== 0) throw new Error('a data segment without an address');
    if (cursor.byte() !== I32_CONST) throw new Error('a data segment at no constant address');
    const address = cursor.signed();
    cursor.byte();
    return { address, bytes: cursor.take(cursor.unsigned()) };
  });
}

function merged(segments: Segment[]): Segment[] {
  const groups: Segment[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const segment of segments.sort((one, other) => one.address - other.address)) {
    if (segment.address - end < GAP) groups.at(-1)?.push(segment);
    else groups.push([segment]);
    end = segment.address + segment.bytes.length;
  }
  return groups.map(join);
}

function join(group: readonly Segment[]): Segment {
  const address = group[0]?.address ?? 0;
  const last = group.at(-1);
  const bytes = new Uint8Array(last ? last.address + last.bytes.length - address : 0);
  for (const part of group) bytes.set(part.bytes, part.address - address);
  return { address, bytes };
}

function dataSection(segments: readonly Segment[]): Uint8Array {
  const parts = segments.flatMap(({ address, bytes }) => [
    Uint8Array.of(0, I32_CONST, ...signed(address), END, ...unsigned(bytes.length)),
    bytes,
  ]);
  const body = Buffer.concat([Uint8Array.from(unsigned(segments.length)), ...parts]);
  return Buffer.concat([Uint8Array.of(DATA, ...unsigned(body.length)), body]);
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  if (value >= -0x40 && value < 0x40) return [value & 0x7f];
  return [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}

class Cursor {
  at: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  take(length: number): Uint8Array {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  unsigned(): number {
    return this.number()[0] >>> 0;
  }

  signed(): number {
    const [value, bits] = this.number();
    return bits < 32 ? (value << (32 - bits)) >> (32 - bits) : value;
  }

  private number(): [value: number, bits: number] {
    let value = 0;
    for (let bits = 0; ; ) {
      const byte = this.byte();
      value |= (byte & 0x7f) << bits;
      bits += 7;
      if (byte < 0x80) return [value, bits];
    }
  }
}
