/** The console's log: what was typed, and what came back. */
import { element } from './elements.js';

/** Older entries go: a page is not a file. */
const ENTRIES_MAX = 400;
const REPLY_CHARACTERS_MAX = 200_000;

export class Log {
  readonly #element: HTMLElement;
  readonly #scroller: HTMLElement;
  #waiting = 0;

  constructor(log: HTMLElement, scroller: HTMLElement) {
    this.#element = log;
    this.#scroller = scroller;
  }

  /** A command was entered; the function returned prints its reply. */
  command(prompt: string, line: string): (reply: string, isError: boolean) => void {
    const entry = element('span', 'entry');
    const typed = element('span', 'typed', element('span', 'prompt', prompt), line);
    entry.append(typed);
    this.#add(entry);
    this.#wait(1);
    return (reply, isError) => {
      if (reply !== '')
        entry.append(element('span', isError ? 'reply error' : 'reply', cut(reply)));
      this.#wait(-1);
      this.scrollToEnd();
    };
  }

  /** What the store says unasked. */
  message(text: string): void {
    this.#add(element('span', 'entry', element('span', 'reply', cut(text))));
  }

  /** Something that the page says, not the store. */
  notice(...content: (Node | string)[]): HTMLElement {
    const entry = element('span', 'entry notice', ...content);
    this.#add(entry);
    return entry;
  }

  clear(): void {
    this.#element.replaceChildren();
  }

  scrollToEnd(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #add(entry: HTMLElement): void {
    this.#element.append(entry);
    while (this.#element.childElementCount > ENTRIES_MAX) this.#element.firstElementChild?.remove();
    this.scrollToEnd();
  }

  /** Busy while a reply is waited for. */
  #wait(change: number): void {
    this.#waiting += change;
    this.#element.setAttribute('aria-busy', String(this.#waiting > 0));
  }
}

function cut(reply: string): string {
  const more = reply.length - REPLY_CHARACTERS_MAX;
  if (more <= 0) return reply;
  return `${reply.slice(0, REPLY_CHARACTERS_MAX)}\n... and ${more} characters more`;
}
