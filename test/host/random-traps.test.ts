/** Commands by chance under which the core breaks by chance (P13). */
import { expect, test } from 'vitest';
import { trappingCore } from '../support/trapping-core.js';
import { KeepingStorage } from './keeping-storage.js';
import { settledFor, trapNext } from './recovery-kit.js';
import { openTestHost } from './test-host.js';

const TRAPPED = '-ERR internal error: the command was undone\r\n';
const TIMEOUT_MS = 240_000;

test(
  'a core breaks hundreds of times, at any step: what was answered is there, and nothing else',
  async () => {
    const module = await trappingCore();
    const config = { save: '' };
    const storage = new KeepingStorage();
    const store = await openTestHost({ storage, config, module });
    const [connection, model] = [store.connect(), (await openTestHost()).connect()];
    let seed = 20261123;
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    let traps = 0;
    for (let round = 0; round < 300; round++) {
      const commands = Array.from({ length: 1 + random(6) }, () => anyCommand(random));
      trapNext(store, 1 + random(40));
      connection.send(...commands);
      await settledFor(connection);
      const answers = splitReplies(connection.take());
      store.host.engine.configure('trap-after', 0);
      expect(answers.length).toBe(commands.length);
      const done = commands.filter((_, at) => `${answers[at]}\r\n` !== TRAPPED);
      traps += commands.length - done.length;
      model.send(...done);
      if (round % 50 === 49 && random(2) === 0) await store.host.persistence.save('base');
    }
    expect(traps).toBeGreaterThan(100);
    expect(connection.send('DEBUG DIGEST')).toBe(model.send('DEBUG DIGEST'));
    storage.sync();
    const next = await openTestHost({ storage: storage.reopened(), config });
    expect(next.connect().send('DEBUG DIGEST')).toBe(model.send('DEBUG DIGEST'));
  },
  TIMEOUT_MS,
);

/** Replies of one line each. */
function splitReplies(text: string): string[] {
  return text.split('\r\n').slice(0, -1);
}

/** A command that writes and that answers with one line. */
function anyCommand(random: (below: number) => number): string {
  const key = `k${random(12)}`;
  const value = 'v'.repeat(1 + random(200));
  const kinds = [
    `SET s${key} ${value}`,
    `APPEND s${key} ${value}`,
    `DEL s${key} l${key}`,
    `RPUSH l${key} ${value} ${value}`,
    `LTRIM l${key} 0 20`,
    `SADD t${key} ${random(1000)} ${random(1000)} ${value}`,
    `SMOVE t${key} tk1 ${random(1000)}`,
    `HSET h${key} f${random(40)} ${value}`,
    `ZADD z${key} ${random(100)} m${random(60)}`,
    `ZUNIONSTORE z${key} 2 zk1 zk2`,
    `RENAME s${key} s${key}`,
    `EXPIRE s${key} 100000`,
    `PFADD p${key} ${random(5000)}`,
    `SETRANGE s${key} ${random(500)} x`,
    `COPY l${key} lk1 REPLACE`,
    `XADD x${key} MAXLEN 5 ${1 + random(3)}-* f v`,
  ];
  return kinds[random(kinds.length - 1)] as string;
}
