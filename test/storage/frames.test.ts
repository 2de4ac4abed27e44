/**
 * Frames: the layout that docs/formats/journal.md draws, and that no flipped bit and no missing byte
 * gets past the checksum.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  checksum,
  decodeFrame,
  encodeCommit,
  encodeFence,
  Flag,
  FRAME_BYTES_MAX,
  PAYLOAD_BYTES_MAX,
  Place,
} from '../../src/storage/frames.js';
import {
  chunkHeader,
  decodeChunk,
  decodeManifest,
  encodeManifest,
} from '../../src/storage/manifest.js';
import { bytes } from './contract.js';
import { resealed } from './journal-kit.js';

const POSITION = { epoch: 3, n: 17 };
const OWNER = 0x0badcafe;

function frameOf(payload: Uint8Array, extraFlags = 0): Uint8Array {
  const [frame] = encodeCommit([payload], POSITION, OWNER, extraFlags);
  return frame as Uint8Array;
}

const FENCE = encodeFence({ epoch: 3, n: 17 }, OWNER, {
  nextEpoch: 4,
  place: Place.Strict,
  cut: { epoch: 3, n: 15 },
});

const MANIFEST = {
  epoch: 3,
  number: 2,
  chunks: 1,
  bytes: 4,
  cut: { place: Place.Strict, position: POSITION, owner: OWNER },
  continuous: true,
  createdAt: Date.UTC(2026, 10, 23),
};

const DATA = bytes('data');
const CHUNK = Uint8Array.from([...chunkHeader([3, 2, 0], DATA.length, checksum(DATA)), ...DATA]);

describe('the examples in docs/formats/journal.md', () => {
  const document = readFileSync(new URL('../../docs/formats/journal.md', import.meta.url), 'utf8');

  it.each([
    ['a frame', frameOf(bytes('*1\r\n$4\r\nPING\r\n'))],
    ['a fence', FENCE],
    ['a chunk', CHUNK],
    ['the manifest', encodeManifest(MANIFEST)],
  ])('show %s byte by byte', (title, frame) => {
    expect(exampleIn(document, title)).toBe(Buffer.from(frame).toString('hex'));
  });
});

/** The hex digits of the block under the heading `Example: TITLE`. */
function exampleIn(document: string, title: string): string {
  const block = new RegExp(`Example: ${title}[^]*?\`\`\`hex\\n([^]*?)\`\`\``).exec(document)?.[1];
  if (block === undefined) throw new Error(`no example of ${title}`);
  const lines = block.split('\n').map((line) => line.replace(/ {2,}\D.*$|;.*$/, ''));
  return lines.join('').replaceAll(/\s/g, '');
}

describe('a frame', () => {
  it('comes back as it went', () => {
    const { frame } = decodeFrame(frameOf(bytes('hello')));
    expect(frame).toMatchObject({
      position: POSITION,
      owner: OWNER,
      flags: Flag.First | Flag.Last,
    });
    expect(frame?.payload).toEqual(bytes('hello'));
  });

  it('comes back as a fence if it was one', () => {
    const { frame } = decodeFrame(FENCE);
    const fence = { nextEpoch: 4, place: Place.Strict, cut: { epoch: 3, n: 15 } };
    expect(frame?.fence).toEqual(fence);
  });

  it('carries positions beyond 32 bits', () => {
    const position = { epoch: 0xffffffff, n: 2 ** 40 + 1 };
    const [frame] = encodeCommit([bytes('x')], position, OWNER);
    expect(decodeFrame(frame).frame?.position).toEqual(position);
  });

  it.each([0, 1, 14, 15, 16, 17, 100])('of %i bytes gives away every flipped bit', (length) => {
    expect(undetectedFlips(frameOf(new Uint8Array(length).fill(0xa5)))).toEqual([]);
  });

  it('of the greatest size gives away every flipped bit of a sample and of its header', () => {
    const frame = frameOf(new Uint8Array(PAYLOAD_BYTES_MAX).map((_, index) => index * 31));
    expect(frame.length).toBe(FRAME_BYTES_MAX);
    const sampled = (bit: number) => bit < 32 * 8 || bit % 997 === 0;
    expect(undetectedFlips(frame, sampled)).toEqual([]);
  });

  it('that is a fence gives away every flipped bit', () => {
    expect(undetectedFlips(FENCE)).toEqual([]);
  });

  it('gives away every truncation and every byte too many', () => {
    for (const whole of [frameOf(new Uint8Array(100)), FENCE]) {
      for (let length = 0; length < whole.length; length++) {
        expect(decodeFrame(whole.subarray(0, length)).frame, `${length} bytes`).toBeNull();
      }
      expect(decodeFrame(new Uint8Array([...whole, 0])).frame).toBeNull();
    }
  });

  it('gives away every pair of flipped bits in its header', () => {
    const frame = frameOf(new Uint8Array(0));
    let found = 0;
    for (let one = 0; one < 256; one++) {
      for (let other = one + 1; other < 256; other++) {
        flip(frame, one);
        flip(frame, other);
        if (decodeFrame(frame).frame !== null) found++;
        flip(frame, one);
        flip(frame, other);
      }
    }
    expect(found).toBe(0);
  });

  it.each([[null], [undefined], ['text'], [17], [{}], [new ArrayBuffer(64)], [[1, 2, 3]]])(
    'is not %o',
    (value) => {
      expect(decodeFrame(value).frame).toBeNull();
    },
  );
});

/** The bits whose flipping goes unnoticed. */
function undetectedFlips(frame: Uint8Array, wanted = (_bit: number) => true): number[] {
  const undetected: number[] = [];
  for (let bit = 0; bit < frame.length * 8; bit++) {
    if (!wanted(bit)) continue;
    flip(frame, bit);
    const decoded = decodeFrame(frame);
    // A flipped version must not be taken for a newer one either.
    if (decoded.frame !== null || decoded.newer) undetected.push(bit);
    flip(frame, bit);
  }
  expect(decodeFrame(frame).frame).not.toBeNull();
  return undetected;
}

function flip(target: Uint8Array, bit: number): void {
  (target[bit >> 3] as number) ^= 1 << (bit & 7);
}

describe('a frame that is whole but strange', () => {
  const whole = frameOf(bytes('payload'));

  it('is newer if it says another version, or flags or fields that we do not know', () => {
    for (const at of [7, 28, 29, 30, 31]) {
      const strange = resealed(whole, (view) => view.setUint8(at, 0x82));
      expect(decodeFrame(strange), `byte ${at}`).toMatchObject({ frame: null, newer: true });
    }
  });

  it('is bad if its length is not its own, or it does not begin as a frame', () => {
    const changes = [
      (view: DataView) => view.setUint32(24, 6, true),
      (view: DataView) => view.setUint32(24, 8, true),
      (view: DataView) => view.setUint8(4, 0),
    ];
    for (const change of changes) {
      expect(decodeFrame(resealed(whole, change))).toMatchObject({ frame: null, newer: false });
    }
  });

  it('is bad if it is a fence of no known place or of another size', () => {
    const strange = resealed(FENCE, (view) => view.setUint32(36, 2, true));
    expect(decodeFrame(strange)).toMatchObject({ frame: null, fault: 'the fence is malformed' });
    const short = frameOf(new Uint8Array(23), Flag.Fence);
    expect(decodeFrame(short)).toMatchObject({ frame: null, fault: 'the fence is malformed' });
  });
});

describe('a commit', () => {
  const sizes = [0, 1, PAYLOAD_BYTES_MAX - 1, PAYLOAD_BYTES_MAX, PAYLOAD_BYTES_MAX + 1, 200_000];

  it.each(sizes)('of %i bytes is cut into frames that are marked and numbered', (size) => {
    const content = new Uint8Array(size).map((_, index) => index % 253);
    const chunks = [content.subarray(0, size >> 2), new Uint8Array(0), content.subarray(size >> 2)];
    const frames = encodeCommit(chunks, POSITION, OWNER).map((frame) => decodeFrame(frame).frame);
    expect(frames.length).toBe(Math.max(1, Math.ceil(size / PAYLOAD_BYTES_MAX)));
    for (const [index, frame] of frames.entries()) {
      expect(frame?.position).toEqual({ epoch: 3, n: 17 + index });
      expect((frame?.flags ?? 0) & Flag.First).toBe(index === 0 ? Flag.First : 0);
      expect((frame?.flags ?? 0) & Flag.Last).toBe(index === frames.length - 1 ? Flag.Last : 0);
    }
    const joined = Buffer.concat(frames.map((frame) => frame?.payload as Uint8Array));
    expect(joined.equals(content)).toBe(true);
  });

  it('puts each frame in a buffer of its own size, for IndexedDB clones whole buffers', () => {
    for (const frame of encodeCommit([new Uint8Array(100_000)], POSITION, OWNER)) {
      expect(frame.buffer.byteLength).toBe(frame.length);
      expect(frame.length).toBeLessThanOrEqual(FRAME_BYTES_MAX);
    }
  });
});

describe('a manifest', () => {
  it('comes back as it went', () => {
    for (const manifest of [MANIFEST, { ...MANIFEST, continuous: false, bytes: 2 ** 40 }]) {
      expect(decodeManifest(encodeManifest(manifest)).manifest).toEqual(manifest);
    }
  });

  it('of a version or with flags that we do not know is newer', () => {
    for (const at of [7, 17]) {
      const strange = resealed(encodeManifest(MANIFEST), (view) => view.setUint8(at, 2));
      expect(decodeManifest(strange)).toMatchObject({ manifest: null, newer: true });
    }
  });
});

describe('a chunk', () => {
  it('gives its content to the key that it was made for, and to no other', () => {
    expect(decodeChunk([3, 2, 0], CHUNK)).toEqual(DATA);
    for (const key of [[4, 2, 0] as const, [3, 3, 0] as const, [3, 2, 1] as const]) {
      expect(decodeChunk(key, CHUNK)).toContain('belongs elsewhere');
    }
  });

  it('is bad with any bit flipped', () => {
    for (let bit = 0; bit < CHUNK.length * 8; bit++) {
      const spoilt = CHUNK.slice();
      flip(spoilt, bit);
      expect(typeof decodeChunk([3, 2, 0], spoilt), `bit ${bit}`).toBe('string');
    }
  });
});
