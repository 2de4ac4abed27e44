/**
 * The house's arrows (ARCHITECTURE.md): which folder may see which, and that nothing goes round in circles
 * and nothing in assembly/ lies dead.
 */
import type { Import, Problem, Source } from './source.js';

/** A folder sees itself and the parts named here. */
type Layers = Record<string, readonly string[]>;

const MEMORY = ['memory'];
const VALUES = [...MEMORY, 'structures', 'values'];
const KEYSPACE = [...VALUES, 'keyspace'];

/** assembly: env < memory < [protocol structures] < values < keyspace < snapshot < commands < index. */
const ASSEMBLY: Layers = {
  env: [],
  memory: ['env'],
  // Siblings: what containers hold knows no protocol, and only commands speak it.
  protocol: MEMORY,
  structures: MEMORY,
  values: VALUES,
  keyspace: KEYSPACE,
  snapshot: KEYSPACE,
  commands: [...KEYSPACE, 'snapshot', 'protocol'],
  index: [...KEYSPACE, 'snapshot', 'protocol', 'commands'],
};

const BELOW_HOST = ['commands', 'resp', 'engine', 'storage', 'scripting'];
const HOST = [...BELOW_HOST, 'host'];

/** src: commands < resp < engine < host; storage < host; scripting < host < worker, server. */
const SRC: Layers = {
  commands: [],
  resp: ['commands'],
  engine: ['commands', 'resp'],
  storage: ['resp/errors'],
  scripting: ['commands', 'resp'],
  host: [...BELOW_HOST, 'scripting'],
  transport: ['resp', 'worker/messages'],
  'transport/inline': HOST,
  'transport/host-requests': HOST,
  worker: [...HOST, 'transport'],
  server: [...HOST, 'transport'],
  client: ['commands', 'resp', 'transport/transport'],
  // The package's entries put the parts together.
  index: ['*'],
  core: ['*'],
  node: ['*'],
};

/** What the demo, as a user of the package, may import beside its own files. */
const PACKAGE = /^redstart(\/core)?$/;

export function layerProblems(source: Source): Problem[] {
  const found: Problem[] = [];
  for (const imported of source.imports) {
    const message = layerProblem(source.path, imported);
    if (message) found.push({ path: source.path, line: imported.line, message });
  }
  return found;
}

function layerProblem(path: string, { target, specifier }: Import): string | null {
  const [area = ''] = path.split('/');
  if (target === null) {
    const foreign = area === 'demo' && specifier.startsWith('redstart') && !PACKAGE.test(specifier);
    return foreign ? `demo sees the package's entries, not ${specifier}` : null;
  }
  if (area === 'assembly') return insideProblem('assembly', ASSEMBLY, path, target);
  if (area === 'src') return insideProblem('src', SRC, path, target);
  if (area === 'demo' && !target.startsWith('demo/')) return `demo sees the package, not ${target}`;
  return null;
}

function insideProblem(area: string, layers: Layers, path: string, target: string): string | null {
  if (!target.startsWith(`${area}/`)) return `${area} never imports ${target}`;
  const from = moduleName(area, path);
  const to = moduleName(area, target);
  const layer = from in layers ? from : partOf(from);
  const visible = layers[layer];
  if (visible === undefined) return `${layer} has no place in the layers: give it one in tidy`;
  const seen = [partOf(from), ...visible];
  if (seen.includes('*') || seen.includes(partOf(to)) || seen.includes(to)) return null;
  return `${layer} must not see ${to}`;
}

/** `src/transport/inline.ts` in `src` is `transport/inline`. */
function moduleName(area: string, path: string): string {
  return path.slice(area.length + 1).replace(/\.ts$/, '');
}

function partOf(module: string): string {
  return module.split('/')[0] as string;
}

/**
 * One problem for each circle of imports, at the import that closes it. Two files may know each
 * other's types: nothing of that is left when they run.
 */
export function cycles(sources: readonly Source[]): Problem[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const found: Problem[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (source: Source) => {
    trail.push(source.path);
    for (const { target, line, typeOnly } of source.imports) {
      const next = target === null || typeOnly ? undefined : byPath.get(target);
      if (next === undefined || finished.has(next.path)) continue;
      const at = trail.indexOf(next.path);
      if (at < 0) visit(next);
      else found.push({ path: source.path, line, message: circle(trail.slice(at)) });
    }
    trail.pop();
    finished.add(source.path);
  };
  for (const source of sources) if (!finished.has(source.path)) visit(source);
  return found;
}

function circle(paths: string[]): string {
  return `imports go round: ${[...paths, paths[0]].join(' > ')}`;
}

/** Files of assembly/ that the core does not contain. */
export function deadAssembly(sources: readonly Source[]): Problem[] {
  const assembly = sources.filter(({ path }) => path.startsWith('assembly/'));
  const byPath = new Map(assembly.map((source) => [source.path, source]));
  const alive = new Set(['assembly/index.ts']);
  for (const path of alive) {
    for (const { target } of byPath.get(path)?.imports ?? [])
      if (target !== null) alive.add(target);
  }
  return assembly
    .filter(({ path }) => !alive.has(path))
    .map(({ path }) => ({ path, line: 1, message: 'not reached from assembly/index.ts' }));
}
