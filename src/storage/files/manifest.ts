/**
 * The manifest of an append only directory: which files make up the journal, as Redis 7 writes it.
 *
 *   #RS:00000000 0 0 86 00000000 9b8c1d2e\r\n                    ours, in front of what it covers
 *   file appendonly.aof.1.base.rdb seq 1 type b bytes 3120       the base: a snapshot
 *   file appendonly.aof.1.incr.aof seq 1 type i                  what came after it, in order
 *   file appendonly.aof.2.incr.aof seq 2 type i
 *
 * A file of type `h` belongs to the past, and may be deleted. The first line is a comment to
 * redis-server, which leaves it out when it writes the manifest anew.
 */
import { decodeHeader, encodeBlock, MARK, NOWHERE, sumOfLine, sumOver } from './blocks.js';

export type FileType = 'b' | 'i' | 'h';

export interface ManifestFile {
  readonly name: string;
  readonly sequence: number;
  readonly type: FileType;
  /** How long a base is, if the manifest tells: redis-server passes that over. */
  readonly bytes?: number;
}

export interface Manifest {
  readonly base: ManifestFile | null;
  /** In the order of their numbers. */
  readonly increments: readonly ManifestFile[];
  readonly history: readonly ManifestFile[];
}

export const EMPTY_MANIFEST: Manifest = { base: null, increments: [], history: [] };

/** Why a manifest cannot be read, in Redis's words. */
export class ManifestError extends Error {
  override name = 'ManifestError';

  constructor(
    message: string,
    /** From 1; null if no single line is to blame. */
    readonly line: { readonly number: number; readonly text: string } | null = null,
  ) {
    super(message);
  }
}

const LINE_BYTES_MAX = 1024;
const FORMAT = 'Invalid AOF manifest file format';
const latin1 = new TextDecoder('latin1');

export function encodeManifest({ base, increments, history }: Manifest): Uint8Array {
  const files = [...(base === null ? [] : [base]), ...history, ...increments];
  const lines = files.map(
    ({ bytes, name, sequence, type }) =>
      `file ${quote(name)} seq ${sequence} type ${type}${bytes ? ` bytes ${bytes}` : ''}\n`,
  );
  const text = Uint8Array.from(lines.join(''), (character) => character.charCodeAt(0));
  return encodeBlock([text], NOWHERE).bytes;
}

/** Throws a ManifestError. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  if (bytes.length === 0) throw new ManifestError('Found an empty AOF manifest');
  const text = latin1.decode(bytes);
  checkSum(text, bytes);
  const reading = new Reading();
  const lines = text.split('\n');
  const isEnded = lines.at(-1) === '';
  for (const [index, line] of (isEnded ? lines.slice(0, -1) : lines).entries()) {
    if (line.startsWith('#')) continue;
    const number = index + 1;
    const isLast = index === lines.length - 1;
    if (line.length >= LINE_BYTES_MAX || isLast) {
      const problem = 'The AOF manifest file contains too long line';
      throw new ManifestError(problem, { number, text: line });
    }
    const problem = reading.take(line.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''));
    if (problem !== null) throw new ManifestError(problem, { number, text: line });
  }
  // What is left of one that was cut off within its first line, say.
  if (reading.isEmpty) throw new ManifestError('Found an empty AOF manifest');
  return reading;
}

/** A manifest of ours is refused unless it is as it was written. */
function checkSum(text: string, bytes: Uint8Array): void {
  if (!text.startsWith(MARK)) return;
  const end = text.indexOf('\n') + 1;
  const line = text.slice(0, end);
  const header = decodeHeader(line);
  const covered = bytes.subarray(end);
  const isAll = header?.length === covered.length;
  if (isAll && header.sum === sumOver(sumOfLine(line), covered)) return;
  throw new ManifestError('The checksum of the AOF manifest does not agree with what it says');
}

/** A name as Redis writes it: in quotes if it must be. */
function quote(name: string): string {
  if (/^[!#-[\]-~]+$/.test(name)) return name;
  const escaped = (character: string) =>
    /["\\]/.test(character)
      ? `\\${character}`
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  return `"${name.replace(/["\\]|[^ -~]/g, escaped)}"`;
}

const LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };

const WORD = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)/y;

/** The words of a line; null if a quote is not closed. */
function splitWords(line: string): string[] | null {
  const words: string[] = [];
  for (WORD.lastIndex = 0; WORD.lastIndex < line.length; ) {
    const match = WORD.exec(line);
    if (match === null) return null;
    words.push(match[1] === undefined ? (match[2] ?? '') : unquote(match[1]));
  }
  return words;
}

function unquote(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_, code?: string, letter = '') =>
    code === undefined
      ? (LETTERS[letter] ?? letter)
      : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

class Reading implements Manifest {
  base: ManifestFile | null = null;
  readonly increments: ManifestFile[] = [];
  readonly history: ManifestFile[] = [];

  get isEmpty(): boolean {
    return this.base === null && this.increments.length + this.history.length === 0;
  }

  /** What is wrong with a line, or null. */
  take(line: string): string | null {
    const words = splitWords(line);
    if (words === null || words.length < 6 || words.length % 2 !== 0) return FORMAT;
    let name = '';
    let sequence = 0;
    let type = '';
    let bytes = 0;
    for (let at = 0; at < words.length; at += 2) {
      const value = words[at + 1] ?? '';
      const key = words[at]?.toLowerCase();
      if (key === 'file') {
        name = value;
        if (/[/\\]/.test(value)) return "File can't be a path, just a filename";
      } else if (key === 'seq') sequence = Number.parseInt(value, 10) || 0;
      else if (key === 'type') type = value.charAt(0);
      else if (key === 'bytes') bytes = Number.parseInt(value, 10) || 0;
    }
    if (name === '' || sequence === 0 || type === '') return FORMAT;
    const file = { name, sequence, type: type as FileType };
    return this.add(bytes > 0 ? { ...file, bytes } : file);
  }

  private add(file: ManifestFile): string | null {
    if (file.type === 'b') {
      if (this.base !== null) return 'Found duplicate base file information';
      this.base = file;
    } else if (file.type === 'h') this.history.push(file);
    else if (file.type === 'i') {
      if (file.sequence <= (this.increments.at(-1)?.sequence ?? 0)) {
        return 'Found a non-monotonic sequence number';
      }
      this.increments.push(file);
    } else return 'Unknown AOF file type';
    return null;
  }
}
