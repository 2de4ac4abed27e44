/**
 * Frames from somebody who means harm, or has lost count: right ones with arguments of all kinds,
 * damaged ones, lengths that are none, inline commands, HTTP, noise.
 */
import { COMMANDS } from '../../src/commands/table.js';
import type { Random } from '../differential/random.js';

/** They stop the store or others in it, or tell of them, which is what they are for. */
const LEFT_OUT = new Set([
  'shutdown', // ends the program
  'client|pause', // holds everybody up
  'client|kill', // ends others
  'config|set', // takes other limits
  'acl|setuser', // takes rights away
  'acl|deluser',
  'debug', // off, unless the configuration turns it on
  'monitor', // tells what others send
  'slowlog|get',
  'failover', // these three would be another server's
  'replicaof',
  'slaveof',
]);

const ROWS = COMMANDS.filter(({ name }) => !LEFT_OUT.has(name));

const NUMBERS = [
  0n,
  ...[0n, 7n, 8n, 15n, 16n, 31n, 32n, 53n, 63n, 64n].flatMap((bits) => {
    const power = 1n << bits;
    return [power - 1n, power, power + 1n, -power + 1n, -power, -power - 1n];
  }),
].map(String);

const WORDS = (
  '* ? [ [^a] \\ + - inf -inf nan 1e400 0x10 1.5 .5 +5 05 NX XX GET EX PX COUNT MATCH STREAMS LIMIT ' +
  'BY STORE WITHSCORES ASC DESC LEFT RIGHT MIN MAX FREQ ID TYPE REV BLOCK GROUP KEYS AUTH SETNAME ' +
  '( [ (1 [a $ > - + 0-0 1-1 18446744073709551615-18446744073709551615 RESET HELP no yes on off'
).split(' ');

const HEADERS = (
  '*-1 *0 *-2147483648 *1048577 *2147483648 *99999999999999999999 *+1 *01 * *x *1x *1\\0 $-1 $0 ' +
  '$536870913 $4294967296 $99999999999999999999 $+4 $04 $ $x : + - _ # , ( > ~ % | ! ='
)
  .split(' ')
  .map((text) => text.replace('\\0', '\0'));

const ENDS = ['\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n', '\n\r', '', '\0\r\n'];
const KEYS = 12;
const LONG_MAX = 70_000;

export class HostileFrames {
  /** How many of a hundred frames are well-formed: after one that is not, a connection ends. */
  private readonly wellFormed: number;

  constructor(
    private readonly random: Random,
    /** What this client says of itself: nobody else may be told. */
    private readonly tag: string,
  ) {
    this.wellFormed = random.pick([60, 90, 99, 100]);
  }

  next(): Buffer {
    const { random } = this;
    if (random.below(100) < this.wellFormed) {
      if (random.below(12) > 0) return frame(this.command());
      return frame(['ECHO', `${this.tag}${random.next()}`]);
    }
    const choice = random.below(40);
    if (choice < 18) return this.damage(frame(this.command()));
    if (choice < 26) return this.header();
    if (choice < 36) return this.inline();
    return random.below(4) === 0 ? this.http() : this.noise();
  }

  private command(): string[] {
    const { random } = this;
    const row = random.pick(ROWS);
    const name = row.name.split('|');
    const fewest = Math.abs(row.arity);
    const count = Math.max(name.length, fewest + random.pick([-1, 0, 0, 0, 0, 1, 2, 3]));
    const words = [...name];
    while (words.length < count) words.push(this.argument());
    return words;
  }

  private argument(): string {
    const { random } = this;
    switch (random.below(12)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        return `k${random.below(KEYS)}`;
      case 5:
      case 6:
        return random.pick(NUMBERS);
      case 7:
        return String(random.below(20));
      case 8:
      case 9:
        return random.pick(WORDS);
      case 10:
        return `a\r\n${random.pick(['+OK', '-ERR x', ':1', '$1', '*2', '>3'])}\r\n`;
      default:
        return this.bytes(random.below(60) === 0 ? random.below(LONG_MAX) : random.below(40));
    }
  }

  private bytes(length: number): string {
    const { random } = this;
    if (length > 100) return String.fromCharCode(random.below(256)).repeat(length);
    return String.fromCharCode(...Array.from({ length }, () => random.below(256)));
  }

  /** A few bytes lost, doubled, changed; or the end is missing. */
  private damage(whole: Buffer): Buffer {
    const { random } = this;
    let bytes = whole;
    for (let count = random.between(1, 3); count > 0 && bytes.length > 0; count--) {
      const at = random.below(Math.min(bytes.length, 200));
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
      const middle = random.pick([
        Buffer.alloc(0),
        Buffer.from([random.below(256)]),
        Buffer.from([bytes[at] ?? 0, bytes[at] ?? 0]),
        Buffer.from(random.pick(['\r\n', '\0', '$', '*', '-1', '9'])),
      ]);
      bytes = random.below(8) === 0 ? before : Buffer.concat([before, middle, after]);
    }
    return bytes;
  }

  private header(): Buffer {
    const { random } = this;
    let text = '';
    for (let count = random.between(1, 4); count > 0; count--) {
      text += random.pick(HEADERS) + random.pick(ENDS);
      if (random.below(2) === 0) text += `PING${random.pick(ENDS)}`;
    }
    return Buffer.from(text, 'latin1');
  }

  private inline(): Buffer {
    const { random } = this;
    const words = this.command().map((word) => {
      const quote = random.pick(['', '', '', '"', "'", '\\"', '\\x4']);
      return `${quote}${word.slice(0, 50)}${random.below(5) === 0 ? '' : quote}`;
    });
    return Buffer.from(words.join(random.pick([' ', '  ', '\t'])) + random.pick(ENDS), 'latin1');
  }

  private http(): Buffer {
    const start = this.random.pick([
      'GET / HTTP/1.1',
      'POST /x HTTP/1.0',
      'Host: localhost',
      'post',
    ]);
    return Buffer.from(`${start}\r\nContent-Length: 9\r\n\r\nSET k0 v\r\n`);
  }

  private noise(): Buffer {
    return Buffer.from(this.bytes(this.random.below(90)), 'latin1');
  }
}

export function frame(words: readonly string[]): Buffer {
  const parts = words.map((word) => `$${word.length}\r\n${word}\r\n`);
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`, 'latin1');
}
