/** Tests for the harness of assembly tests itself; the mistakes are called by harness.test.ts. */

let calls = 0;

export function startsFromAFreshInstance(): void {
  assert(++calls == 1);
}

export function startsFromAFreshInstanceAgain(): void {
  startsFromAFreshInstance();
}

export function failsWhen(wrong: bool): void {
  assert(!wrong, 'the harness sees this');
}
