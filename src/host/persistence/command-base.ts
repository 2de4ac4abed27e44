/**
 * A snapshot as commands, for `aof-use-rdb-preamble no`. The RDB file is read into an engine of its
 * own, and what that holds is written key by key:
 *
 *   FUNCTION LOAD code ...
 *   SELECT 0   RESTORE key 0 payload   RESTORE key 1700000000000 payload ABSTTL ...
 */
import { COMMANDS } from '../../commands/table.js';
import { type Engine, StopReason } from '../../engine/engine.js';
import { ReplyDecoder } from '../../resp/reply-decoder.js';
import { ReplyType } from '../../resp/reply-type.js';
import { type Argument, RequestWriter } from '../../resp/request-writer.js';
import { nextTurn } from '../next-turn.js';
import { countKeys } from './replay.js';
import type { SnapshotTarget } from './snapshots.js';

const KEYS_A_TURN = 100;

/** A target for the slices of an RDB file that writes commands to another one. */
export function withCommands(
  target: SnapshotTarget,
  engine: Engine,
  databases: number,
): SnapshotTarget {
  const copy = engine.another();
  copy.configure('databases', databases);
  copy.configure('loading', 1);
  copy.loadBegin();
  return {
    ...target,
    write: (bytes) => copy.loadNext(bytes),
    async commit() {
      for (const { kind, value } of copy.loadEnd()) {
        if (kind === 'functions') await target.write(request(['FUNCTION', 'LOAD', value]));
      }
      for (let database = 0; database < databases; database++) {
        if (copy.statistics().keys(database) > 0) await writeDatabase(copy, database, target);
      }
      if (countKeys(copy, databases) === 0) await target.write(request(['SELECT', '0']));
      await target.commit?.();
    },
  };
}

async function writeDatabase(
  engine: Engine,
  database: number,
  { write }: SnapshotTarget,
): Promise<void> {
  const ask = (...words: Argument[]) => answer(engine, database, words);
  await write(request(['SELECT', String(database)]));
  let cursor: Argument = '0';
  do {
    const reply = ask('SCAN', cursor, 'COUNT', String(KEYS_A_TURN)) as [Uint8Array, Uint8Array[]];
    cursor = new TextDecoder().decode(reply[0]);
    const writer = new RequestWriter();
    for (const key of reply[1]) {
      const payload = ask('DUMP', key) as Uint8Array;
      const deadline = String(ask('PEXPIRETIME', key));
      if (deadline === '-1') writer.command(['RESTORE', key, '0', payload]);
      else writer.command(['RESTORE', key, deadline, payload, 'ABSTTL']);
    }
    if (writer.length > 0) await write(writer.bytes.slice(0, writer.length));
    await nextTurn();
  } while (cursor !== '0');
}

/** What a command of the core answers. */
function answer(engine: Engine, database: number, words: readonly Argument[]): unknown {
  const bytes = request(words);
  engine.load(bytes, bytes.length);
  const decoder = new ReplyDecoder();
  for (let reason = StopReason.OutputFull; reason !== StopReason.Drained; ) {
    reason = engine.execute(database, 2);
    // A reply that is long stops the core although it is whole.
    if (reason !== StopReason.Drained && reason !== StopReason.OutputFull) {
      throw new Error(`${COMMANDS[engine.commandId]?.name} has stopped: ${StopReason[reason]}`);
    }
    decoder.feed(engine.output().slice());
    engine.clearOutput();
  }
  if (!decoder.next({ [ReplyType.BulkString]: Uint8Array }))
    throw new Error('a reply is not whole');
  return decoder.value;
}

function request(words: readonly Argument[]): Uint8Array {
  const writer = new RequestWriter();
  writer.command(words);
  return writer.bytes.slice(0, writer.length);
}
