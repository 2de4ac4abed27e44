/**
 * The demo's page: a console over a store in a worker of this page, kept in IndexedDB.
 *
 * `?store=NAME` chooses another store, `?persistence=memory` one that is not kept.
 */
import { CommandDocs } from './command-docs.js';
import { CommandLine } from './command-line.js';
import { Console } from './console.js';
import { button, byId, element } from './elements.js';
import type { Remedies } from './failures.js';
import { History } from './history.js';
import { Log } from './log.js';
import { replyText } from './reply-text.js';
import { Session, type StoreChoice } from './session.js';
import { Status } from './status.js';
import { StoragePanel } from './storage-panel.js';

const DEFAULT_STORE = 'playground';
/** To begin with. */
const WELCOME = 'Type a command, or begin with one of these.';
const KEPT = { indexeddb: 'What you set is still here after a reload.', memory: '' };
const EXAMPLES = ['SET greeting "hello"', 'GET greeting', 'INCR visits', 'INFO redstart', 'help'];

function readChoice(): StoreChoice {
  const asked = new URLSearchParams(location.search);
  const persistence = asked.get('persistence') === 'memory' ? 'memory' : 'indexeddb';
  return { name: asked.get('store') || DEFAULT_STORE, persistence };
}

const choice = readChoice();
const input = byId('command', HTMLInputElement);
const scroller = byId('console', HTMLElement);
const log = new Log(byId('log', HTMLElement), scroller);
const session: Session = new Session(
  choice,
  (error) => repl.failed(error, 'lost'),
  (message) => log.message(typeof message === 'string' ? message : replyText(message)),
  ({ state, message }) => storage.say(`${state}: ${message}`, state === 'ok' ? 'good' : 'bad'),
);
const status = new Status(byId('status', HTMLElement), session);
const storage = new StoragePanel(byId('storage', HTMLDetailsElement), session, () =>
  status.refreshSoon(0),
);
const docs = new CommandDocs((...commands) => session.ask(...commands));
const remedies: Remedies = {
  tryAgain: () => {
    void repl.open();
    input.focus();
  },
  otherStore: `?store=${encodeURIComponent(choice.name)}-2`,
  memoryStore: `?store=${encodeURIComponent(choice.name)}&persistence=memory`,
};
const repl = new Console({ session, docs, log, status, remedies, showPrompt });
new CommandLine({
  form: byId('line', HTMLFormElement),
  input,
  assist: byId('assist', HTMLElement),
  docs,
  history: new History('redstart:history'),
  enter: (line) => void repl.enter(line),
  clear: () => log.clear(),
});

function showPrompt(prompt: string): void {
  byId('prompt', HTMLElement).textContent = prompt.trimEnd();
}

function welcome(): void {
  const examples = EXAMPLES.map((line) => {
    return button(line, () => {
      void repl.enter(line);
      input.focus({ preventScroll: true });
    });
  });
  log.notice(
    element('span', 'text', `${WELCOME} ${KEPT[choice.persistence]}`),
    element('span', 'actions', ...examples),
  );
}

/** A click that selects no text and hits nothing else goes to the input. */
scroller.addEventListener('click', ({ target }) => {
  const hitsControl = target instanceof Element && target.closest('button, a, input') !== null;
  if (!hitsControl && getSelection()?.isCollapsed !== false) input.focus({ preventScroll: true });
});

/** Who comes back from the tab that had the store wants it here. */
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') repl.openIfBusy();
});

/** The input stays in sight when a telephone's keyboard, or help, takes room. */
const resized = new ResizeObserver(() => log.scrollToEnd());
resized.observe(scroller);
resized.observe(byId('assist', HTMLElement));

welcome();
await repl.open();
input.focus();
// Tab should know them when the first letters are typed; without a store there are none yet.
await docs.loadNames().catch(() => undefined);
