/**
 * A machine that executes scripts: an instance of lua.wasm with the prelude in it. There are two,
 * as in Redis: one for EVAL and its kin, one for the libraries of functions.
 *
 * A job is executed by `start`, which gives the reply as RESP, or null if the host's `tick` had
 * the script left in the middle: then `resume`.
 */
import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Protocol } from '../resp/reply-writer.js';
import { RequestWriter } from '../resp/request-writer.js';
import { type LuaCalls, LuaInstance, type Tick } from './lua-instance.js';
import { preludeChunk } from './prelude-section.js';
import { ReplyEncoder } from './reply-encoding.js';

export type MachineKind = 'script' | 'function';

/** What scripts ask of the store. */
export interface ScriptHost {
  /** The version of Redis: `7.0.15`. */
  readonly version: string;
  /** Executes a command for the script: its reply, in the script's protocol. `args` are lent. */
  call(args: readonly Uint8Array[]): Uint8Array;
  log(level: number, message: Uint8Array): void;
  setProtocol(protocol: Protocol): void;
  /** redis.set_repl: bit 0 the journal, bit 1 replicas. */
  setPropagation(flags: number): void;
  /** redis.acl_check_cmd; text is an error. */
  mayRun(args: readonly Uint8Array[]): boolean | string;
  isFlag(name: string): boolean;
  /** Time goes by. */
  tick(): Tick;
}

export type Operation = 'compile' | 'eval' | 'fcall' | 'load' | 'take' | 'drop';

const NONE: readonly Uint8Array[] = [];
const NO_BYTES = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const DRIVER = encoder.encode('return run(KEYS,ARGV)');

export class ScriptMachine {
  private readonly lua: LuaInstance;
  private readonly encoding = new ReplyEncoder();
  private protocol: Protocol = 2;
  private job: (number | Uint8Array)[] = [];

  constructor(
    module: WebAssembly.Module,
    private readonly kind: MachineKind,
    private readonly host: ScriptHost,
  ) {
    this.lua = new LuaInstance(module, this.calls(module));
  }

  get memoryBytes(): number {
    return this.lua.memoryBytes;
  }

  get isSuspended(): boolean {
    return this.lua.isSuspended;
  }

  /** Executes a job; `protocol` is the one of the reply. */
  start(
    operation: Operation,
    id: string,
    options: {
      readonly source?: Uint8Array;
      readonly protocol?: Protocol;
      readonly keys?: readonly Uint8Array[];
      readonly args?: readonly Uint8Array[];
    } = {},
  ): Uint8Array | null {
    const { source = NO_BYTES, protocol = 2, keys = NONE, args = NONE } = options;
    this.protocol = 2;
    this.job = [encoder.encode(operation), encoder.encode(id), protocol, source];
    return this.lua.run(DRIVER, encodeArguments(keys, args), keys.length);
  }

  resume(): Uint8Array | null {
    return this.lua.resume();
  }

  private calls(module: WebAssembly.Module): LuaCalls {
    return {
      prelude: preludeChunk(module, this.host.version),
      call: (args) => this.command(decodeArguments(args), true),
      ask: (args) => this.ask(decodeArguments(args)),
      tick: () => this.host.tick(),
    };
  }

  private command(args: readonly Uint8Array[], raises: boolean): Uint8Array {
    return this.encoding.encode(this.host.call(args), this.protocol, raises);
  }

  private ask(words: readonly Uint8Array[]): Uint8Array {
    const { encoding, host } = this;
    const [operation, ...args] = words;
    const [first = NO_BYTES, second = NO_BYTES] = args;
    switch (decoder.decode(operation)) {
      case 'kind':
        return encoding.string(encoder.encode(this.kind));
      case 'job':
        return encoding.array(this.job);
      case 'call':
        return this.command(args, false);
      case 'log':
        host.log(Number(decoder.decode(first)), second);
        return encoding.number(0);
      case 'sha1':
        return encoding.string(encoder.encode(bytesToHex(sha1(first))));
      case 'setresp':
        this.protocol = decoder.decode(first) === '3' ? 3 : 2;
        host.setProtocol(this.protocol);
        return encoding.number(0);
      case 'setrepl':
        host.setPropagation(Number(decoder.decode(first)));
        return encoding.number(0);
      case 'flag':
        return encoding.number(host.isFlag(decoder.decode(first)) ? 1 : 0);
      case 'acl':
        return this.permission(host.mayRun(args));
      default:
        throw new Error(`the prelude asks for ${decoder.decode(operation)}`);
    }
  }

  private permission(answer: boolean | string): Uint8Array {
    if (typeof answer === 'boolean') return this.encoding.number(answer ? 1 : 0);
    return this.encoding.encode(encoder.encode(`-${answer}\r\n`), 2, false);
  }
}

/** Arguments as lua.wasm has them: their number, then each behind its length, all u32. */
function decodeArguments(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const args: Uint8Array[] = new Array(view.getUint32(0, true));
  let at = 4;
  for (let index = 0; index < args.length; index++) {
    const length = view.getUint32(at, true);
    args[index] = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return args;
}

function encodeArguments(keys: readonly Uint8Array[], args: readonly Uint8Array[]): Uint8Array {
  let size = 4;
  for (const list of [keys, args]) for (const item of list) size += 4 + item.length;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, keys.length + args.length, true);
  let at = 4;
  for (const list of [keys, args]) {
    for (const item of list) {
      view.setUint32(at, item.length, true);
      bytes.set(item, at + 4);
      at += 4 + item.length;
    }
  }
  return bytes;
}

/** Writes commands of scripts as requests, in one buffer that is used again and again. */
export class CallWriter extends RequestWriter {
  request(args: readonly Uint8Array[]): Uint8Array {
    this.use(this.bytes);
    this.command(args);
    return this.bytes.subarray(0, this.length);
  }
}
