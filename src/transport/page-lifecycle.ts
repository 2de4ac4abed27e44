/**
 * When the page is hidden, put aside (frozen, or kept in the back/forward cache) and brought back.
 *
 * An owner that is put aside keeps its Web Lock and answers nobody (RELIABILITY.md F6-F8), so it
 * has to let go first.
 */

export interface PageWatcher {
  /** Perhaps for ever: what is not on disk yet should go there. */
  hidden(): void;
  /** The page is about to stop running. */
  putAside(): void;
  /** The page runs again after `putAside`. */
  broughtBack(): void;
}

/** Tells `watcher` until the function returned is called. Does nothing where there is no page. */
export function watchPage(watcher: PageWatcher): () => void {
  if (typeof document === 'undefined' || typeof window === 'undefined') return () => undefined;
  const hidden = () => {
    if (document.visibilityState === 'hidden') watcher.hidden();
  };
  const putAside = () => watcher.putAside();
  const broughtBack = () => watcher.broughtBack();
  const shown = (event: PageTransitionEvent) => {
    if (event.persisted) watcher.broughtBack();
  };
  document.addEventListener('visibilitychange', hidden);
  document.addEventListener('freeze', putAside);
  document.addEventListener('resume', broughtBack);
  window.addEventListener('pagehide', putAside);
  window.addEventListener('pageshow', shown);
  return () => {
    document.removeEventListener('visibilitychange', hidden);
    document.removeEventListener('freeze', putAside);
    document.removeEventListener('resume', broughtBack);
    window.removeEventListener('pagehide', putAside);
    window.removeEventListener('pageshow', shown);
  };
}
