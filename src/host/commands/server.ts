/** TIME and SHUTDOWN. */
import { type CommandContext, type Handlers, SYNTAX_ERROR } from '../context.js';

const SHUTDOWN_OPTIONS = new Set(['nosave', 'save', 'now', 'force', 'abort']);

const SHUTDOWN_FAILED = 'ERR Errors trying to SHUTDOWN. Check logs.';

export const SERVER: Handlers = { time, shutdown };

function time({ now, reply }: CommandContext): void {
  const milliseconds = Math.floor(now);
  reply.array(2);
  reply.bulk(String(Math.floor(milliseconds / 1000)));
  reply.bulk(String((milliseconds % 1000) * 1000));
}

function shutdown(context: CommandContext) {
  const { args, host } = context;
  const options = new Set(args.slice(1).map((_, at) => context.text(at + 1).toLowerCase()));
  const known = [...options].every((option) => SHUTDOWN_OPTIONS.has(option));
  const abort = options.has('abort');
  const conflict = (abort && options.size > 1) || (options.has('save') && options.has('nosave'));
  if (!known || conflict) return context.fail(SYNTAX_ERROR);
  if (abort) return context.fail('ERR No shutdown in progress.');
  if (host.shutdown === undefined) {
    return context.fail(SHUTDOWN_FAILED);
  }
  const save = options.has('save') ? true : options.has('nosave') ? false : null;
  const end = () => {
    host.persistence.noteShutdown();
    host.shutdown?.({ save: false });
  };
  const saving = host.persistence.prepareForShutdown(save);
  if (saving === null) return end();
  context.wait(saving, (failure) => {
    if (failure === null || options.has('force')) return end();
    host.log('warning', `Error trying to save the DB, can't exit: ${String(failure)}`);
    context.fail(SHUTDOWN_FAILED);
  });
}
