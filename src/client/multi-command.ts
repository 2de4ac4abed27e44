/**
 * Commands that are collected and leave together, as a transaction or as a pipeline:
 *
 *     const [, value] = await client.multi().set('k', 'v').get('k').exec();
 *
 * The methods are put on by command-methods.ts.
 */
import { MultiErrorReply, ReplyError, WatchError } from '../resp/errors.js';
import type { Argument } from '../resp/request-writer.js';
import type { RedisArgument, Transform, TypeMapping } from './redis-commands.js';

export interface QueuedCommand {
  readonly args: readonly Argument[];
  readonly transform?: Transform | undefined;
  readonly preserve?: unknown;
}

/** What executes them. */
export interface MultiExecutor {
  /** Sends commands as one batch; errors are among the replies. */
  pipeline(commands: readonly (readonly Argument[])[]): Promise<unknown[]>;
  /** Throws if what was watched may have changed unseen; ends watching. */
  endWatch(): void;
  /** The commands selected a database. */
  selected(database: number): void;
  readonly typeMapping: TypeMapping | undefined;
  readonly keyPrefix: RedisArgument | undefined;
}

export class MultiCommand {
  /** @internal */
  readonly _executor: MultiExecutor;
  /** @internal Scripts whose text has been sent: their digest is enough from then on. */
  readonly _scripts = new Set<string>();
  private _queue: QueuedCommand[] = [];
  private _database: number | undefined;

  constructor(executor: MultiExecutor) {
    this._executor = executor;
  }

  select(database: number, transform?: Transform): this {
    this._database = database;
    return this.addCommand(['SELECT', String(database)], transform);
  }

  SELECT(database: number, transform?: Transform): this {
    return this.select(database, transform);
  }

  addCommand(args: readonly RedisArgument[], transform?: Transform): this {
    this._queue.push({
      args,
      transform,
      preserve: (args as { readonly preserve?: unknown }).preserve,
    });
    return this;
  }

  sendCommand(args: readonly RedisArgument[]): this {
    return this.addCommand([...args]);
  }

  /** Forgets what was collected. Nothing of it has been sent. */
  discard(): this {
    this._queue = [];
    this._database = undefined;
    return this;
  }

  /** As a transaction: all of it or, if a watched key has changed, nothing and a WatchError. */
  async exec(execAsPipeline = false): Promise<unknown[]> {
    if (execAsPipeline) return this.execAsPipeline();
    const { _queue: queue } = this;
    this._executor.endWatch();
    const requests = [['MULTI'], ...queue.map(({ args }) => args), ['EXEC']];
    const replies = await this._executor.pipeline(requests);
    const failure = replies.find((reply) => reply instanceof ReplyError);
    if (failure !== undefined) throw failure;
    const results = replies.at(-1);
    if (results === null) throw new WatchError();
    return this._finish(queue, results as unknown[]);
  }

  EXEC(execAsPipeline?: boolean): Promise<unknown[]> {
    return this.exec(execAsPipeline);
  }

  execTyped(execAsPipeline?: boolean): Promise<unknown[]> {
    return this.exec(execAsPipeline);
  }

  /** One message, but other clients' commands may come in between. The first error rejects. */
  async execAsPipeline(): Promise<unknown[]> {
    const { _queue: queue } = this;
    if (queue.length === 0) return [];
    const replies = await this._executor.pipeline(queue.map(({ args }) => args));
    const failure = replies.find((reply) => reply instanceof ReplyError);
    if (failure !== undefined) throw failure;
    return this._finish(queue, replies);
  }

  execAsPipelineTyped(): Promise<unknown[]> {
    return this.execAsPipeline();
  }

  private _finish(queue: readonly QueuedCommand[], replies: readonly unknown[]): unknown[] {
    if (this._database !== undefined) this._executor.selected(this._database);
    const failed: number[] = [];
    const results = replies.map((reply, index) => {
      if (reply instanceof ReplyError) {
        failed.push(index);
        return reply;
      }
      const { transform, preserve } = queue[index] ?? {};
      return transform ? transform(reply, preserve, this._executor.typeMapping) : reply;
    });
    if (failed.length > 0) throw new MultiErrorReply(results, failed);
    return results;
  }
}
