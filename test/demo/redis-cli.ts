/**
 * The real redis-cli as the judge of the demo's console. It is connected to a server of our own
 * that answers with whatever bytes a test wants to see printed, and that notes what it was sent.
 */
import { spawn } from 'node:child_process';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';

const REDIS_CLI = join(
  dirname(process.env.REDIS_SERVER_PATH ?? '/usr/bin/redis-server'),
  'redis-cli',
);

/** What redis-cli prints on a terminal for a reply of these bytes, without the last line end. */
export async function printed(reply: string): Promise<string> {
  const server = await serve(() => reply);
  // FAKETTY: as if standard output were a terminal.
  const output = await redisCli(['-p', String(server.port), 'X'], '', { FAKETTY: '1' });
  await server.close();
  return output.replace(/\n$/, '');
}

/** The words that redis-cli makes of a line; null if it sends nothing. */
export async function sent(line: string): Promise<string[] | null> {
  const requests: string[][] = [];
  const server = await serve((words) => {
    requests.push(words);
    return '+OK\r\n';
  });
  await redisCli(['-p', String(server.port)], `${line}\n`);
  await server.close();
  return requests.find(([name]) => name !== 'COMMAND') ?? null;
}

/** What `help NAME` prints as the way to call it: the line after the first, without colours. */
export async function helpUsage(name: string): Promise<string> {
  const output = await redisCli(['-p', '1', 'help', ...name.split('|')], '');
  const [, usage = ''] = output.split('\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return usage.replace(/\x1b\[\d+m/g, '').trim();
}

function redisCli(args: string[], input: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(REDIS_CLI, args, { env: { ...process.env, ...env } });
    let output = '';
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      output += text;
    });
    child.on('error', reject);
    child.on('close', () => resolve(output));
    // It may have ended without reading.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

interface Answering {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers each request. Words are one character a byte. */
async function serve(answer: (words: string[]) => string): Promise<Answering> {
  const server = createServer((socket: Socket) => {
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      for (;;) {
        const request = parseRequest(received);
        if (request === null) return;
        received = received.slice(request.length);
        socket.write(answer(request.words), 'latin1');
      }
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => new Promise((closed) => server.close(() => closed())) };
}

/** The request at the start: `*2 CRLF $3 CRLF GET CRLF $1 CRLF k CRLF`. Null: not all there. */
function parseRequest(text: string): { words: string[]; length: number } | null {
  let at = 0;
  const number = () => {
    const end = text.indexOf('\r\n', at);
    const value = end < 0 ? Number.NaN : Number(text.slice(at + 1, end));
    at = end + 2;
    return value;
  };
  const words: string[] = [];
  const count = number();
  if (Number.isNaN(count)) return null;
  while (words.length < count) {
    const length = number();
    if (Number.isNaN(length) || text.length < at + length + 2) return null;
    words.push(text.slice(at, at + length));
    at += length + 2;
  }
  return { words, length: at };
}
