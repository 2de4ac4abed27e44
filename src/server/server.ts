/** A store that answers on TCP, within this process: the engine, the host and the sockets. */
import { randomFillSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { docsSource } from '../commands/docs.js';
import { Engine } from '../engine/engine.js';
import { UserListError } from '../host/acl/user-list.js';
import type { Clock } from '../host/clock.js';
import { ConfigSetError } from '../host/config.js';
import { ConfigError } from '../host/config-values.js';
import { Host, type HostOptions, type Log } from '../host/host.js';
import { RedstartError, StorageError } from '../resp/errors.js';
import type { PersistenceEvent, StorageInfo } from '../resp/persistence.js';
import type { Storage } from '../storage/storage.js';
import { aclFileAt } from './acl-file.js';
import { bindProblem } from './admission.js';
import { openPath } from './connectors.js';
import { type CoreSource, loadCore, loadLua } from './core-module.js';
import { boundClients } from './descriptors.js';
import { nodeFacts } from './facts.js';
import { followFiles } from './follow-files.js';
import { InProcessSocket } from './in-process.js';
import { Listener } from './listener.js';
import { openFiles } from './open-files.js';
import { systemErrorText } from './system-errors.js';

/** Loopback alone, unless somebody decides otherwise. */
export const DEFAULT_BIND = '127.0.0.1 -::1';
/** What is said when there is nothing to listen on. */
export const NOWHERE = 'Configured to not listen anywhere, exiting.';
const SEED_BYTES = 16;

export interface ServerOptions {
  /** 0 lets the system choose one. */
  readonly port: number;
  /** Addresses as in redis.conf's `bind`. */
  readonly bind: string;
  /** Parameters of redis.conf by name. */
  readonly config?: Readonly<Record<string, string>>;
  /** Whether data are kept, in files in `dir`. */
  readonly keeps?: boolean;
  readonly configFile?: HostOptions['configFile'] & { readonly path: string };
  readonly clock?: Clock;
  readonly log?: Log;
  readonly core?: CoreSource;
  readonly shutdown?: HostOptions['shutdown'];
}

/** Why a server could not be started; the log has told the details. */
export class StartError extends RedstartError {
  override name = 'StartError';
}

export class Server {
  private opened: ReturnType<typeof openPath> | null = null;

  private constructor(
    readonly host: Host,
    private readonly listener: Listener,
  ) {}

  /** Opens a store; it does not listen yet. */
  static async open(options: ServerOptions): Promise<Server> {
    const config: Record<string, string> = {
      ...options.config,
      port: String(options.port),
      bind: options.bind,
    };
    const seed = randomFillSync(new Uint8Array(SEED_BYTES));
    const engine = Engine.create(await loadCore(options.core), { seed });
    const host = await openHost(options.keeps === true, {
      engine,
      storage: null,
      random: randomFillSync,
      config,
      facts: nodeFacts(options.configFile?.path),
      ...(options.configFile && { configFile: options.configFile }),
      ...(config.aclfile && { aclFile: aclFileAt(config.aclfile) }),
      lua: loadLua,
      docs: docsSource(() => readFile(new URL('./command-docs.json', import.meta.url), 'utf8')),
      ...(options.clock && { clock: options.clock }),
      ...(options.log && { log: options.log }),
      ...(options.shutdown && { shutdown: options.shutdown }),
    });
    const server = new Server(host, new Listener(host));
    boundClients(host);
    followFiles(host);
    server.followConfig();
    return server;
  }

  get port(): number {
    return this.listener.port;
  }

  /** `port 0` of a configuration: no TCP at all. */
  get portIsOff(): boolean {
    return this.host.config.number('port') === 0;
  }

  /** Listens as `port`, `bind` and `unixsocket` say. Rejects with a StartError. */
  async listen(options = { tcp: true }): Promise<void> {
    const { config } = this.host;
    if (options.tcp) await this.listenOnTcp();
    const path = config.text('unixsocket');
    if (path === '') return;
    try {
      await this.listener.listenOnPath(path, Number.parseInt(config.text('unixsocketperm'), 8));
    } catch (error) {
      const reason = `Failed opening Unix socket: bind: ${systemErrorText(error)}`;
      throw new StartError(reason, { cause: error });
    }
  }

  private async listenOnTcp(): Promise<void> {
    const { config, facts } = this.host;
    const problem = this.bindProblem(config.text('bind'));
    if (problem !== null) throw new StartError(problem);
    const port = config.number('port');
    try {
      await this.listener.listen(port, addressesOf(config.text('bind')));
    } catch (error) {
      throw new StartError(`Failed listening on port ${port} (TCP), aborting.`, { cause: error });
    }
    if (this.listener.size === 0) throw new StartError(NOWHERE);
    config.declare('port', String(this.port));
    facts.port = this.port;
  }

  /** A connection without TCP, as `net.createConnection` would give it. */
  createConnection(): InProcessSocket {
    return new InProcessSocket(this.host);
  }

  /** All data as an RDB file, as they are now. */
  snapshot(): Promise<Uint8Array> {
    return this.host.snapshots.take();
  }

  /** Replaces all data by those of an RDB file; see Snapshots. */
  restore(file: Uint8Array): Promise<void> {
    return this.host.snapshots.restore(file);
  }

  /** How the data are kept, and how much of them. */
  storage(): StorageInfo {
    return this.host.persistence.info();
  }

  /** Has `listener` called when that changes. */
  onPersistence(listener: (event: PersistenceEvent) => void): void {
    this.host.persistence.on(listener);
  }

  /** A path that client libraries can be given in place of a port; see connectors.ts. */
  get path(): string {
    this.opened ??= openPath(() => this.createConnection());
    return this.opened.path;
  }

  async close(): Promise<void> {
    this.opened?.release();
    try {
      await this.host.close();
    } finally {
      await this.listener.close();
    }
  }

  private bindProblem(bind: string): string | null {
    const { acl, config } = this.host;
    const protectedMode = config.flag('protected-mode');
    return bindProblem(bind, { password: acl.needsLogin, protectedMode });
  }

  private followConfig(): void {
    const { config, facts, log } = this.host;
    config.onChange('port', async (value) => {
      try {
        await this.relisten(Number(value), config.text('bind'));
      } catch {
        throw new ConfigError('Unable to listen on this port. Check server logs.');
      }
      facts.port = Number(value);
    });
    config.onChange('bind', async (value) => {
      const problem = this.bindProblem(value);
      if (problem !== null) {
        log('warning', problem);
        throw new ConfigError('Failed to bind to specified addresses.');
      }
      try {
        await this.relisten(config.number('port'), value);
      } catch {
        throw new ConfigError('Failed to bind to specified addresses.');
      }
    });
  }

  private relisten(port: number, bind: string): Promise<void> {
    return this.listener.listen(port, port === 0 ? [] : addressesOf(bind));
  }
}

/** With storage in files if it `keeps`. */
async function openHost(keeps: boolean, options: HostOptions): Promise<Host> {
  let storage: Storage | null = null;
  try {
    storage = keeps ? await openFiles(options.config, options.log) : null;
    return await Host.open({ ...options, storage });
  } catch (error) {
    await storage?.close().catch(() => {});
    if (error instanceof UserListError) throw new StartError(usersProblem(error, options));
    if (error instanceof StorageError) throw new StartError(error.message, { cause: error });
    if (!(error instanceof ConfigSetError)) throw error;
    throw new StartError(`${error.parameter}: ${error.message}`, { cause: error });
  }
}

function usersProblem({ message }: UserListError, { aclFile, config }: HostOptions): string {
  const isOfFile = aclFile !== undefined && config?.user === undefined;
  return isOfFile ? `Aborting Redis startup because of ACL errors: ${message}` : message;
}

function addressesOf(bind: string): string[] {
  return bind.split(' ').filter((address) => address !== '');
}
