/**
 * When the page is hidden, put aside (frozen, or kept in the back/forward cache) and brought back.
 *
 * An owner that is put aside keeps its Web Lock and answers nobody (docs/RELIABILITY.md F6-F8), so it
 * has to let go first.
 */

export interface PageWatcher {
  /** Perhaps for ever: what is not on disk yet should go there. */
  hidden?(): void;
  /**
   * The page is about to stop running. When it is left, a worker goes on for some milliseconds;
   * when it is frozen (`atOnce`), a worker does not run again after this call.
   */
  putAside?(atOnce: boolean): void;
  /** The page runs again after `putAside`. */
  broughtBack?(): void;
}

/** Tells `watcher` until the function returned is called. Does nothing where there is no page. */
export function watchPage(watcher: PageWatcher): () => void {
  if (typeof document === 'undefined') return () => undefined;
  const watch = new AbortController();
  const on = (target: EventTarget, name: string, listener: (event: Event) => void) =>
    target.addEventListener(name, listener, watch);
  on(document, 'visibilitychange', () => {
    if (document.hidden) watcher.hidden?.();
  });
  on(document, 'freeze', () => watcher.putAside?.(true));
  on(document, 'resume', () => watcher.broughtBack?.());
  on(window, 'pagehide', () => watcher.putAside?.(false));
  on(window, 'pageshow', (event) => {
    if ((event as PageTransitionEvent).persisted) watcher.broughtBack?.();
  });
  return () => watch.abort();
}
