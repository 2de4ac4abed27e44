/**
 * The page of a life: opens the store with the package as it is published, tells what it holds,
 * and, when told so, writes until it is no more.
 *
 * `?mode=always&name=power` in its address says which store, and how durable.
 */
import type * as Redstart from '../../../src/index.js';
import type { ToDriver, ToPage } from './messages.js';
import { type Cells, readCells } from './workload.js';
import { Refusal, type Report, type Sight, type Target, wear } from './writer.js';

const PACKAGE = '/index.js';
const { createClient, ReplyError } = (await import(PACKAGE)) as typeof Redstart;

const parameters = new URLSearchParams(location.search);
const socket = new WebSocket(`ws://${location.host}`);
await new Promise((opened, failed) => {
  socket.onopen = opened;
  socket.onerror = failed;
});

function tell(message: ToDriver): void {
  socket.send(JSON.stringify(message));
}

async function live(): Promise<void> {
  const told = new Promise<ToPage>((resolve) => {
    socket.onmessage = ({ data }) => resolve(JSON.parse(data));
  });
  const options = {
    name: parameters.get('name') ?? 'power',
    config: { appendfsync: parameters.get('mode') ?? 'everysec' },
    worker: makeWorker,
  };
  const writer = await createClient(options).connect();
  writer.on('error', () => {});
  const reader = await writer.duplicate().connect();
  reader.on('error', () => {});
  const [target, other] = [targetOf(writer), targetOf(reader)];
  const cells: Cells = await readCells(target.send);
  tell({ cells: [...cells], report: JSON.parse(JSON.stringify(writer.report)) });
  const { plan } = await told;
  await wear(target, other, plan, reporter());
}

const workers: Worker[] = [];

const page = {
  /** At once, as a crash of it would. */
  endWorker: () => workers.at(-1)?.terminate(),
};

export type PowerPage = typeof page;

declare global {
  interface Window {
    powerPage: PowerPage;
  }
}

window.powerPage = page;

function makeWorker(): Worker {
  const worker = new Worker('/worker.js', { type: 'module' });
  workers.push(worker);
  return worker;
}

type Client = Awaited<ReturnType<ReturnType<typeof createClient>['connect']>>;

function targetOf(client: Client): Target {
  return {
    send: (args) => client.sendCommand(args).catch(refuse),
    transaction: (commands) => {
      const multi = client.multi();
      for (const command of commands) multi.addCommand([...command]);
      return multi.exec().catch(refuse);
    },
  };
}

function refuse(error: unknown): never {
  throw error instanceof ReplyError ? new Refusal(error.message) : error;
}

/** What is seen in one task leaves as one message, before the task ends. */
function reporter(): Report {
  let sights: Sight[] = [];
  return (sight) => {
    sights.push(sight);
    if (sights.length > 1) return;
    queueMicrotask(() => {
      tell({ sights });
      sights = [];
    });
  };
}

try {
  await live();
} catch (error) {
  tell({ failure: String(error) });
}
