/**
 * The program redstart-server, from its arguments to its end: the same arguments, the same lines
 * on standard output and the same exit codes as redis-server, so that scripts which start one
 * can start the other.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { findParameter } from '../host/config-table.js';
import type { Log } from '../host/host.js';
import { REDIS_VERSION } from '../host/version.js';
import { StorageError } from '../resp/errors.js';
import type { RunArguments } from './arguments.js';
import { ConfigFileError } from './config-file.js';
import { configFileAt } from './config-storage.js';
import { ConfigOpenError, loadConfiguration } from './load-config.js';
import { isLogLevel, Logger } from './log.js';
import {
  goOnInBackground,
  isInBackground,
  pidFileOf,
  processTitle,
  tellSupervisor,
  writePidFile,
} from './process-setup.js';
import { refusalOfConfiguration } from './refusals.js';
import { DEFAULT_BIND, NOWHERE, Server, StartError } from './server.js';
import { systemErrorText } from './system-errors.js';

type Values = ReadonlyMap<string, string>;

/** Ends the program: a failure that has been told. */
class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** Runs the server; resolves with the exit code when it could not start. */
export async function start(args: RunArguments): Promise<number | null> {
  const logger = new Logger(process.pid, Date.now);
  const directory = process.cwd();
  const configFile = args.configFile === null ? null : configFileAt(args.configFile);
  try {
    const values = configure(args, logger);
    if (setting(values, 'daemonize') === 'yes' && !isInBackground()) {
      goOnInBackground(directory);
      return 0;
    }
    await run(args, values, logger, configFile);
    return null;
  } catch (error) {
    if (error instanceof Exit) return error.code;
    if (!(error instanceof StartError)) throw error;
    logger.write('warning', error.message);
    return 1;
  }
}

function configure(args: RunArguments, logger: Logger): Values {
  try {
    const values = loadConfiguration(args, logger.write);
    const level = setting(values, 'loglevel');
    if (isLogLevel(level)) logger.level = level;
    logger.file = setting(values, 'logfile');
    checkLogFile(logger.file);
    return values;
  } catch (error) {
    if (error instanceof ConfigOpenError) logger.write('warning', error.message);
    else if (error instanceof ConfigFileError) process.stderr.write(fatalText(error));
    else throw error;
    throw new Exit(1);
  }
}

function checkLogFile(file: string): void {
  if (file === '') return;
  try {
    writeFileSync(file, '', { flag: 'a' });
  } catch (error) {
    throw new ConfigFileError(null, `Can't open the log file: ${systemErrorText(error)}`);
  }
}

function fatalText({ line, message }: ConfigFileError): string {
  const place =
    line === null
      ? ''
      : `Reading the configuration file, at line ${line.number}\n>>> '${line.text}'\n`;
  return `\n*** FATAL CONFIG FILE ERROR (Redis ${REDIS_VERSION}) ***\n${place}${message}\n`;
}

type ConfigStorage = ReturnType<typeof configFileAt> | null;

async function run(
  args: RunArguments,
  values: Values,
  logger: Logger,
  configFile: ConfigStorage,
): Promise<void> {
  const log = logger.write;
  log('warning', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo');
  log(
    'warning',
    `Redis version=${REDIS_VERSION}, bits=64, commit=00000000, modified=0, pid=${process.pid}, just started`,
  );
  if (args.options === null) {
    log(
      'warning',
      'Warning: no config file specified, using the default config. In order to specify a config ' +
        `file use ${process.argv[1]} /path/to/redis.conf`,
    );
  } else log('warning', 'Configuration loaded');
  logger.role = 'M';
  log('notice', 'monotonic clock: performance.now');
  const refusal = refusalOfConfiguration(values);
  if (refusal !== null) throw new StartError(refusal);
  const loading = new LaterLines(log);
  const server = await open(values, logger, configFile, loading).catch((error) => {
    if (error instanceof StartError && error.cause instanceof StorageError) {
      log('notice', `Running mode=standalone, port=${setting(values, 'port')}.`);
      log('warning', 'Server initialized');
    }
    loading.write();
    throw error;
  });
  loading.end();
  try {
    await server.listen({ tcp: !server.portIsOff });
  } catch (error) {
    await server.close();
    throw error;
  }
  const pidFile = pidFileOf(setting(values, 'pidfile'));
  writePidFile(pidFile, log);
  showTitle(server);
  log('notice', `Running mode=standalone, port=${server.port}.`);
  log('warning', 'Server initialized');
  loading.write();
  warnOfMissing(server, log);
  endOnSignals(server, logger);
  if (!server.portIsOff) log('notice', 'Ready to accept connections');
  const socket = server.host.config.text('unixsocket');
  if (socket !== '') log('notice', `The server is now ready to accept connections at ${socket}`);
  tellSupervisor(setting(values, 'supervised'), log);
}

/** Lines about loading, which come after those about listening. */
class LaterLines {
  private lines: Parameters<Log>[] = [];
  private areLate = true;

  constructor(private readonly log: Log) {}

  readonly take: Log = (level, text) => {
    if (this.areLate) this.lines.push([level, text]);
    else this.log(level, text);
  };

  /** What comes from now on is written at once. */
  end(): void {
    this.areLate = false;
  }

  write(): void {
    this.end();
    for (const line of this.lines.splice(0)) this.log(...line);
  }
}

/** What `ps` shows. */
function showTitle({ host }: Server): void {
  const { config } = host;
  if (!config.flag('set-proc-title')) return;
  const show = (template: string) => {
    const [address = '*'] = config.text('bind').split(' ');
    const socket = config.text('unixsocket');
    const port = config.text('port');
    process.title = processTitle(template, {
      title: 'redstart-server',
      'listen-addr': port === '0' ? `unixsocket:${socket}` : `${address}:${port}`,
      'server-mode': '',
      port,
      'tls-port': '0',
      unixsocket: socket,
      'config-file': host.facts.configFile,
    });
  };
  show(config.text('proc-title-template'));
  config.onChange('proc-title-template', show);
}

async function open(
  values: Values,
  logger: Logger,
  configFile: ConfigStorage,
  loading: LaterLines,
): Promise<Server> {
  const server: Server = await Server.open({
    port: Number(setting(values, 'port')),
    bind: values.get('bind') ?? DEFAULT_BIND,
    // The directory has been changed to already.
    config: { ...Object.fromEntries(values), dir: '.' },
    keeps: true,
    ...(configFile && { configFile }),
    log: loading.take,
    shutdown: () => void leave(server, logger.write),
  });
  if (server.portIsOff && setting(values, 'unixsocket') === '') {
    await server.close();
    throw new StartError(NOWHERE);
  }
  server.host.config.onChange('loglevel', (level) => {
    if (isLogLevel(level)) logger.level = level;
  });
  return server;
}

/** What people must know of a server that stands in for one with syslog. */
function warnOfMissing({ host }: Server, log: Logger['write']): void {
  if (host.config.flag('syslog-enabled')) {
    log('warning', 'WARNING: Node has no syslog: use standard output, or logfile.');
  }
}

function endOnSignals(server: Server, logger: Logger): void {
  let ending = false;
  // Whoever started it may leave.
  process.on('SIGHUP', () => {});
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, async () => {
      if (ending && signal === 'SIGINT') {
        logger.writeSignal('You insist... exiting now.');
        process.exit(1);
      }
      logger.writeSignal(`Received ${signal} scheduling shutdown...`);
      if (ending) return;
      ending = true;
      const options = server.host.config.text(`shutdown-on-${signal.toLowerCase()}`).split(' ');
      ending = await end(server, logger.write, options);
    });
  }
}

/** What is done for a signal; false if what had to be saved could not be. */
async function end(
  server: Server,
  log: Logger['write'],
  options: readonly string[],
): Promise<boolean> {
  const save = options.includes('save') ? true : options.includes('nosave') ? false : null;
  try {
    await server.host.persistence.prepareForShutdown(save);
  } catch {
    const force = options.includes('force');
    log('warning', `Error trying to save the DB, ${force ? 'exiting anyway' : "can't exit"}.`);
    if (!force) {
      const advice = 'Check the logs for more information.';
      log('warning', `Errors trying to shut down the server. ${advice}`);
      return false;
    }
  }
  server.host.persistence.noteShutdown();
  await leave(server, log);
  return true;
}

/** All that is to be saved is. */
async function leave(server: Server, log: Logger['write']): Promise<void> {
  const pidFile = pidFileOf(server.host.config.text('pidfile'));
  const hasSocket = server.host.config.text('unixsocket') !== '';
  let code = 0;
  try {
    await server.close();
  } catch (error) {
    log('warning', `The end of the append only file could not be written: ${String(error)}`);
    code = 1;
  }
  if (pidFile !== '') {
    log('notice', 'Removing the pid file.');
    rmSync(pidFile, { force: true });
  }
  if (hasSocket) log('notice', 'Removing the unix socket file.');
  log('warning', 'Redis is now ready to exit, bye bye...');
  process.exit(code);
}

function setting(values: Values, name: string): string {
  return values.get(name) ?? findParameter(name)?.default ?? '';
}
