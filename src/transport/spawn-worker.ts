/** Makes the worker, whatever origin its script comes from. */
import { WorkerLoadError } from '../resp/errors.js';

/** Throws a WorkerLoadError if it cannot be made; a script that does not load is told later. */
export function spawnWorker(storeName: string, make?: () => Worker): Worker {
  const name = `redstart:${storeName}`;
  if (make !== undefined) return make();
  if (typeof Worker === 'undefined') {
    throw new WorkerLoadError('There is no Worker here: use the inline transport');
  }
  try {
    // Bundlers look for these very words.
    return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name });
  } catch (error) {
    return spawnFromBlob(new URL('./worker.js', import.meta.url), name, error);
  }
}

/** A script of another origin may not be a worker, but a worker may import it. */
function spawnFromBlob(script: URL, name: string, cause: unknown): Worker {
  if (script.origin === location.origin) {
    throw new WorkerLoadError(`The worker could not be started: ${String(cause)}`, { cause });
  }
  const source = `import ${JSON.stringify(script.href)};`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  try {
    return new Worker(url, { type: 'module', name });
  } catch (error) {
    throw new WorkerLoadError(`The worker could not be started: ${String(error)}`, {
      cause: error,
    });
  }
}
