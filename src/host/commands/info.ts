/** INFO: the chosen sections, in Redis's order whatever the order in which they were asked for. */
import type { CommandContext, Handlers } from '../context.js';
import type { Host } from '../host.js';
import { clientsSection, cpuSection, replicationSection, serverSection } from '../info/about.js';
import { memorySection } from '../info/memory.js';
import { persistenceSection, redstartSection } from '../info/persistence.js';
import type { Section } from '../info/section.js';
import {
  commandStatisticsSection,
  errorStatisticsSection,
  keyspaceSection,
  latencyStatisticsSection,
  statisticsSection,
} from '../info/statistics.js';

type Writer = (host: Host, now: number) => Section;

const none: Writer = () => [];
const SECTIONS: readonly (readonly [string, Writer])[] = [
  ['Server', serverSection],
  ['Clients', clientsSection],
  ['Memory', memorySection],
  ['Persistence', persistenceSection],
  ['Stats', statisticsSection],
  ['Replication', replicationSection],
  ['CPU', cpuSection],
  ['Modules', none],
  ['Commandstats', commandStatisticsSection],
  ['Errorstats', errorStatisticsSection],
  ['Latencystats', latencyStatisticsSection],
  ['Cluster', () => [['cluster_enabled', 0]]],
  ['Keyspace', keyspaceSection],
  ['Redstart', redstartSection],
];
const NAMES = SECTIONS.map(([title]) => title.toLowerCase());
const NOT_BY_DEFAULT = new Set(['commandstats', 'latencystats']);
const DEFAULT_NAMES = NAMES.filter((name) => !NOT_BY_DEFAULT.has(name));

export const INFO: Handlers = { info };

function info(context: CommandContext): void {
  const { args, host, now, reply } = context;
  const asked = args.slice(1).map((_, at) => context.text(at + 1).toLowerCase());
  const chosen = chosenNames(asked);
  const texts = SECTIONS.filter(([title]) => chosen.has(title.toLowerCase())).map(
    ([title, write]) => sectionText(title, write(host, now)),
  );
  reply.verbatim('txt', texts.join('\r\n'));
}

function chosenNames(asked: readonly string[]): Set<string> {
  if (asked.length === 0) return new Set(DEFAULT_NAMES);
  return new Set(
    asked.flatMap((name) => {
      if (name === 'default') return DEFAULT_NAMES;
      return name === 'all' || name === 'everything' ? NAMES : [name];
    }),
  );
}

function sectionText(title: string, section: Section): string {
  return `# ${title}\r\n${section.map(([name, value]) => `${name}:${value}\r\n`).join('')}`;
}
