/** For tests of stores whose core breaks. */
import { settled, type TestConnection, type TestHost } from './test-host.js';

/** Everything that was sent is answered, and the store is whole. */
export async function settledFor({ host }: TestConnection): Promise<void> {
  await settled();
  await host.persistence.recovery.done;
  await settled();
}

/** The core breaks at the so many-th step from now on. */
export function trapNext({ host }: TestHost, step = 1): void {
  host.engine.configure('trap-after', step);
}
