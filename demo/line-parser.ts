/**
 * A typed line as redis-cli splits it: words between blanks, each of them bytes.
 *
 *   set k "a\x00\n" 'it\'s'     ->  set  k  a NUL LF  it's
 *
 * In double quotes \n \r \t \b \a \xHH and any other escaped character; in single quotes only \'.
 * A closing quote must be followed by a blank or the end. What Redis calls `sdssplitargs`.
 */

const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;
const LETTER_X = 0x78;
/** What the letter after a backslash stands for. */
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, a: 7 };

/** The words, or null if the quotes are not balanced. */
export function splitLine(line: string): Uint8Array[] | null {
  const cursor = { bytes: new TextEncoder().encode(line), at: 0 };
  const words: Uint8Array[] = [];
  for (;;) {
    while (isSpace(cursor.bytes[cursor.at])) cursor.at++;
    if (cursor.at >= cursor.bytes.length) return words;
    const word = readWord(cursor);
    if (word === null) return null;
    words.push(Uint8Array.from(word));
  }
}

/** The words as text, for those who only want to know which command it is. */
export function wordTexts(words: readonly Uint8Array[]): string[] {
  const decoder = new TextDecoder();
  return words.map((word) => decoder.decode(word));
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** Up to a blank; a quoted part ends the word. Null: the quote does not end as it should. */
function readWord(cursor: Cursor): number[] | null {
  const word: number[] = [];
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined || endsWord(byte)) return word;
    cursor.at++;
    if (byte !== DOUBLE_QUOTE && byte !== SINGLE_QUOTE) {
      word.push(byte);
      continue;
    }
    const isWhole = readQuoted(cursor, byte, word);
    const next = cursor.bytes[cursor.at];
    return isWhole && (next === undefined || isSpace(next)) ? word : null;
  }
}

/** Up to and with the closing quote; says whether there is one. */
function readQuoted(cursor: Cursor, quote: number, word: number[]): boolean {
  const { bytes } = cursor;
  while (cursor.at < bytes.length) {
    const byte = bytes[cursor.at++] as number;
    if (byte === quote) return true;
    word.push(byte === BACKSLASH ? readEscape(cursor, quote) : byte);
  }
  return false;
}

/** What the backslash before the cursor and the characters at it stand for. */
function readEscape(cursor: Cursor, quote: number): number {
  const { bytes, at } = cursor;
  const next = bytes[at];
  const isEscape = next !== undefined && (quote === DOUBLE_QUOTE || next === SINGLE_QUOTE);
  if (!isEscape) return BACKSLASH;
  if (quote === DOUBLE_QUOTE && next === LETTER_X) {
    const digits = String.fromCharCode(...bytes.subarray(at + 1, at + 3));
    if (/^[0-9a-f]{2}$/i.test(digits)) {
      cursor.at += 3;
      return Number.parseInt(digits, 16);
    }
  }
  cursor.at++;
  if (quote === SINGLE_QUOTE) return next;
  return ESCAPES[String.fromCharCode(next)] ?? next;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/** Vertical tabs and form feeds separate words but do not end one: so it is in Redis. */
function endsWord(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0;
}
