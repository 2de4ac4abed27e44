/**
 * Calls what the worker exposes with Comlink. A call is one message and an answer is one message,
 * so this side speaks Comlink's protocol by hand and the page does without the library's 1.8 kB.
 */
import { ConnectionError } from '../resp/errors.js';
import type { WorkerControl } from '../worker/messages.js';

/** As Comlink 4 sends it. `HANDLER`: something was thrown. */
interface Answer {
  readonly id: number;
  readonly type: 'RAW' | 'HANDLER';
  readonly value: unknown;
}

type Control = { [Name in keyof WorkerControl]: WorkerControl[Name] };
let calls = 0;

/** Calls one method of the worker's control; arguments in `transfer` travel. No deadline. */
export function askWorker<Name extends keyof Control>(
  worker: Worker,
  name: Name,
  args: Parameters<Control[Name]>,
  transfer: Transferable[] = [],
): Promise<Awaited<ReturnType<Control[Name]>>> {
  return new Promise((resolve, reject) => {
    const id = ++calls;
    const hear = ({ data }: MessageEvent<Answer | null>) => {
      if (data?.id !== id) return;
      worker.removeEventListener('message', hear);
      if (data.type === 'RAW') resolve(data.value as Awaited<ReturnType<Control[Name]>>);
      else reject(new ConnectionError(`The worker failed at ${name}`));
    };
    worker.addEventListener('message', hear);
    const argumentList = args.map((value) => ({ type: 'RAW', value }));
    worker.postMessage({ id, type: 'APPLY', path: [name], argumentList }, transfer);
  });
}
