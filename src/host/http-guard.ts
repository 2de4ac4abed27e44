/**
 * Keeps web pages out (docs/RELIABILITY.md S2): a page may POST to any port of the machine it is
 * shown on, and the lines of its body would be inline commands. The first line of HTTP ends
 * the connection, before anything that came with it has run.
 */
import type { Clock } from './clock.js';
import type { Log } from './host.js';

const ASTERISK = 0x2a;
const LF = 10;
/** What Redis looks for: the two commands that no request of a page can avoid. */
const FORBIDDEN_COMMAND = /^\s*(?:post|host:)(?:\s|$)/i;
const REQUEST_LINE =
  /^(?:get|head|put|delete|options|patch|trace|connect)\s+\S+\s+http\/\d\.\d\s*$/i;
/** Enough of a line to judge it by; request lines that are longer have no chance either. */
const LINE_MAX = 8 * 1024;

const LOG_INTERVAL_MS = 60_000;

export class HttpGuard {
  private loggedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly log: Log,
    private readonly clock: Clock,
  ) {}

  /** Whether the connection that `bytes` came from has to end; that is logged once a minute. */
  stops(bytes: Uint8Array): boolean {
    if (!looksLikeHttp(bytes)) return false;
    const now = this.clock.monotonic();
    if (now - this.loggedAt <= LOG_INTERVAL_MS) return true;
    this.loggedAt = now;
    this.log(
      'warning',
      'Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: ' +
        'commands to Redis. This is likely due to an attacker attempting to use Cross Protocol ' +
        'Scripting to compromise your Redis instance. Connection aborted.',
    );
    return true;
  }
}

/**
 * Whether the inline commands at the front of `bytes`, which begin at a command's first byte,
 * contain a line of HTTP. Frames (`*`) are left to the core.
 */
function looksLikeHttp(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length && bytes[at] !== ASTERISK) {
    const end = bytes.indexOf(LF, at);
    if (end < 0) return false;
    const line = latin1(bytes.subarray(at, Math.min(end, at + LINE_MAX)));
    if (FORBIDDEN_COMMAND.test(line) || REQUEST_LINE.test(line)) return true;
    at = end + 1;
  }
  return false;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
