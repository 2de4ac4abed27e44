/**
 * A transform for asc: the core has no garbage collector, so nothing in it may reach
 * `__new` (string concatenation, array literals, `new` of a managed class). It looks at the
 * module before it is optimized, while every function still has its name.
 *
 * Plain JavaScript, because asc loads it itself.
 */
import { Transform } from 'assemblyscript/transform';

const MANAGED_ALLOCATION = '~lib/rt/stub/__new';

export default class RefuseManaged extends Transform {
  afterCompile(module) {
    if (module.getFunction(MANAGED_ALLOCATION) === 0) return;
    const callers = ownCallers(module.emitText()).join('\n  ');
    throw new Error(`managed objects (__new) are allocated in the core by:\n  ${callers}`);
  }
}

/** The functions outside the standard library from which `__new` can be reached. */
function ownCallers(wat) {
  const callers = callersByCallee(wat);
  const library = new Set([MANAGED_ALLOCATION]);
  const own = new Set();
  for (const callee of library) {
    for (const caller of callers.get(callee) ?? []) {
      if (caller.startsWith('~')) library.add(caller);
      else own.add(caller);
    }
  }
  return own.size > 0 ? [...own] : ['(nobody: an exported runtime helper?)'];
}

function callersByCallee(wat) {
  const callers = new Map();
  let current = '';
  for (const line of wat.split('\n')) {
    current = /^\s*\(func \$([^\s)]+)/.exec(line)?.[1] ?? current;
    const callee = /\(?call \$([^\s)]+)/.exec(line)?.[1];
    if (callee !== undefined) callers.set(callee, [...(callers.get(callee) ?? []), current]);
  }
  return callers;
}
