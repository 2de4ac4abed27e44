/** What writes of bits, HyperLogLogs and geo sets propagate: what redis-server's AOF has. */
import { expect, test } from 'vitest';
import { createCore, propagated } from '../engine/core.js';

/** Lines of commands, each with what it propagates. */
async function expectEffects(
  cases: readonly [line: string, ...effects: string[]][],
): Promise<void> {
  const engine = await createCore();
  for (const [line, ...effects] of cases) {
    expect([line, ...propagated(engine, line)]).toEqual([line, ...effects]);
  }
}

test('bits that change nothing are not propagated', () =>
  expectEffects([
    ['SETBIT k 7 0', 'SETBIT k 7 0'],
    ['SETBIT k 7 0'],
    ['SETBIT k 6 1', 'SETBIT k 6 1'],
    ['SETBIT k 6 1'],
    ['SETBIT k 9 0', 'SETBIT k 9 0'],
    ['BITFIELD k GET u8 0'],
    ['BITFIELD k SET u8 0 2'],
    ['BITFIELD k SET u8 0 3 GET u8 0', 'BITFIELD k SET u8 0 3 GET u8 0'],
    ['BITFIELD k OVERFLOW FAIL INCRBY u2 0 9'],
    ['BITOP AND d missing'],
    ['BITOP OR d k missing', 'BITOP OR d k missing'],
    ['BITOP AND d missing missing', 'BITOP AND d missing missing'],
    ['SET n 12', 'SET n 12'],
    ['SETBIT n 2 1'],
  ]));

test('PFCOUNT is propagated when it counts', () =>
  expectEffects([
    ['PFADD h a', 'PFADD h a'],
    ['PFADD h a'],
    ['PFCOUNT h', 'PFCOUNT h'],
    ['PFCOUNT h'],
    ['PFCOUNT h missing'],
    ['PFADD h b', 'PFADD h b'],
    ['PFADD e', 'PFADD e'],
    ['PFADD e'],
    ['PFMERGE d h e', 'PFMERGE d h e'],
    ['PFDEBUG ENCODING d'],
    ['PFDEBUG TODENSE d', 'PFDEBUG TODENSE d'],
    ['PFDEBUG TODENSE d'],
  ]));

test('GEOADD is propagated as the zadd that it is', () =>
  expectEffects([
    [
      'GEOADD g CH 13.361389 38.115556 a 15.087269 37.502669 b',
      'zadd g CH 3479099956230698 a 3479447370796909 b',
    ],
    ['GEOADD g 13.361389 38.115556 a'],
    ['GEOADD g NX 1 1 a'],
    ['GEOSEARCH g FROMMEMBER a BYRADIUS 1 km'],
    [
      'GEOSEARCHSTORE d g FROMMEMBER a BYRADIUS 1 km',
      'GEOSEARCHSTORE d g FROMMEMBER a BYRADIUS 1 km',
    ],
    ['GEOSEARCHSTORE e g FROMLONLAT 50 50 BYRADIUS 1 km'],
    ['GEORADIUS g 50 50 1 km STORE d', 'GEORADIUS g 50 50 1 km STORE d'],
    ['GEORADIUSBYMEMBER g a 1 km STORE d', 'GEORADIUSBYMEMBER g a 1 km STORE d'],
    ['GEORADIUSBYMEMBER missing a 1 km STORE d', 'GEORADIUSBYMEMBER missing a 1 km STORE d'],
    ['GEORADIUSBYMEMBER missing a 1 km STORE d'],
  ]));
