/**
 * The storage panel: how the store is kept and how much of it there is, with what can be done about
 * it. It asks while it is open, and not otherwise.
 */
import { FormatError, type StorageInfo } from 'redstart/core';
import { button, element } from './elements.js';
import type { Session } from './session.js';
import { DURABILITY } from './status.js';

const REFRESH_MS = 1000;

interface OriginInfo {
  readonly usage: number | undefined;
  readonly quota: number | undefined;
  readonly persisted: boolean;
}

type Field = readonly [name: string, value: string, mood?: 'good' | 'bad'];

export class StoragePanel {
  readonly #panel: HTMLDetailsElement;
  readonly #session: Session;
  readonly #changed: () => void;
  readonly #facts = element('dl');
  readonly #outcome = element('p', 'outcome');
  readonly #file = element('input');
  #timer = 0;

  /** `changed` is called after something was done that may have changed the data. */
  constructor(panel: HTMLDetailsElement, session: Session, changed: () => void) {
    this.#panel = panel;
    this.#session = session;
    this.#changed = changed;
    this.#outcome.setAttribute('role', 'status');
    this.#file.type = 'file';
    this.#file.accept = '.rdb';
    this.#file.hidden = true;
    this.#file.setAttribute('aria-label', 'RDB file');
    this.#file.addEventListener('change', () => this.#chosen());
    panel.append(this.#facts, this.#actions(), this.#file, this.#outcome);
    panel.addEventListener('toggle', () => void this.#refresh());
    document.addEventListener('visibilitychange', () => void this.#refresh());
  }

  /** Something that happened to storage. */
  say(text: string, mood: '' | 'good' | 'bad' = ''): void {
    this.#outcome.className = `outcome ${mood}`;
    this.#outcome.replaceChildren(text);
  }

  #actions(): HTMLElement {
    const act = (text: string, doing: string, work: () => Promise<string>) =>
      button(text, () => void this.#act(doing, work));
    return element(
      'p',
      'actions',
      act('Save now', 'Saving', () => this.#command('BGSAVE')),
      act('Rewrite the journal', 'Rewriting', () => this.#command('BGREWRITEAOF')),
      act('Export RDB', 'Exporting', () => this.#exportRdb()),
      button('Import RDB …', () => this.#file.click()),
      act('Protect from clean-up', 'Asking the browser', () => protect()),
    );
  }

  async #act(doing: string, work: () => Promise<string>): Promise<void> {
    this.say(`${doing} …`);
    try {
      this.say(await work(), 'good');
    } catch (error) {
      this.say(textOf(error), 'bad');
    }
    await this.#refresh();
  }

  async #command(name: string): Promise<string> {
    const [reply] = await this.#session.ask([name]);
    if (reply instanceof Error) throw reply;
    return String(reply);
  }

  async #exportRdb(): Promise<string> {
    const file = await this.#session.storeRequest('exportRdb');
    const name = `${this.#session.choice.name}.rdb`;
    const address = URL.createObjectURL(file);
    const link = element('a');
    link.href = address;
    link.download = name;
    link.click();
    // The download has begun by then.
    setTimeout(() => URL.revokeObjectURL(address), REFRESH_MS);
    return `${name}: ${sizeText(file.size)}. redis-server can load it.`;
  }

  /** A file was chosen: asks whether it may replace all data. */
  #chosen(): void {
    const [file] = this.#file.files ?? [];
    this.#file.value = '';
    if (file === undefined) return;
    this.say(`${file.name} (${sizeText(file.size)}) will replace all data. `);
    this.#outcome.append(
      button('Replace all data', () => void this.#import(file)),
      button('Cancel', () => this.say('')),
    );
  }

  async #import(file: File): Promise<void> {
    await this.#act('Importing', async () => {
      await this.#session.storeRequest('importRdb', file);
      return `${file.name} is imported, and on disk.`;
    });
    this.#changed();
  }

  /** Shows the present state, and again before long. */
  async #refresh(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#panel.open || document.hidden) return;
    try {
      const [info, origin] = await Promise.all([
        this.#session.storeRequest('storage'),
        originInfo(),
      ]);
      this.#show(fieldsOf(info, origin));
    } catch {
      this.#show([['State', 'no store', 'bad']]);
    }
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#refresh(), REFRESH_MS);
  }

  #show(fields: readonly Field[]): void {
    const groups = fields.map(([name, value, mood = '']) => {
      const group = element('div', mood, element('dt', '', name), element('dd', '', value));
      group.dataset.fact = name.toLowerCase().replaceAll(' ', '-');
      return group;
    });
    this.#facts.replaceChildren(...groups);
  }
}

function fieldsOf(info: StorageInfo, origin: OriginInfo): Field[] {
  const { backend, durability, appendOnly, generation, snapshotBytes, journalBytes } = info;
  const isKept = backend !== 'memory';
  const used = `${sizeText(origin.usage)} of ${sizeText(origin.quota)}`;
  const fields: Field[] = [['State', stateText(info), info.state === 'ok' ? 'good' : 'bad']];
  if (!isKept) return [...fields, ['This site uses', used]];
  const snapshot = generation === 0 ? 'none yet' : `no. ${generation}, ${sizeText(snapshotBytes)}`;
  fields.push(
    ['Written', appendOnly ? (DURABILITY[durability] ?? durability) : 'by save rules'],
    ['Snapshot', snapshot],
    ['Journal', appendOnly ? sizeText(journalBytes) : 'none'],
    ['Last on disk', timeText(info.lastDurableAt)],
    ['This site uses', used],
    ['The browser may delete it', origin.persisted ? 'no' : 'yes, when space is short'],
  );
  if (info.bytesLost > 0) fields.push(['Set aside as damaged', sizeText(info.bytesLost), 'bad']);
  return fields;
}

function stateText({ backend, state, reason }: StorageInfo): string {
  if (backend === 'memory') return 'nothing is kept';
  return state === 'ok' ? 'all is well' : `${state}: ${reason}`;
}

/** Only a secure page is told. */
async function originInfo(): Promise<OriginInfo> {
  if (!isSecureContext) return { usage: undefined, quota: undefined, persisted: false };
  const { usage, quota } = await navigator.storage.estimate();
  return { usage, quota, persisted: await navigator.storage.persisted() };
}

async function protect(): Promise<string> {
  if (await navigator.storage.persist()) return 'The browser will not delete this by itself.';
  throw new Error('The browser did not agree. Installing the page or using it often may help.');
}

function textOf(error: unknown): string {
  if (error instanceof FormatError) return `${error.message} All data are as before.`;
  return error instanceof Error ? error.message : String(error);
}

function timeText(at: number | null): string {
  return at === null ? 'nothing yet' : new Date(at).toLocaleTimeString();
}

const UNITS = ['bytes', 'kB', 'MB', 'GB'] as const;

function sizeText(bytes: number | undefined): string {
  if (bytes === undefined) return '?';
  const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const size = bytes / 1000 ** step;
  return `${step === 0 ? size : size.toPrecision(3)} ${UNITS[step]}`;
}
