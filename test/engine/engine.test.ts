/** The boundary of the core: where a batch stops, what is propagated, what a refusal leaves. */
import { beforeEach, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/table.js';
import { type Engine, EngineMemoryError, StopReason } from '../../src/engine/engine.js';
import { KeyEvent } from '../../src/engine/touched-keys.js';
import { createCore, finish, propagated, resp, run } from './core.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
let engine: Engine;

beforeEach(async () => {
  engine = await createCore();
});

describe('a batch', () => {
  test('is drained up to its last whole command', () => {
    const whole = resp('SET k v') + resp('GET k');
    const { reason, replies } = run(engine, `${whole}*2\r\n$3\r\nGET\r\n$10\r\nabc`);
    expect([reason, replies]).toEqual([StopReason.Drained, '+OK\r\n$1\r\nv\r\n']);
    expect(engine.consumed).toBe(whole.length);
    expect(engine.missing).toBe(9);
  });

  test('stops at a command of the host and goes on behind it', () => {
    const { reason, replies } = run(
      engine,
      resp('PING') + resp('CLIENT SETNAME me') + resp('PING'),
    );
    expect([reason, replies]).toEqual([StopReason.HostCommand, '+PONG\r\n']);
    expect(COMMANDS[engine.commandId]?.name).toBe('client|setname');
    expect(engine.argumentCount).toBe(3);
    expect(engine.argument(2)).toEqual(encoder.encode('me'));
    engine.reply(encoder.encode('+OK\r\n'));
    expect(finish(engine, engine.execute(0, 2)).replies).toBe('+OK\r\n+PONG\r\n');
  });

  test('of a hundred commands answers in order, whatever window they fall into', () => {
    const lines = Array.from({ length: 100 }, (_, index) => resp(`INCRBY k${index % 7} ${index}`));
    const expected = new Map<number, number>();
    const replies = lines.map((_, index) => {
      expected.set(index % 7, (expected.get(index % 7) ?? 0) + index);
      return `:${expected.get(index % 7)}\r\n`;
    });
    expect(run(engine, lines.join('')).replies).toBe(replies.join(''));
  });

  test('stops when the replies should be taken', () => {
    run(engine, resp(`SET big ${'x'.repeat(100_000)}`));
    const { reason, replies } = run(engine, resp('GET big').repeat(100));
    expect(reason).toBe(StopReason.OutputFull);
    expect(replies.length).toBeLessThan(100 * 100_000);
    let total = replies.length;
    let next = finish(engine, engine.execute(0, 2));
    while (next.reason === StopReason.OutputFull) {
      total += next.replies.length;
      next = finish(engine, engine.execute(0, 2));
    }
    expect(total + next.replies.length).toBe(100 * (100_000 + '$100000\r\n\r\n'.length));
  });

  test('of refused commands stops for its replies as well', () => {
    const { reason } = run(engine, resp(`NOPE${'e'.repeat(100)}`).repeat(5000));
    expect(reason).toBe(StopReason.OutputFull);
  });

  test('can be stepped through', () => {
    const batch = encoder.encode(resp('SET k v') + resp('NOPE') + resp('GET k'));
    engine.input(batch.length).set(batch);
    engine.begin(batch.length);
    expect(engine.execute(0, 2, true)).toBe(StopReason.Stepped);
    expect(COMMANDS[engine.commandId]?.name).toBe('set');
    expect(engine.runStepped()).toBe(StopReason.Drained);
    expect(engine.execute(0, 2, true)).toBe(StopReason.Refused);
    expect(engine.execute(0, 2, true)).toBe(StopReason.Stepped);
    expect(COMMANDS[engine.commandId]?.name).toBe('get');
    expect(finish(engine, engine.runStepped()).replies).toMatch(
      /^\+OK\r\n-ERR unknown .*\r\n\$1\r\nv\r\n$/,
    );
  });

  test('can be put aside for others, which come between its commands', () => {
    const load = (text: string) => {
      const bytes = encoder.encode(text);
      engine.load(bytes, bytes.length);
    };
    load(`${resp('SET k v')}${resp('EXEC')}${resp('GET k')}`);
    expect(engine.execute(0, 2)).toBe(StopReason.HostCommand);
    const before = engine.output().length;
    engine.nest(() => {
      load(resp('EXEC'));
      expect(engine.execute(0, 2)).toBe(StopReason.HostCommand);
      engine.nest(() => {
        load(`${resp('APPEND k w')}${resp('INCR k')}`);
        expect(engine.execute(0, 2)).toBe(StopReason.Drained);
      });
      expect(engine.execute(0, 2)).toBe(StopReason.Drained);
    });
    const inner = decoder.decode(engine.takeOutput(before));
    expect(inner).toBe(':2\r\n-ERR value is not an integer or out of range\r\n');
    expect(finish(engine, engine.execute(0, 2)).replies).toBe('+OK\r\n$2\r\nvw\r\n');
  });

  test('is not put aside deeper than four levels', () => {
    const deeper = (levels: number): unknown => engine.nest(() => levels > 1 && deeper(levels - 1));
    deeper(4);
    expect(() => deeper(5)).toThrow(EngineMemoryError);
    deeper(4);
  });
});

describe('interest', () => {
  test('stops the batch right behind the command that touched the key', () => {
    engine.setInterest(0, encoder.encode('watched'), true);
    const { reason, replies } = run(
      engine,
      resp('SET other 1') + resp('SET watched 1') + resp('PING'),
    );
    expect([reason, replies]).toEqual([StopReason.Interest, '+OK\r\n+OK\r\n']);
    expect(engine.takeTouched()).toEqual([
      { database: 0, key: encoder.encode('watched'), event: KeyEvent.Changed },
    ]);
    expect(engine.takeTouched()).toEqual([]);
    expect(finish(engine, engine.execute(0, 2))).toMatchObject({ replies: '+PONG\r\n' });
  });

  test.each([
    'DEL watched',
    'EXPIRE watched 10',
    'RENAME watched x',
    'FLUSHALL',
    'SWAPDB 0 1',
    'APPEND watched x',
  ])('is touched by %s', (line) => {
    run(engine, resp('SET watched 1'));
    engine.setInterest(0, encoder.encode('watched'), true);
    expect(run(engine, resp(line)).reason).toBe(StopReason.Interest);
  });

  test.each(['GET watched', 'TTL watched', 'SET other 1', 'DEL other', 'SETNX watched 2'])(
    'is not touched by %s',
    (line) => {
      run(engine, resp('SET watched 1'));
      engine.setInterest(0, encoder.encode('watched'), true);
      expect(run(engine, resp(line)).reason).toBe(StopReason.Drained);
    },
  );

  test('is over when it is withdrawn', () => {
    engine.setInterest(0, encoder.encode('watched'), true);
    engine.setInterest(0, encoder.encode('watched'), false);
    expect(run(engine, resp('SET watched 1')).reason).toBe(StopReason.Drained);
  });
});

describe('effects', () => {
  test.each([
    ['SET k v', ['SET k v']],
    ['set k v', ['set k v']],
    ['SET k v EX 10', ['SET k v PXAT 1010000']],
    ['SET k v KEEPTTL GET', ['SET k v KEEPTTL']],
    ['SETEX k 10 v', ['SET k v PXAT 1010000']],
    ['GETSET a v', ['SET a v']],
    ['GETDEL a', ['DEL a']],
    ['GETEX a PX 5', ['PEXPIREAT a 1000005']],
    ['GETEX a EXAT 5', ['DEL a']],
    ['INCRBYFLOAT a 0.5', ['SET a 1.5 KEEPTTL']],
    ['EXPIRE a 10 NX', ['PEXPIREAT a 1010000 NX']],
    ['EXPIRE a -1', ['DEL a']],
    ['DEL a missing', ['DEL a missing']],
    ['DEL missing', []],
    ['GET a', []],
    ['SETNX a 2', []],
    ['PERSIST a', []],
    ['FLUSHALL', ['FLUSHALL']],
    ['MSET x 1 y 2', ['MSET x 1 y 2']],
  ])('of %s are %j', (line, expected) => {
    run(engine, resp('SET a 1'));
    expect(propagated(engine, line)).toEqual(expected);
  });

  test('of inline commands are RESP', () => {
    expect(run(engine, 'SET k "a b"\r\n').effects).toContain('$3\r\na b\r\n');
  });

  test('tell that a key expired before what replaced it', () => {
    run(engine, resp('SET k v PX 1'));
    engine.setTime(1_000_002);
    expect(propagated(engine, 'GET k')).toEqual(['DEL k']);
    run(engine, resp('SET k v PX 1'));
    engine.setTime(1_000_100);
    expect(propagated(engine, 'SETNX k w')).toEqual(['MULTI', 'DEL k', 'SETNX k w', 'EXEC']);
  });

  test('stand between MULTI and EXEC if several belong together', () => {
    const commands = (requests: string) => {
      const bytes = encoder.encode(requests);
      engine.load(bytes, bytes.length);
      engine.groupEffects(() => engine.execute(0, 2));
      const { effects } = finish(engine, StopReason.Drained);
      return effects.replace(/\*\d+\r\n|\$\d+\r\n/g, '').split('\r\n');
    };
    const words = (text: string) => [...text.split(' '), ''];
    expect(commands('')).toEqual(['']);
    expect(commands(resp('SET a 1') + resp('GET a'))).toEqual(words('SELECT 0 SET a 1'));
    expect(commands(resp('SET a 1') + resp('INCR a'))).toEqual(
      words('MULTI SELECT 0 SET a 1 INCR a EXEC'),
    );
  });

  test('repeat the data set on another engine', async () => {
    const lines = [
      'SET a 1',
      'INCR a',
      'APPEND b xyz',
      'COPY a c',
      'EXPIRE c 100',
      'SETRANGE b 9 q',
    ];
    const { effects } = run(engine, lines.map(resp).join(''));
    const other = await createCore();
    const first = effects.slice(effects.indexOf('*', 1));
    expect(run(other, first).reason).toBe(StopReason.Drained);
    expect(other.digest()).toBe(engine.digest());
  });
});

describe('time', () => {
  test('expires keys that nobody asks for', () => {
    const lines = Array.from({ length: 500 }, (_, index) =>
      resp(`SET k${index} v PX ${1 + index}`),
    );
    run(engine, lines.join(''));
    expect(engine.dueIn()).toBe(2);
    engine.setTime(1_000_250);
    while (engine.tick(10) === 0);
    expect(engine.statistics().keys(0)).toBe(251);
    expect(engine.tick(10)).toBe(1);
    engine.setTime(1_001_000);
    while (engine.tick(10) === 0);
    expect(engine.statistics().keys(0)).toBe(0);
    expect(engine.statistics().expired).toBe(500);
    expect(engine.tick(10)).toBe(Number.POSITIVE_INFINITY);
  });

  test('stands still for keys while a journal is loaded', () => {
    engine.configure('loading', 1);
    run(engine, resp('SET k v PXAT 5'));
    expect(run(engine, resp('GET k')).replies).toBe('$1\r\nv\r\n');
    engine.configure('loading', 0);
    expect(run(engine, resp('GET k')).replies).toBe('$-1\r\n');
  });
});

describe('out of memory', () => {
  const WRITES = [
    'SET k new',
    'SET fresh value',
    'APPEND k more',
    'SETRANGE k 5000 x',
    'GETSET k new',
    'MSET k 1 m 2',
    'INCR fresh',
    'INCRBYFLOAT fresh 1.5',
    'EXPIRE k 100',
    'GETEX k EX 100',
    'RENAME k moved',
    'COPY k copied',
    'SETEX k 10 v',
    'PSETEX fresh 10 v',
    'SETNX fresh v',
    'MSETNX f 1 g 2',
  ];

  test.each(WRITES)('%s changes nothing when memory is refused at any point', (line) => {
    run(engine, resp(`SET k ${'old'.repeat(20)}`));
    let refusals = 0;
    for (let nth = 1; nth < 20; nth++) {
      const before = engine.digest();
      engine.configure('refuse-reservation', nth);
      const { replies, effects } = run(engine, resp(line));
      engine.configure('refuse-reservation', 0);
      if (!replies.startsWith('-OOM')) break;
      refusals++;
      expect(engine.digest()).toBe(before);
      expect(effects).toBe('');
    }
    expect(refusals).toBeGreaterThan(0);
  });

  test('at a real limit is an answer, and reads and deletions go on', async () => {
    const small = await createCore({ memoryPagesMax: 400 });
    const value = 'x'.repeat(50_000);
    let refused = '';
    for (let index = 0; refused === '' && index < 2000; index++) {
      const { replies } = run(small, resp(`SET k${index} ${value}`));
      if (!replies.startsWith('+OK')) refused = replies;
    }
    expect(refused).toMatch(/^-OOM command not allowed/);
    expect(run(small, resp('STRLEN k0')).replies).toBe(':50000\r\n');
    expect(run(small, resp('DEL k0 k1 k2 k3 k4 k5 k6 k7 k8 k9')).replies).toBe(':10\r\n');
    expect(run(small, resp(`SET again ${'y'.repeat(1000)}`)).replies).toBe('+OK\r\n');
  });

  test('gives memory back when everything is deleted', () => {
    const lines = Array.from({ length: 3000 }, (_, index) =>
      resp(`SET key:${index} ${'v'.repeat(index % 300)} EX 100`),
    );
    run(engine, lines.join(''));
    run(engine, resp('FLUSHALL SYNC'));
    const empty = engine.statistics().usedMemory;
    run(engine, lines.join(''));
    const full = engine.statistics().usedMemory;
    run(engine, resp('FLUSHALL SYNC'));
    expect(engine.statistics().usedMemory).toBe(empty);
    run(engine, lines.join(''));
    expect(engine.statistics().usedMemory).toBe(full);
  });
});

describe('a command of many keys', () => {
  const names = Array.from({ length: 50 }, (_, index) => `k${index}`);

  test('may empty the table under its own feet', () => {
    run(engine, resp(`MSET ${names.map((name) => `${name} v`).join(' ')}`));
    expect(run(engine, resp(`DEL ${names.join(' ')} ${names.join(' ')}`)).replies).toBe(':50\r\n');
    expect(run(engine, resp(`MGET ${names.join(' ')}`)).replies).toBe(
      `*50\r\n${'$-1\r\n'.repeat(50)}`,
    );
  });

  test('leaves the commands behind it in the same batch alone', () => {
    const some = names.slice(0, 10);
    run(engine, resp(`MSET stays v ${some.map((name) => `${name} v`).join(' ')}`));
    const batch = [`DEL ${some.join(' ')}`, `EXISTS ${names.join(' ')}`];
    const after = some.map((name) => `APPEND ${name} w`);
    const { replies } = run(engine, [...batch, ...after].map(resp).join(''));
    expect(replies).toBe(`:10\r\n:0\r\n${':1\r\n'.repeat(10)}`);
  });

  test('sees its own changes when it names a key again', () => {
    const twice = [...names, ...names].map((name, index) => `${name} ${'v'.repeat(index)}`);
    run(engine, resp(`MSET ${twice.join(' ').replace('k0 ', 'k0 x')}`));
    const lengths = names.map((name) => resp(`STRLEN ${name}`)).join('');
    const expected = names.map((_, index) => `:${50 + index}\r\n`);
    expect(run(engine, lengths).replies).toBe(expected.join(''));
  });
});

test('replies that do not fit into memory are errors, and the store goes on', async () => {
  const small = await createCore({ memoryPagesMax: 400 });
  run(small, resp(`SET big ${'x'.repeat(2_000_000)}`));
  for (let index = 0; ; index++) {
    const { replies } = run(small, resp(`SET k${index} ${'x'.repeat(100_000)}`));
    if (replies.startsWith('-OOM')) break;
  }
  const many = resp(`MGET ${'big '.repeat(20).trim()}`);
  const answer = run(small, resp('PING') + many + resp('PING'));
  expect(answer.replies).toMatch(/^\+PONG\r\n-OOM the reply does not fit into memory\r\n/);
  expect(answer.reason).toBe(StopReason.OutputFull);
  expect(finish(small, small.execute(0, 2)).replies).toBe('+PONG\r\n');
  expect(run(small, `NOPE ${'n'.repeat(500)}\r\n`).replies).toMatch(/^-ERR unknown command/);
  expect(run(small, resp('DEL big') + resp('SET fits again')).replies).toBe(':1\r\n+OK\r\n');
});
