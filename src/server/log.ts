/**
 * Log lines as redis-server writes them:
 *
 *   5947:M 23 Nov 2026 13:16:51.321 * Ready to accept connections
 *
 * The letter is `C` before the server is up and `M` (a primary) after; the mark is the level:
 * `.` debug, `-` verbose, `*` notice, `#` warning.
 */
import { appendFileSync } from 'node:fs';
import type { LogLevel } from '../host/host.js';

const MARKS: Readonly<Record<LogLevel, string>> = {
  debug: '.',
  verbose: '-',
  notice: '*',
  warning: '#',
};
const LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

export class Logger {
  role: 'C' | 'M' = 'C';
  level: LogLevel = 'notice';
  /** Empty: standard output. */
  file = '';

  constructor(
    private readonly processId: number,
    private readonly now: () => number,
  ) {}

  readonly write = (level: LogLevel, text: string): void => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.level)) return;
    const time = timeText(new Date(this.now()));
    this.put(`${this.processId}:${this.role} ${time} ${MARKS[level]} ${oneLine(text)}\n`);
  };

  /** What redis-server writes from within a signal handler. */
  writeSignal(text: string): void {
    const seconds = Math.floor(this.now() / 1000);
    this.put(`${this.processId}:signal-handler (${seconds}) ${text}\n`);
  }

  private put(line: string): void {
    if (this.file === '') process.stdout.write(line);
    else appendFileSync(this.file, line);
  }
}

export function isLogLevel(word: string): word is LogLevel {
  return (LEVELS as readonly string[]).includes(word);
}

function timeText(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${two(date.getDate())} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${day} ${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** A log line is a line, whatever a client has put into it. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}
