/** What a store can tell about the program and the machine that it runs in. */

export interface HostFacts {
  /** TCP port, or 0. */
  port: number;
  readonly processId: number;
  readonly executable: string;
  readonly configFile: string;
  readonly directory: string;
  readonly os: string;
  readonly archBits: 32 | 64;
  readonly multiplexing: string;
  /** What compiled us: `gcc_version` of INFO has three numbers. */
  readonly compiler: string;
  readonly totalMemory: number;
  /** Resident memory of the process in bytes, or 0. */
  residentMemory(): number;
  /** Seconds of processor time so far. */
  processorTime(): { readonly user: number; readonly system: number };
}

/** In a browser hardly any of it is known. */
export const UNKNOWN_FACTS: HostFacts = {
  port: 0,
  processId: 0,
  executable: '',
  configFile: '',
  directory: '/',
  os: 'Browser',
  archBits: 32,
  multiplexing: 'event-loop',
  compiler: '0.0.0',
  totalMemory: 0,
  residentMemory: () => 0,
  processorTime: () => ({ user: 0, system: 0 }),
};
