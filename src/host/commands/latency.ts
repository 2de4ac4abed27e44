/** LATENCY: what the latency monitor has seen, and how long commands take. */
import type { CommandRow } from '../../commands/row.js';
import { COMMANDS, findCommand } from '../../commands/table.js';
import type { CommandContext, Handlers } from '../context.js';
import { distribution, totalOf } from '../histogram.js';
import { latencyGraph } from '../latency-graph.js';
import { latencyReport } from '../latency-report.js';
import { helpReply } from './help.js';

export const LATENCY: Handlers = {
  'latency|doctor': doctor,
  'latency|graph': graph,
  'latency|help': help,
  'latency|histogram': histogram,
  'latency|history': history,
  'latency|latest': latest,
  'latency|reset': reset,
};

function doctor({ host, now, reply }: CommandContext): void {
  const settings = {
    monitorThreshold: host.config.number('latency-monitor-threshold'),
    slowlogThreshold: host.config.number('slowlog-log-slower-than'),
  };
  reply.verbatim('txt', latencyReport(host.meter.latency.all(), settings, Math.floor(now / 1000)));
}

function graph(context: CommandContext): void {
  const { host, now, reply } = context;
  const event = host.meter.latency.find(context.text(2));
  if (event !== undefined) reply.verbatim('txt', latencyGraph(event, Math.floor(now / 1000)));
  else context.failQuoting("ERR No samples available for event '", 2, "'");
}

function history(context: CommandContext): void {
  const { host, reply } = context;
  const samples = host.meter.latency.find(context.text(2))?.samples ?? [];
  reply.array(samples.length);
  for (const { at, milliseconds } of samples) {
    reply.array(2);
    reply.integer(at);
    reply.integer(milliseconds);
  }
}

function latest({ host, reply }: CommandContext): void {
  const events = host.meter.latency.all();
  reply.array(events.length);
  for (const { name, samples, worst } of events) {
    const last = samples.at(-1);
    reply.array(4);
    reply.bulk(name);
    reply.integer(last?.at ?? 0);
    reply.integer(last?.milliseconds ?? 0);
    reply.integer(worst);
  }
}

function reset(context: CommandContext): void {
  const { args, host, reply } = context;
  const { latency } = host.meter;
  const names = args.slice(2).map((_, at) => context.text(at + 2));
  const forgotten = names.filter((name) => latency.forget(name)).length;
  reply.integer(names.length === 0 ? latency.reset() : forgotten);
}

function histogram(context: CommandContext): void {
  const { args, host, reply } = context;
  const asked = args.slice(2).flatMap((_, at) => rowsOf(context.text(at + 2)));
  const rows = args.length === 2 ? COMMANDS : asked;
  const found = rows
    .filter(({ id }) => host.engine.commandStatistics(id).calls > 0)
    .map((row) => ({ row, counts: host.engine.commandHistogram(row.id) }))
    .filter(({ counts }) => totalOf(counts) > 0);
  reply.map(found.length);
  for (const { row, counts } of found) {
    reply.bulk(row.name);
    reply.map(2);
    reply.bulk('calls');
    reply.integer(totalOf(counts));
    reply.bulk('histogram_usec');
    const steps = distribution(counts);
    reply.map(steps.length);
    for (const [microseconds, count] of steps) {
      reply.integer(microseconds);
      reply.integer(count);
    }
  }
}

/** A container stands for its subcommands. */
function rowsOf(name: string): CommandRow[] {
  const row = findCommand(name);
  if (row === undefined) return [];
  if (row.subcommands.length === 0) return [row];
  return row.subcommands.flatMap((id) => COMMANDS[id] ?? []);
}

function help({ reply }: CommandContext): void {
  helpReply(reply, 'LATENCY', [
    'DOCTOR',
    '    Return a human readable latency analysis report.',
    'GRAPH <event>',
    '    Return an ASCII latency graph for the <event> class.',
    'HISTORY <event>',
    '    Return time-latency samples for the <event> class.',
    'LATEST',
    '    Return the latest latency samples for all events.',
    'RESET [<event> ...]',
    '    Reset latency data of one or more <event> classes.',
    '    (default: reset all data for all event classes)',
    'HISTOGRAM [COMMAND ...]',
    '    Return a cumulative distribution of latencies in the format of a histogram for the specified command names.',
    '    If no commands are specified then all histograms are replied.',
  ]);
}
