/**
 * Every numeric argument at {0, 1, 2^7, 2^8, 2^15, 2^16, 2^31, 2^32, 2^53, 2^63}, each +-1 and of
 * either sign: the arithmetic is Redis's 64-bit arithmetic at each of them, and nothing traps.
 */
import { BOUNDARIES } from '../support/boundaries.js';
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);
const NOT_INTEGER = '-ERR value is not an integer or out of range';
const OVERFLOW = '-ERR increment or decrement would overflow';
const NOW_MS = BigInt(Date.now());
const VALUE = 'abcdefghij';

function isInteger(value: bigint): boolean {
  return value >= MIN && value <= MAX;
}

/** One transcript of all boundaries. */
function each(lines: (value: bigint) => string, values = BOUNDARIES): string {
  return values.map(lines).join('\n');
}

function sum(start: bigint, delta: bigint): string {
  return isInteger(start + delta) ? `:${start + delta}` : OVERFLOW;
}

for (const start of [0n, -1n, 10n, MAX, MIN]) {
  given(`INCRBY and DECRBY from ${start} add exactly or overflow`)`
    ${each((value) => {
      const restore = `SET k ${start} -> +OK`;
      if (!isInteger(value)) return `INCRBY k ${value} -> ${NOT_INTEGER}`;
      const down = value === MIN ? '-ERR decrement would overflow' : sum(start, -value);
      return `${restore}
        INCRBY k ${value} -> ${sum(start, value)}
        ${restore}
        DECRBY k ${value} -> ${down}`;
    })}
  `;
}

given('INCR and DECR work on values at every boundary')`
  ${each((value) =>
    isInteger(value)
      ? `SET k ${value} -> +OK
        INCR k -> ${sum(value, 1n)}
        SET k ${value} -> +OK
        DECR k -> ${sum(value, -1n)}
        OBJECT ENCODING k -> "int"`
      : `SET k ${value} -> +OK
        INCR k -> ${NOT_INTEGER}
        DECR k -> ${NOT_INTEGER}
        OBJECT ENCODING k -> "embstr"`,
  )}
`;

given('SET keeps the text of every boundary')`
  ${each((value) => `SET k ${value} -> +OK\nGET k -> "${value}"\nSTRLEN k -> :${`${value}`.length}`)}
`;

/** What GETRANGE answers, from the documentation and not from anyone's code. */
function range(start: bigint, end: bigint): string {
  const length = BigInt(VALUE.length);
  const from = start < 0n ? start + length : start;
  const to = end < 0n ? end + length : end;
  if (start < 0n && end < 0n && start > end) return '';
  const first = from < 0n ? 0n : from;
  const last = to < 0n ? 0n : to >= length ? length - 1n : to;
  return first > last ? '' : VALUE.slice(Number(first), Number(last) + 1);
}

given('GETRANGE clips any start and any end')`
  SET k ${VALUE} -> +OK
  ${each((value) => {
    if (!isInteger(value)) return `GETRANGE k ${value} 5 -> ${NOT_INTEGER}`;
    return `GETRANGE k ${value} 5 -> "${range(value, 5n)}"
      GETRANGE k ${value} -3 -> "${range(value, -3n)}"
      GETRANGE k 2 ${value} -> "${range(2n, value)}"
      GETRANGE k -5 ${value} -> "${range(-5n, value)}"
      GETRANGE k ${value} ${value} -> "${range(value, value)}"`;
  })}
`;

given('SETRANGE takes an offset, or says what is wrong with it')`
  ${each((value) => {
    if (!isInteger(value)) return `SETRANGE k ${value} x -> ${NOT_INTEGER}`;
    if (value < 0n) return `SETRANGE k ${value} x -> -ERR offset is out of range`;
    const tooLong = '-ERR string exceeds maximum allowed size (proto-max-bulk-len)';
    if (value >= 2n ** 29n) return `SETRANGE k ${value} x -> ${tooLong}`;
    return `SETRANGE k ${value} x -> :${value + 1n}\nDEL k -> :1`;
  })}
`;

interface Unit {
  readonly milliseconds: bigint;
  readonly isAbsolute: boolean;
}

const UNITS: Record<string, Unit> = {
  EX: { milliseconds: 1000n, isAbsolute: false },
  PX: { milliseconds: 1n, isAbsolute: false },
  EXAT: { milliseconds: 1000n, isAbsolute: true },
  PXAT: { milliseconds: 1n, isAbsolute: true },
};

/** Whether Redis takes it as the time of SET; `null` where the key would expire while we look. */
function isTime(value: bigint, { milliseconds, isAbsolute }: Unit): boolean | null {
  if (value <= 0n || value > MAX / milliseconds) return false;
  if (!isAbsolute && value * milliseconds > MAX - NOW_MS) return false;
  const soon = isAbsolute ? 0n : value * milliseconds;
  return soon > 0n && soon < 600_000n ? null : true;
}

for (const [name, unit] of Object.entries(UNITS)) {
  given(`SET ${name} and GETEX ${name} accept or refuse every boundary`)`
    ${each((value) => {
      const stored = 'SET k v -> +OK';
      if (!isInteger(value)) return `${stored}\nSET k w ${name} ${value} -> ${NOT_INTEGER}`;
      const verdict = isTime(value, unit);
      if (verdict === false) {
        return `${stored}
          SET k w ${name} ${value} -> -ERR invalid expire time in 'set' command
          GETEX k ${name} ${value} -> -ERR invalid expire time in 'getex' command
          TTL k -> :-1`;
      }
      return `${stored}\nGETEX k ${name} ${value} -> "v"\nSET k w ${name} ${value} -> +OK`;
    })}
  `;
}

const EXPIRES: Record<string, Unit> = {
  expire: UNITS.EX as Unit,
  pexpire: UNITS.PX as Unit,
  expireat: UNITS.EXAT as Unit,
  pexpireat: UNITS.PXAT as Unit,
};

for (const [name, { milliseconds, isAbsolute }] of Object.entries(EXPIRES)) {
  given(`${name.toUpperCase()} accepts or refuses every boundary`)`
    ${each((value) => {
      const stored = 'SET k v -> +OK';
      if (!isInteger(value)) return `${stored}\n${name} k ${value} -> ${NOT_INTEGER}`;
      const at = value * milliseconds + (isAbsolute ? 0n : NOW_MS);
      const isTooMuch = value * milliseconds > MAX || value * milliseconds < MIN || at > MAX;
      if (isTooMuch)
        return `${stored}\n${name} k ${value} -> -ERR invalid expire time in '${name}' command`;
      if (at <= NOW_MS) return `${stored}\n${name} k ${value} -> :1\nEXISTS k -> :0`;
      return isAbsolute
        ? `${stored}\n${name} k ${value} -> :1\nPEXPIRETIME k -> :${at}`
        : `${stored}\n${name} k ${value} -> :1`;
    })}
  `;
}

given('SELECT, MOVE, COPY and SWAPDB know sixteen databases')`
  SET k v -> +OK
  ${each(
    (value) => `SELECT ${value} -> /OK|ERR .*/
      SELECT 0 -> +OK`,
  )}
  ${each((value) =>
    value >= 0n && value < 16n
      ? 'PING -> +PONG'
      : `MOVE k ${value} -> /ERR .*/
        COPY k l DB ${value} -> /ERR .*/
        SWAPDB 0 ${value} -> /ERR .*/`,
  )}
  EXISTS k -> :1
`;

given('LCS MINMATCHLEN takes every boundary')`
  MSET a abcdef b abcxef -> +OK
  ${each((value) => {
    if (!isInteger(value)) return `LCS a b IDX MINMATCHLEN ${value} -> ${NOT_INTEGER}`;
    const matches: [bigint, string][] = [
      [2n, '[[:4 :5] [:4 :5]]'],
      [3n, '[[:0 :2] [:0 :2]]'],
    ];
    const left = matches.filter(([length]) => length >= value).map(([, text]) => text);
    return `LCS a b IDX MINMATCHLEN ${value} -> {"matches" => [${left.join(' ')}] "len" => :5}`;
  })}
`;

given('SCAN COUNT takes every boundary')`
  SET k v -> +OK
  ${each((value) => {
    if (!isInteger(value)) return `SCAN 0 COUNT ${value} -> ${NOT_INTEGER}`;
    return value < 1n ? `SCAN 0 COUNT ${value} -> -ERR syntax error` : `SCAN 0 COUNT ${value} -> *`;
  })}
`;

given('INCRBYFLOAT takes every boundary as a number')`
  ${each((value) => `DEL f -> *\nINCRBYFLOAT f ${value} -> "${value}"`)}
`;
