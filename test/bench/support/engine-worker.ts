/** The question `engine` in a worker: makes a store, runs what the page asks for. */
import { type EngineCommand, EngineStore } from './engine-store.js';

export type EngineRequest =
  | { readonly kind: 'open'; readonly keys: number }
  | {
      readonly kind: 'run';
      readonly command: EngineCommand;
      readonly batch: number;
      readonly milliseconds: number;
    }
  | { readonly kind: 'check' };

const compiled = WebAssembly.compileStreaming(fetch('/core.wasm'));
let store: EngineStore | null = null;

self.onmessage = async ({ data }: MessageEvent<EngineRequest>) => {
  try {
    self.postMessage({ value: await answer(data) });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};

async function answer(request: EngineRequest): Promise<unknown> {
  if (request.kind === 'open') {
    store = new EngineStore(await compiled, request.keys);
    return null;
  }
  if (store === null) throw new Error('no store is open');
  if (request.kind === 'check') return store.check();
  return store.run(request.command, request.batch, request.milliseconds);
}
