/** The program, beside redis-server: arguments, lines on standard output, signals, exit codes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, exchange, openServer } from './pair.js';

const OURS = [
  process.execPath,
  fileURLToPath(new URL('../../dist/redstart-server.js', import.meta.url)),
];
const REDIS = [process.env.REDIS_SERVER_PATH ?? 'redis-server'];

let directory: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'redstart-process-'));
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

class Program {
  out = '';
  err = '';
  readonly ended: Promise<number | null>;
  private readonly listeners = new Set<() => void>();

  constructor([program = '', ...first]: readonly string[], args: readonly string[], stdin = '') {
    const child = spawn(program, [...first, ...args], { cwd: directory });
    running.add(child);
    child.stdout.on('data', (chunk) => this.add('out', chunk));
    child.stderr.on('data', (chunk) => this.add('err', chunk));
    // A program that ends at once does not read what it is told; that is no failure of the test.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
    this.kill = (signal) => child.kill(signal);
    this.pid = child.pid ?? 0;
    this.ended = new Promise((resolve) => {
      child.on('close', (code) => {
        running.delete(child);
        resolve(code);
      });
    });
  }

  readonly kill: (signal: NodeJS.Signals) => void;
  readonly pid: number;

  /** Resolves once standard output contains `text`. */
  says(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.out.includes(text)) resolve();
      };
      this.listeners.add(look);
      look();
      void this.ended.then(() => reject(new Error(`ended: ${this.out}${this.err}`)));
    });
  }

  /** Log lines without process ids and times; warnings about the machine are left out. */
  lines(): string[] {
    const withoutMachine = this.out
      .split('\n')
      .filter((line) => line !== '' && !/WARNING|monotonic clock|RDB|DB loaded/.test(line));
    return withoutMachine.map((line) =>
      line
        .replace(/^\d+:(\w) \d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3} /, '$1 ')
        .replace(/^\d+:signal-handler \(\d+\)/, 'signal')
        .replace(/pid=\d+/, 'pid'),
    );
  }

  private add(stream: 'out' | 'err', chunk: Buffer): void {
    this[stream] += chunk.toString();
    for (const listener of this.listeners) listener();
  }
}

async function ends(program: readonly string[], args: string[], stdin?: string) {
  const started = new Program(program, args, stdin);
  const code = await started.ended;
  return { code, out: started.lines(), err: started.err };
}

async function freePort(): Promise<number> {
  const server = await openServer();
  const { port } = server;
  await server.close();
  return port;
}

const READY = 'Ready to accept connections';

test.each(['SIGTERM', 'SIGINT'] as const)(
  'from start to %s it writes the lines of redis-server and exits with 0',
  async (signal) => {
    const port = String(await freePort());
    const logs: string[][] = [];
    for (const program of [REDIS, OURS]) {
      const server = new Program(program, ['--port', port, '--save', '', '--bind', '127.0.0.1']);
      await server.says(READY);
      expect(await exchange(Number(port), command('PING'))).toBe('+PONG\r\n');
      server.kill(signal);
      expect(await server.ended).toBe(0);
      expect(server.err).toBe('');
      logs.push(server.lines());
    }
    expect(logs[1]).toEqual(logs[0]);
  },
);

test('SHUTDOWN ends it, and removes its pid file', async () => {
  const port = await freePort();
  const pidFile = join(directory, 'server.pid');
  const logs: string[][] = [];
  for (const program of [REDIS, OURS]) {
    const args = [
      '--port',
      String(port),
      '--save',
      '',
      '--bind',
      '127.0.0.1',
      '--pidfile',
      pidFile,
    ];
    const server = new Program(program, args);
    await server.says(READY);
    expect((await readFile(pidFile, 'utf8')).trim()).toBe(String(server.pid));
    expect(await exchange(port, command('SHUTDOWN'))).toBe('');
    expect(await server.ended).toBe(0);
    await expect(readFile(pidFile)).rejects.toThrow('ENOENT');
    logs.push(server.lines());
  }
  expect(logs[1]).toEqual(logs[0]);
});

test('SIGHUP changes nothing: whoever started it may leave', async () => {
  const port = await freePort();
  for (const program of [REDIS, OURS]) {
    const server = new Program(program, ['--port', String(port), '--save', '']);
    await server.says(READY);
    server.kill('SIGHUP');
    expect(await exchange(port, command('PING'))).toBe('+PONG\r\n');
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  }
});

test('SHUTDOWN answers only when it does not happen', async () => {
  const port = await freePort();
  const options = ['--port', String(port), '--save', '', '--rename-command', 'shutdown', 'bye'];
  const runs: unknown[] = [];
  for (const program of [REDIS, OURS]) {
    const server = new Program(program, options);
    await server.says(READY);
    const refused = [
      ['SHUTDOWN'],
      ['BYE', 'ABORT'],
      ['BYE', 'x'],
      ['BYE', 'SAVE', 'NOSAVE'],
      ['BYE', 'NOSAVE', 'ABORT'],
      ['EVAL', "return redis.call('bye')", '0'],
      ['EVAL', "return redis.call('shutdown')", '0'],
    ];
    const replies: string[] = [];
    for (const words of refused) replies.push(await exchange(port, command(...words)));
    const last = command('SET', 'a', '1') + command('BYE', 'NOSAVE', 'NOW', 'FORCE');
    replies.push(await exchange(port, last + command('GET', 'a')));
    runs.push({ replies, code: await server.ended, lines: server.lines() });
  }
  expect(runs[1]).toEqual(runs[0]);
});

test('SIGTERM ends it while clients are paused, whatever was configured to be saved', async () => {
  const port = await freePort();
  const options = ['--port', String(port), '--save', '', '--shutdown-on-sigterm', 'nosave', 'now'];
  const runs: unknown[] = [];
  for (const program of [REDIS, OURS]) {
    const server = new Program(program, options);
    await server.says(READY);
    expect(await exchange(port, command('CLIENT', 'PAUSE', '100000'))).toBe('+OK\r\n');
    server.kill('SIGTERM');
    runs.push({ code: await server.ended, lines: server.lines() });
  }
  expect(runs[1]).toEqual(runs[0]);
});

test('the lines are those of redis-server to the letter: pid, date, level', async () => {
  const server = new Program(OURS, ['--port', String(await freePort())]);
  await server.says(READY);
  expect(server.out).toMatch(
    new RegExp(
      `${server.pid}:M \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{3} \\* ${READY}\n`,
    ),
  );
  server.kill('SIGTERM');
  await server.ended;
});

describe('it does not start, as redis-server does not', () => {
  test.each([
    [['--nosuch', 'x']],
    [['--port', 'x']],
    [['--port']],
    [['--port', '1', '2']],
    [['--port', '65536']],
    [['--port "1']],
    [['--logfile', '/nonexistent/log']],
    [['--dir', '/nonexistent']],
    [['--rename-command', 'nosuch', 'x']],
    [['--save', '1']],
    [['--databases', '0']],
    [['--appendonly', 'maybe']],
    [['--port', '0']],
    [['/nonexistent.conf']],
    [['bad.conf', '--timeout', '3']],
    [['includes.conf']],
    [['includes-nothing.conf']],
    [['--rename-command', 'get', 'set']],
    [['--port', '0', '--unixsocket', '/nonexistent/socket']],
    [['--include', '/nonexistent.conf']],
    [['--user']],
    [['--user', 'a', 'foo']],
    [['--user', 'a', 'on', '+get', '<x']],
    [['--user', 'a', 'on', '(+get', '~x)', 'foo']],
    [['--user', 'a', 'on', '(+get']],
    [['--user', 'a', 'on', '--user', 'a']],
    [['--slaveof', 'a']],
    [['--maxmemory', '1x']],
    [['--client-output-buffer-limit', 'normal', '1']],
    [['--notify-keyspace-events', 'Q']],
    [['--unixsocketperm', '999']],
    [['--nosuch']],
    [['-x']],
    [['--port', '1', '-', '--hz', '2']],
  ])('%j', async (args) => {
    await writeFile(join(directory, 'bad.conf'), '# a comment\n\nport 1\ntimeout "x y"\n');
    await writeFile(join(directory, 'includes.conf'), `include ${directory}/b?d.conf\n`);
    await writeFile(join(directory, 'includes-nothing.conf'), 'include /nonexistent.conf\n');
    const [theirs, ours] = [await ends(REDIS, args), await ends(OURS, args)];
    expect(ours).toEqual(theirs);
    expect(ours.code).toBe(1);
  });

  test('because the port is in use', async () => {
    const server = await openServer();
    const args = ['--port', String(server.port), '--bind', '127.0.0.1'];
    const [theirs, ours] = [await ends(REDIS, args), await ends(OURS, args)];
    expect(ours).toEqual(theirs);
    expect(ours.out.at(-1)).toBe(`M # Failed listening on port ${server.port} (TCP), aborting.`);
    await server.close();
  });

  test('because an address is none of this machine', async () => {
    const args = ['--port', String(await freePort()), '--bind', '192.0.2.1', '--requirepass', 'x'];
    const [theirs, ours] = [await ends(REDIS, args), await ends(OURS, args)];
    expect(ours).toEqual(theirs);
  });

  test('or, other than redis-server, because everyone could use it', async () => {
    const ours = await ends(OURS, ['--port', String(await freePort()), '--bind', '0.0.0.0']);
    expect(ours.code).toBe(1);
    expect(ours.out.at(-1)).toContain('Refusing to listen on 0.0.0.0 without a password');
  });
});

test('configuration comes from the file, then standard input, then options', async () => {
  const port = await freePort();
  const file = join(directory, 'good.conf');
  await writeFile(file, `port ${port}\ntimeout 1\nhz 11\nmaxclients 12\n`);
  const server = new Program(OURS, [file, '--hz', '33', '-'], 'timeout 2\nhz 22\n');
  await server.says(READY);
  expect(server.out).toContain('Reading config from stdin');
  const values = await exchange(port, command('CONFIG', 'GET', 'timeout', 'hz', 'maxclients'));
  expect(values).toMatch(/timeout\r\n\$1\r\n2\r\n/);
  expect(values).toMatch(/hz\r\n\$2\r\n33\r\n/);
  expect(values).toMatch(/maxclients\r\n\$2\r\n12\r\n/);
  server.kill('SIGTERM');
  expect(await server.ended).toBe(0);
});

test('logfile and loglevel say what is logged and where', async () => {
  const port = await freePort();
  const file = join(directory, 'server.log');
  const server = new Program(OURS, [
    '--port',
    String(port),
    '--logfile',
    file,
    '--loglevel',
    'verbose',
  ]);
  let reply = '';
  while (reply === '') reply = await exchange(port, command('PING')).catch(() => '');
  server.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(server.out).toBe('');
  const log = await readFile(file, 'utf8');
  expect(log).toContain(READY);
  expect(log).toMatch(/ - Accepted 127\.0\.0\.1:\d+\n/);
});

test('a Unix socket serves as TCP does, with the lines of redis-server', async () => {
  const path = join(directory, 'redis.sock');
  const logs: string[][] = [];
  for (const program of [REDIS, OURS]) {
    const args = ['--port', '0', '--save', '', '--unixsocket', path, '--unixsocketperm', '770'];
    const server = new Program(program, args);
    await server.says('The server is now ready to accept connections at');
    expect((await stat(path)).mode & 0o777).toBe(0o770);
    expect(await exchange(path, command('PING'))).toBe('+PONG\r\n');
    expect(await exchange(path, command('CLIENT', 'LIST'))).toContain(
      `addr=${path}:0 laddr=${path}:0`,
    );
    expect(await exchange(path, command('SHUTDOWN'))).toBe('');
    expect(await server.ended).toBe(0);
    await expect(stat(path)).rejects.toThrow('ENOENT');
    logs.push(server.lines());
  }
  expect(logs[1]).toEqual(logs[0]);
});

test('without unixsocketperm nobody else can use the Unix socket', async () => {
  const path = join(directory, 'redis.sock');
  await writeFile(path, 'left by somebody');
  const port = await freePort();
  const server = new Program(OURS, ['--port', String(port), '--unixsocket', path]);
  await server.says('The server is now ready to accept connections at');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await exchange(port, command('PING'))).toBe('+PONG\r\n');
  server.kill('SIGTERM');
  expect(await server.ended).toBe(0);
});

test('daemonize goes on in the background, with a pid file and a log', async () => {
  const port = await freePort();
  const [pidFile, log] = [join(directory, 'daemon.pid'), join(directory, 'daemon.log')];
  await writeFile(
    join(directory, 'daemon.conf'),
    `daemonize yes\npidfile ${pidFile}\nlogfile ${log}\nport ${port}\ndir /tmp\n`,
  );
  const started = await ends(OURS, ['daemon.conf']);
  expect(started).toEqual({ code: 0, out: [], err: '' });
  let reply = '';
  while (reply === '') reply = await exchange(port, command('PING')).catch(() => '');
  expect(await exchange(port, command('CONFIG', 'GET', 'daemonize'))).toContain('yes');
  const pid = Number(await readFile(pidFile, 'utf8'));
  expect(pid).toBeGreaterThan(0);
  await exchange(port, command('SHUTDOWN', 'NOSAVE'));
  await expect.poll(() => readFile(log, 'utf8')).toContain('bye bye');
});

test.each([
  ['--tls-port 1', 'TLS is not supported'],
  ['--cluster-enabled yes', 'cluster mode is not supported'],
  ['--replicaof 127.0.0.1 6379', 'replication is not supported'],
  ['--loadmodule /x.so', 'modules are not supported'],
  ['--sentinel', 'no sentinel mode'],
  ['--databases 99999', 'at most 16384'],
])('%s is refused, and told why', async (line, why) => {
  const ended = await ends(OURS, line.split(' '));
  expect(ended.code).toBe(1);
  expect(ended.out.join('\n') + ended.err).toContain(why);
});

test('what supervisors and syslog would have to be told is said in the log', async () => {
  const port = String(await freePort());
  const args = ['--port', port, '--supervised', 'systemd', '--syslog-enabled', 'yes'];
  const server = new Program(OURS, args);
  await server.says('supervised systemd');
  expect(server.out).toContain('Node has no syslog');
  server.kill('SIGTERM');
  await server.ended;
});

test('what was saved is there again, with the lines of redis-server at the end', async () => {
  const port = String(await freePort());
  const args = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
  ];
  const logs: string[][] = [];
  for (const [round, program] of [REDIS, OURS, OURS, REDIS].entries()) {
    const server = new Program(program, [...args, '--save', '3600', '1']);
    await server.says(READY);
    expect(await exchange(Number(port), command('INCR', 'rounds'))).toBe(`:${round + 1}\r\n`);
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    logs.push(server.lines().slice(server.lines().findIndex((line) => line.includes('Received'))));
  }
  expect(logs[1]).toEqual(logs[0]);
  await rm(join(directory, 'appendonlydir'), { recursive: true });
  await rm(join(directory, 'dump.rdb'));
});

test('the directory of another server is refused, and free once that was killed', async () => {
  const options = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
  const [first, second] = [String(await freePort()), String(await freePort())];
  const server = new Program(OURS, ['--port', first, ...options]);
  await server.says(READY);
  expect(await exchange(Number(first), command('SET', 'a', '1'))).toBe('+OK\r\n');
  const refused = await ends(OURS, ['--port', second, ...options]);
  expect(refused.code).toBe(1);
  expect(refused.out.at(-1)).toContain(`is in use by process ${server.pid}`);
  server.kill('SIGKILL');
  await server.ended;
  const next = new Program(OURS, ['--port', second, ...options]);
  await next.says(READY);
  expect(await exchange(Number(second), command('GET', 'a'))).toBe('$1\r\n1\r\n');
  next.kill('SIGTERM');
  expect(await next.ended).toBe(0);
  await rm(join(directory, 'appendonlydir'), { recursive: true });
});

test('--version and --help answer like redis-server', async () => {
  const [theirs, ours] = [await ends(REDIS, ['-v']), await ends(OURS, ['--version'])];
  expect(ours.code).toBe(theirs.code);
  expect(ours.out.join()).toMatch(
    /^Redis server v=7\.0\.15 sha=00000000:0 malloc=\S+ bits=64 build=\S+$/,
  );
  const [help, ourHelp] = [await ends(REDIS, ['-h']), await ends(OURS, ['-h'])];
  const [general = ''] = help.err.split('\nSentinel mode:');
  expect(ourHelp.err).toBe(general.replaceAll('redis-server', 'redstart-server'));
  expect(ourHelp.code).toBe(help.code);
  expect((await ends(OURS, ['--test-memory', '1'])).code).toBe(1);
});

test('a second Ctrl-C is taken at its word', async () => {
  const server = new Program(OURS, ['--port', String(await freePort())]);
  await server.says(READY);
  server.kill('SIGINT');
  server.kill('SIGINT');
  expect([0, 1]).toContain(await server.ended);
});
