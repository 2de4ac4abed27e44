/**
 * A session: what the store knows of one connection. Bytes come in through `Host.receive`,
 * replies leave through the sink, in order.
 */
import type { Protocol } from '../resp/reply-writer.js';
import type { User } from './acl/user.js';
import type { Blocked } from './blocked.js';
import { InputBuffer } from './input-buffer.js';
import type { KeyOfInterest } from './interests.js';
import { noSubscriptions } from './pubsub.js';
import { mustBeSeen, type TrackingState } from './tracking-state.js';
import type { Transaction } from './transaction.js';

export interface ReplySink {
  /** `bytes` are only valid during the call. */
  write(bytes: Uint8Array): void;
  /** Closes the connection after what was written. */
  end(): void;
  /** Closes it at once: what waits is not sent. Without it, `end` has to do. */
  abort?(): void;
  /** Bytes that were written and that the other side has not taken yet, where that is known. */
  readonly pendingBytes?: number;
  /** True while the other side does not take what was written: then a batch is interrupted. */
  readonly congested?: boolean;
}

export interface ConnectionFacts {
  /** As CLIENT LIST shows it: `127.0.0.1:50123`, `[::1]:50123`. */
  readonly address: string;
  readonly localAddress: string;
  readonly kind: 'tcp' | 'unix' | 'inline' | 'worker';
  /** A file descriptor, for CLIENT LIST. */
  readonly descriptor?: number;
}

/** There are no replicas, and there is no master. */
export type ClientKind = 'normal' | 'pubsub';

/** Which replies of a session are sent (CLIENT REPLY). */
export type ReplyMode = 'on' | 'off';

export class Session {
  database = 0;
  protocol: Protocol = 2;
  name = '';
  authenticated = true;
  /** When it was last nobody in particular: at its beginning, or at RESET. */
  welcomedAt = 0;
  /** Wrong passwords that it has given. */
  failedLogins = 0;
  replyMode: ReplyMode = 'on';
  /** Replies still to be swallowed (CLIENT REPLY SKIP). */
  skipReplies = 0;
  /** Client eviction spares it. */
  noEvict = false;
  /** Its commands leave no trace in the access clocks of keys. */
  noTouch = false;
  /** What it says of the library that it uses (CLIENT SETINFO). */
  readonly library = { name: '', version: '' };
  /** Of the session of scripts: whose script it is that runs, or ran last. */
  caller: Session | null = null;
  /** It sees the commands of all others (MONITOR). */
  isMonitor = false;
  /** What MULTI has queued, until EXEC or DISCARD. */
  transaction: Transaction | null = null;
  /** What it had queued and what is being executed. */
  executing: Transaction | null = null;
  /** The keys of WATCH, by their ids. */
  readonly watched = new Map<string, KeyOfInterest>();
  /** One of them was touched. */
  isDirty = false;
  /** What it waits for, if it does. */
  blocked: Blocked | null = null;
  /** What it wants to know for a cache of its own (CLIENT TRACKING). */
  tracking: TrackingState | null = null;
  readonly subscriptions = noSubscriptions();
  /** Request bytes that are not executed yet. */
  readonly input = new InputBuffer();
  /** Replies are waiting for storage: the later ones have to queue behind them. */
  heldReplies = 0;
  /** How many bytes they are. */
  heldBytes = 0;
  /** Its remaining requests wait for something (a timer, storage, a full socket). */
  suspended = false;
  /** That something is the store itself; the command at hand has to be looked at again. */
  isPostponed = false;
  /** That something is its own sink, which was full. */
  congested = false;
  /** No more request bytes will come: it ends after those that are there. */
  inputEnded = false;
  /** No request is executed any more; the connection is going away. */
  closing = false;
  /** Gone from the list of sessions. */
  closed = false;
  lastInteraction: number;
  /** Since when it leaves more unread than the soft limit; NaN if it does not. Monotonic. */
  softLimitSince = Number.NaN;
  /** Index into COMMANDS, or -1. */
  lastCommand = -1;

  constructor(
    readonly id: number,
    readonly sink: ReplySink,
    readonly about: ConnectionFacts,
    readonly createdAt: number,
    /** Whose rights it has. */
    public user: User,
  ) {
    this.lastInteraction = createdAt;
  }

  /** Whether each of its commands has to be looked at before it runs. */
  get mustStep(): boolean {
    return (
      !this.user.isUnlimited ||
      !this.authenticated ||
      this.transaction !== null ||
      this.isMonitor ||
      this.isTracked ||
      (this.protocol === 2 && this.isSubscriber)
    );
  }

  /** Its class for limits and CLIENT LIST TYPE. */
  get kind(): ClientKind {
    return this.isSubscriber ? 'pubsub' : 'normal';
  }

  /** Whether what it reads may have to be remembered. */
  private get isTracked(): boolean {
    const tracking = (this.caller ?? this).tracking;
    return tracking !== null && mustBeSeen(tracking);
  }

  /** Whether it waits for messages (pub/sub). */
  get isSubscriber(): boolean {
    const { channels, patterns, shards } = this.subscriptions;
    return channels.size > 0 || patterns.size > 0 || shards.size > 0;
  }

  /** Whether it comes by a socket, from another program. */
  get isForeign(): boolean {
    return this.about.kind === 'tcp' || this.about.kind === 'unix';
  }

  /** Whether it comes from this machine: what `local` of enable-debug-command means. */
  get isLocal(): boolean {
    return this.about.kind !== 'tcp' || isLoopback(this.about.address);
  }
}

/** Whether `address` (with a port) is one of this machine's own. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address.startsWith('[::1]');
}
