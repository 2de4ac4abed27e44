/** Quicklists against an array, with every kind of node, and what they take. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type AssemblyInstance, compileAssembly, instantiate } from '../support/assembly.js';

const module = await compileAssembly('test/structures/quicklist.as.ts', [
  '-O1',
  '--initialMemory',
  '8',
]);
let core: AssemblyInstance;
let place = 0;

beforeEach(() => {
  core = instantiate(module);
  place = (core.call('begin', 0) as number) >>> 0;
});

function put(text: string): number {
  Buffer.from(core.memory.buffer, place, text.length).write(text, 'latin1');
  return text.length;
}

function elements(backward = false): string[] {
  const count = core.call('readAll', backward ? 1 : 0) as number;
  const bytes = Buffer.from(core.memory.buffer, place);
  let at = 0;
  return Array.from({ length: count }, () => {
    const length = bytes.readUInt32LE(at);
    at += 4 + length;
    return bytes.toString('latin1', at - length, at);
  });
}

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

test('a node of one element is as in the example', () => {
  core.call('create', -2, 0, 0);
  core.call('push', 0, put('a'));
  const at = (core.call('headContents', 0) as number) >>> 0;
  expect(Buffer.from(core.memory.buffer, at, 10).toString('hex')).toBe('0a0000000100816102ff');
  core.call('pop', 1);
  expect(core.call('end', 0)).toBe(1);
});

describe('a random sequence of changes does what it does to an array', () => {
  type Change = (model: string[], below: (n: number) => number, text: string) => void;
  const CHANGES: Change[] = [
    (model, below, text) => {
      for (let i = below(20); i >= 0; i--) {
        core.call('push', 1, put(text));
        model.unshift(text);
      }
    },
    (model, below, text) => {
      for (let i = below(20); i >= 0; i--) {
        core.call('push', 0, put(text));
        model.push(text);
      }
    },
    (model, below) => {
      for (let i = Math.min(below(12), model.length); i > 0; i--) {
        const atHead = below(2);
        core.call('pop', atHead);
        if (atHead) model.shift();
        else model.pop();
      }
    },
    (model, below, text) => {
      if (model.length === 0) return;
      const index = below(model.length);
      const behind = below(2);
      core.call('insert', index, behind, put(text));
      model.splice(index + behind, 0, text);
    },
    (model, below, text) => {
      if (model.length === 0) return;
      const index = below(model.length);
      core.call('replace', index, put(text));
      model[index] = text;
    },
    (model, below) => {
      const index = below(model.length + 1);
      const count = below(8);
      core.call('removeRange', index, count);
      model.splice(index, count);
    },
    (model, below, text) => {
      const most = 1 + below(3);
      const backward = below(2);
      const found = [...model.keys()].filter((index) => model[index] === text);
      const gone = new Set(backward ? found.slice(-most) : found.slice(0, most));
      expect(core.call('removeEqual', put(text), most, backward)).toBe(gone.size);
      model.splice(0, model.length, ...model.filter((_, index) => !gone.has(index)));
    },
    () => core.call('renew', 0),
  ];

  test.each([
    // fill, depth, packed threshold
    [-2, 0, 0],
    [-1, 2, 0],
    [4, 0, 0],
    [3, 1, 0],
    [2, 3, 40],
    [-5, 0, 30],
    [0, 1, 0],
    [1000, 0, 5],
  ])('with nodes of %i, depth %i, packed from %i', (fill, depth, packed) => {
    const seed = 17 + fill + depth * 10 + packed * 100;
    const below = random(seed);
    const texts = ['a', 'b', '7', '-300', '12345678901', '', 'x'.repeat(30), 'y'.repeat(200)];
    const model: string[] = [];
    core.call('create', fill, depth, packed);
    for (let step = 0; step < 1500; step++) {
      const text = below(3) ? (texts[below(texts.length)] as string) : `v${below(1000)}`;
      (CHANGES[below(CHANGES.length)] as Change)(model, below, text);
      if (model.length > 400) {
        core.call('removeRange', 50, 300);
        model.splice(50, 300);
      }
      core.call('checkNodes', 0);
      if (step % 10 === 0) expect(elements(), `seed ${seed}, step ${step}`).toEqual(model);
      if (step % 50 === 0) expect(elements(true)).toEqual([...model].reverse());
      expect(core.call('find', put(text))).toBe(model.indexOf(text));
    }
    expect(core.call('end', 0)).toBe(1);
  });
});

test('inner nodes are compressed, as many as the depth leaves', () => {
  core.call('create', 10, 2, 0);
  for (let i = 0; i < 100; i++) core.call('push', 0, put('z'.repeat(40)));
  expect(core.call('checkNodes', 0)).toBe(10);
  expect(core.call('packedNodes', 0)).toBe(6);
  core.call('removeRange', 0, 30);
  core.call('removeRange', -20, 20);
  expect(core.call('checkNodes', 0)).toBe(5);
  expect(core.call('packedNodes', 0)).toBe(1);
  expect(elements()).toEqual(Array(50).fill('z'.repeat(40)));
});

test.each([0, 1])(
  'a hundred thousand elements of 16 bytes take 18.2 bytes each, pushed at %i',
  (atHead) => {
    core.call('create', -2, 0, 0);
    put('abcdefghijklmnop');
    for (let i = 0; i < 100_000; i++) core.call('push', atHead, 16);
    expect((core.call('usedMemory', 0) as number) / 100_000).toBeLessThan(18.2);
    for (let i = 0; i < 100_000; i++) core.call('pop', i & 1);
    expect(core.call('end', 0)).toBe(1);
  },
);

test('a list that was long does not keep the memory', () => {
  core.call('create', -2, 0, 0);
  put('abcdefghijklmnop');
  for (let i = 0; i < 450; i++) core.call('push', 0, 16);
  for (let i = 0; i < 449; i++) core.call('pop', 1);
  expect(core.call('usedMemory', 0)).toBeLessThan(200);
});

test('a long element goes into the middle of a full node', () => {
  core.call('create', 4, 0, 0);
  for (const text of ['a', 'b', 'c', 'd']) core.call('push', 0, put(text));
  core.call('insert', 1, 1, put('x'.repeat(200_000)));
  core.call('insert', 0, 0, put('y'.repeat(65_530)));
  core.call('checkNodes', 0);
  const lengths = elements().map((text) => text.length);
  expect(lengths).toEqual([65_530, 1, 1, 200_000, 1, 1]);
  expect(core.call('end', 0)).toBe(1);
});
