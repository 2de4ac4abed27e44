/**
 * The input and the line below it: history with the arrow keys, completion with Tab, and while a
 * command is typed the names it may become or the arguments it takes.
 */
import type { CommandDocs } from './command-docs.js';
import { complete } from './completion.js';
import { element } from './elements.js';
import type { History } from './history.js';

export interface CommandLineParts {
  readonly form: HTMLFormElement;
  readonly input: HTMLInputElement;
  readonly assist: HTMLElement;
  readonly docs: CommandDocs;
  readonly history: History;
  enter(line: string): void;
  clear(): void;
}

/** As many as fit into two lines on a telephone. */
const CANDIDATES_MAX = 12;

export class CommandLine {
  readonly #parts: CommandLineParts;
  /** While Tab goes through candidates: which of them, and what was typed before. */
  #walk: { lines: readonly string[]; at: number; typed: string } | null = null;

  constructor(parts: CommandLineParts) {
    this.#parts = parts;
    const { form, input } = parts;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#enter();
    });
    input.addEventListener('keydown', (event) => this.#key(event));
    input.addEventListener('paste', (event) => this.#paste(event));
    input.addEventListener('input', () => {
      this.#walk = null;
      void this.assist();
    });
  }

  /** Shows what helps with the line as it is. */
  async assist(): Promise<void> {
    const { input, docs } = this.#parts;
    this.#showAssist();
    const line = input.value;
    if (line.trim() === '') return;
    try {
      await docs.loadNames();
      await docs.load(line);
    } catch {
      // No store, no help; the console says so when the line is entered.
    }
    if (input.value === line) this.#showAssist();
  }

  #enter(): void {
    const { input, history, enter } = this.#parts;
    const line = input.value;
    this.#set('');
    history.add(line);
    enter(line);
  }

  #key(event: KeyboardEvent): void {
    const { input, history, clear } = this.#parts;
    if (event.isComposing) return;
    const control = event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key === 'ArrowUp') this.#replace(event, history.older(input.value));
    else if (event.key === 'ArrowDown') this.#replace(event, history.newer());
    else if (event.key === 'Tab' && !control) this.#tab(event);
    else if (event.key === 'Escape' && this.#walk !== null) this.#replace(event, this.#walk.typed);
    else if (control && event.key === 'l') {
      event.preventDefault();
      clear();
    } else if (control && event.key === 'c' && input.selectionStart === input.selectionEnd) {
      this.#replace(event, '');
    }
  }

  /** Completes. A line that cannot be completed leaves the key to the browser: it moves on. */
  #tab(event: KeyboardEvent): void {
    const { input } = this.#parts;
    const step = event.shiftKey ? -1 : 1;
    if (this.#walk === null) {
      if (event.shiftKey || input.value.trim() === '') return;
      const { lines } = this.#offer();
      if (lines.length === 0 || (lines.length === 1 && lines[0] === input.value)) return;
      this.#walk = { lines, at: -1, typed: input.value };
    }
    const { lines, at } = this.#walk;
    const next = (at + step + lines.length) % lines.length;
    const walk = { ...this.#walk, at: next };
    this.#replace(event, lines[next]);
    this.#walk = lines.length > 1 ? walk : null;
    this.#showAssist();
  }

  #offer() {
    const { input, docs } = this.#parts;
    const typed = this.#walk?.typed ?? input.value;
    return complete(typed, docs.names, docs.subcommands(typed));
  }

  /** Lines of a pasted text are entered one by one; what follows the last line end stays. */
  #paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const { input, history, enter } = this.#parts;
    if (!text.includes('\n')) return;
    event.preventDefault();
    const start = input.value.slice(0, input.selectionStart ?? undefined);
    const end = input.value.slice(input.selectionEnd ?? undefined);
    const lines = (start + text + end).split(/\r?\n/);
    this.#set(lines.pop() ?? '');
    for (const line of lines.filter((line) => line.trim() !== '')) {
      history.add(line);
      enter(line);
    }
  }

  #replace(event: Event, line: string | undefined): void {
    event.preventDefault();
    if (line !== undefined) this.#set(line);
  }

  #set(line: string): void {
    const { input } = this.#parts;
    this.#walk = null;
    input.value = line;
    input.setSelectionRange(line.length, line.length);
    void this.assist();
  }

  #showAssist(): void {
    const { input, assist, docs } = this.#parts;
    const found = docs.find(input.value);
    const { words, lines } = this.#offer();
    const parts: (Node | string)[] = [];
    if (found !== undefined && this.#walk === null) {
      parts.push(element('span', 'usage', found.usage));
      parts.push(element('span', 'summary', found.doc.summary ?? ''));
    }
    // The one that is there already needs no candidate.
    const isComplete = words.length === 1 && lines[0] === input.value;
    assist.replaceChildren(...parts, ...(isComplete ? [] : this.#candidates(words)));
  }

  #candidates(words: readonly string[]): Node[] {
    const first = Math.max(0, Math.min((this.#walk?.at ?? 0) - 1, words.length - CANDIDATES_MAX));
    const shown = words.slice(first, first + CANDIDATES_MAX).map((word, index) => {
      const isChosen = first + index === this.#walk?.at;
      return element('span', isChosen ? 'candidate chosen' : 'candidate', `${word} `);
    });
    const more = words.length - first - shown.length;
    if (more > 0) shown.push(element('span', 'summary', `and ${more} more`));
    return shown;
  }
}
