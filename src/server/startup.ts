/**
 * The program redstart-server, from its arguments to its end: the same arguments, the same lines
 * on standard output and the same exit codes as redis-server, so that scripts which start one
 * can start the other.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findParameter } from '../host/config-table.js';
import { REDIS_VERSION, REDSTART_VERSION } from '../host/version.js';
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
  const server = await open(values, logger, configFile);
  await server.listen({ tcp: !server.portIsOff });
  const pidFile = pidFileOf(setting(values, 'pidfile'));
  writePidFile(pidFile, log);
  showTitle(server);
  log('notice', `Running mode=standalone, port=${server.port}.`);
  log('warning', 'Server initialized');
  warnOfMissing(server, log);
  endOnSignals(server, logger);
  if (!server.portIsOff) log('notice', 'Ready to accept connections');
  const socket = server.host.config.text('unixsocket');
  if (socket !== '') log('notice', `The server is now ready to accept connections at ${socket}`);
  tellSupervisor(setting(values, 'supervised'), log);
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

async function open(values: Values, logger: Logger, configFile: ConfigStorage): Promise<Server> {
  const config = Object.fromEntries([...values].filter(([name]) => name !== 'appendonly'));
  const server: Server = await Server.open({
    port: Number(setting(values, 'port')),
    bind: values.get('bind') ?? DEFAULT_BIND,
    config,
    ...(configFile && { configFile }),
    log: logger.write,
    shutdown: () => void end(server, logger.write),
  });
  if (server.portIsOff && setting(values, 'unixsocket') === '') throw new StartError(NOWHERE);
  server.host.config.declare('dir', process.cwd());
  server.host.config.onChange('loglevel', (level) => {
    if (isLogLevel(level)) logger.level = level;
  });
  if (setting(values, 'appendonly') === 'yes') {
    logger.write('warning', 'WARNING: appendonly yes is not possible yet and stays off.');
  }
  return server;
}

/** What people must know of a server that stands in for one with a disk, and for syslog. */
function warnOfMissing({ host }: Server, log: Logger['write']): void {
  if (host.config.flag('syslog-enabled')) {
    log('warning', 'WARNING: Node has no syslog: use standard output, or logfile.');
  }
  const dump = host.config.text('dbfilename');
  log(
    'warning',
    `WARNING: Redstart ${REDSTART_VERSION} keeps its data in memory only under Node: nothing is ` +
      'saved, nothing is loaded, and all data ends with this process.',
  );
  if (existsSync(join(process.cwd(), dump))) {
    log('warning', `WARNING: ${dump} is here and was not loaded.`);
  }
}

function endOnSignals(server: Server, logger: Logger): void {
  let ending = false;
  // Whoever started it may leave.
  process.on('SIGHUP', () => {});
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending && signal === 'SIGINT') {
        logger.writeSignal('You insist... exiting now.');
        process.exit(1);
      }
      logger.writeSignal(`Received ${signal} scheduling shutdown...`);
      if (!ending) void end(server, logger.write);
      ending = true;
    });
  }
}

async function end(server: Server, log: Logger['write']): Promise<void> {
  log('warning', 'User requested shutdown...');
  const pidFile = pidFileOf(server.host.config.text('pidfile'));
  const hasSocket = server.host.config.text('unixsocket') !== '';
  await server.close();
  if (pidFile !== '') {
    log('notice', 'Removing the pid file.');
    rmSync(pidFile, { force: true });
  }
  if (hasSocket) log('notice', 'Removing the unix socket file.');
  log('warning', 'Redis is now ready to exit, bye bye...');
  process.exit(0);
}

function setting(values: Values, name: string): string {
  return values.get(name) ?? findParameter(name)?.default ?? '';
}
