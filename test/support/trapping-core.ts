/**
 * A core that can be made to trap in the middle of what it does, which the one that is shipped
 * cannot: `engine.configure('trap-after', n)` makes the n-th step from then on a trap. A step is a
 * block of memory that is taken or given back, or a change that is counted: wherever a command may
 * be half done. Small numbers meet parsing and replies too, if their buffers grow.
 */
import { compileAssembly } from './assembly.js';

const FLAGS = ['-O1', '--noAssert', '--use', 'abort=,TRAPPING=1'];

let compiled: Promise<WebAssembly.Module> | undefined;

/** The module, to be given to `Engine.create`; compiled once, which takes some seconds. */
export function trappingCore(): Promise<WebAssembly.Module> {
  compiled ??= compileAssembly('assembly/index.ts', FLAGS);
  return compiled;
}
