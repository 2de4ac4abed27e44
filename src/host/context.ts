/** What a host command is given. Handlers are functions in src/host/commands/, one file a family. */
import type { ReplyWriter } from '../resp/reply-writer.js';
import type { Host } from './host.js';
import type { Session } from './session.js';

export interface CommandContext {
  readonly host: Host;
  readonly session: Session;
  /** All arguments; 0 is the command's name, for a subcommand 1 is the subcommand's. */
  readonly args: readonly Uint8Array[];
  /** An argument as text. */
  text(index: number): string;
  /** The reply goes here. HELLO changes its protocol. */
  readonly reply: ReplyWriter;
  /** Unix time in ms, the same for the whole batch. */
  readonly now: number;
  /** Inside EXEC or a script: nothing can wait. */
  readonly isNested: boolean;
  /** An error reply, counted in INFO's errorstats. `text` begins with its code word. */
  fail(text: string): void;
  /** As `fail`, with an argument or other bytes in the middle of the text, byte for byte. */
  failQuoting(before: string, quoted: number | Uint8Array, after: string): void;
  /**
   * Holds this session's further requests until `work` is done, then calls `reply`. What was
   * answered before leaves at once.
   */
  wait(work: Promise<void>, reply: (failure: unknown) => void): void;
}

export type Handler = (context: CommandContext) => void;
/** Handlers by the name of their row in src/commands/table.ts. */
export type Handlers = Readonly<Record<string, Handler>>;

export const SYNTAX_ERROR = 'ERR syntax error';
export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range';
