/**
 * The page of the questions `engine` and `types`: one worker, which is served under the same name,
 * and a way to ask it.
 */

export interface EngineBench {
  ask(request: unknown): Promise<unknown>;
}

declare global {
  interface Window {
    engineBench: EngineBench;
  }
}

const worker = new Worker('/engine-worker.js', { type: 'module' });

function ask(request: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ value: unknown } | { error: string }>) => {
      if ('error' in data) reject(new Error(data.error));
      else resolve(data.value);
    };
    worker.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
    worker.postMessage(request);
  });
}

if (!crossOriginIsolated) throw new Error('the page is not cross-origin isolated');
window.engineBench = { ask };
