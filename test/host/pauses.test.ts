/** CLIENT PAUSE with a clock that obeys: when it ends, and that nothing changes meanwhile. */
import { expect, test } from 'vitest';
import { VirtualClock } from '../support/virtual-clock.js';
import { openTestHost } from './test-host.js';

async function open() {
  const clock = new VirtualClock();
  const { connect } = await openTestHost({ clock });
  return { clock, connect };
}

test('a pause of all ends when its time has come, and what waited runs in order', async () => {
  const { clock, connect } = await open();
  const [a, b] = [connect(), connect()];
  expect(a.send('CLIENT PAUSE 1000', 'INCR n', 'INCR n')).toBe('+OK\r\n');
  expect(b.send('INCR n', 'GET n')).toBe('');
  expect(b.send('CLIENT UNPAUSE')).toBe('');
  a.take();
  clock.pass(999);
  expect([a.take(), b.take()]).toEqual(['', '']);
  clock.pass(1);
  expect([a.take(), b.take()]).toEqual([':1\r\n:2\r\n', ':3\r\n$1\r\n3\r\n+OK\r\n']);
});

test('a second pause only makes it longer and wider', async () => {
  const { clock, connect } = await open();
  const [a, b] = [connect(), connect()];
  a.send('CLIENT PAUSE 1000 WRITE', 'CLIENT PAUSE 500 ALL');
  expect(b.send('GET k')).toBe('');
  clock.pass(700);
  expect(b.take()).toBe('');
  clock.pass(300);
  expect(b.take()).toBe('$-1\r\n');
});

test('nothing expires while writes pause, and afterwards it does', async () => {
  const { clock, connect } = await open();
  const [a, b] = [connect(), connect()];
  a.send('SET k v PX 100', 'CLIENT PAUSE 10000 WRITE');
  clock.pass(5000);
  expect(b.send('GET k', 'DBSIZE')).toBe('$-1\r\n:1\r\n');
  clock.pass(6000);
  expect(b.send('DBSIZE')).toBe(':0\r\n');
});

test('a connection that goes while it waits leaves nothing behind', async () => {
  const { clock, connect } = await open();
  const [a, b, c] = [connect(), connect(), connect()];
  a.send('CLIENT PAUSE 1000');
  b.send('INCR n');
  b.host.disconnect(b.session);
  c.send('INCR n');
  c.host.endOfInput(c.session);
  expect(c.ended).toBe(true);
  clock.pass(1000);
  expect([b.take(), c.take(), a.send('EXISTS n')]).toEqual(['', '', ':0\r\n']);
});

test('a command that waits shows in CLIENT LIST', async () => {
  const { connect } = await open();
  const [a, b] = [connect(), connect()];
  a.send('CLIENT PAUSE 1000 WRITE');
  b.send('INCR n');
  expect(a.send('CLIENT LIST')).toMatch(/id=2 .* flags=b .* qbuf=\d\d /);
});
