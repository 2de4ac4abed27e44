/**
 * Lets Binaryen inline only where it pays: `markCold()` rewrites the text of the core so that
 * every function that is not hot (see hot-functions.ts) ends in `~cold`, and what a cold function
 * calls is cold too: a hot function that it calls has a twin of that name. Then
 * `--no-inline=*~cold` keeps functions out of cold callers, and hot callers still get them.
 *
 *   (func $get (call $find ..))       hot       (func $get (call $find ..))
 *   (func $copy (call $find ..))                (func $copy~cold (call $find~cold ..))
 *   (func $find ..)                   hot       (func $find ..)  (func $find~cold ..)
 *
 * A twin that stays the same as its original is merged with it by Binaryen's last passes.
 */
import { HOT_FUNCTIONS } from './hot-functions.js';

const SUFFIX = '~cold';
/** The functions that wasm-opt must not inline. */
export const COLD_NAMES = `*${SUFFIX}`;

/** A name, and `call ` before it if it is called. */
const NAME = /(call )?\$([^\s)"]+)/g;
const FUNCTION_START = /^ \(func \$([^\s)]+)/;
const FUNCTION_END = ' )';
const MODULE_END = ')';

/** The text format of a module, as wasm-opt writes it, with its cold functions named so. */
export function markCold(text: string): string {
  const lines = text.split('\n');
  const names = lines.flatMap((line) => FUNCTION_START.exec(line)?.[1] ?? []);
  const hot = new Set(names.filter(isHot));
  const cold = new Set(names.filter((name) => !hot.has(name)));
  const twins = new Set<string>();
  const rename = (line: string, inCold: boolean) =>
    line.replace(NAME, (found, call: string | undefined, name: string) => {
      const wantsTwin = inCold && call !== undefined && hot.has(name);
      if (wantsTwin) twins.add(name);
      return wantsTwin || cold.has(name) ? found + SUFFIX : found;
    });
  const bodies = new Map<string, string[]>();
  let current = '';
  const marked = lines.map((line) => {
    current = FUNCTION_START.exec(line)?.[1] ?? current;
    const renamed = rename(line, cold.has(current));
    if (hot.has(current)) bodies.set(current, [...(bodies.get(current) ?? []), renamed]);
    if (line === FUNCTION_END) current = '';
    return renamed;
  });
  const added = [...twins].flatMap((name) => twinOf(name, bodies.get(name) ?? []));
  marked.splice(marked.lastIndexOf(MODULE_END), 0, ...added);
  return marked.join('\n');
}

/** `assembly/structures/dict/find<Member>` is hot if `structures/dict/find` or its module is. */
function isHot(name: string): boolean {
  const path = name.replace(/^assembly\//, '').replace(/<.*/, '');
  return HOT_FUNCTIONS.has(path) || HOT_FUNCTIONS.has(path.replace(/[^/]*$/, '*'));
}

function twinOf(name: string, body: readonly string[]): string[] {
  return body.map((line, at) => (at > 0 ? line : line.replace(`$${name}`, `$${name}${SUFFIX}`)));
}
