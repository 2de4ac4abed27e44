/**
 * Writes docs/CONFIGURATION.md from the table of parameters: every parameter of Redis 7.0.15, its
 * default, and whether it does something here or why not. With `--check` nothing is written; it
 * fails when the page is stale.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PARAMETER_NAMES, PARAMETERS, type ParameterRow } from '../src/host/config-table.js';
import { ROOT, writeWhole } from './files.js';
import { program } from './program.js';

const PAGE = join(ROOT, 'docs/CONFIGURATION.md');
const COMMAND = 'npx tsx scripts/generate-configuration.ts';

const HEADER = `<!-- Written by scripts/generate-configuration.ts from src/host/config-table.ts: do not edit. -->

# Configuration

Redstart knows every parameter of Redis 7.0.15, with its default, its units, its old names and the
same errors. They can be given

- in a file and on the command line, as to redis-server:
  \`redstart-server redis.conf --port 7000 --save '' --rename-command FLUSHALL ''\`;
- to a store of your own: \`createServer({ config: { requirepass: 'secret' } })\`,
  \`createClient({ config: { 'maxmemory-policy': 'allkeys-lfu' } })\`, in Node and in the browser,
  where the first client of a worker decides;
- to a running store, by \`CONFIG SET\`. \`CONFIG REWRITE\` brings the file up to date; without a
  file there is nothing to rewrite.

Values are text, as in a file: \`'100mb'\`, \`'yes'\`. What takes several words is one text:
\`{ 'client-output-buffer-limit': 'pubsub 1mb 512kb 10' }\`.

## Directives that are no parameters

| directive | here |
| --- | --- |
| \`include\` | works in files, also with a pattern |
| \`rename-command\` | works; among a store's options as pairs: \`{ 'rename-command': 'GET fetch CONFIG ""' }\`. Statistics, access rules and the journal go on by the old name. A name has at most 128 bytes |
| \`user\` | works; among a store's options a line for each user: \`{ user: 'ada on >secret ~* +@all' }\` |
| \`loadmodule\` | refused: there are no modules |
| \`sentinel\` | refused: there is no sentinel mode |

## What differs from redis-server

- \`bind\`: a server listens on this machine alone unless told otherwise, and refuses to listen
  elsewhere without a password while \`protected-mode\` is on.
- \`tls-port\`, \`tls-cluster\`, \`tls-replication\`, \`cluster-enabled\` and \`replicaof\` keep a server
  from starting when they ask for what is not there.
- \`unixsocket\`: the socket is created with mode 600 and keeps it unless \`unixsocketperm\` is set.
- \`appendonly\`: \`yes\` writes a snapshot first and is answered when that is durable; where nothing is
  kept it is refused as Redis refuses what it cannot do. In a browser \`yes\` is the default.
- \`save\`: in a browser with \`appendonly yes\` the rules do nothing, because each snapshot takes the place
  of the journal there, and the journal's growth decides (\`auto-aof-rewrite-percentage\`).
- \`databases\`: at most 16,384.
- \`supervised\`: upstart can be told that the server is up; systemd cannot, from Node: the log says so.
- \`daemonize\`: another process is started, and this one ends. Standard input is not read twice.
`;

/** Why parameters have no effect, by their names; the first that fits counts. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^tls-/, 'no TLS: put a proxy in front'],
  [/^cluster-/, 'standalone only, as redis-server without cluster-enabled'],
  [/^(repl-|replica|min-replicas|master|propagation)/, 'no replication'],
  [/^(active-defrag|activedefrag|jemalloc)/, 'the heap does not need it'],
  [/^activerehashing/, 'tables grow by one bucket at a time, without rehashing'],
  [
    /^no-appendfsync/,
    'nothing has to wait: a rewrite is in slices, and the journal goes on beside it',
  ],
  [/^(aof|append)/, 'of files; a browser keeps a journal of its own'],
  [/^(io-threads|.*cpulist)/, 'one thread'],
  [/^lazyfree-/, 'memory is given back at once'],
  [/^(dynamic-)?hz|^active-expire/, 'expiry takes a quarter of the time at most'],
  [/^(rdb|dbfilename)/, 'of files'],
  [/^maxmemory/, 'no eviction in this version; memory that cannot grow answers OOM'],
  [/^(oom-|disable-thp)/, 'the system is left alone'],
  [/^crash-/, 'Node reports crashes by itself'],
  [/^syslog-/, 'Node has no syslog'],
  [/^shutdown-/, 'there are no replicas to be waited for'],
  [/^sanitize/, 'what is restored is always checked'],
  [/^(enable-module)/, 'no modules'],
  [/^(bind-source|socket-mark)/, 'no connections to others'],
  [/^(always-show-logo)/, 'no logo'],
  [/^ignore-warnings/, 'no such warnings'],
];

/** The page. Throws if a parameter has neither an effect nor a reason. */
function configurationPage(): string {
  const active = PARAMETERS.filter((row) => row.active);
  const lines = PARAMETERS.map(
    (row) => `| ${nameText(row)} | ${valueText(row)} | ${settable(row)} | ${effect(row)} |\n`,
  );
  return [
    HEADER,
    '## Parameters\n',
    `${active.length} of ${PARAMETERS.length} have an effect; the others are accepted, checked and`,
    'answered. Old names are in brackets.\n',
    '| parameter | default | CONFIG SET | effect |',
    '| --- | --- | --- | --- |',
    lines.join(''),
  ].join('\n');
}

function nameText({ name }: ParameterRow): string {
  const others = [...PARAMETER_NAMES].filter(([other, row]) => row.name === name && other !== name);
  const aliases = others.map(([other]) => `\`${other}\``).join(', ');
  return `\`${name}\`${aliases === '' ? '' : ` (${aliases})`}`;
}

function valueText({ default: value }: ParameterRow): string {
  return value === '' ? 'none' : `\`${value}\``;
}

function settable(row: ParameterRow): string {
  if (row.immutable) return 'no';
  return row.protected ? 'if `enable-protected-configs` allows it' : 'yes';
}

function effect({ active, name }: ParameterRow): string {
  if (active) return 'works';
  const reason = REASONS.find(([pattern]) => pattern.test(name))?.[1];
  if (reason === undefined) throw new Error(`${name} has neither an effect nor a reason`);
  return `accepted without effect: ${reason}`;
}

await program(import.meta.url, async (args) => {
  const page = configurationPage();
  if (!args.includes('--check')) return writeWhole(PAGE, page);
  const written = await readFile(PAGE, 'utf8').catch(() => '');
  if (written !== page) throw new Error(`docs/CONFIGURATION.md is stale: run ${COMMAND}`);
});
