/** What is cut off: a store on a directory, in whatever program. Types only. */
import type { Cells, Plan } from './workload.js';
import type { Report } from './writer.js';

export type Mode = 'always' | 'everysec' | 'no';

/** A program that keeps its data in a directory. */
export interface Subject {
  readonly name: string;
  /** Starts it there and reads all data back. */
  open(directory: string, mode: Mode): Promise<Life>;
  /**
   * Resolves when the program begins a new file in the middle of its writes, where it is most easily
   * hurt; undefined if there is no such moment.
   */
  untilTurn?(directory: string): Promise<void>;
  /** What all of its lives have used. */
  close(): Promise<void>;
}

/** From a start to the kill. */
export interface Life {
  readonly cells: Cells;
  /** What opening the store found; null if the program does not say. */
  readonly report: unknown;
  /** Writes until it is killed. */
  begin(plan: Plan, report: Report): void;
  /** Kills all of the program at one blow; resolves when it is dead. */
  kill(): Promise<void>;
}
