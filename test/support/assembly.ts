/**
 * Compiles AssemblyScript for tests, assertions on, and runs what it exports.
 *
 * `runAssemblyTests('test/structures/dict.as.ts')` makes one test of every exported
 * function without parameters: `countsOnlyNewMembers` becomes "counts only new members",
 * a failed `assert` becomes an error with its file and line. Every test gets a fresh
 * instance, so none sees what another left behind.
 *
 * `compileAssembly(path)` and `instantiate(module)` are for tests that drive the exports
 * from JavaScript, to compare them with another implementation.
 */
import asc from 'assemblyscript/asc';
import { describe, test } from 'vitest';

export interface AssemblyInstance {
  readonly memory: WebAssembly.Memory;
  readonly exports: WebAssembly.Exports;
  /** The exported function of that name. */
  call(name: string, ...args: (number | bigint)[]): number | bigint | undefined;
}

export type AssemblyImports = (memory: () => WebAssembly.Memory) => WebAssembly.ModuleImports;

export interface AssemblyTestOptions {
  /** Functions of the module "env", beside `abort`. */
  imports?: AssemblyImports;
  /** More flags for asc, for instance ['-O1']. */
  flags?: string[];
  timeoutMs?: number;
}

/** Not optimized, so that a failing line is the line that failed; -O1 makes big loops fit. */
const FLAGS = ['--runtime', 'stub', '--enable', 'simd,bulk-memory', '--initialMemory', '16'];

/** Compiles an entry file; what asc has to say about a mistake becomes the error. */
export async function compileAssembly(
  path: string,
  flags: readonly string[] = [],
): Promise<WebAssembly.Module> {
  const messages = asc.createMemoryStream();
  let binary: Uint8Array | undefined;
  const { error } = await asc.main([path, '--outFile', 'module.wasm', ...FLAGS, ...flags], {
    stderr: messages,
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = contents;
    },
  });
  if (error || !binary) throw new Error(`asc ${path}: ${error?.message}\n${messages.toString()}`);
  return new WebAssembly.Module(new Uint8Array(binary));
}

/** A fresh instance. `abort` throws an error that names file, line and message. */
export function instantiate(
  module: WebAssembly.Module,
  imports: AssemblyImports = () => ({}),
): AssemblyInstance {
  const memory = (): WebAssembly.Memory => exported.memory as WebAssembly.Memory;
  const abort = (message: number, file: number, line: number, column: number): never => {
    const place = `${readString(memory(), file)}:${line}:${column}`;
    throw new Error(`${readString(memory(), message) || 'assertion failed'} at ${place}`);
  };
  const env = { abort, ...imports(memory) };
  const exported: WebAssembly.Exports = new WebAssembly.Instance(module, { env }).exports;
  return {
    memory: memory(),
    exports: exported,
    call(name, ...args) {
      const value = exported[name];
      if (typeof value !== 'function') throw new Error(`nothing exported as ${name}`);
      return value(...args);
    },
  };
}

/** Compiles `path` and registers one test for each function that it exports. */
export async function runAssemblyTests(
  path: string,
  options: AssemblyTestOptions = {},
): Promise<void> {
  const module = await compileAssembly(path, options.flags);
  const { exports } = instantiate(module, options.imports);
  const names = Object.keys(exports).filter((name) => isTest(exports[name]));
  if (names.length === 0) throw new Error(`${path} exports no test`);
  describe(path, () => {
    for (const name of names) {
      test(toSentence(name), { timeout: options.timeoutMs ?? 60_000 }, () => {
        instantiate(module, options.imports).call(name);
      });
    }
  });
}

function isTest(exported: WebAssembly.ExportValue | undefined): boolean {
  return typeof exported === 'function' && exported.length === 0;
}

function toSentence(name: string): string {
  return name.replace(/([a-z])(?=[A-Z0-9])|([0-9])(?=[A-Z])/g, '$& ').toLowerCase();
}

/** A managed string: its length in bytes stands in the four bytes before its UTF-16 units. */
function readString(memory: WebAssembly.Memory, address: number): string {
  if (address === 0) return '';
  const bytes = new DataView(memory.buffer).getUint32(address - 4, true);
  return new TextDecoder('utf-16le').decode(new Uint8Array(memory.buffer, address, bytes));
}
