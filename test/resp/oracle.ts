/** The exact bytes that redis-server answers, for tests of what writes and reads them. */
import { connect } from 'node:net';
import { openProcess } from '../support/target-process.js';

export interface Oracle {
  /** The reply bytes (latin1) of inline commands, asked in a session of their own. */
  ask(protocol: 2 | 3, ...commands: string[]): Promise<string>;
  close(): Promise<void>;
}

const START = '$13\r\n--- start ---\r\n';
const END = '$11\r\n--- end ---\r\n';

export async function openOracle(): Promise<Oracle> {
  const server = await openProcess(process.env.REDIS_SERVER ?? 'redis-server', []);
  return {
    ask: (protocol, ...commands) => {
      const lines = [
        `HELLO ${protocol}`,
        'ECHO "--- start ---"',
        ...commands,
        'ECHO "--- end ---"',
      ];
      return exchange(server.port, `${lines.join('\r\n')}\r\n`);
    },
    close: () => server.close(),
  };
}

function exchange(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (!received.endsWith(END)) return;
      socket.destroy();
      resolve(received.slice(received.indexOf(START) + START.length, -END.length));
    });
    socket.write(request);
  });
}
