/**
 * Fills in the replies of transcripts by asking redis-server: `npx tsx test/support/record.ts
 * FILE...`. Only lines without a reply are touched, and what was filled in is to be read before
 * it is kept. Transcripts with `${}` in them are left alone.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { renderReply } from './render.js';
import { type Answer, replay } from './replay.js';
import { openRedis } from './target-process.js';
import type { Store } from './targets.js';
import {
  logicalLines,
  mismatch,
  parseExpected,
  parseTranscript,
  splitAtArrow,
} from './transcript.js';

const TRANSCRIPT = /(given\([^`]*\)`)([^`]*)(`)/g;
const COLUMNS = 100;
const INDENT = '  ';

async function record(store: Store, file: string): Promise<void> {
  const source = await readFile(file, 'utf8');
  const edits: Promise<string>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  source.replace(TRANSCRIPT, (whole: string, head: string, text: string, tail: string) => {
    const edit = last.then(async () => {
      if (text.includes('${')) return whole;
      return head + (await fill(store, text, head)) + tail;
    });
    last = edit;
    edits.push(edit);
    return whole;
  });
  const texts = await Promise.all(edits);
  await writeFile(
    file,
    source.replace(TRANSCRIPT, () => texts.shift() as string),
  );
}

async function fill(store: Store, text: string, title: string): Promise<string> {
  const lines = parseTranscript(text);
  if (lines.every((line) => line.expected !== null)) return text;
  const answers2 = await replay(store, lines, 2);
  const answers3 = await replay(store, lines, 3);
  const replies = lines.flatMap((line, index) => {
    if (line.isMore) return [];
    if (line.expected !== null) return [null];
    return [recorded(answers2[index] ?? null, answers3[index] ?? null, line.command, title)];
  });
  return layOut(text, replies);
}

function recorded(
  answer2: Answer | null,
  answer3: Answer | null,
  command: string,
  title: string,
): string {
  if (answer2 === null || answer3 === null) return '(none)';
  const text = renderReply(answer3.reply.tree, answer2.reply.tree);
  if (mismatch(parseExpected(text), answer2.reply.tree, answer2.protocol) !== null) {
    const other = renderReply(answer2.reply.tree);
    console.error(`${title} ${command}: RESP3 says ${text}, RESP2 says ${other}`);
  }
  return text;
}

/** Puts the replies behind the commands, arrows below each other where they fit. */
function layOut(text: string, replies: (string | null)[]): string {
  const commands = new Set(logicalLines(text).filter((line) => !line.startsWith('->')));
  const rows = text.split('\n').map((row) => {
    const trimmed = row.trim();
    const isCommand = trimmed !== '' && commands.has(trimmed);
    if (!isCommand) return { command: trimmed, reply: null };
    const { command, reply } = splitAtArrow(trimmed);
    const filled = replies.shift() ?? null;
    return { command, reply: reply ?? filled };
  });
  const widths = rows.filter((row) => row.reply !== null).map((row) => row.command.length);
  const column = Math.max(...widths.filter((width) => width <= 44), 12);
  const last = rows.length - 1;
  return rows
    .map(({ command, reply }, index) => {
      if (command === '') return index === last ? '' : command;
      if (reply === null) return `${command.startsWith('->') ? INDENT : ''}${INDENT}${command}`;
      const line = `${INDENT}${command.padEnd(column)} -> ${reply}`;
      if (line.length <= COLUMNS) return line;
      return [command, ...wrap(`-> ${reply}`)].join(`\n${INDENT}${INDENT}`).replace(/^/, INDENT);
    })
    .join('\n');
}

/** Breaks a long list behind its items: a reply goes on while a bracket is open. */
function wrap(reply: string): string[] {
  if (!/^-> ~?[[{]/.test(reply)) return [reply];
  const lines: string[] = [];
  for (const item of reply.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g) ?? []) {
    const last = lines.at(-1);
    const fits = last !== undefined && last.length + item.length < COLUMNS - 6;
    if (fits) lines[lines.length - 1] += ` ${item}`;
    else lines.push(item);
  }
  return lines;
}

const store = await openRedis();
for (const file of process.argv.slice(2)) await record(store, file);
await store.close();
