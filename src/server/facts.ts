/** What a store in Node can tell about its process and machine. */
import { arch, machine, release, totalmem, type } from 'node:os';
import type { HostFacts } from '../host/facts.js';

export function nodeFacts(configFile = ''): HostFacts {
  const { pid, versions } = process;
  return {
    port: 0,
    processId: pid,
    executable: process.argv[1] ?? process.execPath,
    configFile,
    directory: process.cwd(),
    os: `${type()} ${release()} ${machine()}`,
    archBits: arch().includes('64') ? 64 : 32,
    multiplexing: `libuv-${versions.uv}`,
    compiler: '0.0.0',
    totalMemory: totalmem(),
    residentMemory: () => process.memoryUsage.rss(),
    processorTime: () => {
      const { user, system } = process.cpuUsage();
      return { user: user / 1e6, system: system / 1e6 };
    },
  };
}
