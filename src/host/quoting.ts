/**
 * Words of a configuration line, with quotes as Redis has them.
 *
 *   port 6379                 two words
 *   save ""                   the second is empty
 *   user "a b" 'it\'s'        double quotes know \n \r \t \b \a \xHH; single ones only \'
 *
 * `\xHH` is a byte: what is between words is UTF-8 only once it is put together. So a line is taken
 * apart as a text of bytes, with one character for each.
 */
import { binaryBytes, binaryText } from './binary-text.js';

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  a: '\x07',
};
const SPACE = /[ \t\n\r\v\f]/;

interface Word {
  readonly text: string;
  readonly end: number;
}

/** The words of `text`, or null if a quote is not closed or is followed by more than a blank. */
export function splitWords(text: string): string[] | null {
  const line = bytesOf(text);
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && SPACE.test(line.charAt(at))) at++;
    if (at >= line.length) return words;
    const word = readWord(line, at);
    if (word === null) return null;
    words.push(textOf(word.text));
    at = word.end;
  }
}

const ASCII = /^[\0-\x7f]*$/;

/** UTF-8, one character for each byte. */
function bytesOf(text: string): string {
  if (ASCII.test(text)) return text;
  return binaryText(new TextEncoder().encode(text));
}

function textOf(bytes: string): string {
  if (ASCII.test(bytes)) return bytes;
  return new TextDecoder().decode(binaryBytes(bytes));
}

/** `text` in double quotes and in ASCII, so that `splitWords` gives it back. */
export function quote(text: string): string {
  const escaped = bytesOf(text).replace(/["\\]|[^ -~]/g, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    const letter = Object.entries(ESCAPES).find(([, value]) => value === character)?.[0];
    return letter === undefined ? hexEscape(character) : `\\${letter}`;
  });
  return `"${escaped}"`;
}

function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function readWord(line: string, start: number): Word | null {
  let text = '';
  let at = start;
  while (at < line.length && !SPACE.test(line.charAt(at))) {
    const character = line.charAt(at);
    if (character !== '"' && character !== "'") {
      text += character;
      at++;
      continue;
    }
    const quoted = character === '"' ? readDouble(line, at + 1) : readSingle(line, at + 1);
    if (quoted === null) return null;
    const { end } = quoted;
    if (end < line.length && !SPACE.test(line.charAt(end))) return null;
    return { text: text + quoted.text, end };
  }
  return { text, end: at };
}

function readDouble(line: string, start: number): Word | null {
  let text = '';
  for (let at = start; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '"') return { text, end: at + 1 };
    const hex = /^\\x([0-9a-f]{2})/i.exec(line.slice(at, at + 4))?.[1];
    if (hex !== undefined) {
      text += String.fromCharCode(Number.parseInt(hex, 16));
      at += 3;
    } else if (character === '\\' && at + 1 < line.length) {
      const escaped = line.charAt(++at);
      text += ESCAPES[escaped] ?? escaped;
    } else text += character;
  }
  return null;
}

function readSingle(line: string, start: number): Word | null {
  let text = '';
  for (let at = start; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === "'") return { text, end: at + 1 };
    if (character === '\\' && line[at + 1] === "'") at++;
    text += line.charAt(at);
  }
  return null;
}
