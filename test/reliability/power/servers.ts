/** redis-server and our own server as what is cut off: the data directory is on the disk. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../../support/connection.js';
import { connectTo, freePort, untilReady } from '../../support/target-process.js';
import type { Reply } from '../../support/wire.js';
import type { Life, Mode, Subject } from './subject.js';
import { readCells } from './workload.js';
import { Refusal, type Target, wear } from './writer.js';

const OUR_SERVER = fileURLToPath(new URL('../../../dist/redstart-server.js', import.meta.url));

export const openRedisServer = () => openServer('redis-server', 'redis-server', []);
export const openOurServer = () => openServer('redstart-server', process.execPath, [OUR_SERVER]);

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

async function openServer(name: string, program: string, first: string[]): Promise<Subject> {
  return {
    name,
    open: (directory, mode) => openLife(program, first, join(directory, name), mode),
    close: async () => {},
  };
}

async function openLife(
  program: string,
  first: string[],
  directory: string,
  mode: Mode,
): Promise<Life> {
  await mkdir(directory, { recursive: true });
  const port = await freePort();
  const options = `--port ${port} --bind 127.0.0.1 --appendonly yes --appendfsync ${mode}`;
  const args = [...first, ...options.split(' '), '--save', '', '--dir', directory];
  const child = spawn(program, args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      running.delete(child);
      resolve();
    });
  });
  await untilReady(child, program);
  const [writer, reader] = [await connectTo(port), await connectTo(port)];
  const [target, other] = [targetOf(writer), targetOf(reader)];
  return {
    cells: await readCells(target.send),
    report: null,
    begin: (plan, report) => void wear(target, other, plan, report),
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

function targetOf(connection: Connection): Target {
  return {
    send: async (args) => plain((await connection.send(...args)).tree),
    transaction: async (commands) => {
      const all = [['MULTI'], ...commands, ['EXEC']];
      const replies = await connection.pipeline(all);
      return replies.map(({ tree }) => plain(tree)).at(-1);
    },
  };
}

/** Throws what is an error. */
function plain({ mark, text, items }: Reply): unknown {
  if (mark === '-') throw new Refusal(text ?? '');
  if (items !== null) return items.map(plain);
  return mark === ':' ? Number(text) : text;
}
