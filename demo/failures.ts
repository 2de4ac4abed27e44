/** What to say when the store cannot be opened or is lost, and what can be done about it. */
import {
  ConnectionError,
  LeaderLostError,
  StorageError,
  StoreBusyError,
  WorkerLoadError,
} from 'redstart/core';
import { button, element, link } from './elements.js';

/** What the page offers to do. */
export interface Remedies {
  tryAgain(): void;
  /** The address of this page with another store. */
  otherStore: string;
  /** The address of this page with a store that is not kept. */
  memoryStore: string;
}

interface Advice {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly other?: 'otherStore' | 'memoryStore';
}

const OTHER_TEXT = {
  otherStore: 'Use a second store in this tab',
  memoryStore: 'Go on with an empty store in memory',
};

/** The parts of a notice about this failure. */
export function failureNotice(error: unknown, remedies: Remedies): HTMLElement[] {
  const { title, text, action, other } = advise(error);
  const actions = element('span', 'actions', button(action, remedies.tryAgain));
  if (other !== undefined) actions.append(' ', link(OTHER_TEXT[other], remedies[other]));
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [
    element('strong', '', title),
    element('span', 'text', text),
    actions,
    element('span', 'cause', message),
  ];
}

function advise(error: unknown): Advice {
  if (error instanceof StoreBusyError) {
    return {
      title: 'This store is open in another tab.',
      text: 'One tab at a time can have it. Close the other one, or type quit there, then try again.',
      action: 'Try again',
      other: 'otherStore',
    };
  }
  if (error instanceof WorkerLoadError) {
    return {
      title: 'The engine did not load.',
      text: 'Its files are missing or were blocked on the way. Nothing that is stored is lost.',
      action: 'Try again',
    };
  }
  if (error instanceof StorageError) {
    return {
      title: 'What is stored cannot be read or written.',
      text: 'It was left as it is.',
      action: 'Try again',
      other: 'memoryStore',
    };
  }
  if (error instanceof LeaderLostError) {
    return {
      title: 'Another tab has taken this store over.',
      text: 'What was acknowledged is kept. A command in flight may have run once.',
      action: 'Take it back',
      other: 'otherStore',
    };
  }
  const isLost = error instanceof ConnectionError;
  return {
    title: isLost ? 'The connection to the store broke.' : 'The store could not be opened.',
    text: isLost ? 'A command in flight may have run once.' : '',
    action: 'Open it again',
  };
}
