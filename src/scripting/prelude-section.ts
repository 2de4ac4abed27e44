/** The section of lua.wasm that holds the prelude, so that only those who run scripts load it. */

export const PRELUDE_SECTION = 'redstart-prelude';

const decoder = new TextDecoder();

/** What makes the globals of a script out of the prelude in `module`, in Lua. */
export function preludeChunk(module: WebAssembly.Module, version: string): Uint8Array {
  const [section] = WebAssembly.Module.customSections(module, PRELUDE_SECTION);
  if (section === undefined) throw new Error('this lua.wasm is of another version of Redstart');
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const number = (major << 16) | (minor << 8) | patch;
  const text = decoder.decode(section);
  return new TextEncoder().encode(
    `return assert(loadstring([====[${text}]====], '=redstart'))('${version}', ${number})`,
  );
}
