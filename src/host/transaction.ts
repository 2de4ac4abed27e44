/** What a session has queued since MULTI: requests, ready to be executed as one batch. */
import { RequestWriter } from '../resp/request-writer.js';

export class Transaction {
  /** Number of commands. */
  count = 0;
  /** The flags that any of the commands has, bits of CommandFlag. */
  flags = 0;
  /** A command could not be queued: EXEC will be refused. */
  hasFailed = false;
  private readonly writer = new RequestWriter(0);

  queue(flags: number, args: readonly Uint8Array[]): void {
    this.writer.command(args);
    this.flags |= flags;
    this.count++;
  }

  /** The requests, one after the other. */
  get requests(): Uint8Array {
    return this.writer.bytes.subarray(0, this.writer.length);
  }

  /** Bytes that the queue takes. */
  get memory(): number {
    return this.writer.bytes.length;
  }
}
