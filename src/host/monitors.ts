/**
 * MONITOR: sessions that see every command of all others, one line each, as soon as it has run:
 *
 *   +1795462407.687723 [0 127.0.0.1:41372] "SET" "k" "a \"b\"\r\n\xff"
 *
 * The number is the database after the command; in place of an address there is `lua` for what a
 * script calls. EVAL and its kin are shown before they run, so that what they call stands below.
 * Commands of administrators are not shown, nor are secrets.
 */
import { CommandFlag } from '../commands/flags.js';
import type { CommandRow } from '../commands/row.js';
import { redact } from './redact.js';
import type { Session } from './session.js';

type Push = (session: Session, bytes: Uint8Array) => void;
type Arguments = readonly Uint8Array[];

const NOT_FOR_MONITORS = "ERR Replica can't interact with the keyspace";
const PUBLISHING = new Set(['publish', 'spublish']);
const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x22, '\\"'],
  [0x5c, '\\\\'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x07, '\\a'],
  [0x08, '\\b'],
]);
const encoder = new TextEncoder();

export class Monitors {
  private readonly sessions = new Set<Session>();

  constructor(
    private readonly push: Push,
    private readonly now: () => number,
  ) {}

  get isEmpty(): boolean {
    return this.sessions.size === 0;
  }

  add(session: Session): void {
    session.isMonitor = true;
    this.sessions.add(session);
  }

  remove(session: Session): void {
    session.isMonitor = false;
    this.sessions.delete(session);
  }

  /** Why a session that monitors may not run this, or null. */
  refusal(session: Session, { flags, name }: CommandRow): string | null {
    if (!session.isMonitor) return null;
    // Scripts are the commands that skip monitors.
    const data = CommandFlag.READONLY | CommandFlag.WRITE | CommandFlag.SKIP_MONITOR;
    return flags & data || PUBLISHING.has(name) ? NOT_FOR_MONITORS : null;
  }

  /** A command is about to run. */
  before(session: Session, row: CommandRow, args: Arguments): void {
    if (this.isEmpty) return;
    if (row.flags & CommandFlag.SKIP_MONITOR) this.show(session, row, args);
  }

  /** A command has run. */
  after(session: Session, row: CommandRow, args: Arguments): void {
    if (this.isEmpty || row.flags & (CommandFlag.SKIP_MONITOR | CommandFlag.ADMIN)) return;
    this.show(session, row, args);
  }

  private show(session: Session, row: CommandRow, args: Arguments): void {
    const now = this.now();
    const microseconds = Math.floor((now % 1000) * 1000);
    const time = `${Math.floor(now / 1000)}.${String(microseconds).padStart(6, '0')}`;
    const from = session.caller !== null ? 'lua' : session.about.address;
    const shown = redact(row, args).map(quote).join(' ');
    const line = encoder.encode(`+${time} [${session.database} ${from}] ${shown}\r\n`);
    for (const monitor of this.sessions) this.push(monitor, line);
  }
}

/** In double quotes, all that is not printable ASCII escaped. */
function quote(bytes: Uint8Array): string {
  let text = '"';
  for (const byte of bytes) {
    const escaped = ESCAPES.get(byte);
    if (escaped !== undefined) text += escaped;
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `${text}"`;
}
