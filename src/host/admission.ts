/**
 * Admission: what becomes of a command that is about to be executed, in the order in which Redis
 * asks. Most sessions need none of it, and their batches run without a look at each command.
 */
import { CommandFlag } from '../commands/flags.js';
import type { CommandRow } from '../commands/row.js';
import { COMMANDS } from '../commands/table.js';
import { subscriberRefusal } from './commands/pubsub.js';
import type { Host } from './host.js';
import { flagsOfCall } from './scripts/declared-flags.js';
import type { Session } from './session.js';

export enum Verdict {
  Run = 0,
  /** `Admission.refusal` is the error. */
  Refuse = 1,
  /** It waits for EXEC. */
  Queue = 2,
  /** It waits until the store goes on; so does what follows it. */
  Postpone = 3,
}

type Arguments = () => readonly Uint8Array[];

const NOAUTH = 'NOAUTH Authentication required.';
const NOT_IN_MULTI = 'ERR Command not allowed inside a transaction';

/** These act on the transaction itself, or end it. */
const NEVER_QUEUED = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset']);

const EXEC = COMMANDS.findIndex((row) => row.name === 'exec');
const PING = COMMANDS.findIndex((row) => row.name === 'ping');

export class Admission {
  /** Why the last command was refused. */
  refusal = '';

  constructor(private readonly host: Host) {}

  /** Whether each command of the session has to be looked at. */
  mustLook(session: Session): boolean {
    return session.mustStep || this.host.mustStep;
  }

  /** For a command that came from a client; `args` are only read if they are needed. */
  verdict(session: Session, row: CommandRow, args: Arguments): Verdict {
    const flags = this.flagsOf(session, row, args);
    const refusal = this.refusalOf(session, row, flags, args);
    if (refusal !== null) {
      this.refusal = refusal;
      return Verdict.Refuse;
    }
    if (this.host.pauses.postpones(flags)) return Verdict.Postpone;
    if (!this.isQueued(session, row)) return Verdict.Run;
    return this.awaitsLua(session, row) ? Verdict.Postpone : Verdict.Queue;
  }

  /** For a command of a transaction that is being executed, of a script, of a blocked client. */
  nested(session: Session, row: CommandRow, args: Arguments): Verdict {
    if (session.executing === null || session.user.isUnlimited) return Verdict.Run;
    const refusal = this.host.acl.refusalInTransaction(session, row, args());
    this.refusal = refusal ?? '';
    return refusal === null ? Verdict.Run : Verdict.Refuse;
  }

  /** What the command does; EXEC does what was queued. */
  private flagsOf({ transaction }: Session, row: CommandRow, args: Arguments): number {
    if (row.id === EXEC && transaction !== null) return transaction.flags;
    return flagsOfCall(this.host, row, args);
  }

  private refusalOf(
    session: Session,
    row: CommandRow,
    flags: number,
    args: Arguments,
  ): string | null {
    const { host } = this;
    const { transaction, user } = session;
    if ((row.flags & CommandFlag.NO_AUTH) === 0 && host.acl.isStranger(session)) return NOAUTH;
    if (transaction !== null && row.flags & CommandFlag.NO_MULTI) return NOT_IN_MULTI;
    const denial = user.isUnlimited ? null : host.acl.refusal(session, row, args());
    if (denial !== null) return denial;
    const { persistence } = host;
    return (
      (row.id === PING ? persistence.refusalOfPing : persistence.refusalOf(flags)) ??
      subscriberRefusal(session, row) ??
      host.monitors.refusal(session, row) ??
      this.busyRefusal(row)
    );
  }

  /** While a script takes long. */
  private busyRefusal(row: CommandRow): string | null {
    return row.flags & CommandFlag.ALLOW_BUSY ? null : this.host.scripts.refusal;
  }

  /** EXEC cannot wait for lua.wasm: so a script is queued when that is there. */
  private awaitsLua(session: Session, row: CommandRow): boolean {
    const { scripts } = this.host;
    if (row.group !== 'scripting' || !scripts.isToCome) return false;
    const goOn = () => this.host.resume(session);
    scripts.load().then(goOn, goOn);
    return true;
  }

  private isQueued(session: Session, row: CommandRow): boolean {
    return session.transaction !== null && !NEVER_QUEUED.has(row.name);
  }
}
