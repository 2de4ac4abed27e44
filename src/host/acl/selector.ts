/**
 * A selector: a set of permissions, for commands, keys and channels. Each user has a first one,
 * and may have more: what any of them allows as a whole is allowed.
 *
 * Patterns and arguments are text of one character a byte (binary-text.ts).
 */
import type { CommandRow } from '../../commands/row.js';
import { COMMANDS } from '../../commands/table.js';

/** What a key pattern allows. */
export enum KeyAccess {
  READ = 1,
  WRITE = 2,
}

export const READ_AND_WRITE = KeyAccess.READ | KeyAccess.WRITE;

export interface KeyPattern {
  readonly pattern: string;
  /** Bits of KeyAccess. */
  access: number;
}

export class Selector {
  /** `~*`: also keys that no pattern can be added to. */
  allKeys = false;
  allChannels: boolean;
  /** Begins with all commands, also those that do not exist yet: so it is described. */
  fromAll = false;
  /** 1 for each command that is allowed, by id. */
  commands = new Uint8Array(COMMANDS.length);
  /** First arguments with which a command is allowed that otherwise is not, by id. */
  firstArguments = new Map<number, string[]>();
  keys: KeyPattern[] = [];
  channels: string[] = [];

  constructor(allChannels: boolean) {
    this.allChannels = allChannels;
  }

  clone(): Selector {
    const copy = new Selector(this.allChannels);
    copy.allKeys = this.allKeys;
    copy.fromAll = this.fromAll;
    copy.commands = this.commands.slice();
    copy.keys = this.keys.map((key) => ({ ...key }));
    copy.channels = [...this.channels];
    for (const [id, words] of this.firstArguments) copy.firstArguments.set(id, [...words]);
    return copy;
  }

  /** Nothing is refused by it. */
  get isUnlimited(): boolean {
    return this.allKeys && this.allChannels && this.commands.every((bit) => bit === 1);
  }

  allows(id: number): boolean {
    return this.commands[id] === 1;
  }

  setAllCommands(allowed: boolean): void {
    this.fromAll = allowed;
    this.commands.fill(allowed ? 1 : 0);
    this.firstArguments.clear();
  }

  /** A command with its subcommands, or a subcommand. */
  setCommand(row: CommandRow, allowed: boolean): void {
    const bit = allowed ? 1 : 0;
    this.commands[row.id] = bit;
    this.firstArguments.delete(row.id);
    for (const id of row.subcommands) this.commands[id] = bit;
  }

  setCategory(category: string, allowed: boolean): void {
    for (const row of COMMANDS) {
      if (row.acl.some((name) => name === category)) this.setCommand(row, allowed);
    }
  }

  allowFirstArgument(row: CommandRow, argument: string): void {
    const words = this.firstArguments.get(row.id) ?? [];
    const known = words.some((word) => word.toLowerCase() === argument.toLowerCase());
    if (!known) words.push(argument);
    this.firstArguments.set(row.id, words);
  }

  addKeyPattern(pattern: string, access: number): void {
    const known = this.keys.find((key) => key.pattern === pattern);
    if (known) known.access |= access;
    else this.keys.push({ pattern, access });
  }

  addChannel(pattern: string): void {
    if (!this.channels.includes(pattern)) this.channels.push(pattern);
  }

  setAllKeys(allowed: boolean): void {
    this.allKeys = allowed;
    this.keys = [];
  }

  setAllChannels(allowed: boolean): void {
    this.allChannels = allowed;
    this.channels = [];
  }
}
