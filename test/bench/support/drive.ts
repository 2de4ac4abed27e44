/**
 * Drives an engine as a host does: a batch is copied into the core's input, executed, and the
 * replies are copied out into a buffer that is used again.
 */
import { type Engine, StopReason } from '../../../src/engine/engine.js';

export interface Measured {
  readonly commands: number;
  readonly milliseconds: number;
}

/** Batches that are gone through in turn, run after run. */
export interface Workload {
  readonly batches: readonly Uint8Array[];
  readonly commandsPerBatch: number;
  next: number;
}

/** How many commands pass between two looks at the clock. */
const COMMANDS_PER_LOOK = 4000;

export class Driver {
  readonly engine: Engine;
  private reply = new Uint8Array(1 << 20);
  private replyLength = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Executes one batch; returns the replies, which are valid until the next. */
  execute(request: Uint8Array, database = 0): Uint8Array {
    const { engine } = this;
    this.replyLength = 0;
    engine.input(request.length).set(request);
    engine.begin(request.length);
    let reason = engine.execute(database, 2);
    while (reason === StopReason.OutputFull) {
      this.takeReplies();
      reason = engine.execute(database, 2);
    }
    if (reason !== StopReason.Drained) throw new Error(`the batch stopped: ${StopReason[reason]}`);
    this.takeReplies();
    return this.reply.subarray(0, this.replyLength);
  }

  executeAll(requests: readonly Uint8Array[], database = 0): void {
    for (const request of requests) this.step(request, database);
  }

  /** Goes on with the workload for about so long. */
  runFor(workload: Workload, database: number, milliseconds: number): Measured {
    const { commandsPerBatch } = workload;
    const batchesPerLook = Math.ceil(COMMANDS_PER_LOOK / commandsPerBatch);
    const start = performance.now();
    let commands = 0;
    let elapsed = 0;
    while (elapsed < milliseconds) {
      this.runBatches(workload, database, batchesPerLook);
      commands += batchesPerLook * commandsPerBatch;
      elapsed = performance.now() - start;
    }
    return { commands, milliseconds: elapsed };
  }

  runBatches(workload: Workload, database: number, count: number): void {
    const { batches } = workload;
    let { next } = workload;
    for (let done = 0; done < count; done++) {
      this.step(batches[next] as Uint8Array, database);
      if (++next === batches.length) next = 0;
    }
    workload.next = next;
  }

  /** As `execute`, but the caller has no use for the replies. */
  private step(request: Uint8Array, database: number): void {
    const { engine } = this;
    this.replyLength = 0;
    engine.input(request.length).set(request);
    engine.begin(request.length);
    while (engine.execute(database, 2) !== StopReason.Drained) this.takeReplies();
    this.takeReplies();
  }

  private takeReplies(): void {
    const output = this.engine.output();
    const end = this.replyLength + output.length;
    if (end > this.reply.length) this.growReply(end);
    this.reply.set(output, this.replyLength);
    this.replyLength = end;
    this.engine.clearOutput();
  }

  private growReply(length: number): void {
    const grown = new Uint8Array(length * 2);
    grown.set(this.reply);
    this.reply = grown;
  }
}

/** A seed that is always the same: runs can be compared. */
export const SEED = new Uint8Array(16).fill(7);
