/** Replies in the notation of transcripts: for messages, and for recording from redis-server. */
import { quote } from './transcript.js';
import type { Reply } from './wire.js';

const BRACKETS: Record<string, [string, string]> = {
  '*': ['[', ']'],
  '~': ['~[', ']'],
  '>': ['>[', ']'],
  '%': ['{', '}'],
};

const ODD_LINE = /^[\s"]|\s$|[^ -~]/;
const ODD_ITEM = /[\s"[\]{}]|[^ -~]|^$/;

/** `shadow` is the RESP2 reply to the same command: it tells `nil` from `nil[]`. */
export function renderReply(reply: Reply, shadow?: Reply): string {
  return render(reply, shadow, ODD_LINE);
}

function render(reply: Reply, shadow: Reply | undefined, odd: RegExp): string {
  const { mark, text, items } = reply;
  if (items !== null) return renderItems(mark, items, shadow?.items ?? []);
  if (text === null) return (shadow ?? reply).mark === '*' ? 'nil[]' : 'nil';
  if (mark === '$') return quote(text);
  if (mark === '=') return `=${quote(text)}`;
  return '+-'.includes(mark) && odd.test(text) ? mark + quote(text) : mark + text;
}

function renderItems(mark: string, items: Reply[], shadows: Reply[]): string {
  const [open, close] = BRACKETS[mark] as [string, string];
  const texts = items.map((item, index) => render(item, shadows[index], ODD_ITEM));
  if (mark !== '%') return open + texts.join(' ') + close;
  const pairs: string[] = [];
  for (let index = 0; index < texts.length; index += 2) {
    pairs.push(`${texts[index]} => ${texts[index + 1]}`);
  }
  return open + pairs.join(' ') + close;
}

export function shorten(text: string, limit = 400): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}... (${text.length} characters)`;
}
