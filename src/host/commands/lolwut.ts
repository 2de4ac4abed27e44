/** LOLWUT: a piece of computer art for those who wondered what this command does. */
import { type CommandContext, type Handlers, NOT_AN_INTEGER } from '../context.js';
import { parseInteger } from '../integers.js';
import { landscape, squares } from '../lolwut.js';
import { REDIS_VERSION } from '../version.js';

const COLUMNS_MAX = 1000;
const SQUARES_MAX = 200;

export const LOLWUT: Handlers = { lolwut };

/** LOLWUT [VERSION number [argument ...]] */
function lolwut(context: CommandContext) {
  const { args, host, reply } = context;
  const hasVersion = args.length >= 3 && context.text(1).toLowerCase() === 'version';
  const numbers: number[] = [];
  for (let at = 2; hasVersion && at < Math.min(args.length, 6); at++) {
    const number = parseInteger(context.text(at));
    if (number === null) return context.fail(NOT_AN_INTEGER);
    numbers.push(Number(number));
  }
  const [version = 0, ...given] = numbers;
  const chance = chanceOf(host.random(new Uint8Array(4)));
  reply.verbatim('txt', `${picture(version, given, chance)}Redis ver. ${REDIS_VERSION}\n`);
}

function picture(version: number, given: readonly number[], chance: () => number): string {
  if (version === 5) {
    const [columns = 66, across = 8, down = 12] = given;
    const width = limited(columns, COLUMNS_MAX);
    const drawn = squares(width, limited(across, SQUARES_MAX), limited(down, SQUARES_MAX), chance);
    return `${drawn}\nAfter Georg Nees, Schotter, plotted in 1968. `;
  }
  if (version === 6) {
    const [columns = 80, rows = 20] = given;
    const drawn = landscape(limited(columns, COLUMNS_MAX), limited(rows, COLUMNS_MAX), chance);
    return `${drawn}\nA night that nobody has seen yet. `;
  }
  return '';
}

function limited(value: number, max: number): number {
  return Math.min(max, Math.max(1, value));
}

/** Numbers from 0 up to 1 that follow from four random bytes (mulberry32). */
function chanceOf(seed: Uint8Array): () => number {
  let state = new DataView(seed.buffer, seed.byteOffset).getUint32(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
