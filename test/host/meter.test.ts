/** What took long, by a clock that obeys: the slow log, the latency monitor, MONITOR. */
import { expect, test } from 'vitest';
import { HISTOGRAM_BUCKETS } from '../../src/engine/statistics.js';
import { distribution, percentile } from '../../src/host/histogram.js';
import { LatencyMonitor } from '../../src/host/latency.js';
import { latencyGraph } from '../../src/host/latency-graph.js';
import { latencyReport } from '../../src/host/latency-report.js';
import { openTestHost } from './test-host.js';

/** Every look at the clock takes this many milliseconds. */
async function openSlowHost(milliseconds: number, config: Record<string, string> = {}) {
  const opened = await openTestHost({ config });
  opened.clock.monotonic = () => {
    opened.clock.at += milliseconds;
    return opened.clock.at;
  };
  return opened;
}

test('commands of the core and of the host that took long are in the slow log', async () => {
  const { connect } = await openSlowHost(20);
  const client = connect();
  client.send('RPUSH l a b c', 'LRANGE l 0 -1', 'GET missing', 'CLIENT ID');
  const log = client.send('SLOWLOG GET -1');
  expect(log).toContain('$6\r\nLRANGE\r\n');
  expect(log).toContain(':20000\r\n');
  expect(log).toContain('$6\r\nCLIENT\r\n$2\r\nID\r\n');
});

test('with a threshold of 0 every command is there, in its batch too', async () => {
  const { connect } = await openTestHost({ config: { 'slowlog-log-slower-than': '0' } });
  const client = connect();
  client.send(...Array.from({ length: 20 }, (_, index) => `GET k${index}`));
  expect(client.send('SLOWLOG LEN')).toBe(':20\r\n');
});

test('the latency monitor tells fast commands from others', async () => {
  const { connect } = await openSlowHost(150, { 'latency-monitor-threshold': '100' });
  const client = connect();
  client.send('LRANGE l 0 -1', 'READONLY');
  const latest = client.send('LATENCY LATEST');
  expect(latest).toContain('$7\r\ncommand\r\n');
  expect(latest).toContain('$12\r\nfast-command\r\n');
});

test('no durations are kept while latency-tracking is off', async () => {
  const { connect } = await openTestHost({ config: { 'latency-tracking': 'no' } });
  const client = connect();
  client.send('GET k');
  expect(client.send('LATENCY HISTOGRAM get')).toBe('*0\r\n');
  expect(client.send('INFO latencystats')).toBe('$16\r\n# Latencystats\r\n\r\n');
});

test('a blocked command is shown to monitors once, when it came', async () => {
  const { connect } = await openTestHost();
  const [monitor, blocked, other] = [connect(), connect(), connect()];
  monitor.send('MONITOR');
  blocked.send('BLPOP q 0');
  expect(monitor.take()).toMatch(/^\+OK\r\n\+\d+\.\d{6} \[0 .+\] "BLPOP" "q" "0"\r\n$/);
  other.send('RPUSH q x');
  expect(blocked.take()).toBe('*2\r\n$1\r\nq\r\n$1\r\nx\r\n');
  expect(monitor.take()).toMatch(/^\+.* "RPUSH" "q" "x"\r\n$/);
});

test('samples of one second are one, and the longest counts', () => {
  const monitor = new LatencyMonitor();
  monitor.add('command', 30, 5000);
  monitor.add('command', 70.9, 5400);
  monitor.add('command', 50, 5900);
  monitor.add('command', 20, 6000);
  const samples = [
    { at: 5, milliseconds: 70 },
    { at: 6, milliseconds: 20 },
  ];
  expect(monitor.find('command')).toEqual({ name: 'command', samples, worst: 70 });
});

test('the graph is that of redis-server', () => {
  const monitor = new LatencyMonitor();
  const times = [6, 10, 25, 60, 120, 30, 8, 90, 45, 100, 15];
  const seconds = [0, 1, 2, 3, 4, 5, 6, 8, 10, 11, 12];
  for (const [index, time] of times.entries()) {
    monitor.add('command', time, (seconds[index] as number) * 1000);
  }
  const event = monitor.find('command');
  const lines = event === undefined ? [] : latencyGraph(event, 13).split('\n');
  expect(lines[0]).toBe('command - high 120 ms, low 6 ms (all time high 120 ms)');
  expect(lines.slice(2)).toEqual([
    '    #    _ ',
    '    |  # | ',
    '   #|  |o| ',
    '__#||#_|||_',
    '           ',
    '11119875321',
    '3210sssssss',
    'ssss       ',
    '',
  ]);
});

test('the report asks for a slow log that sees what the monitor sees', () => {
  const event = { name: 'command', samples: [{ at: 1, milliseconds: 50 }], worst: 50 };
  const report = (slowlogThreshold: number) =>
    latencyReport([event], { monitorThreshold: 10, slowlogThreshold }, 3);
  expect(report(-1)).toContain('slowlog-log-slower-than 10000');
  expect(report(20_000)).toContain('slowlog-log-slower-than 10000');
  expect(report(10_000)).not.toContain('slowlog-log-slower-than');
  expect(report(0)).toContain(
    '1 latency spikes (average 50ms, mean deviation 0ms, period 2.00 sec)',
  );
});

test('percentiles lie in the bucket of the durations', () => {
  const histogram = new Float64Array(HISTOGRAM_BUCKETS);
  // 1,024 to 1,280 ns, and 1.6 s and more.
  histogram[13] = 98;
  histogram[HISTOGRAM_BUCKETS - 1] = 2;
  expect(percentile(histogram, 50)).toBeGreaterThan(1.024);
  expect(percentile(histogram, 50)).toBeLessThan(1.28);
  expect(percentile(histogram, 99)).toBeGreaterThan(1_000_000);
  expect(distribution(histogram)).toEqual([
    [2, 98],
    [1082130, 100],
  ]);
});
