/**
 * Libraries of functions, by name, and their functions. Redis tells functions' names apart
 * without regard to case, libraries' with.
 */
import { ReplyDecoder } from '../../resp/reply-decoder.js';
import type { ScriptMachine } from '../../scripting/script-machine.js';
import { ScriptError } from './script-error.js';
import type { Scripts } from './scripts.js';
import { parseLibrary } from './shebang.js';

export interface LibraryFunction {
  readonly name: string;
  readonly description: string | null;
  readonly flags: readonly string[];
}

export interface Library {
  readonly name: string;
  readonly code: Uint8Array;
  readonly functions: readonly LibraryFunction[];
}

const decoder = new TextDecoder();

export class Libraries {
  private libraries = new Map<string, Library>();
  private functions = new Map<string, LibraryFunction>();
  /** What the journal or a snapshot held, until the machine can read it. */
  private stored: Uint8Array[] = [];

  constructor(private readonly scripts: Scripts) {}

  get size(): number {
    return this.libraries.size;
  }

  get functionCount(): number {
    return this.functions.size;
  }

  get codeBytes(): number {
    return this.codes().reduce((sum, code) => sum + code.length, 0);
  }

  /** The code of every library, for a snapshot. */
  codes(): Uint8Array[] {
    return [...this.stored, ...Array.from(this.libraries.values(), ({ code }) => code)];
  }

  /** Takes what the journal or a snapshot held: it is read when it is first asked for. */
  restore(codes: readonly Uint8Array[]): void {
    this.libraries.clear();
    this.functions.clear();
    this.stored = [...codes];
    this.scripts.discard('function');
  }

  all(): Iterable<Library> {
    this.readStored();
    return this.libraries.values();
  }

  find(name: string): LibraryFunction | undefined {
    this.readStored();
    return this.functions.get(name.toLowerCase());
  }

  /** Adds a library: its name. Throws ScriptError or ShebangError. */
  load(code: Uint8Array, isReplacing: boolean): string {
    this.readStored();
    const { name, source } = parseLibrary(code);
    const former = this.libraries.get(name);
    if (former !== undefined && !isReplacing) {
      throw new ScriptError(`ERR Library '${name}' already exists`);
    }
    const functions = this.register(this.scripts.machine('function'), name, source);
    if (functions.length === 0) throw new ScriptError('ERR No functions registered');
    for (const { name: own } of functions) {
      const known = this.functions.get(own.toLowerCase());
      if (known !== undefined && !former?.functions.includes(known)) {
        throw new ScriptError(`ERR Function ${own} already exists`);
      }
    }
    if (former !== undefined) this.remove(former);
    this.scripts.runWhole('function', () => this.scripts.machine('function').start('take', name));
    this.libraries.set(name, { name, code: code.slice(), functions });
    for (const entry of functions) this.functions.set(entry.name.toLowerCase(), entry);
    return name;
  }

  delete(name: string): boolean {
    this.readStored();
    const library = this.libraries.get(name);
    if (library !== undefined) this.remove(library);
    return library !== undefined;
  }

  flush(): void {
    this.restore([]);
  }

  /** Loads all of `codes`, or none: then it throws. */
  loadAll(codes: readonly Uint8Array[], isReplacing: boolean, isFlushing: boolean): void {
    const before = this.codes();
    this.readStored();
    try {
      if (isFlushing) this.flush();
      for (const code of codes) {
        const { name } = parseLibrary(code);
        if (!isReplacing && this.libraries.has(name)) {
          throw new ScriptError(`ERR Library ${name} already exists`);
        }
        this.load(code, isReplacing);
      }
    } catch (error) {
      this.restore(before);
      throw error;
    }
  }

  /** A new machine is told all functions. */
  reload(machine: ScriptMachine): void {
    for (const { name, code } of this.libraries.values()) {
      this.register(machine, name, parseLibrary(code).source);
      this.scripts.runWhole('function', () => machine.start('take', name));
    }
  }

  private readStored(): void {
    const codes = this.stored;
    this.stored = [];
    for (const code of codes) this.load(code, true);
  }

  private remove(library: Library): void {
    this.libraries.delete(library.name);
    for (const { name } of library.functions) {
      this.functions.delete(name.toLowerCase());
      this.scripts.runWhole('function', () => this.scripts.machine('function').start('drop', name));
    }
  }

  private register(machine: ScriptMachine, name: string, source: Uint8Array): LibraryFunction[] {
    const reply = this.scripts.runWhole('function', () => machine.start('load', name, { source }));
    if (reply[0] === 0x2d) throw new ScriptError(decoder.decode(reply.subarray(1, -2)));
    return functionsOf(reply);
  }
}

/** From `[[name, description, [flag, ...]], ...]`. */
function functionsOf(reply: Uint8Array): LibraryFunction[] {
  const decoding = new ReplyDecoder();
  decoding.feed(reply);
  if (!decoding.next()) throw new Error('the list of functions is not whole');
  const list = decoding.value as [string, string | null, string[]][];
  return list.map(([name, description, flags]) => ({ name, description, flags }));
}
