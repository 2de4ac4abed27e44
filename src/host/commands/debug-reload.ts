/** DEBUG RELOAD and LOADAOF: the data go through what they are kept as, and back. */
import type { CommandContext } from '../context.js';

const OPTIONS = new Set(['merge', 'noflush', 'nosave']);
const WRONG_OPTION = 'ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.';
/** Redis says no more; its log does. */
const NOT_SAVED = 'ERR';
const NOT_LOADED = 'ERR Error trying to load the RDB dump, check server logs.';

/**
 * RELOAD [MERGE] [NOFLUSH] [NOSAVE]: all data replace themselves, so there is nothing to merge. With
 * NOSAVE storage is read, where there is one.
 */
export function reload(context: CommandContext) {
  const { host } = context;
  const { persistence, snapshots } = host;
  const words = context.args.slice(2).map((_, at) => context.text(at + 2).toLowerCase());
  if (!words.every((word) => OPTIONS.has(word))) return context.fail(WRONG_OPTION);
  const isSaving = !words.includes('nosave');
  if (!isSaving && persistence.isKept) return answer(context, persistence.recovery.reload());
  let error = NOT_SAVED;
  const work = async () => {
    if (isSaving) await persistence.saves.save('dump');
    error = NOT_LOADED;
    await snapshots.reload();
  };
  answer(context, work(), () => error);
}

/** LOADAOF */
export function loadJournal(context: CommandContext): void {
  const { persistence, snapshots } = context.host;
  answer(context, persistence.isKept ? persistence.recovery.reload() : snapshots.reload());
}

function answer(context: CommandContext, work: Promise<void>, error = () => NOT_LOADED): void {
  const { host, reply } = context;
  context.wait(work, (failure) => {
    if (failure === null) return reply.simple('OK');
    host.log('warning', `DEBUG: the data were not reloaded: ${String(failure)}`);
    context.fail(error());
  });
}
