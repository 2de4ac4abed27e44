/** Makes the worker, whatever origin its script comes from. */
import { WorkerLoadError } from '../resp/errors.js';

/** Throws a WorkerLoadError if it cannot be made; a script that does not load is told later. */
export function spawnWorker(storeName: string, make?: () => Worker): Worker {
  const name = `redstart:${storeName}`;
  if (make !== undefined) return make();
  try {
    try {
      // Bundlers look for these very words.
      return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name });
    } catch {
      return new Worker(importer(new URL('./worker.js', import.meta.url)), {
        type: 'module',
        name,
      });
    }
  } catch (cause) {
    throw new WorkerLoadError(`The worker did not start: ${cause}`, { cause });
  }
}

/** A script of another origin may not be a worker, but a worker may import it. */
function importer(script: URL): string {
  const source = `import ${JSON.stringify(script.href)};`;
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
}
