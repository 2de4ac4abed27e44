/** Who a session may act as. There is one user so far: `default`, with `requirepass`. */
import type { Host } from './host.js';
import type { Session } from './session.js';

const encoder = new TextEncoder();

/** Makes `session` the user's if the password is right. */
export function authenticate(
  host: Host,
  session: Session,
  user: string,
  password: Uint8Array | undefined,
): boolean {
  const expected = encoder.encode(host.config.text('requirepass'));
  const right = expected.length === 0 || equalInConstantTime(password, expected);
  if (user !== 'default' || !right) return false;
  session.user = user;
  session.authenticated = true;
  return true;
}

/** Takes as long for any `given` of one length: the answer cannot be found byte by byte. */
function equalInConstantTime(given: Uint8Array | undefined, expected: Uint8Array): boolean {
  if (given === undefined) return false;
  let difference = given.length ^ expected.length;
  for (let at = 0; at < given.length; at++) {
    difference |= (given[at] ?? 0) ^ (expected[at % expected.length] ?? 0);
  }
  return difference === 0;
}
