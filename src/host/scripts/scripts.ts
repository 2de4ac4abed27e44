/**
 * Scripts: their cache, the machines that execute them, and the one that is being executed.
 *
 * lua.wasm is fetched when it is first needed. A script that takes longer than
 * `busy-reply-threshold` is left from time to time, so that others can be told and it can be
 * killed; what it does is one transaction all the same.
 */
import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Protocol } from '../../resp/reply-writer.js';
import { type MachineKind, ScriptMachine } from '../../scripting/script-machine.js';
import type { Host } from '../host.js';
import type { Session } from '../session.js';
import { Libraries } from './libraries.js';
import { type Call, killCommand, Running } from './running.js';
import { BROKEN_OFF, errorLine, ScriptCalls } from './script-calls.js';
import { ScriptError } from './script-error.js';
import { parseScript, type Script } from './shebang.js';

/** Gives the compiled lua.wasm. */
export type LuaSource = () => Promise<WebAssembly.Module>;

export interface Evaluation {
  readonly session: Session;
  readonly protocol: Protocol;
  readonly call: Call;
}

/** A busy script goes on as soon as others have been attended to. */
const NEXT_SLICE_MS = 0;
/** What a library does while it is loaded has to end by then. */
const LOAD_MS_MAX = 500;
const NO_LUA: LuaSource = () => Promise.reject(new Error('no lua.wasm was given'));

const decoder = new TextDecoder();

export class Scripts {
  readonly libraries: Libraries;
  readonly calls: ScriptCalls;
  private readonly cache = new Map<string, Script>();
  private readonly machines = new Map<MachineKind, ScriptMachine>();
  /** The scripts that the machine has compiled. */
  private readonly compiled = new Set<string>();
  private module: WebAssembly.Module | null = null;
  private loading: Promise<void> | null = null;
  private hasFailed = false;

  constructor(
    private readonly host: Host,
    private readonly source: LuaSource = NO_LUA,
  ) {
    this.calls = new ScriptCalls(host);
    this.libraries = new Libraries(this);
  }

  /** Whether scripts can be executed at once. */
  get isLoaded(): boolean {
    return this.module !== null;
  }

  /** Whether it makes sense to wait for `load` before a command is queued. */
  get isToCome(): boolean {
    return this.module === null && !this.hasFailed;
  }

  /** The script that is being executed. */
  get running(): Running | null {
    return this.calls.running;
  }

  /** Why other commands are refused for now, or null. */
  get refusal(): string | null {
    const { running } = this;
    if (running === null || !running.isBusy) return null;
    const kill = killCommand(running.call.kind);
    return `BUSY Redis is busy running a script. You can only call ${kill} or SHUTDOWN NOSAVE.`;
  }

  get size(): number {
    return this.cache.size;
  }

  /** Bytes of the text of all cached scripts. */
  get codeBytes(): number {
    let bytes = 0;
    for (const { source } of this.cache.values()) bytes += source.length;
    return bytes;
  }

  /** Bytes that a machine has; none before it is used. */
  memoryOf(kind: MachineKind): number {
    return this.machines.get(kind)?.memoryBytes ?? 0;
  }

  load(): Promise<void> {
    this.loading ??= this.fetch();
    return this.loading;
  }

  /** Adds a script to the cache: its name. Throws ScriptError or ShebangError. */
  add(code: Uint8Array): string {
    const name = bytesToHex(sha1(code));
    if (this.cache.has(name)) return name;
    const script = parseScript(code);
    this.compile(name, script);
    this.cache.set(name, script);
    return name;
  }

  find(name: string): Script | undefined {
    return this.cache.get(name);
  }

  flush(): void {
    this.cache.clear();
    this.compiled.clear();
    this.machines.delete('script');
  }

  machine(kind: MachineKind): ScriptMachine {
    const known = this.machines.get(kind);
    if (known !== undefined) return known;
    if (this.module === null) throw new ScriptError('ERR scripts cannot be executed yet');
    const machine = new ScriptMachine(this.module, kind, this.calls);
    this.machines.set(kind, machine);
    if (kind === 'function') this.libraries.reload(machine);
    return machine;
  }

  /** Executes a script or function: the reply, at once unless it takes long. */
  evaluate(evaluation: Evaluation): Uint8Array | Promise<Uint8Array> {
    const { call, protocol, session } = evaluation;
    const { calls, host } = this;
    const machine = this.prepare(call);
    calls.begin(session, new Running(host, call));
    host.engine.openEffects();
    const operation = call.kind === 'script' ? 'eval' : 'fcall';
    const { keys, args } = call;
    const reply = this.attempt(call, () =>
      machine.start(operation, call.name, { protocol, keys, args }),
    );
    if (reply !== null) return this.finish(reply);
    return new Promise((done) => this.goOnLater(call, machine, done));
  }

  /** SCRIPT KILL, FUNCTION KILL: the refusal, or null. */
  kill(kind: MachineKind): string | null {
    const { running } = this;
    if (running === null) return 'NOTBUSY No scripts in execution right now.';
    if (running.call.kind !== kind) return this.refusal;
    if (running.hasWritten) {
      return (
        'UNKILLABLE Sorry the script already executed write commands against the dataset. You ' +
        'can either wait the script termination or kill the server in a hard way using the ' +
        'SHUTDOWN NOSAVE command.'
      );
    }
    running.isKilled = true;
    return null;
  }

  /** After the machine has failed: a new one will take its place. */
  discard(kind: MachineKind): void {
    this.machines.delete(kind);
    if (kind === 'script') this.compiled.clear();
  }

  private async fetch(): Promise<void> {
    try {
      this.module = await this.source();
    } catch (error) {
      this.loading = null;
      this.hasFailed = true;
      throw new ScriptError(`ERR scripting is not available: ${String(error)}`);
    }
  }

  private prepare(call: Call): ScriptMachine {
    if (call.kind === 'script') {
      const script = this.cache.get(call.name);
      if (script !== undefined) this.compile(call.name, script);
    }
    return this.machine(call.kind);
  }

  private compile(name: string, { source }: Script): void {
    if (this.compiled.has(name)) return;
    const answer = decoder.decode(
      this.runWhole('script', () => this.machine('script').start('compile', name, { source })),
    );
    if (answer.startsWith('-')) throw new ScriptError(answer.slice(1, -2));
    this.compiled.add(name);
  }

  /** Executes what takes no time worth to speak of. */
  runWhole(kind: MachineKind, work: () => Uint8Array | null): Uint8Array {
    this.calls.deadline = this.host.clock.monotonic() + LOAD_MS_MAX;
    try {
      const reply = work();
      if (reply !== null) return reply;
    } catch (error) {
      this.discard(kind);
      this.host.log('warning', `Lua machine lost: ${String(error)}`);
    } finally {
      this.calls.deadline = Number.POSITIVE_INFINITY;
    }
    throw new ScriptError('ERR the Lua machine failed');
  }

  private attempt(call: Call, work: () => Uint8Array | null): Uint8Array | null {
    try {
      return work();
    } catch (error) {
      this.host.log('warning', `Lua machine lost: ${String(error)}`);
      this.discard(call.kind);
      if (this.calls.trap !== null) {
        this.calls.end();
        throw this.calls.trap;
      }
      const chunk = call.kind === 'script' ? 'user_script' : 'user_function';
      const what = this.running?.isKilled
        ? 'Script killed by user with SCRIPT KILL...'
        : 'the script broke its machine';
      return errorLine(`ERR ${what} script: ${call.name}, on @${chunk}:1.`);
    }
  }

  private goOnLater(call: Call, machine: ScriptMachine, done: (reply: Uint8Array) => void): void {
    this.host.startTimer(NEXT_SLICE_MS, () => {
      this.running?.goOn();
      let reply: Uint8Array | null = null;
      const isSound = this.host.persistence.recovery.guard(() => {
        reply = this.attempt(call, () => machine.resume());
      });
      if (!isSound) return done(errorLine(BROKEN_OFF));
      if (reply === null) return this.goOnLater(call, machine, done);
      done(this.finish(reply));
      this.host.persistence.recovery.guard(() => this.host.settle(true));
      this.host.takeEffects();
    });
  }

  private finish(reply: Uint8Array): Uint8Array {
    if (this.running?.isBroken !== true) this.host.engine.closeEffects();
    this.calls.end();
    return reply;
  }
}
