/**
 * Holds replies until the system has what they tell of, as redis-server writes its append only file
 * before it answers: then a process that is killed loses nothing that was answered, though the disk may
 * not have it yet. Where there are many sockets, all of one turn of Node's loop wait for one write.
 */
import type { Socket } from 'node:net';
import type { Handover } from '../storage/storage.js';

/** So few sockets do not gain by waiting for the end of the turn. */
const FEW = 2;
const NOTHING = () => {};

export class ReplyGate {
  /** Corked, and what is to follow on their replies. */
  private readonly held = new Map<Socket, 'goes on' | 'ends'>();
  private isTurnNoted = false;

  constructor(
    private readonly handover: Handover | undefined,
    /** How many sockets there are. */
    private readonly count: () => number,
  ) {}

  /** What is written to `socket` from now on waits, if it has to. */
  beforeWrite(socket: Socket): void {
    const { handover } = this;
    if (handover?.isDue !== true || socket.writableCorked > 0) return;
    if (this.count() <= FEW) {
      handover.run(NOTHING);
      if (!handover.isDue) return;
    }
    socket.cork();
    this.held.set(socket, 'goes on');
    if (this.isTurnNoted) return;
    this.isTurnNoted = true;
    setImmediate(this.endOfTurn);
  }

  /** Ends `socket` behind what was written to it. */
  end(socket: Socket): void {
    if (socket.writableCorked > 0) this.held.set(socket, 'ends');
    else socket.destroySoon();
  }

  private readonly endOfTurn = () => {
    this.isTurnNoted = false;
    this.handover?.run(this.release);
  };

  private readonly release = () => {
    const held = [...this.held];
    this.held.clear();
    for (const [socket, what] of held) {
      socket.uncork();
      if (what === 'ends') socket.destroySoon();
    }
  };
}
