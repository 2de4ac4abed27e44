/** LATENCY DOCTOR: what the samples look like, and what can be done about it. */
import type { LatencyEvent } from './latency.js';

/** What the report needs of the configuration. */
export interface LatencySettings {
  /** Milliseconds; 0 is off. */
  readonly monitorThreshold: number;
  /** Microseconds; below 0 is off. */
  readonly slowlogThreshold: number;
}

const OFF =
  'The latency monitor is off, so there is nothing to report. Turn it on with "CONFIG SET ' +
  'latency-monitor-threshold <milliseconds>", and come back once it has had something to watch.\n';
const NOTHING =
  'The latency monitor is on and has seen nothing that took as long as its threshold. All is well.\n';
const INSPECT = 'Look at SLOWLOG GET: it tells which commands took so long, and their arguments.';
const LARGE =
  'Deleting, expiring or overwriting a value with very many elements takes time, and everybody ' +
  'waits. Spread such values over several keys.';
const SMALL =
  'Commands that are fast by themselves were slow: the machine was busy with something else. In a ' +
  'browser that may be another tab, or a page in the background.';
const EXPIRY =
  'Many keys reach their time to live together. Add a little chance to their times to live.';

/** The report on these events. */
export function latencyReport(
  events: readonly LatencyEvent[],
  settings: LatencySettings,
  nowSeconds: number,
): string {
  if (events.length === 0) return settings.monitorThreshold === 0 ? OFF : NOTHING;
  const lines = events.map((event, index) => `${index + 1}. ${description(event, nowSeconds)}\n`);
  const advice = adviceFor(new Set(events.map(({ name }) => name)), settings);
  const list = advice.map((text) => `- ${text}\n`).join('');
  return `These latency spikes were seen in this store:\n\n${lines.join('')}\nAdvice:\n\n${list}`;
}

function description({ name, samples, worst }: LatencyEvent, nowSeconds: number): string {
  const times = samples.map(({ milliseconds }) => milliseconds);
  const mean = Math.floor(sum(times) / times.length);
  const deviation = Math.floor(sum(times.map((time) => Math.abs(time - mean))) / times.length);
  const oldest = samples[0]?.at ?? nowSeconds;
  const period = Math.max(0, nowSeconds - oldest) / samples.length;
  return (
    `${name}: ${samples.length} latency spikes (average ${mean}ms, mean deviation ` +
    `${deviation}ms, period ${period.toFixed(2)} sec). Worst all time event ${worst}ms.`
  );
}

function adviceFor(events: ReadonlySet<string>, settings: LatencySettings): string[] {
  const advice: string[] = [];
  const threshold = settings.monitorThreshold * 1000;
  if (events.has('command')) {
    if (settings.slowlogThreshold < 0) {
      advice.push(`The slow log is off. Use "CONFIG SET slowlog-log-slower-than ${threshold}".`);
    } else if (settings.slowlogThreshold > threshold) {
      advice.push(
        'The slow log leaves out commands that the latency monitor counts as slow. Use "CONFIG SET ' +
          `slowlog-log-slower-than ${threshold}".`,
      );
    }
    advice.push(INSPECT, LARGE);
  }
  if (events.has('fast-command')) advice.push(SMALL);
  if (events.has('expire-cycle') || events.has('expire-del')) advice.push(EXPIRY);
  if (events.has('expire-del') && !advice.includes(LARGE)) advice.push(LARGE);
  return advice;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
