/**
 * The console: runs what is typed, one line after the other, and prints the replies.
 *
 * `help`, `clear` and `quit` are answered here; all else is the store's. A line that is entered
 * while the store is closed opens it first, as redis-cli connects again.
 */
import { StoreBusyError } from 'redstart/core';
import type { CommandDocs } from './command-docs.js';
import { failureNotice, type Remedies } from './failures.js';
import { helpText } from './help.js';
import { splitLine, wordTexts } from './line-parser.js';
import type { Log } from './log.js';
import { documentText, isDocument, replyText } from './reply-text.js';
import type { Session } from './session.js';
import type { Status } from './status.js';

export interface ConsoleParts {
  readonly session: Session;
  readonly docs: CommandDocs;
  readonly log: Log;
  readonly status: Status;
  readonly remedies: Remedies;
  /** Shows the prompt ahead of the input. */
  showPrompt(prompt: string): void;
}

interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

const SILENT = 'CLIENT REPLY is left out here: the console waits for the answer to each command.';

export class Console {
  readonly #parts: ConsoleParts;
  /** Lines run in the order in which they were entered. */
  #queue: Promise<void> = Promise.resolve();
  /** What is wrong with the store, as long as it is. */
  #alert: HTMLElement | null = null;
  #isBusy = false;

  constructor(parts: ConsoleParts) {
    this.#parts = parts;
  }

  get prompt(): string {
    const { session } = this.#parts;
    if (!session.isOpen) return 'not connected> ';
    return session.database === 0 ? 'redstart> ' : `redstart[${session.database}]> `;
  }

  /** Runs the line after those entered before it. */
  enter(line: string): Promise<void> {
    this.#queue = this.#queue.then(() => this.#run(line));
    return this.#queue;
  }

  /** Opens the store, or says why that cannot be; true if it is open. */
  async open(): Promise<boolean> {
    const { session, status, log, showPrompt } = this.#parts;
    if (session.isOpen) return true;
    try {
      await session.open();
    } catch (error) {
      this.failed(error, 'not open');
      return false;
    }
    this.#alert?.remove();
    this.#alert = null;
    this.#isBusy = false;
    for (const warning of session.report?.warnings ?? []) log.notice(`Mind: ${warning}.`);
    showPrompt(this.prompt);
    status.refreshSoon(0);
    return true;
  }

  /** Another tab had the store; perhaps it has let go. */
  openIfBusy(): void {
    if (this.#isBusy) void this.open();
  }

  /** The store cannot be opened, or is lost: says so, once. */
  failed(error: unknown, state: string): void {
    const { status, log, remedies, showPrompt } = this.#parts;
    this.#isBusy = error instanceof StoreBusyError;
    this.#alert?.remove();
    this.#alert = log.notice(...failureNotice(error, remedies));
    this.#alert.setAttribute('role', 'alert');
    status.showClosed(state);
    showPrompt(this.prompt);
  }

  async #run(line: string): Promise<void> {
    const { log, status, showPrompt } = this.#parts;
    const print = log.command(this.prompt, line);
    const { text, isError } = await this.#answer(line).catch(failure);
    print(text, isError);
    showPrompt(this.prompt);
    if (this.#parts.session.isOpen) status.refreshSoon();
  }

  async #answer(line: string): Promise<Answer> {
    const args = splitLine(line);
    if (args === null) return { text: 'Invalid argument(s)', isError: true };
    const words = wordTexts(args);
    const [name = '', ...rest] = words;
    const local = await this.#local(name.toLowerCase(), rest);
    if (local !== undefined) return { text: local, isError: false };
    if (/^client reply$/i.test(words.slice(0, 2).join(' '))) return { text: SILENT, isError: true };
    if (!(await this.open())) return { text: '', isError: true };
    const reply = await this.#parts.session.run(args, words);
    const text = isDocument(words) ? documentText(reply) : replyText(reply);
    return { text, isError: reply instanceof Error };
  }

  /** The answer of the console itself, if the command is one of its own. */
  async #local(name: string, rest: readonly string[]): Promise<string | undefined> {
    switch (name) {
      case '':
        return '';
      case 'clear':
        this.#parts.log.clear();
        return '';
      case 'help':
      case '?':
        if (rest.length > 0 && !(await this.open())) return '';
        return helpText(rest, this.#parts.docs);
      case 'quit':
      case 'exit':
        return this.#quit();
      default:
        return undefined;
    }
  }

  async #quit(): Promise<string> {
    const { session, status } = this.#parts;
    await session.close();
    status.showClosed('closed');
    return 'Saved and closed: another tab can open it now. Press Enter or type to open it again.';
  }
}

function failure(error: unknown): Answer {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { text, isError: true };
}
