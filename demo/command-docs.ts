/**
 * What the store says about its commands: their names, and on demand the documentation of one.
 * Asked when it is first wanted, kept for the rest of the visit.
 */
import { commandName } from './completion.js';
import { type CommandDoc, usage } from './usage.js';

type Ask = (...commands: readonly (readonly string[])[]) => Promise<unknown[]>;

/** A command of which a line begins with the words. */
export interface Found {
  /** As the table has it: `client|list`. */
  readonly name: string;
  readonly doc: CommandDoc;
  readonly usage: string;
}

export class CommandDocs {
  names: readonly string[] = [];
  readonly #ask: Ask;
  readonly #docs = new Map<string, CommandDoc>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Loads `names`. Without an answer there are none. */
  async loadNames(): Promise<void> {
    if (this.names.length > 0) return;
    const [names] = await this.#ask(['COMMAND', 'LIST']);
    if (Array.isArray(names)) this.names = names.filter((name) => !name.includes('|'));
  }

  /** Loads what `find` needs for this line; true if that was news. */
  async load(line: string): Promise<boolean> {
    const name = commandName(line);
    if (this.#docs.has(name) || !this.names.includes(name)) return false;
    const [reply] = await this.#ask(['COMMAND', 'DOCS', name]);
    const doc = (reply as Record<string, CommandDoc> | undefined)?.[name];
    if (doc === undefined) return false;
    this.#docs.set(name, doc);
    return true;
  }

  /** The command, or with its second word the subcommand, that the line calls; if loaded. */
  find(line: string): Found | undefined {
    const name = commandName(line);
    const doc = this.#docs.get(name);
    if (doc === undefined) return undefined;
    const second = /^\s*\S+\s+(\S+)/.exec(line)?.[1]?.toLowerCase();
    const full = `${name}|${second}`;
    const sub = doc.subcommands?.[full];
    if (sub !== undefined) return { name: full, doc: sub, usage: usage(full, sub) };
    return { name, doc, usage: usage(name, doc) };
  }

  /** Of the first word of the line, as far as loaded. */
  subcommands(line: string): readonly string[] {
    return Object.keys(this.#docs.get(commandName(line))?.subcommands ?? {});
  }
}
