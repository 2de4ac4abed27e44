/** Keeps the engine and what keeps its data as the configuration wants them. */
import { LIMIT_NAMES, type ParameterName } from '../engine/parameters.js';
import { type Config, ConfigSetError } from './config.js';
import { Durability } from './durability.js';
import type { Host } from './host.js';

const THRESHOLDS = ['slowlog-log-slower-than', 'latency-monitor-threshold'];
const DATABASES_MAX = 16_384;

/** What makes replies wait for the storage of a host that has one; tells of it as parameters. */
export function openDurability({ config, log, startTimer, storage }: Host): Durability | null {
  if (storage === null) return null;
  const durability = new Durability(storage, startTimer, (failure) => {
    if (failure === null)
      log('warning', 'AOF write error looks solved. The server can write again.');
    else log('warning', `Error writing to the journal: ${failure.message}`);
  });
  durability.strict = storage.report.durability === 'always';
  config.declare('appendfsync', storage.report.durability);
  config.declare('appendonly', storage.report.backend === 'memory' ? 'no' : 'yes');
  return durability;
}

/** Follows the parameters from now on; throws a ConfigSetError if one cannot be followed. */
export function followConfig(host: Host, durability: Durability | null): void {
  const { config, scheduler } = host;
  provideDatabases(host);
  tellCore(host, 'proto-max-bulk-len', 'max-bulk-length', Number);
  tellCore(host, 'maxmemory-policy', 'count-frequency', (policy) => +policy.endsWith('-lfu'));
  tellCore(host, 'lfu-log-factor', 'lfu-log-factor', Number);
  tellCore(host, 'lfu-decay-time', 'lfu-decay-minutes', Number);
  tellCore(host, 'rdbcompression', 'snapshot-compression', (answer) => +(answer === 'yes'));
  tellCore(host, 'latency-tracking', 'latency-tracking', (answer) => +(answer === 'yes'));
  for (const name of THRESHOLDS) {
    tellCore(host, name, 'slow-microseconds', () => host.meter.readThresholds());
  }
  for (const name of LIMIT_NAMES) tellCore(host, name, name, Number);
  tell(config, 'notify-keyspace-events', (flags) => host.notifications.configure(flags));
  config.onChange('hz', () => scheduler.wake());
  config.onChange('timeout', () => scheduler.wake());
  if (durability !== null) followDurability(config, durability);
}

function followDurability(config: Config, durability: Durability): void {
  config.onChange('appendfsync', async (value) => {
    await durability.storage.setDurability(value as 'always' | 'everysec' | 'no');
    durability.strict = value === 'always';
  });
}

/** Gives commands the names that `rename-command` says, for good. */
export function renameCommands({ directives, engine, names }: Host): void {
  for (const [from, to] of directives.renames) {
    const row = names.rename(from, to);
    if (typeof row === 'string') throw new ConfigSetError('rename-command', row);
    engine.renameCommand(row.id, new TextEncoder().encode(to));
  }
}

/** Databases that the core has room for. */
function provideDatabases({ config, engine }: Host): void {
  const count = config.number('databases');
  if (count > DATABASES_MAX) {
    throw new ConfigSetError('databases', `Redstart has at most ${DATABASES_MAX}`);
  }
  engine.configure('databases', count);
}

/** Keeps a parameter of the core equal to one of the configuration. */
function tellCore(
  { config, engine }: Host,
  name: string,
  parameter: ParameterName,
  read: (value: string) => number,
): void {
  tell(config, name, (value) => engine.configure(parameter, read(value)));
}

/** Calls `apply` with the value of a parameter now, and with each new one. */
function tell(config: Config, name: string, apply: (value: string) => void): void {
  apply(config.text(name));
  config.onChange(name, apply);
}
