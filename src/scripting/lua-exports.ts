/** What lua.wasm exports (scripts/build-lua.ts makes it). Addresses and lengths are bytes. */
export interface LuaExports {
  readonly memory: WebAssembly.Memory;
  readonly __indirect_function_table: WebAssembly.Table;
  __wasm_call_ctors(): void;
  set_compat(flags: number): void;
  /** 0 if the state could be made. */
  init(): number;
  eval(result: number, script: number, length: number): void;
  eval_with_args(
    result: number,
    script: number,
    length: number,
    args: number,
    argsLength: number,
    keyCount: number,
  ): void;
  /** 0 if there is no memory. */
  alloc(size: number): number;
  free_mem(address: number): void;
  setThrew(value: number, type: number): void;
  emscripten_stack_get_current(): number;
  _emscripten_stack_restore(address: number): void;
  asyncify_start_unwind(buffer: number): void;
  asyncify_stop_unwind(): void;
  asyncify_start_rewind(buffer: number): void;
  asyncify_stop_rewind(): void;
}
