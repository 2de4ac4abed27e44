/**
 * The status line: where the data is kept and whether all of it is there yet, how many keys, how
 * much memory. From the store's own INFO, asked a moment after each command.
 */
import { element } from './elements.js';
import type { Session } from './session.js';

/** Commands that come in a row are one reason to ask. */
const SETTLE_MS = 120;
const UNSAVED_MS = 400;
/** Keys expire without a command. */
const IDLE_MS = 10_000;

export const DURABILITY: Readonly<Record<string, string>> = {
  always: 'before each reply',
  everysec: 'every second',
  no: 'when the browser likes',
};

type Info = ReadonlyMap<string, string>;

export class Status {
  readonly #list: HTMLElement;
  readonly #session: Session;
  #timer = 0;

  constructor(list: HTMLElement, session: Session) {
    this.#list = list;
    this.#session = session;
    document.addEventListener('visibilitychange', () => this.refreshSoon());
  }

  /** Shows the present state before long. */
  refreshSoon(inMs = SETTLE_MS): void {
    clearTimeout(this.#timer);
    if (document.visibilityState === 'hidden') return;
    this.#timer = window.setTimeout(() => void this.#refresh(), inMs);
  }

  /** There is no store. */
  showClosed(why: string): void {
    clearTimeout(this.#timer);
    this.#show([['Store', why, 'bad']]);
  }

  async #refresh(): Promise<void> {
    if (!this.#session.isOpen) return;
    try {
      const [text, fsync] = await this.#session.ask(['INFO', 'everything'], APPENDFSYNC);
      if (!this.#session.isOpen || typeof text !== 'string') return;
      const info = parseInfo(text);
      const mode = (fsync as { appendfsync?: string } | null)?.appendfsync ?? '';
      this.#show(this.#fields(info, mode));
      this.refreshSoon(isSaved(info) ? IDLE_MS : UNSAVED_MS);
    } catch {
      // The console says that the store is lost; the next command asks again.
    }
  }

  #fields(info: Info, mode: string): Field[] {
    const { report } = this.#session;
    const [warning] = report?.warnings ?? [];
    const isKept = info.get('redstart_durable') === 'yes';
    const fields: Field[] = [
      isKept ? ['Kept in', 'IndexedDB', 'good'] : ['Kept in', 'memory only', 'bad'],
    ];
    if (isKept) {
      const saved = isSaved(info) ? 'all saved' : 'saving';
      fields.push(['Saved', `${DURABILITY[mode] ?? mode}, ${saved}`]);
    } else {
      fields.push(['Why', warning ?? 'asked for; nothing survives a reload']);
    }
    fields.push(['Keys', String(keyCount(info))]);
    fields.push(['Memory', info.get('used_memory_human') ?? '']);
    if (isKept) fields.push(['Epoch', String(report?.epoch ?? '')]);
    fields.push(['Ready in', `${Math.round(this.#session.readyMs)} ms`]);
    return fields;
  }

  #show(fields: readonly Field[]): void {
    const groups = fields.map(([name, value, mood = '']) => {
      const group = element('div', mood, element('dt', '', name), element('dd', '', value));
      group.dataset.field = name.toLowerCase().replace(' ', '-');
      return group;
    });
    this.#list.replaceChildren(...groups);
  }
}

type Field = readonly [name: string, value: string, mood?: 'good' | 'bad'];

const APPENDFSYNC = ['CONFIG', 'GET', 'appendfsync'];

function parseInfo(text: string): Info {
  const lines = text.split('\r\n').map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1)];
  });
  return new Map(lines);
}

function isSaved(info: Info): boolean {
  return info.get('redstart_journal_bytes') === info.get('redstart_journal_bytes_durable');
}

/** In all databases: `db0:keys=3,expires=0,avg_ttl=0`. */
function keyCount(info: Info): number {
  let count = 0;
  for (const [name, value] of info) {
    if (/^db\d+$/.test(name)) count += Number(/^keys=(\d+)/.exec(value)?.[1] ?? 0);
  }
  return count;
}
