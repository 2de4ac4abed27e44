/**
 * What the journal says about libraries of functions. It holds three commands, with the names
 * that were asked for checked already:
 *
 *   FUNCTION LOAD REPLACE code    FUNCTION DELETE name    FUNCTION FLUSH
 */
import { COMMANDS } from '../../commands/table.js';
import { parseLibrary } from './shebang.js';

const idOf = (name: string) => COMMANDS.findIndex((row) => row.name === name);
const LOAD = idOf('function|load');
const DELETE = idOf('function|delete');
const FLUSH = idOf('function|flush');
const decoder = new TextDecoder();

export class LibraryReplay {
  private readonly libraries = new Map<string, Uint8Array>();

  /** False if the command is none of them. */
  follow(id: number, args: readonly Uint8Array[]): boolean {
    const last = args[args.length - 1];
    if (last === undefined) return false;
    if (id === LOAD) this.load(last);
    else if (id === DELETE) this.libraries.delete(decoder.decode(last));
    else if (id === FLUSH) this.libraries.clear();
    else return false;
    return true;
  }

  /** A library of a snapshot. */
  load(code: Uint8Array): void {
    this.libraries.set(parseLibrary(code).name, code.slice());
  }

  codes(): Uint8Array[] {
    return [...this.libraries.values()];
  }
}
