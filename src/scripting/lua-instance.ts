/**
 * One instance of lua.wasm: a Lua state with the means to run a chunk in it, to be asked from it,
 * and to leave it in the middle and go on later.
 *
 * What a chunk returns, and what is answered to a call, is encoded as lua-redis-wasm does:
 *
 *   0      1         5
 *   +------+---------+-------+
 *   | kind | length  | bytes |     kind 2: a string; kind 6: an error, after four bytes of line
 *   +------+---------+-------+
 *     u8     u32
 *
 * A chunk is left when `tick` says so: asyncify unwinds the stack of WebAssembly into a buffer,
 * `run` returns null, `resume` goes on. Should `tick` throw, the state is lost and the instance must
 * be replaced.
 */
import { doubleText } from '../resp/double-text.js';
import type { LuaExports } from './lua-exports.js';

/** What becomes of the chunk that is being run. */
export enum Tick {
  GoOn = 0,
  /** It is left; `resume` will go on. */
  Leave = 1,
  /** An error is raised in it. */
  Stop = 2,
}

export interface LuaCalls {
  /** redis.call: its arguments, encoded. The answer, encoded. */
  call(args: Uint8Array): Uint8Array;
  /** What the prelude asks. */
  ask(args: Uint8Array): Uint8Array;
  /** Every thousand instructions. */
  tick(): Tick;
  /** The chunk that is run while the state is made, before its globals are closed. */
  readonly prelude: Uint8Array;
}

/** The state cannot be used any more. */
export class LuaBroken extends Error {}

const LONG_JUMP = { name: 'longjmp' };
const PAGE = 65536;
const MEMORY_MAX = 64 * 1024 * 1024;
/** Room for the unwound stack; the Lua state allows 200 levels of C. */
const UNWIND_BYTES = 512 * 1024;
const NUMBER_BYTES = 32;
/** The stack of C: cjson goes down a thousand levels. */
const STACK_BYTES = 1024 * 1024;
/** At the lower end of the stack: if it is gone, so may be what is below. */
const CANARY = 0x5afe57ac;
const RESULT_BYTES = 8;
const STRING = 2;
const ERROR = 6;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

enum Mode {
  Running = 0,
  Unwinding = 1,
  Rewinding = 2,
}

interface Run {
  readonly script: number;
  readonly length: number;
  readonly args: number;
  readonly argsLength: number;
  readonly keyCount: number;
}

export class LuaInstance {
  private readonly lua: LuaExports;
  private readonly stack: number;
  private readonly result: number;
  private readonly unwound: number;
  private readonly numberText: number;
  private mode = Mode.Running;
  private current: Run | null = null;

  constructor(
    module: WebAssembly.Module,
    private readonly calls: LuaCalls,
  ) {
    const imports = this.imports();
    const instance = new WebAssembly.Instance(module, imports);
    this.lua = instance.exports as unknown as LuaExports;
    const { lua } = this;
    lua.__wasm_call_ctors();
    lua.set_compat(0);
    this.stack = this.moveStack();
    this.result = lua.alloc(RESULT_BYTES);
    this.unwound = lua.alloc(UNWIND_BYTES);
    this.numberText = lua.alloc(NUMBER_BYTES);
    if (lua.init() !== 0) throw new LuaBroken('the Lua state could not be made');
  }

  /** Bytes that the state takes, with everything that was ever freed in it. */
  get memoryBytes(): number {
    return this.lua.memory.buffer.byteLength;
  }

  /** Whether a chunk was left. */
  get isSuspended(): boolean {
    return this.current !== null;
  }

  /**
   * Runs a chunk with KEYS and ARGV. Its string; null if it was left. `args` are encoded: their
   * number, then each with its length in front, all u32.
   */
  run(chunk: Uint8Array, args: Uint8Array, keyCount: number): Uint8Array | null {
    const script = this.copyIn(chunk);
    const buffer = this.copyIn(args);
    this.current = {
      script,
      length: chunk.length,
      args: buffer,
      argsLength: args.length,
      keyCount,
    };
    return this.enter();
  }

  /** Goes on with the chunk that was left. */
  resume(): Uint8Array | null {
    this.mode = Mode.Rewinding;
    this.lua.asyncify_start_rewind(this.unwound);
    return this.enter();
  }

  private enter(): Uint8Array | null {
    const { lua, current, result } = this;
    if (current === null) throw new LuaBroken('there is nothing to run');
    try {
      const { script, length, args, argsLength, keyCount } = current;
      lua.eval_with_args(result, script, length, args, argsLength, keyCount);
    } catch (error) {
      if (error instanceof LuaBroken) throw error;
      throw new LuaBroken(`the Lua machine failed: ${String(error)}`, { cause: error });
    }
    if (this.isUnwinding) {
      lua.asyncify_stop_unwind();
      return null;
    }
    lua.free_mem(current.script);
    lua.free_mem(current.args);
    this.current = null;
    return this.takeResult();
  }

  private get isUnwinding(): boolean {
    return this.mode === Mode.Unwinding;
  }

  /** The stack that the binary comes with is small. Gives the address of the lower end. */
  private moveStack(): number {
    const { lua } = this;
    const address = lua.alloc(STACK_BYTES);
    lua._emscripten_stack_restore((address + STACK_BYTES) & ~15);
    this.view().setUint32(address, CANARY);
    return address;
  }

  private takeResult(): Uint8Array {
    const view = this.view();
    if (view.getUint32(this.stack) !== CANARY) throw new LuaBroken('the stack has overflowed');
    const address = view.getUint32(this.result, true);
    const length = view.getUint32(this.result + 4, true);
    if (address === 0) throw new LuaBroken('there is no memory for the reply of a script');
    const encoded = this.bytes().slice(address, address + length);
    this.lua.free_mem(address);
    if (encoded[0] === STRING) return encoded.subarray(5);
    const text = decoder.decode(encoded.subarray(encoded[0] === ERROR ? 9 : 5));
    throw new LuaBroken(text === '' ? `a reply of kind ${encoded[0]}` : text);
  }

  private bytes(): Uint8Array {
    return new Uint8Array(this.lua.memory.buffer);
  }

  private view(): DataView {
    return new DataView(this.lua.memory.buffer);
  }

  private copyIn(bytes: Uint8Array): number {
    const address = this.lua.alloc(Math.max(bytes.length, 1));
    if (address === 0) throw new LuaBroken('there is no memory for the arguments of a script');
    this.bytes().set(bytes, address);
    return address;
  }

  /** 1 raises an error. */
  private tick(): number {
    const { lua, unwound } = this;
    if (this.mode === Mode.Rewinding) {
      lua.asyncify_stop_rewind();
      this.mode = Mode.Running;
      return 0;
    }
    if (this.current === null) return 0;
    const tick = this.calls.tick();
    if (tick !== Tick.Leave) return tick === Tick.Stop ? 1 : 0;
    const view = this.view();
    view.setUint32(unwound, unwound + 8, true);
    view.setUint32(unwound + 4, unwound + UNWIND_BYTES, true);
    this.mode = Mode.Unwinding;
    lua.asyncify_start_unwind(unwound);
    return 0;
  }

  /** Answers a call from Lua: the answer is left where `result` says. */
  private answer(result: number, address: number, length: number, isCall: boolean): void {
    const args = this.bytes().subarray(address, address + length);
    const encoded = isCall ? this.calls.call(args) : this.calls.ask(args);
    const copy = this.copyIn(encoded);
    const view = this.view();
    view.setUint32(result, copy, true);
    view.setUint32(result + 4, encoded.length, true);
  }

  /** A number among the arguments of redis.call: its text. */
  private numberArgument(value: number, length: number): number {
    const text = Number.isNaN(value) ? '-nan' : doubleText(value);
    const { written } = encoder.encodeInto(
      text,
      this.bytes().subarray(this.numberText, this.numberText + NUMBER_BYTES),
    );
    this.view().setUint32(length, written, true);
    return this.numberText;
  }

  /** While the state is made, before its globals are closed: the prelude runs. */
  private runPrelude(result: number): void {
    const { lua, calls } = this;
    const script = this.copyIn(calls.prelude);
    lua.eval(this.result, script, calls.prelude.length);
    lua.free_mem(script);
    const address = this.view().getUint32(this.result, true);
    if (address !== 0 && this.bytes()[address] === ERROR) this.takeResult();
    const view = this.view();
    view.setUint32(result, 0, true);
    view.setUint32(result + 4, 0, true);
  }

  /** Calls a C function whose `longjmp` ends here. */
  private invoke(index: number, first: number, second: number): void {
    const { lua } = this;
    const stack = lua.emscripten_stack_get_current();
    try {
      (lua.__indirect_function_table.get(index) as (a: number, b: number) => void)(first, second);
    } catch (error) {
      lua._emscripten_stack_restore(stack);
      if (error !== LONG_JUMP) throw error;
      lua.setThrew(1, 0);
    }
  }

  private grow(size: number): number {
    const { memory } = this.lua;
    if (size > MEMORY_MAX) return 0;
    const present = memory.buffer.byteLength;
    const wanted = Math.min(Math.max(size, present * 1.5), MEMORY_MAX);
    try {
      memory.grow(Math.ceil((wanted - present) / PAGE));
      return 1;
    } catch {
      return 0;
    }
  }

  private imports(): WebAssembly.Imports {
    const none = () => 0;
    const fail = () => {
      throw new LuaBroken('the Lua machine gave up');
    };
    const env = {
      host_tick: () => this.tick(),
      host_number: (value: number, length: number) => this.numberArgument(value, length),
      host_redis_props: (result: number) => this.runPrelude(result),
      host_redis_log: none,
      host_sha1hex: none,
      host_redis_setresp: none,
      host_redis_call: (result: number, args: number, length: number) =>
        this.answer(result, args, length, true),
      host_redis_pcall: (result: number, args: number, length: number) =>
        this.answer(result, args, length, false),
      invoke_vii: (index: number, first: number, second: number) =>
        this.invoke(index, first, second),
      _emscripten_throw_longjmp: () => {
        throw LONG_JUMP;
      },
      emscripten_resize_heap: (size: number) => this.grow(size >>> 0),
      exit: fail,
      _abort_js: fail,
      __assert_fail: fail,
      __syscall_openat: none,
      __syscall_fcntl64: none,
      __syscall_ioctl: none,
      __syscall_dup3: none,
    };
    const wasi = {
      clock_time_get: none,
      fd_write: none,
      fd_read: none,
      fd_close: none,
      fd_seek: none,
    };
    return { env, wasi_snapshot_preview1: wasi };
  }
}
