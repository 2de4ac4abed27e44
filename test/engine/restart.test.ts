/** What is left of a core that has trapped, and an engine that goes on with another one. */
import { beforeAll, expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/table.js';
import { Engine, isTrap, StopReason } from '../../src/engine/engine.js';
import { trappingCore } from '../support/trapping-core.js';
import { createCore, finish, resp, run } from './core.js';

const COMPILE_MS_MAX = 120_000;
const SEED = new Uint8Array(16).fill(3);
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const SET_AND_TRAP = ['SET a 1', 'LPUSH list x', 'SET b 2'];

beforeAll(trappingCore, COMPILE_MS_MAX);

async function createTrapping(): Promise<Engine> {
  const engine = Engine.create(await trappingCore(), { seed: SEED });
  engine.setTime(1_000_000);
  engine.setEffects(true);
  return engine;
}

/** Puts the lines into the engine as one batch. */
function load(engine: Engine, ...lines: string[]): void {
  const bytes = encoder.encode(lines.map(resp).join(''));
  engine.load(bytes, bytes.length);
}

const lengthOf = (...lines: string[]) => lines.map(resp).join('').length;

/** What a trap has left, as text. */
function sound(engine: Engine): { replies: string; effects: string; consumed: number } {
  return {
    replies: decoder.decode(engine.soundOutput()),
    effects: decoder.decode(engine.soundEffects()),
    consumed: engine.soundConsumed,
  };
}

/** Runs `work`, which must trap. */
function trap(work: () => unknown): void {
  let error: unknown;
  try {
    work();
  } catch (thrown) {
    error = thrown;
  }
  expect(isTrap(error)).toBe(true);
}

const select = resp('SELECT 0');

test('keeps the replies and effects of the commands before the one that trapped', async () => {
  const engine = await createTrapping();
  load(engine, ...SET_AND_TRAP);
  // SET takes an entry, a directory and a bucket; LPUSH takes a list and a node of it.
  for (let steps = 6; ; steps++) {
    engine.configure('trap-after', steps);
    trap(() => engine.execute(0, 2));
    if (engine.soundConsumed > 0) break;
    engine.restart();
    load(engine, ...SET_AND_TRAP);
  }
  expect(sound(engine)).toEqual({
    replies: '+OK\r\n',
    effects: select + resp('SET a 1'),
    consumed: lengthOf('SET a 1'),
  });
  expect(engine.consumed).toBe(lengthOf('SET a 1'));
});

test('counts a batch that is nested in a command to that command', async () => {
  const engine = await createTrapping();
  load(engine, 'SET a 1', 'EXEC', 'SET b 2');
  expect(engine.execute(0, 2)).toBe(StopReason.HostCommand);
  engine.reply(encoder.encode('*2\r\n'));
  trap(() =>
    engine.groupEffects(() =>
      engine.nest(() => {
        load(engine, 'RPUSH list x', 'RPUSH list y');
        expect(engine.execute(0, 2)).toBe(StopReason.Drained);
        engine.nest(() => {
          load(engine, 'SET deep x');
          engine.configure('trap-after', 1);
          engine.execute(0, 2);
        });
      }),
    ),
  );
  expect(sound(engine)).toEqual({
    replies: '+OK\r\n',
    effects: select + resp('SET a 1'),
    consumed: lengthOf('SET a 1'),
  });
});

test('counts a batch that is nested between two commands to neither', async () => {
  const engine = await createTrapping();
  engine.setInterest(0, encoder.encode('list'), true);
  load(engine, 'SET a 1', 'LPUSH list x', 'SET b 2');
  expect(engine.execute(0, 2)).toBe(StopReason.Interest);
  trap(() =>
    engine.nest(() => {
      load(engine, 'SET c 1', 'SET d 1');
      engine.configure('trap-after', 2);
      engine.execute(0, 2);
    }),
  );
  expect(sound(engine)).toEqual({
    replies: '+OK\r\n:1\r\n',
    effects: select + resp('SET a 1') + resp('LPUSH list x'),
    consumed: lengthOf('SET a 1', 'LPUSH list x'),
  });
});

test('leaves out what was taken before', async () => {
  const engine = await createTrapping();
  load(engine, 'SET a 1', 'EXEC');
  engine.execute(0, 2);
  engine.clearOutput();
  engine.clearEffects();
  engine.reply(encoder.encode('*1\r\n'));
  trap(() =>
    engine.nest(() => {
      load(engine, 'SET c 1', 'SET d 1');
      engine.configure('trap-after', 2);
      engine.execute(0, 2);
    }),
  );
  expect(sound(engine)).toEqual({ replies: '', effects: '', consumed: lengthOf('SET a 1') });
});

test('counts what expiry was doing to nothing before', async () => {
  const engine = await createTrapping();
  run(engine, ['SET a 1 PX 10', 'SET b 1 PX 10'].map(resp).join(''));
  run(engine, resp('SET c 1'));
  load(engine, 'SET d 1');
  engine.execute(0, 2);
  engine.setTime(2_000_000);
  engine.configure('trap-after', 2);
  trap(() => engine.tick(1000));
  expect(sound(engine)).toMatchObject({
    replies: '+OK\r\n',
    effects: select + resp('SET d 1'),
  });
});

test('goes on after a restart as one that was configured likewise', async () => {
  const engine = await createTrapping();
  const set = COMMANDS.findIndex(({ name }) => name === 'set');
  engine.configure('hash-max-listpack-entries', 1);
  engine.configure('notifications', 1);
  engine.renameCommand(set, encoder.encode('put'));
  run(engine, resp('PUT a 1'));
  load(engine, 'PUT b 1');
  engine.configure('trap-after', 1);
  trap(() => engine.execute(0, 2));

  engine.restart();
  expect(run(engine, resp('DBSIZE')).replies).toBe(':0\r\n');
  expect(run(engine, resp('SET a 1')).replies).toContain('unknown command');
  expect(run(engine, resp('PUT a 1'))).toMatchObject({
    replies: '+OK\r\n',
    effects: select + resp('set a 1'),
  });
  run(engine, resp('HSET h a 1 b 2'));
  expect(run(engine, resp('OBJECT ENCODING h')).replies).toBe('$9\r\nhashtable\r\n');
  run(engine, resp('DEL h'));
  expect(engine.takeNotifications().map((event) => event.event)).toEqual(['del']);
});

test('keeps its databases, its limit of memory and its clock', async () => {
  const engine = await createCore({ databases: 3, memoryPagesMax: 200 });
  let asked = 0;
  engine.setClock(() => asked++);
  engine.restart(new Uint8Array(16).fill(9));
  asked = 0;
  load(engine, 'KEYS *');
  engine.execute(2, 2);
  expect(finish(engine, StopReason.Drained).replies).toBe('*0\r\n');
  expect(asked).toBeGreaterThan(0);
  expect(() => engine.input(64 << 20)).toThrow('no memory');
});

test('refuses a seed that is too short, and stays as it is', async () => {
  const engine = await createCore();
  run(engine, resp('SET a 1'));
  expect(() => engine.restart(new Uint8Array(8))).toThrow(RangeError);
  expect(run(engine, resp('GET a')).replies).toBe('$1\r\n1\r\n');
});

test('shows nothing of the memory before', async () => {
  const engine = await createCore();
  load(engine, 'PING', 'SET a 1');
  engine.execute(0, 2);
  engine.output();
  engine.restart();
  load(engine, 'ECHO 5678');
  engine.execute(0, 2);
  expect(decoder.decode(engine.output())).toBe('$4\r\n5678\r\n');
});

test('cannot be made to trap in the core that is shipped', async () => {
  const engine = await createCore();
  engine.configure('trap-after', 1);
  expect(run(engine, resp('SET a 1')).replies).toBe('+OK\r\n');
});
