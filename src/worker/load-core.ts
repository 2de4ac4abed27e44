/** core.wasm, fetched and compiled. Every way in which that fails is a WorkerLoadError that says why. */
import { WorkerLoadError } from '../resp/errors.js';

const WASM_TYPE = 'application/wasm';

export interface LoadedCore {
  readonly module: WebAssembly.Module;
  /** Set if it was compiled in spite of a wrong MIME type. */
  readonly warning: string | null;
}

export async function loadCore(url: string): Promise<LoadedCore> {
  const response = await fetchCore(url);
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  if (type === WASM_TYPE) {
    return {
      module: await compile(() => WebAssembly.compileStreaming(response), url),
      warning: null,
    };
  }
  const served = `${url} was served as ${type === '' ? 'no MIME type' : type}, not ${WASM_TYPE}`;
  const bytes = await readAll(response, url);
  if (!isWasm(bytes)) throw new WorkerLoadError(`${served}, and is not WebAssembly`);
  return { module: await compile(() => WebAssembly.compile(bytes), url), warning: served };
}

async function fetchCore(url: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'same-origin' });
  } catch (cause) {
    throw new WorkerLoadError(`${url} could not be fetched: ${String(cause)}`, { cause });
  }
  if (!response.ok) throw new WorkerLoadError(`${url} was answered with status ${response.status}`);
  return response;
}

async function readAll(response: Response, url: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new WorkerLoadError(`${url} could not be read: ${String(cause)}`, { cause });
  }
}

async function compile(
  start: () => Promise<WebAssembly.Module>,
  url: string,
): Promise<WebAssembly.Module> {
  try {
    return await start();
  } catch (cause) {
    throw new WorkerLoadError(`${url} could not be compiled: ${String(cause)}`, { cause });
  }
}

/** The magic number: `\0asm`. */
function isWasm(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
}
