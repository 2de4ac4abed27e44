/**
 * Fields that end while time passes, and what of that is written down. Only the inline target's
 * clock can be set, and only an engine tells its effects.
 */
import { describe, expect, test } from 'vitest';
import { createCore, propagated, resp, run } from '../engine/core.js';

const START = 1_000_000;
const OF_HASHES = ['HGETALL h', 'HKEYS h', 'HVALS h', 'HRANDFIELD h 10', 'HSCAN h 0'];

async function engineAt(...lines: string[]) {
  const engine = await createCore();
  run(engine, lines.map(resp).join(''));
  return {
    say: (line: string) => run(engine, resp(line)).replies.replaceAll('\r\n', ' ').trim(),
    /** Without the MULTI and EXEC around those that belong together. */
    effects: (line: string) =>
      propagated(engine, line).filter((effect) => !/^(MULTI|EXEC)$/.test(effect)),
    at: (unixMs: number) => engine.setTime(unixMs),
    /** Active expiry, to its end; what it writes down. */
    expire: () => {
      while (engine.tick(64) === 0);
      return propagated(engine);
    },
  };
}

describe('a field that has ended', () => {
  test('is there up to its last millisecond and not after it', async () => {
    const { say, at } = await engineAt('HSET h a 1 b 2', 'HPEXPIRE h 1000 FIELDS 1 a');
    at(START + 1000);
    expect(say('HGET h a')).toBe('$1 1');
    expect(say('HPTTL h FIELDS 1 a')).toBe('*1 :0');
    at(START + 1001);
    expect(say('HGET h a')).toBe('$-1');
    expect(say('HEXISTS h a')).toBe(':0');
    expect(say('HSTRLEN h a')).toBe(':0');
    expect(say('HMGET h a b')).toBe('*2 $-1 $1 2');
    expect(say('HPTTL h FIELDS 2 a b')).toBe('*2 :-2 :-1');
    for (const line of OF_HASHES) expect(say(line), line).not.toContain('$1 a');
    expect(say('HGETALL h')).toBe('*2 $1 b $1 2');
  });

  test('is counted by HLEN until it is removed', async () => {
    const { say, at, expire } = await engineAt('HSET h a 1 b 2', 'HPEXPIRE h 1000 FIELDS 1 a');
    at(START + 1001);
    expect(say('HLEN h')).toBe(':2');
    expect(expire()).toEqual(['HDEL h a']);
    expect(say('HLEN h')).toBe(':1');
  });

  test('begins anew for those who write it', async () => {
    const { effects, say, at } = await engineAt(
      'HSET h a 10 b 10 c 10 d 10 e 10',
      'HPEXPIRE h 1000 FIELDS 5 a b c d e',
    );
    at(START + 1001);
    expect(effects('HINCRBY h a 1')).toEqual(['HDEL h a', 'HINCRBY h a 1']);
    expect(effects('HINCRBYFLOAT h b 1')).toEqual(['HDEL h b', 'HSET h b 1']);
    expect(effects('HSETNX h c 1')).toEqual(['HDEL h c', 'HSETNX h c 1']);
    expect(say('HSET h d 1')).toBe(':1');
    expect(say('HDEL h e')).toBe(':0');
    expect(say('HTTL h FIELDS 4 a b c d')).toBe('*4 :-1 :-1 :-1 :-1');
  });

  test('takes the hash with it if it was the last', async () => {
    const { say, at, effects } = await engineAt('HSETEX h PX 10 FIELDS 2 a 1 b 2', 'HSET k a 1');
    at(START + 11);
    expect(say('EXISTS h')).toBe(':1');
    expect(effects('HRANDFIELD h')).toEqual(expect.arrayContaining(['HDEL h a', 'HDEL h b']));
    expect(say('EXISTS h')).toBe(':0');
    expect(say('HSETEX h PX 10 FIELDS 1 a 1')).toBe(':1');
    at(START + 22);
    expect(effects('HINCRBY h a 5')).toEqual(['HDEL h a', 'HINCRBY h a 5']);
    expect(say('HGETALL h')).toBe('*2 $1 a $1 5');
  });
});

test('active expiry finds every field, and then nothing is left to do', async () => {
  const engine = await createCore();
  for (let hash = 0; hash < 40; hash++) {
    for (let field = 0; field < 30; field++) {
      run(engine, resp(`HSETEX h${hash} PX ${1 + ((field * 37) % 500)} FIELDS 1 f${field} v`));
    }
    if (hash % 2) run(engine, resp(`HSET h${hash} stays v`));
  }
  engine.setTime(START + 250);
  while (engine.tick(8) === 0);
  for (let hash = 0; hash < 40; hash++) {
    const { replies } = run(engine, resp(`HLEN h${hash}`));
    const left = Array.from({ length: 30 }, (_, field) => 1 + ((field * 37) % 500) >= 250);
    expect(replies).toBe(`:${left.filter(Boolean).length + (hash % 2)}\r\n`);
  }
  engine.setTime(START + 1000);
  while (engine.tick(8) === 0);
  expect(engine.tick(8)).toBe(Number.POSITIVE_INFINITY);
  expect(run(engine, resp('DBSIZE')).replies).toBe(':20\r\n');
});

describe('what is written down', () => {
  test('HEXPIRE and its kin become HPEXPIREAT of those fields that got the deadline', async () => {
    const { effects } = await engineAt('HSET h a 1 b 2 c 3');
    expect(effects('HEXPIRE h 100 FIELDS 2 a x')).toEqual([
      `HPEXPIREAT h ${START + 100_000} FIELDS 1 a`,
    ]);
    expect(effects('HPEXPIRE h 100 NX FIELDS 3 a b c')).toEqual([
      `HPEXPIREAT h ${START + 100} NX FIELDS 2 b c`,
    ]);
    expect(effects('HEXPIREAT h 2000 gt FIELDS 1 b')).toEqual([
      'HPEXPIREAT h 2000000 gt FIELDS 1 b',
    ]);
    expect(effects('HEXPIRE h 10 XX FIELDS 1 x')).toEqual([]);
    expect(effects('HPEXPIREAT h 1 FIELDS 3 a x b')).toEqual(['HDEL h a', 'HDEL h b']);
    expect(effects('HPERSIST h FIELDS 1 x')).toEqual([]);
    expect(effects('HPERSIST h FIELDS 2 c x')).toEqual(['HPERSIST h FIELDS 2 c x']);
  });

  test('HGETEX becomes HPEXPIREAT, HPERSIST, HDEL, or nothing', async () => {
    const { effects } = await engineAt('HSET h a 1 b 2');
    expect(effects('HGETEX h FIELDS 1 a')).toEqual([]);
    expect(effects('HGETEX h EX 10 FIELDS 2 x a')).toEqual([
      `HPEXPIREAT h ${START + 10_000} FIELDS 1 a`,
    ]);
    expect(effects('HGETEX h PERSIST FIELDS 2 a b')).toEqual(['HPERSIST h FIELDS 1 a']);
    expect(effects('HGETEX h PERSIST FIELDS 1 a')).toEqual([]);
    expect(effects('HGETEX h PX 0 FIELDS 2 a b')).toEqual(['HDEL h a', 'HDEL h b']);
    expect(effects('HGETEX h PX 0 FIELDS 2 a b')).toEqual([]);
  });

  test('HGETDEL becomes HDEL, HSETEX keeps its words but for the deadline', async () => {
    const { effects } = await engineAt('HSET h a 1 b 2');
    expect(effects('HGETDEL h FIELDS 3 a x b')).toEqual(['HDEL h a b']);
    expect(effects('HGETDEL h FIELDS 1 a')).toEqual([]);
    expect(effects('HSETEX h FIELDS 1 a 1')).toEqual(['HSETEX h FIELDS 1 a 1']);
    expect(effects('HSETEX h FXX EX 10 FIELDS 1 a 1')).toEqual([
      `HSETEX h FXX PXAT ${START + 10_000} FIELDS 1 a 1`,
    ]);
    expect(effects('HSETEX h KEEPTTL FIELDS 1 a 1')).toEqual(['HSETEX h KEEPTTL FIELDS 1 a 1']);
    expect(effects('HSETEX h FNX FIELDS 1 a 1')).toEqual([]);
    expect(effects('HSETEX h PX 0 FIELDS 2 a 1 n 1')).toEqual(['HDEL h a']);
    expect(effects('HSETEX h PX 10 FIELDS 1 a 1')).toEqual([
      `HSETEX h PXAT ${START + 10} FIELDS 1 a 1`,
    ]);
    expect(effects('HINCRBYFLOAT h a 1')).toEqual(['HSETEX h KEEPTTL FIELDS 1 a 2']);
  });
});

test('what was written down brings the same deadlines back', async () => {
  const source = await createCore();
  const lines = [
    'HSET h a 1 b 2 c 3 d 4',
    'HEXPIRE h 100 FIELDS 2 a b',
    'HSETEX g PX 500 FIELDS 2 x 1 y 2',
    'HGETEX g EX 7 FIELDS 1 x',
    'HINCRBYFLOAT h a 2',
    'HSET h b 9',
  ];
  const effects = propagated(source, ...lines);
  const target = await createCore();
  target.setTime(START + 1_000_000);
  target.configure('loading', 1);
  run(target, effects.map(resp).join(''));
  target.configure('loading', 0);
  target.setTime(START);
  for (const line of ['HGETALL h', 'HGETALL g', 'HPEXPIRETIME h FIELDS 3 a b c']) {
    expect(run(target, resp(line)).replies).toBe(run(source, resp(line)).replies);
  }
  expect(run(target, resp('HPEXPIRETIME g FIELDS 2 x y')).replies).toBe(
    `*2\r\n:${START + 7000}\r\n:${START + 500}\r\n`,
  );
});
