/**
 * What core.wasm exports, as docs/formats/abi.md describes it. Addresses and lengths are
 * u32 as Wasm hands them over: possibly negative, to be read with `>>> 0`.
 */
export interface CoreExports {
  readonly memory: WebAssembly.Memory;
  start(seed0: bigint, seed1: bigint): void;
  configure(parameter: number, value: number): void;
  renameCommand(id: number, length: number): number;
  inputPlace(length: number): number;
  begin(length: number, unixMs: number): void;
  execute(database: number, protocol: number, step: number): number;
  runStepped(): number;
  waitMs(): number;
  consumed(): number;
  soundOutput(): number;
  soundEffects(): number;
  soundConsumed(): number;
  nest(): number;
  unnest(): void;
  missing(): number;
  commandId(): number;
  argumentCount(): number;
  argumentsPlace(): number;
  outputPlace(length: number): number;
  outputAdvance(length: number): void;
  outputBuffer(): number;
  clearOutput(): void;
  truncateOutput(length: number): void;
  effectsBuffer(): number;
  clearEffects(): void;
  openEffects(): void;
  closeEffects(): void;
  touchedBuffer(): number;
  clearTouched(): void;
  notificationsBuffer(): number;
  clearNotifications(): void;
  setInterest(database: number, keyLength: number, on: number): number;
  tick(unixMs: number, steps: number): number;
  longestExpiry(): number;
  dueIn(unixMs: number): number;
  snapshotBegin(length: number): void;
  snapshotNext(budget: number): number;
  snapshotBuffer(): number;
  snapshotClear(): void;
  snapshotAbort(): void;
  loadBegin(): void;
  loadPlace(length: number): number;
  loadNext(length: number): number;
  loadEnd(): number;
  loadAbort(): void;
  loadedExtras(): number;
  digestAll(): number;
  digestValue(database: number, keyLength: number): number;
  statistics(): number;
  databaseStatistics(database: number): number;
  commandStatistics(id: number): number;
  commandHistogram(id: number): number;
  commandMicroseconds(): number;
  countCall(id: number, failed: number, microseconds: number): void;
  uncountCall(id: number): void;
  resetStatistics(): void;
  errorCounts(): number;
  errorCodes(): number;
  describeKey(database: number, keyLength: number): number;
}
