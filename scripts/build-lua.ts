/**
 * Makes lua.wasm, the Lua 5.1 of Redis with its libraries, out of the one in lua-redis-wasm:
 * `buildLua()`.
 *
 * The binary is taken as text, altered where the host has to have a say, and made suspendable by
 * Binaryen's asyncify (docs/decisions/0013):
 *
 * - `host_tick` is called every thousand instructions of a script,
 *   and may have it stopped; there is no other limit;
 * - a number among the arguments of redis.call is written by `host_number`: `%.17g`, as Redis does;
 * - a null reply whose length says 1 becomes nil in place of false (RESP3);
 * - getfenv and setfenv are left to the prelude, which hides them from scripts;
 * - memory starts small and grows up to the limit;
 * - the prelude is in a section of its own.
 *
 * Every place is found by its text and has to be there: the version of the package is pinned.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PRELUDE } from '../src/scripting/prelude.js';
import { PRELUDE_SECTION } from '../src/scripting/prelude-section.js';
import { ROOT, temporaryName } from './files.js';

const SOURCE = join(ROOT, 'node_modules/lua-redis-wasm/dist/redis_lua.wasm');
const WASM_OPT = join(ROOT, 'node_modules/binaryen/bin/wasm-opt');
const FEATURES = ['bulk-memory', 'sign-ext', 'mutable-globals', 'nontrapping-float-to-int'].map(
  (feature) => `--enable-${feature}`,
);
const SUSPENDABLE = [
  '--asyncify',
  '--pass-arg=asyncify-imports@env.host_tick,env.invoke_vii',
  '-O2',
];

/** What the patches call, by its number in this very binary. */
const LUA = { type: '$41', toNumber: '$46', toString: '$49', pushNil: '$53', pushBoolean: '$60' };
const FIRST_IMPORT = ' (import "env" "host_redis_props"';
const IMPORTS = [
  ' (import "env" "host_tick" (func $host_tick (param i32) (result i32)))',
  ' (import "env" "host_number" (func $host_number (param f64 i32) (result i32)))',
];
const NUMBER_ARGUMENT = ` (func $argument (param $0 i32) (param $1 i32) (param $2 i32) (result i32)
  (if (i32.eq (call ${LUA.type} (local.get $0) (local.get $1)) (i32.const 3))
   (then (return (call $host_number
    (call ${LUA.toNumber} (local.get $0) (local.get $1)) (local.get $2)))))
  (call ${LUA.toString} (local.get $0) (local.get $1) (local.get $2)))
`;

/** Each: what to find, once, and what to put in its place. in any layout. */
const PATCHES: readonly (readonly [string, string])[] = [
  [FIRST_IMPORT, `${IMPORTS.join('\n')}\n${FIRST_IMPORT}`],
  ['(memory $0 1024 1024)', '(memory $0 32 1024)'],
  [
    '(local $2 i64) (i64.store (i32.const 27952) (i64.sub (local.tee $2' +
      ' (i64.load (i32.const 27952) ) ) (i64.const 1000) ) )',
    '(local $2 i64) (local.set $2 (select (i64.const 0) (i64.const 2000)' +
      ' (call $host_tick (local.get $0))))',
  ],
  [
    `(call ${LUA.toString} (local.get $0) (local.get $9) (i32.add (local.get $4) (i32.const 8) ) )`,
    '(call $argument (local.get $0) (local.get $9) (i32.add (local.get $4) (i32.const 8) ) )',
  ],
  [
    `(call ${LUA.pushBoolean} (local.get $0) (i32.const 0) ) (return (i32.const 1) ) )` +
      ' (if (i32.lt_u (local.get $2) (local.tee $4 (i32.add (local.get $7) (i32.const 13)',
    `(if (local.get $5) (then (call ${LUA.pushNil} (local.get $0)))` +
      ` (else (call ${LUA.pushBoolean} (local.get $0) (i32.const 0)))) (return (i32.const 1) ) )` +
      ' (if (i32.lt_u (local.get $2) (local.tee $4 (i32.add (local.get $7) (i32.const 13)',
  ],
  // The names under which nothing is removed any more: `newproxy` is removed anyway.
  ['(local.get $0) (i32.const -10002) (i32.const 1575)', hideInstead()],
  ['(local.get $0) (i32.const -10002) (i32.const 1583)', hideInstead()],
];

function hideInstead(): string {
  return '(local.get $0) (i32.const -10002) (i32.const 1024)';
}

/** Brings dist/lua.wasm up to date; as long as nothing has changed it is left alone. */
export async function buildLua(outFile = 'dist/lua.wasm'): Promise<void> {
  const file = resolve(ROOT, outFile);
  const stampFile = `${join(ROOT, 'node_modules/.cache/redstart')}/lua.stamp`;
  const inputs = await Promise.all([readFile(SOURCE), readFile(fileURLToPath(import.meta.url))]);
  const hash = createHash('sha256');
  for (const input of [...inputs, PRELUDE]) hash.update(input);
  const stamp = hash.digest('hex');
  if (existsSync(file) && existsSync(stampFile)) {
    if ((await readFile(stampFile, 'utf8')) === stamp) return;
  }
  await mkdir(dirname(file), { recursive: true });
  await mkdir(dirname(stampFile), { recursive: true });
  await make(file);
  await writeFile(stampFile, stamp);
}

async function make(file: string): Promise<void> {
  const text = `${temporaryName(file)}.wat`;
  const binary = `${temporaryName(file)}.wasm`;
  try {
    await optimize([...FEATURES, '-S', SOURCE, '-o', text]);
    await writeFile(text, patch(await readFile(text, 'utf8')));
    await optimize([...FEATURES, ...SUSPENDABLE, text, '-o', binary]);
    await appendFile(binary, section(PRELUDE_SECTION, Buffer.from(PRELUDE)));
    await rename(binary, file);
  } finally {
    await rm(text, { force: true });
    await rm(binary, { force: true });
  }
}

function patch(wat: string): string {
  let text = wat;
  for (const [find, replacement] of PATCHES) {
    const places = [...text.matchAll(anyLayout(find))];
    const [place] = places;
    if (place === undefined || places.length !== 1) {
      throw new Error(`lua-redis-wasm is another: ${places.length} of '${find}'`);
    }
    text = text.slice(0, place.index) + replacement + text.slice(place.index + place[0].length);
  }
  return `${text.slice(0, text.lastIndexOf(')'))}${NUMBER_ARGUMENT})`;
}

/**
 * A custom section of a Wasm binary.
 *
 *   +---+--------+---------------+------+---------+
 *   | 0 | length | name's length | name | content |   lengths as LEB128
 *   +---+--------+---------------+------+---------+
 */
function section(name: string, content: Uint8Array): Uint8Array {
  const title = Buffer.from(name);
  const body = Buffer.concat([leb128(title.length), title, content]);
  return Buffer.concat([Buffer.of(0), leb128(body.length), body]);
}

function leb128(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Uint8Array.of(...bytes, rest);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** Finds `words` however they are laid out. */
function anyLayout(words: string): RegExp {
  const escaped = words
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[$()|.*+?^{}[\]\\]/g, '\\$&'));
  return new RegExp(escaped.join('\\s*'), 'g');
}

async function optimize(args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [WASM_OPT, ...args]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildLua();
