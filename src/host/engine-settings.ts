/** Keeps the engine and what keeps its data as the configuration wants them. */
import { LIMIT_NAMES, type ParameterName } from '../engine/parameters.js';
import { type Config, ConfigSetError } from './config.js';
import type { Host } from './host.js';

const encoder = new TextEncoder();
const THRESHOLDS = ['slowlog-log-slower-than', 'latency-monitor-threshold'];
/** The scheduler looks at them. */
const SAVE_RULES = ['save', 'auto-aof-rewrite-percentage', 'auto-aof-rewrite-min-size'];
const DATABASES_MAX = 16_384;

/** Follows the parameters from now on; throws a ConfigSetError if one cannot be followed. */
export function followConfig(host: Host): void {
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
  for (const name of SAVE_RULES) config.onChange(name, () => scheduler.wake());
  followPersistence(host);
}

function followPersistence({ config, persistence }: Host): void {
  const { durability } = persistence;
  for (const name of ['save', 'stop-writes-on-bgsave-error']) {
    config.onChange(name, () => persistence.decide());
  }
  config.onChange('appendonly', (value) => persistence.setJournal(value === 'yes'));
  if (durability === null) return;
  // One change after the other: the last one holds in the end.
  let changed = Promise.resolve();
  config.onChange('appendfsync', (value) => {
    const change = async () => {
      await durability.storage.setDurability(value as 'always' | 'everysec' | 'no');
      durability.strict = value === 'always';
    };
    changed = changed.then(change, change);
    return changed;
  });
}

/** A command that is called by another name. */
export interface Rename {
  readonly id: number;
  readonly from: string;
  readonly to: string;
}

/** Gives commands the names that `rename-command` says, for good. */
export function renameCommands({ directives, engine, names, renames }: Host): void {
  for (const [from, to] of directives.renames) {
    const row = names.rename(from, to);
    if (typeof row === 'string') throw new ConfigSetError('rename-command', row);
    renames.push({ id: row.id, from, to });
    engine.renameCommand(row.id, encoder.encode(to));
  }
}

/** Does `work` while the core calls commands by their own names, as the journal does. */
export async function withOwnNames<T>(
  { engine, renames }: Host,
  work: () => Promise<T>,
): Promise<T> {
  for (const { id, from } of [...renames].reverse()) engine.renameCommand(id, encoder.encode(from));
  const result = await work();
  for (const { id, to } of renames) engine.renameCommand(id, encoder.encode(to));
  return result;
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
