/**
 * The core's boundary is what docs/formats/abi.md says: its lists are those of the module and of
 * src/engine, and its example is run through dist/core.wasm line by line.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/table.js';
import { StopReason } from '../../src/engine/engine.js';
import { floatImports } from '../../src/engine/floats.js';
import { PARAMETERS } from '../../src/engine/parameters.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url));
const DOCUMENT = read('docs/formats/abi.md').toString();
const MODULE = new WebAssembly.Module(read('dist/core.wasm'));

type Call = (...args: (number | bigint)[]) => number;
type Exports = Readonly<Record<string, Call>>;

function instantiate(): { memory: WebAssembly.Memory; calls: Exports } {
  const env = { ...floatImports(() => new Uint8Array(memory.buffer)), clock: () => 0 };
  const { exports } = new WebAssembly.Instance(MODULE, { env });
  const memory = exports.memory as WebAssembly.Memory;
  return { memory, calls: exports as Exports };
}

/** The text under a heading, up to the next one of the same rank. */
function section(title: string): string {
  const text = DOCUMENT.split(`\n## ${title}\n`)[1]?.split('\n## ')[0];
  if (text === undefined) throw new Error(`the document has no section '${title}'`);
  return text;
}

/** Rows like `| `name(a: u32)` | ...` as name and number of parameters. */
function signatures(text: string): Record<string, number> {
  const found = [...text.matchAll(/^\| `(\w+)\((.*?)\)`/gm)];
  return Object.fromEntries(
    found.map(([, name = '', list = '']) => [name, list === '' ? 0 : list.split(',').length]),
  );
}

/** Rows like `| 3 | `name` | ...` as name and number. */
function numbers(text: string): Record<string, number> {
  const found = [...text.matchAll(/^\| (\d+) \| `([\w-]+)`/gm)];
  return Object.fromEntries(found.map(([, number, name = '']) => [name, Number(number)]));
}

describe('the lists of docs/formats/abi.md', () => {
  test('name every export, with its parameters', () => {
    const { memory: _, ...calls } = instantiate().calls;
    const exported = Object.entries(calls).map(([name, call]) => [name, call.length]);
    expect(signatures(section('Exports'))).toEqual(Object.fromEntries(exported));
    expect(section('Exports')).toContain('exported as `memory`');
  });

  test('name every import, as the core declares and the engine provides it', () => {
    const documented = signatures(section('Imports'));
    const provided = Object.entries({ ...floatImports(() => new Uint8Array()), clock: () => 0 });
    expect(documented).toEqual(
      Object.fromEntries(provided.map(([name, call]) => [name, call.length])),
    );
    const declared = read('assembly/env.ts').toString();
    const names = [...declared.matchAll(/declare function (\w+)/g)].map(([, name]) => name);
    expect(Object.keys(documented)).toEqual(names);
    for (const { module, name } of WebAssembly.Module.imports(MODULE)) {
      expect(module).toBe('env');
      expect(names).toContain(name);
    }
  });

  test('name every stop reason and every parameter', () => {
    const reasons = Object.entries(StopReason).filter(([, value]) => typeof value === 'number');
    expect(numbers(section('Stop reasons'))).toEqual(Object.fromEntries(reasons));
    expect(numbers(section('Parameters'))).toEqual(PARAMETERS);
  });

  test('name the sources, and those name the document', () => {
    for (const source of ['assembly/index.ts', 'src/engine/exports.ts']) {
      expect(DOCUMENT).toContain(source);
      expect(read(source).toString()).toContain('docs/formats/abi.md');
    }
  });
});

/** The blocks of bytes of the example, as words: two digits of hex, or `LETTER+offset`. */
function byteBlocks(text: string): Map<string, string[]> {
  const blocks = [...text.matchAll(/```hex (.+)\n([\s\S]*?)```/g)];
  return new Map(blocks.map(([, name = '', body = '']) => [name, body.split('\n').flatMap(words)]));
}

/** The words at the beginning of a line; what follows is a comment. */
function words(line: string): string[] {
  const all = line.trim().split(/\s+/);
  const end = all.findIndex((word) => !/^([0-9a-f]{2}|[A-Z]\+[0-9a-f]+)$/.test(word));
  return end < 0 ? all : all.slice(0, end);
}

/** Runs the lines of an example, and fails at the first that is not as it says. */
class Example {
  private readonly core = instantiate();
  private readonly blocks: Map<string, string[]>;
  readonly names = new Map<string, number>();

  constructor(private readonly text: string) {
    this.blocks = byteBlocks(text);
  }

  run(): number {
    const script = /```calls\n([\s\S]*?)```/.exec(this.text)?.[1] ?? '';
    const lines = script.split('\n').map((line) => line.replace(/ {2,}.*$/, ''));
    const steps = lines.filter((line) => line !== '');
    for (const line of steps) this.step(line);
    return steps.length;
  }

  private step(line: string): void {
    const call = /^(\w+)\((.*)\)(?: = (\w+))?$/.exec(line);
    if (call === null) this.move(line);
    else this.call(line, call[1] ?? '', call[2] ?? '', call[3]);
  }

  private move(line: string): void {
    const [, name = '', verb = '', block = ''] = /^([A-Z]) (:=|==|holds) (.+)$/.exec(line) ?? [];
    const bytes = this.bytesOf(block);
    const place = this.names.get(name);
    if (place === undefined) throw new Error(`cannot read the line: ${line}`);
    if (verb === ':=') this.view(place, bytes.length).set(bytes);
    else if (verb === '==') this.compare(line, this.view(place, bytes.length), bytes);
    else this.compare(line, this.contents(place), bytes);
  }

  private call(line: string, name: string, list: string, result: string | undefined): void {
    const call = this.core.calls[name];
    if (call === undefined) throw new Error(`there is no export ${name}`);
    const args = list === '' ? [] : list.split(', ').map((word) => this.argument(word));
    const returned = call(...args);
    if (result === undefined) return;
    if (/^[A-Z]$/.test(result)) this.names.set(result, returned >>> 0);
    else expect(returned, line).toBe(Number(result));
  }

  private argument(word: string): number | bigint {
    if (/^0x[0-9a-f]{16}$/.test(word)) return BigInt(word);
    return this.names.get(word) ?? Number(word);
  }

  private compare(line: string, found: Uint8Array, expected: Uint8Array): void {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    expect(hex(found), line).toBe(hex(expected));
  }

  /** All that the Buffer at `place` holds. */
  private contents(place: number): Uint8Array {
    const [bytes = 0, end = 0] = new Uint32Array(this.core.memory.buffer, place, 2);
    return this.view(bytes, end - bytes);
  }

  private view(place: number, length: number): Uint8Array {
    return new Uint8Array(this.core.memory.buffer, place, length);
  }

  private bytesOf(block: string): Uint8Array {
    const found = this.blocks.get(block);
    if (found === undefined) throw new Error(`there is no block '${block}'`);
    return Uint8Array.from(found.flatMap((word) => this.bytesOfWord(word)));
  }

  private bytesOfWord(word: string): number[] {
    const [name = '', offset] = word.split('+');
    if (offset === undefined) return [Number.parseInt(word, 16)];
    const address = (this.names.get(name) ?? 0) + Number.parseInt(offset, 16);
    return [0, 8, 16, 24].map((shift) => (address >>> shift) & 0xff);
  }
}

describe('the example of docs/formats/abi.md', () => {
  test('runs as it is written', () => {
    const example = new Example(section('Example'));
    expect(example.run()).toBeGreaterThan(40);
    expect(COMMANDS[example.names.get('C') ?? -1]?.name).toBe('client|id');
  });

  test('would fail if a byte were different', () => {
    const wrong = section('Example').replace('2b 4f 4b 0d 0a', '2b 4f 4c 0d 0a');
    expect(() => new Example(wrong).run()).toThrow('O holds replies');
  });
});
