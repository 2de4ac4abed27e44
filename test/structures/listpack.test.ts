/** Listpacks against an encoder of their format and an array as model, and under corruption. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type AssemblyInstance, compileAssembly, instantiate } from '../support/assembly.js';

const module = await compileAssembly('test/structures/listpack.as.ts', ['-O1']);
let core: AssemblyInstance;
let place = 0;

beforeEach(() => {
  core = instantiate(module);
  place = (core.call('begin', 0) as number) >>> 0;
});

function put(bytes: Uint8Array): number {
  Buffer.from(core.memory.buffer, place, bytes.length).set(bytes);
  return bytes.length;
}

function contents(): Buffer {
  const at = (core.call('where', 0) as number) >>> 0;
  const total = new DataView(core.memory.buffer).getUint32(at, true);
  return Buffer.from(Buffer.from(core.memory.buffer, at, total));
}

function textAt(index: number): Buffer | null {
  if (core.call('textAt', BigInt(index)) === 0) return null;
  const view = new DataView(core.memory.buffer);
  const [at, length] = [view.getUint32(place, true), view.getUint32(place + 4, true)];
  return Buffer.from(Buffer.from(core.memory.buffer, at, length));
}

// An encoder of its own

function encodeInteger(value: bigint): number[] {
  if (value >= 0n && value < 128n) return [Number(value)];
  if (value >= -4096n && value < 4096n) {
    const bits = Number(BigInt.asUintN(13, value));
    return [0xc0 | (bits >> 8), bits & 0xff];
  }
  const sizes = [2, 3, 4, 8];
  const at = sizes.findIndex((size) => BigInt.asIntN(size * 8, value) === value);
  const size = sizes[at] as number;
  const bits = BigInt.asUintN(64, value);
  return [
    0xf1 + at,
    ...Array.from({ length: size }, (_, i) => Number((bits >> BigInt(8 * i)) & 255n)),
  ];
}

function encodeBody(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  if (/^(0|-?[1-9]\d{0,18})$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) {
    return Buffer.from(encodeInteger(BigInt(text)));
  }
  const length = bytes.length;
  if (length < 64) return Buffer.concat([Buffer.from([0x80 | length]), bytes]);
  if (length < 4096)
    return Buffer.concat([Buffer.from([0xe0 | (length >> 8), length & 255]), bytes]);
  const head = Buffer.from([0xf0, 0, 0, 0, 0]);
  head.writeUInt32LE(length, 1);
  return Buffer.concat([head, bytes]);
}

function encodeElement(bytes: Buffer): Buffer {
  const body = encodeBody(bytes);
  const limits = [128, 16383, 2097151, 268435455];
  const width = 1 + limits.filter((limit) => body.length >= limit).length;
  const backlen = Array.from({ length: width }, (_, i) => {
    const seven = (body.length >> (7 * (width - 1 - i))) & 127;
    return i === 0 ? seven : seven | 128;
  });
  return Buffer.concat([body, Buffer.from(backlen)]);
}

function encode(elements: readonly Buffer[]): Buffer {
  const bodies = elements.map(encodeElement);
  const header = Buffer.alloc(6);
  header.writeUInt32LE(7 + bodies.reduce((sum, body) => sum + body.length, 0));
  header.writeUInt16LE(Math.min(elements.length, 65535), 4);
  return Buffer.concat([header, ...bodies, Buffer.from([255])]);
}

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Every number at which an encoding changes, and text at every length that matters. */
const INTEGERS = [0n, 7n, 12n, 13n, 15n, 16n, 23n, 24n, 31n, 32n, 63n]
  .flatMap((bits) => [-1n, 0n, 1n].map((by) => (1n << bits) + by))
  .flatMap((value) => [value, -value])
  .filter((value) => BigInt.asIntN(64, value) === value);
const TEXTS = ['', 'a', '-', '-0', '007', '+1', ' 1', '9223372036854775808', '1e3'].map(ascii);
const LENGTHS = [
  62, 63, 64, 125, 126, 127, 128, 4095, 4096, 16377, 16378, 16379, 16381, 16384, 70000,
];
const SAMPLES: Buffer[] = [
  ...INTEGERS.map((value) => ascii(String(value))),
  ...TEXTS,
  ...LENGTHS.map((length) => Buffer.alloc(length, 'xyz')),
];

describe('the format', () => {
  test('is that of the example', () => {
    core.call('create', 0);
    core.call('append', put(ascii('1000')));
    core.call('append', put(ascii('abc')));
    expect(contents().toString('hex')).toBe('0f0000000200c3e8028361626304ff');
  });

  test('holds every number and length around which an encoding changes', () => {
    for (const sample of SAMPLES) {
      core.call('create', 0);
      core.call('append', put(sample));
      expect(contents().equals(encode([sample])), sample.toString('latin1', 0, 30)).toBe(true);
      expect(textAt(0)?.equals(sample)).toBe(true);
      expect(core.call('elementSize', put(sample))).toBe(encodeElement(sample).length);
      expect(core.call('find', 0, put(sample), 0)).toBe(0);
      expect(core.call('walksBack', 0)).toBe(1);
      expect(core.call('end', 0)).toBe(1);
    }
  });

  test('of integers is the same whether they come as text or as numbers', () => {
    core.call('create', 0);
    for (const value of INTEGERS) core.call('appendInteger', value);
    expect(contents().equals(encode(INTEGERS.map((value) => ascii(String(value)))))).toBe(true);
  });

  test('counts by walking from 65535 elements on', () => {
    core.call('create', 0);
    for (let i = 0; i < 65600; i++) core.call('appendInteger', BigInt(i & 63));
    expect(core.call('count', 0)).toBe(65600);
    expect(contents().readUInt16LE(4)).toBe(65535);
    expect(textAt(-1)?.toString()).toBe(String(65599 & 63));
    expect(textAt(65599)?.toString()).toBe(String(65599 & 63));
    expect(textAt(65600)).toBeNull();
    core.call('removeRange', 10, 65590);
    expect(core.call('count', 0)).toBe(10);
  });
});

describe('a random sequence of changes', () => {
  /** Mulberry32, so that a failure can be repeated. */
  function random(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (state + 0x6d2b79f5) | 0;
      let word = Math.imul(state ^ (state >>> 15), 1 | state);
      word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
      return ((word ^ (word >>> 14)) >>> 0) % below;
    };
  }

  type Change = (model: Buffer[], index: number, bytes: Buffer) => void;
  const CHANGES: Change[] = [
    (model, _, bytes) => {
      core.call('append', put(bytes));
      model.push(bytes);
    },
    (model, _, bytes) => {
      core.call('prepend', put(bytes));
      model.unshift(bytes);
    },
    (model, index, bytes) => {
      core.call('insertBefore', index, put(bytes));
      model.splice(index, 0, bytes);
    },
    (model, index, bytes) => {
      core.call('insertAfter', index, put(bytes));
      model.splice(index + 1, 0, bytes);
    },
    (model, index, bytes) => {
      core.call('replace', index, put(bytes));
      model[index] = bytes;
    },
    (model, index) => {
      core.call('replaceInteger', index, BigInt(index) ** 5n);
      model[index] = ascii(String(BigInt(index) ** 5n));
    },
    (model, index) => {
      core.call('remove', index);
      model.splice(index, 1);
    },
    (model, index) => {
      const elements = (index * 7) % 5;
      core.call('removeRange', index, elements);
      model.splice(index, elements);
    },
    (model) => {
      if (model.length > 60) return;
      core.call('double', 0);
      model.push(...model);
    },
    () => core.call('trim', 0),
  ];

  test.each([1, 2, 3, 4])('with seed %i does what it does to an array', (seed) => {
    const below = random(seed);
    const model: Buffer[] = [];
    core.call('create', 0);
    for (let step = 0; step < 2500; step++) {
      const sample = SAMPLES[below(below(10) ? SAMPLES.length - 6 : SAMPLES.length)] as Buffer;
      const change = CHANGES[model.length ? below(CHANGES.length) : 0] as Change;
      change(model, below(model.length || 1), sample);
      if (model.length > 120) {
        core.call('removeRange', 20, 90);
        model.splice(20, 90);
      }
      expect(core.call('count', 0), `seed ${seed}, step ${step}`).toBe(model.length);
      if (step % 10 === 0) expect(contents().equals(encode(model)), `step ${step}`).toBe(true);
      const from = below(model.length || 1);
      const skip = below(3);
      const found = model.findIndex(
        (bytes, at) => at >= from && (at - from) % (skip + 1) === 0 && bytes.equals(sample),
      );
      expect(core.call('find', from, put(sample), skip)).toBe(found);
    }
    expect(core.call('walksBack', 0)).toBe(1);
    expect(core.call('end', 0)).toBe(1);
  });
});

describe('validation of bytes that nobody vouches for', () => {
  const VALID = encode([
    ...INTEGERS.filter((_, index) => index % 3 === 0).map((value) => ascii(String(value))),
    ...['abc', '', 'x'.repeat(130)].map(ascii),
    Buffer.alloc(4096, 'long'),
  ]);

  const isValid = (bytes: Uint8Array, deep = true): boolean =>
    core.call('validateAtEnd', put(bytes), deep ? 1 : 0) === 1;

  test('accepts what the format allows', () => {
    for (const sample of SAMPLES) expect(isValid(encode([sample, sample]))).toBe(true);
    expect(isValid(VALID)).toBe(true);
    expect(isValid(encode([]))).toBe(true);
    const uncounted = encode([ascii('a'), ascii('b')]);
    uncounted.writeUInt16LE(65535, 4);
    expect(isValid(uncounted)).toBe(true);
  });

  test('refuses every prefix, and every byte more', () => {
    for (let length = 0; length < VALID.length; length++) {
      const prefix = Buffer.from(VALID.subarray(0, length));
      expect(isValid(prefix)).toBe(false);
      if (length < 7) continue;
      prefix.writeUInt32LE(length, 0);
      expect(isValid(prefix)).toBe(false);
      prefix[length - 1] = 255;
      core.call('readsWithin', put(prefix));
    }
    expect(isValid(Buffer.concat([VALID, Buffer.from([255])]))).toBe(false);
  });

  test('never lets anything through that would be read beyond its bytes', () => {
    for (let bit = 0; bit < VALID.length * 8; bit++) {
      const flipped = Buffer.from(VALID);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(core.call('readsWithin', put(flipped)), `bit ${bit}`).toBe(1);
      if (bit < 48) expect(isValid(flipped), `bit ${bit}`).toBe(false);
    }
  });

  test('refuses backlens that do not fit, heads that mean nothing, and lengths that wrap', () => {
    const of = (...body: number[]): Buffer =>
      Buffer.from([7 + body.length, 0, 0, 0, 1, 0, ...body, 255]);
    expect(isValid(of(0x81, 0x61, 2))).toBe(true);
    expect(isValid(of(0x81, 0x61, 1))).toBe(false);
    expect(isValid(of(0x81, 0x61, 0x82))).toBe(false);
    for (let head = 0xf5; head <= 0xff; head++) expect(isValid(of(head, 1))).toBe(false);
    expect(isValid(of(0xf0, 255, 255, 255, 255, 5))).toBe(false);
    expect(isValid(of(0xf0, 251, 255, 255, 255, 5))).toBe(false);
    expect(isValid(of(0xf0))).toBe(false);
    expect(isValid(of(0xe0))).toBe(false);
    expect(isValid(of(0xf4, 0, 0))).toBe(false);
    expect(isValid(of(0xf4, 0, 0), false)).toBe(true);
  });
});
