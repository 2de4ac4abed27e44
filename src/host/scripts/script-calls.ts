/**
 * What scripts ask of the store: the commands that they call, with everything that Redis checks
 * before it executes one for a script.
 */
import { asciiText } from '../../commands/ascii.js';
import { CommandFlag } from '../../commands/flags.js';
import type { CommandRow } from '../../commands/row.js';
import { EngineMemoryError, isTrap } from '../../engine/engine.js';
import type { Protocol } from '../../resp/reply-writer.js';
import { Tick } from '../../scripting/lua-instance.js';
import { CallWriter, type ScriptHost } from '../../scripting/script-machine.js';
import type { Host, LogLevel } from '../host.js';
import { Session } from '../session.js';
import { REDIS_VERSION } from '../version.js';
import { WRITE_LIKE } from './declared-flags.js';
import type { Running } from './running.js';
import { SCRIPT_FLAGS } from './shebang.js';

const NO_COMMAND = 'ERR Please specify at least one argument for this redis lib call';
const UNKNOWN_COMMAND = 'ERR Unknown Redis command called from script';
const WRONG_ARITY = 'ERR Wrong number of args calling Redis command from script';
const NOT_ALLOWED = 'ERR This Redis command is not allowed from script';
const READ_ONLY = 'ERR Write commands are not allowed from read-only scripts.';
const INVALID_COMMAND = 'ERR Invalid command passed to redis.acl_check_cmd()';
export const BROKEN_OFF = 'ERR internal error: the script was undone';
const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";
/** Commands that would wait, if their arguments say so. */
const WAITING: ReadonlySet<string> = new Set(['xread', 'xreadgroup']);
const LOG_LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning'];
const PROPAGATE_TO_JOURNAL = 1;
const NO_SINK = { write: () => {}, end: () => {} };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class ScriptCalls implements ScriptHost {
  readonly version = REDIS_VERSION;
  /** The session that commands of scripts belong to. */
  readonly session: Session;
  running: Running | null = null;
  /** When a library that is being loaded has to be done. */
  deadline = Number.POSITIVE_INFINITY;
  private readonly writer = new CallWriter();
  /** What broke the core under a script, which tells it from what breaks the script's machine. */
  trap: unknown = null;
  /** Effects are noted down: redis.set_repl may say otherwise. */
  private propagates = true;

  constructor(private readonly host: Host) {
    const about = { address: '', localAddress: '', kind: 'inline' } as const;
    this.session = new Session(0, NO_SINK, about, host.clock.now(), host.acl.defaultUser);
  }

  /** A script of `caller` begins. */
  begin(caller: Session, running: Running): void {
    const { session } = this;
    session.caller = caller;
    session.database = caller.database;
    session.user = caller.user;
    session.protocol = 2;
    this.running = running;
    this.trap = null;
    this.propagates = true;
  }

  end(): void {
    this.running = null;
  }

  call(args: readonly Uint8Array[]): Uint8Array {
    const { host, running } = this;
    const row = args.length === 0 ? undefined : host.names.ofLine(args);
    const refusal = this.refusalOf(row, args);
    if (refusal !== null || row === undefined || running === null) return errorLine(refusal ?? '');
    if (running.isBroken) return errorLine(BROKEN_OFF);
    if (row.flags & CommandFlag.WRITE) running.hasWritten = true;
    const request = this.writer.request(args);
    if (this.propagates) return this.execute(request);
    host.engine.setEffects(false);
    try {
      return this.execute(request);
    } finally {
      host.engine.setEffects(host.notesEffects);
    }
  }

  /** A store that has no room for the request refuses it as it refuses what does not fit. */
  private execute(request: Uint8Array): Uint8Array {
    try {
      return this.host.run(this.session, request);
    } catch (error) {
      if (isTrap(error)) this.trap = error;
      if (!(error instanceof EngineMemoryError)) throw error;
      return errorLine(OUT_OF_MEMORY);
    }
  }

  log(level: number, message: Uint8Array): void {
    this.host.log(LOG_LEVELS[level] ?? 'notice', decoder.decode(message));
  }

  setProtocol(protocol: Protocol): void {
    this.session.protocol = protocol;
  }

  setPropagation(flags: number): void {
    this.propagates = (flags & PROPAGATE_TO_JOURNAL) !== 0;
  }

  mayRun(args: readonly Uint8Array[]): boolean | string {
    const row = this.host.names.ofLine(args);
    if (row === undefined) return INVALID_COMMAND;
    return this.host.acl.allows(this.session.user, row, args);
  }

  isFlag(name: string): boolean {
    return SCRIPT_FLAGS.has(name);
  }

  tick(): Tick {
    if (this.running !== null) return this.running.tick();
    return this.host.clock.monotonic() > this.deadline ? Tick.Stop : Tick.GoOn;
  }

  /** In the order in which Redis asks. */
  private refusalOf(row: CommandRow | undefined, args: readonly Uint8Array[]): string | null {
    const { host, running, session } = this;
    if (args.length === 0) return NO_COMMAND;
    if (row === undefined) return UNKNOWN_COMMAND;
    if (!fitsArity(row, args)) return WRONG_ARITY;
    if (row.flags & CommandFlag.NOSCRIPT) return NOT_ALLOWED;
    if (!session.user.isUnlimited) {
      const denial = host.acl.refusalInScript(session, row, args);
      if (denial !== null) return denial;
    }
    if (row.flags & WRITE_LIKE && running?.call.isReadOnly) return READ_ONLY;
    const refusal = host.persistence.refusalOf(row.flags);
    if (refusal !== null) return refusal;
    if (WAITING.has(row.name) && hasBlock(args)) {
      const name = decoder.decode(args[0]);
      return `ERR ${name} command is not allowed with BLOCK option from scripts`;
    }
    return null;
  }
}

function fitsArity({ arity }: CommandRow, { length }: readonly Uint8Array[]): boolean {
  return arity >= 0 ? length === arity : length >= -arity;
}

/** Whether there is a BLOCK among the options, which end with STREAMS. */
function hasBlock(args: readonly Uint8Array[]): boolean {
  for (const arg of args) {
    const word = asciiText(arg).toLowerCase();
    if (word === 'streams') return false;
    if (word === 'block') return true;
  }
  return false;
}

export function errorLine(text: string): Uint8Array {
  return encoder.encode(`-${text.replace(/[\r\n]/g, ' ')}\r\n`);
}
