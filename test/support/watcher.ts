/**
 * A connection beside those of a transcript, which tells what the others wait for: whether a
 * client is blocked is asked, not waited for.
 */
import type { Connection } from './connection.js';
import { renderReply, shorten } from './render.js';
import type { Store } from './targets.js';

const PATIENCE_MS = 15_000;

export class Watcher {
  private constructor(private readonly connection: Connection) {}

  static async open(store: Store): Promise<Watcher> {
    return new Watcher(await store.connect());
  }

  /** Whatever was sent before has been dealt with, as far as it can be. */
  async roundTrip(): Promise<void> {
    await this.connection.send('PING');
  }

  /** Resolves when the client is blocked; fails if it is answered instead. */
  untilBlocked(connection: Connection, id: string): Promise<void> {
    return this.until(`client ${id} is blocked`, async () => {
      const [early] = connection.surplus();
      if (early !== undefined) {
        throw new Error(`did not block: ${shorten(renderReply(early.tree))}`);
      }
      return / flags=\w*b/.test(await this.describe(id));
    });
  }

  /** Waits until the store knows of none of these clients. */
  async untilGone(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.until(`client ${id} is gone`, async () => (await this.describe(id)) === '');
    }
  }

  close(): void {
    this.connection.close();
  }

  private async describe(id: string): Promise<string> {
    const { tree } = await this.connection.send('CLIENT', 'LIST', 'ID', id);
    return tree.text ?? '';
  }

  private async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await isSo())) {
      if (performance.now() > deadline) throw new Error(`it did not come about that ${what}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
