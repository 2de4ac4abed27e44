/**
 * Every command that the table says is implemented has its function and its test.
 */
import { type Node, nodes, type Problem, type Source } from './source.js';

/** What these rules need of a row of src/commands/table.ts. */
export interface Row {
  name: string;
  handler: string;
}

const TABLE = 'src/commands/table.ts';

export function isImplemented({ handler }: Row): boolean {
  return handler === 'host' || handler.includes('.');
}

/** `family.name` is a function of assembly/commands/family.ts, `host` a key in src/host/commands. */
export function withoutHandler(rows: readonly Row[], sources: readonly Source[]): Problem[] {
  const core = coreHandlers(sources);
  const host = hostHandlers(sources);
  return rows
    .filter(isImplemented)
    .filter(({ name, handler }) => !(handler === 'host' ? host.has(name) : core.has(handler)))
    .map(({ name, handler }) => problem(sources, name, `has no handler ${handler}`));
}

/** A test in test/commands or test/server writes the command as it is sent: `OBJECT ENCODING`. */
export function withoutTest(rows: readonly Row[], sources: readonly Source[]): Problem[] {
  const tests = sources
    .filter(({ path }) => /^test\/(commands|server)\//.test(path))
    .map(({ text }) => text)
    .join('\n');
  return rows
    .filter(isImplemented)
    .filter(({ name }) => !spoken(name).test(tests))
    .map(({ name }) => problem(sources, name, 'has no test in test/commands or test/server'));
}

/** Commands for which `sendCommand` is enough, each with the reason. */
const METHODLESS: Readonly<Record<string, string>> = {
  'acl|help': 'for people at a console',
  'client|help': 'for people at a console',
  'client|reply': 'would leave calls without an answer',
  'client|setinfo': 'for libraries; node-redis sends it without a method too',
  'command|help': 'for people at a console',
  'config|help': 'for people at a console',
  debug: 'for tests of the server',
  'object|help': 'for people at a console',
  pfdebug: 'for those who work on HyperLogLogs',
  pfselftest: 'for those who work on HyperLogLogs',
  'pubsub|help': 'for people at a console',
  'xgroup|help': 'for people at a console',
  psync: 'for replicas, which are told that there is nothing for them',
  sync: 'for redis-cli --rdb',
  'xinfo|help': 'for people at a console',
  discard: 'what multi() gives sends nothing before exec()',
  exec: 'a method of what multi() gives',
  'cluster|help': 'for people at a console',
  'cluster|shards': 'there is no cluster',
  'cluster|slaves': 'deprecated; there is no cluster',
  failover: 'for servers with replicas',
  'latency|help': 'for people at a console',
  'memory|help': 'for people at a console',
  'module|help': 'for people at a console',
  'module|loadex': 'nothing loads modules',
  readwrite: 'for clients of a cluster',
  replconf: 'for replicas',
  slaveof: 'deprecated; replicaOf is the same',
  save: 'node-redis has no such method either; bgSave() does it',
  'slowlog|get': 'node-redis has no such method either',
  'function|help': 'for people at a console',
  'script|help': 'for people at a console',
  'slowlog|help': 'for people at a console',
  'slowlog|len': 'node-redis has no such method either',
  'slowlog|reset': 'node-redis has no such method either',
  waitaof: 'the promise of a call tells it under appendfsync always; sendCommand() otherwise',
  shutdown: 'ends a server process; in the browser close() ends the store',
  hmset: 'deprecated; hSet is the same',
  substr: 'deprecated; getRange is the same',
  zrevrange: 'deprecated; zRange with REV is the same',
  zrevrangebylex: 'deprecated; zRange with BY and REV is the same',
  zrevrangebyscore: 'deprecated; zRange with BY and REV is the same',
};

/** `methods` are all names that the client has: `OBJECT ENCODING` is `objectEncoding`. */
export function withoutMethod(
  rows: readonly Row[],
  sources: readonly Source[],
  methods: readonly string[],
  methodless = METHODLESS,
): Problem[] {
  const lowerCase = new Set(methods.map((method) => method.toLowerCase()));
  const found: Problem[] = [];
  for (const { name } of rows.filter(isImplemented)) {
    const has = lowerCase.has(name.replace(/[|-]/g, ''));
    if (has && name in methodless) found.push(problem(sources, name, 'needs no exception'));
    if (!has && !(name in methodless)) found.push(problem(sources, name, 'has no client method'));
  }
  return found;
}

function problem(sources: readonly Source[], name: string, message: string): Problem {
  const table = sources.find(({ path }) => path === TABLE);
  const row = table?.lines.findIndex((line) => line.startsWith(`${name} `)) ?? -1;
  return { path: TABLE, line: row + 1, message: `${name.replace('|', ' ')} ${message}` };
}

function spoken(name: string): RegExp {
  const words = name
    .toUpperCase()
    .replace(/[^A-Z|]/g, '\\$&')
    .replace('|', `['"]?,?\\s+['"]?`);
  return new RegExp(`(^|[\\s'"\`])${words}($|[\\s'"\`,.;:)])`, 'm');
}

function coreHandlers(sources: readonly Source[]): Set<string> {
  const found = new Set<string>();
  for (const { path, program } of sources) {
    const family = /^assembly\/commands\/([^/]+)\.ts$/.exec(path)?.[1];
    if (family === undefined) continue;
    for (const statement of program.body as Node[]) {
      const declared = statement.declaration as Node | null | undefined;
      const isExported = statement.type === 'ExportNamedDeclaration';
      if (!isExported || declared?.type !== 'FunctionDeclaration') continue;
      found.add(`${family}.${(declared.id as Node).name}`);
    }
  }
  return found;
}

function hostHandlers(sources: readonly Source[]): Set<string> {
  const found = new Set<string>();
  for (const { path, program } of sources) {
    if (!path.startsWith('src/host/commands/')) continue;
    for (const node of nodes(program)) {
      if (node.type !== 'Property') continue;
      const key = node.key as Node;
      found.add(String(key.name ?? key.value));
    }
  }
  return found;
}
