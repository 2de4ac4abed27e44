/** The compiled core, once per file: instances share it. */
import { readFile } from 'node:fs/promises';

/** Where core.wasm is: an address or path, its bytes, or the module itself. */
export type CoreSource = URL | string | BufferSource | WebAssembly.Module;

const compiled = new Map<string, Promise<WebAssembly.Module>>();

export function loadCore(source?: CoreSource): Promise<WebAssembly.Module> {
  const given = source ?? new URL('./core.wasm', import.meta.url);
  if (given instanceof WebAssembly.Module) return Promise.resolve(given);
  if (typeof given !== 'string' && !(given instanceof URL)) return WebAssembly.compile(given);
  const key = String(given);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const loading = readFile(given).then((bytes) => WebAssembly.compile(bytes));
  compiled.set(key, loading);
  loading.catch(() => compiled.delete(key));
  return loading;
}

/** The compiled lua.wasm beside this file, for scripts. */
export function loadLua(): Promise<WebAssembly.Module> {
  return loadCore(new URL('./lua.wasm', import.meta.url));
}
