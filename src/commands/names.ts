/**
 * What commands are called by. That is their name, until `rename-command` gives them another or
 * none. Everything but the way from a name to a command goes on by the name in the table: errors,
 * statistics, access rules, COMMAND.
 */
import { asciiText } from './ascii.js';
import type { CommandRow } from './row.js';
import { COMMANDS, findCommand } from './table.js';

/** No command can have a longer name. */
const NAME_LENGTH_MAX = 128;

export class CommandNames {
  private readonly callable = new Map<string, CommandRow>();

  constructor() {
    for (const row of COMMANDS) if (row.parent < 0) this.callable.set(row.name, row);
  }

  /** The commands that can be called, without their subcommands. */
  get rows(): CommandRow[] {
    return [...this.callable.values()];
  }

  /** Whether a command or a subcommand can be called. */
  has(row: CommandRow): boolean {
    const container = row.parent < 0 ? row : COMMANDS[row.parent];
    return container !== undefined && this.rows.includes(container);
  }

  /** The row of a command (`get`) or subcommand (`object|encoding`), in any case. */
  find(name: string): CommandRow | undefined {
    const [first = '', second, ...more] = name.toLowerCase().split('|');
    const row = this.callable.get(first);
    if (row === undefined || second === undefined) return row;
    return more.length > 0 ? undefined : findCommand(`${row.name}|${second}`);
  }

  /** The row that a command line calls: of a container with an argument, the subcommand's. */
  ofLine(args: readonly Uint8Array[]): CommandRow | undefined {
    const [name, subname] = args.slice(0, 2).map(asciiText);
    if (name === undefined || name.includes('|')) return undefined;
    const row = this.find(name);
    if (!row || row.subcommands.length === 0 || subname === undefined) return row;
    return subname.includes('|') ? undefined : findCommand(`${row.name}|${subname}`);
  }

  /** Gives a command another name, or none. The command, or why that is not possible. */
  rename(from: string, to: string): CommandRow | string {
    const row = this.callable.get(from.toLowerCase());
    if (row === undefined) return 'No such command in rename-command';
    if (to.length > NAME_LENGTH_MAX) return `a name has at most ${NAME_LENGTH_MAX} bytes`;
    this.callable.delete(from.toLowerCase());
    if (to === '') return row;
    if (this.callable.has(to.toLowerCase())) return 'Target command name already exists';
    this.callable.set(to.toLowerCase(), row);
    return row;
  }
}
