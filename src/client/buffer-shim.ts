/**
 * The part of Node's Buffer that node-redis's command definitions use, on a Uint8Array.
 * Injected by esbuild into browser bundles only; in Node the real one is used.
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

class BufferShim extends Uint8Array {
  /** `from` of typed arrays takes iterables; this one takes text, bytes or an ArrayBuffer. */
  static override from(source: unknown): BufferShim {
    if (typeof source === 'string') return new BufferShim(encoder.encode(source).buffer);
    if (source instanceof ArrayBuffer) return new BufferShim(source);
    return new BufferShim(source as ArrayLike<number>);
  }

  static alloc(length: number): BufferShim {
    return new BufferShim(length);
  }

  static concat(parts: readonly Uint8Array[]): BufferShim {
    const whole = new BufferShim(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  static isBuffer(value: unknown): boolean {
    return value instanceof BufferShim;
  }

  static isView(value: unknown): boolean {
    return ArrayBuffer.isView(value);
  }

  static byteLength(value: string | ArrayBufferView): number {
    return typeof value === 'string' ? encoder.encode(value).length : value.byteLength;
  }

  override toString(_encoding?: string, start = 0, end = this.length): string {
    return decoder.decode(this.subarray(start, end));
  }
}

export { BufferShim as Buffer };
