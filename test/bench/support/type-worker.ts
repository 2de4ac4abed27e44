/** The question `types` in a worker: a new engine for each example, filled and measured. */
import { Engine } from '../../../src/engine/engine.js';
import { Driver, SEED } from './drive.js';
import { encodeCommand } from './requests.js';
import { fillingBatches, measuredBatches, TYPE_EXAMPLES, type TypeExample } from './type-list.js';

export type TypeRequest =
  | { readonly kind: 'open'; readonly name: string }
  | { readonly kind: 'prepare' }
  | { readonly kind: 'run' }
  | { readonly kind: 'check' };

interface Opened {
  readonly example: TypeExample;
  readonly driver: Driver;
  readonly filling: Uint8Array[];
  readonly measured: Uint8Array[];
}

const compiled = WebAssembly.compileStreaming(fetch('/core.wasm'));
const FLUSH = new TextEncoder().encode(encodeCommand(['FLUSHALL']));
let opened: Opened | null = null;

self.onmessage = async ({ data }: MessageEvent<TypeRequest>) => {
  try {
    self.postMessage({ value: await answer(data) });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};

async function answer(request: TypeRequest): Promise<null> {
  if (request.kind === 'open') opened = open(await compiled, request.name);
  else if (opened === null) throw new Error('no example is open');
  else if (request.kind === 'prepare') opened.driver.executeAll([FLUSH, ...opened.filling]);
  else if (request.kind === 'run') opened.driver.executeAll(opened.measured);
  else expectNoErrors(opened);
  return null;
}

function open(module: WebAssembly.Module, name: string): Opened {
  const example = TYPE_EXAMPLES.find((candidate) => candidate.name === name);
  if (example === undefined) throw new Error(`there is no example ${name}`);
  const engine = Engine.create(module, { seed: SEED });
  engine.setTime(Date.now());
  return {
    example,
    driver: new Driver(engine),
    filling: fillingBatches(example, ''),
    measured: measuredBatches(example, ''),
  };
}

function expectNoErrors({ driver, example }: Opened): void {
  const { errors } = driver.engine.statistics();
  if (errors > 0) throw new Error(`${example.name} was answered with ${errors} errors`);
}
