/**
 * Rules that look at one file at a time. Each returns what it found, empty if all is well.
 */
import {
  dottedName,
  hasReason,
  lineAt,
  type Node,
  nodes,
  type Problem,
  problemAt,
  type Source,
} from './source.js';

export const FILE_LINES_MAX = 500;
export const FUNCTION_LINES_MAX = 70;

export function parses(source: Source): Problem[] {
  return source.syntaxErrors.map((message) => ({ path: source.path, line: 1, message }));
}

export function hasHeader(source: Source): Problem[] {
  if (/^(#!.*\n)?\/\*\*\s/.test(source.text)) return [];
  return [{ path: source.path, line: 1, message: 'begin with /** what this file is */' }];
}

export function isShort(source: Source): Problem[] {
  if (source.lines.length <= FILE_LINES_MAX) return [];
  const message = `${source.lines.length} lines: the second noun is the next file's name`;
  return [{ path: source.path, line: FILE_LINES_MAX + 1, message }];
}

/** A longer function says why in a comment directly above it: `// long: reason`. */
export function hasShortFunctions(source: Source): Problem[] {
  const suites = new Set(suiteCallbacks(source));
  const found: Problem[] = [];
  for (const node of nodes(source.program)) {
    if (!isFunction(node) || suites.has(node)) continue;
    const first = lineAt(source, node.start);
    const length = lineAt(source, node.end) - first + 1;
    if (length <= FUNCTION_LINES_MAX || hasReason(source, first, 'long')) continue;
    found.push(problemAt(source, node, `function of ${length} lines without "// long: reason"`));
  }
  return found;
}

function isFunction(node: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

/** What is passed to `describe(...)` groups tests, it does nothing itself. */
function* suiteCallbacks(source: Source): Generator<Node> {
  for (const node of nodes(source.program)) {
    if (node.type !== 'CallExpression') continue;
    let callee = node.callee as Node;
    if (callee.type === 'CallExpression') callee = callee.callee as Node;
    if (/^describe(\.|$)/.test(dottedName(callee))) yield* node.arguments as Node[];
  }
}

export function hasNoIgnores(source: Source): Problem[] {
  return source.comments
    .filter(({ value }) => /^[\s*]*@ts-(ignore|nocheck)/m.test(value))
    .map((comment) => problemAt(source, comment, 'say what is true instead of ignoring tsc'));
}

/** Configuration files and asc's transforms are loaded by tools that ask for a default. */
const DEFAULT_EXPORTS = /^[^/]+\.config\.ts$|^scripts\/refuse-managed\.js$/;

export function hasNamedExports(source: Source): Problem[] {
  if (DEFAULT_EXPORTS.test(source.path)) return [];
  return [...nodes(source.program)]
    .filter((node) => node.type === 'ExportDefaultDeclaration')
    .map((node) => problemAt(source, node, 'export it by name'));
}

/** Below the host, time and chance are handed in: transport/inline.ts is above it. */
const PURE = /^(assembly|src\/(commands|resp|engine|storage|transport(?!\/inline\.ts)))\//;
const CLOCK_AND_CHANCE = /^(Date\.now|performance\.now|Math\.random|crypto\.getRandomValues)$/;

/** `// clock: reason` directly above allows one; in assembly/ nothing does. */
export function hasNoClock(source: Source): Problem[] {
  if (!PURE.test(source.path)) return [];
  const found: Problem[] = [];
  for (const node of nodes(source.program)) {
    const called = clockOf(node);
    if (called === undefined) continue;
    const allowed =
      !source.path.startsWith('assembly/') &&
      hasReason(source, lineAt(source, node.start), 'clock');
    if (!allowed) found.push(problemAt(source, node, `${called}: have it handed in`));
  }
  return found;
}

function clockOf(node: Node): string | undefined {
  if (node.type === 'NewExpression') {
    const isNow = dottedName(node.callee as Node) === 'Date' && isEmpty(node.arguments);
    return isNow ? 'new Date()' : undefined;
  }
  if (node.type !== 'MemberExpression') return undefined;
  const name = dottedName(node).replace(/^globalThis\./, '');
  return CLOCK_AND_CHANCE.test(name) ? name : undefined;
}

function isEmpty(list: unknown): boolean {
  return (list as unknown[]).length === 0;
}

export function hasNoFocusedTests(source: Source): Problem[] {
  if (!source.path.startsWith('test/')) return [];
  return [...nodes(source.program)]
    .filter((node) => /^(test|it|describe|suite|bench)\..*\bonly$/.test(dottedName(node)))
    .map((node) => problemAt(source, node, 'a focused test hides all others'));
}

const SLEEPERS = /(^|\.)(sleep|delay|waitForTimeout)$/;

/** Tests wait for conditions. `// waits: reason` directly above allows a pause. */
export function hasNoSleep(source: Source): Problem[] {
  if (!source.path.startsWith('test/')) return [];
  const found: Problem[] = source.imports
    .filter(({ specifier }) => /^(node:)?timers\/promises$/.test(specifier))
    .map(({ line }) => ({
      path: source.path,
      line,
      message: 'wait for a condition, not for time',
    }));
  for (const node of nodes(source.program)) {
    const sleep = sleepOf(node);
    if (sleep === undefined || hasReason(source, lineAt(source, sleep.start), 'waits')) continue;
    found.push(problemAt(source, sleep, 'wait for a condition, not for time'));
  }
  return found;
}

/** The call that sleeps: `sleep(...)`, or a `setTimeout` that fulfils the promise around it. */
function sleepOf(node: Node): Node | undefined {
  if (node.type === 'CallExpression') {
    return SLEEPERS.test(dottedName(node.callee as Node)) ? node : undefined;
  }
  if (node.type !== 'NewExpression' || dottedName(node.callee as Node) !== 'Promise') {
    return undefined;
  }
  const [executor] = node.arguments as Node[];
  const [fulfil] = (executor?.params ?? []) as Node[];
  if (executor === undefined || fulfil?.type !== 'Identifier') return undefined;
  const isTimer = (inner: Node) =>
    inner.type === 'CallExpression' &&
    /(^|\.)setTimeout$/.test(dottedName(inner.callee as Node)) &&
    mentions((inner.arguments as Node[])[0], fulfil.name as string);
  return [...nodes(executor)].find(isTimer);
}

function mentions(root: Node | undefined, name: string): boolean {
  if (root === undefined) return false;
  return [...nodes(root)].some((node) => node.type === 'Identifier' && node.name === name);
}

/** Names of the classes in assembly/ that are plain memory. */
export function unmanagedClasses(sources: readonly Source[]): Set<string> {
  const names = new Set<string>();
  for (const source of sources) {
    for (const node of nodes(source.program)) {
      if (node.type !== 'ClassDeclaration') continue;
      const decorators = (node.decorators as Node[]).map((decorator) =>
        dottedName(decorator.expression as Node),
      );
      if (decorators.includes('unmanaged')) names.add(dottedName(node.id as Node));
    }
  }
  return names;
}

export function hasNoManagedObjects(source: Source, unmanaged: ReadonlySet<string>): Problem[] {
  if (!source.path.startsWith('assembly/')) return [];
  return [...nodes(source.program)]
    .filter((node) => node.type === 'NewExpression')
    .filter((node) => !unmanaged.has(dottedName(node.callee as Node)))
    .map((node) => problemAt(source, node, 'new of a class that is not @unmanaged'));
}
