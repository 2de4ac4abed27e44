/**
 * Finds text that stands twice: runs of significant lines that are the same but for white
 * space. Blank lines, comments, imports and lone punctuation are not significant.
 */
import type { Problem, Source } from './source.js';

export const SAME_LINES_MAX = 5;

interface Line {
  source: Source;
  number: number;
  text: string;
}

/** One problem for each run of more than SAME_LINES_MAX lines, at its second place. */
export function duplicates(sources: readonly Source[]): Problem[] {
  const files = sources.map(significantLines);
  const firstSeen = new Map<string, { file: number; at: number }>();
  const found: Problem[] = [];
  files.forEach((lines, file) => {
    for (let at = 0; at + SAME_LINES_MAX < lines.length; at++) {
      const window = textOf(lines, at);
      const first = firstSeen.get(window);
      if (first === undefined) firstSeen.set(window, { file, at });
      else if (first.file !== file || first.at + SAME_LINES_MAX < at) {
        const original = files[first.file] as Line[];
        const length = sameLength(original, first.at, lines, at);
        found.push(problem(original[first.at] as Line, lines[at] as Line, length));
        at += length - 1;
      }
    }
  });
  return found;
}

function problem(original: Line, copy: Line, length: number): Problem {
  const place = `${original.source.path}:${original.number}`;
  return { path: copy.source.path, line: copy.number, message: `${length} lines as at ${place}` };
}

function textOf(lines: Line[], at: number): string {
  return lines
    .slice(at, at + SAME_LINES_MAX + 1)
    .map(({ text }) => text)
    .join('\n');
}

function sameLength(a: Line[], aAt: number, b: Line[], bAt: number): number {
  let length = 0;
  while (a[aAt + length] && a[aAt + length]?.text === b[bAt + length]?.text) length++;
  return length;
}

function significantLines(source: Source): Line[] {
  return withoutCommentsAndImports(source)
    .split('\n')
    .map((text, index) => ({ source, number: index + 1, text: text.trim().replace(/\s+/g, ' ') }))
    .filter(({ text }) => !/^[\s{}()[\];,]*$/.test(text));
}

/** The text with those ranges blank, so that lines keep their numbers. */
function withoutCommentsAndImports({ text, comments, importRanges }: Source): string {
  let blanked = '';
  let end = 0;
  const ranges = [...comments, ...importRanges].sort((a, b) => a.start - b.start);
  for (const range of ranges) {
    if (range.end <= end) continue;
    const start = Math.max(range.start, end);
    blanked += text.slice(end, start) + text.slice(start, range.end).replace(/[^\n]/g, ' ');
    end = range.end;
  }
  return blanked + text.slice(end);
}
