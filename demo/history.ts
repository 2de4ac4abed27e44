/** The lines that were typed, newest last; kept between visits where the browser lets us. */

const LINES_MAX = 200;

export class History {
  readonly #lines: string[];
  /** The line shown; `lines.length` is the one being typed. */
  #at: number;
  /** What was being typed when the walk began. */
  #draft = '';
  readonly #storageKey: string;

  constructor(storageKey: string) {
    this.#storageKey = storageKey;
    this.#lines = load(storageKey);
    this.#at = this.#lines.length;
  }

  /** A line was entered. Repetitions and what holds a password are not kept. */
  add(line: string): void {
    const text = line.trim();
    if (text !== '' && text !== this.#lines.at(-1) && !isSecret(text)) {
      this.#lines.push(text);
      if (this.#lines.length > LINES_MAX) this.#lines.shift();
      save(this.#storageKey, this.#lines);
    }
    this.#at = this.#lines.length;
  }

  /** The line before the one shown, undefined at the oldest. `current` is what the input holds. */
  older(current: string): string | undefined {
    if (this.#at === this.#lines.length) this.#draft = current;
    if (this.#at === 0) return undefined;
    return this.#lines[--this.#at];
  }

  /** The line after the one shown; last comes what was being typed. */
  newer(): string | undefined {
    if (this.#at === this.#lines.length) return undefined;
    this.#at++;
    return this.#lines[this.#at] ?? this.#draft;
  }
}

function isSecret(line: string): boolean {
  return /^(auth|hello\b.*\bauth|acl\s+setuser|config\s+set\b.*\brequirepass)\b/i.test(line);
}

function load(key: string): string[] {
  try {
    const lines: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(lines) ? lines.filter((line) => typeof line === 'string') : [];
  } catch {
    return [];
  }
}

function save(key: string, lines: readonly string[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(lines));
  } catch {
    // No storage, or no room: then there is no history next time.
  }
}
