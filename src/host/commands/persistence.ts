/** SAVE, BGSAVE, BGREWRITEAOF, LASTSAVE. A save takes what is there when its turn has come. */
import { type CommandContext, type Handlers, SYNTAX_ERROR } from '../context.js';

const SAVING = 'ERR Background save already in progress';
const REWRITING = 'ERR Background append only file rewriting already in progress';
const BUSY =
  "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in " +
  'order to schedule a BGSAVE whenever possible.';
/** Redis says no more; its log does. */
const FAILED = 'ERR';

export const PERSISTENCE: Handlers = { bgrewriteaof, bgsave, lastsave, save };

function save(context: CommandContext) {
  const { host, reply } = context;
  const { saves } = host.persistence;
  if (saves.isUnderWay('dump')) return context.fail(SAVING);
  context.wait(saves.save('dump'), (failure) => {
    if (failure === null) {
      host.log('notice', 'DB saved on disk');
      reply.simple('OK');
    } else {
      host.log('warning', `The data could not be saved: ${String(failure)}`);
      context.fail(FAILED);
    }
  });
}

/** BGSAVE [SCHEDULE] */
function bgsave(context: CommandContext) {
  const { args, host, isNested, reply } = context;
  const { saves } = host.persistence;
  const isPatient = args.length === 2 && context.text(1).toLowerCase() === 'schedule';
  if (args.length > 1 && !isPatient) return context.fail(SYNTAX_ERROR);
  if (saves.isUnderWay('dump')) return context.fail(SAVING);
  if (isNested || saves.isUnderWay('base')) {
    if (!isNested && !isPatient) return context.fail(BUSY);
    saves.schedule('dump');
    return reply.simple('Background saving scheduled');
  }
  saves.saveInBackground('dump');
  reply.simple('Background saving started');
}

function bgrewriteaof(context: CommandContext) {
  const { host, isNested, reply } = context;
  const { saves } = host.persistence;
  if (saves.isUnderWay('base')) return context.fail(REWRITING);
  if (isNested || saves.isUnderWay('dump')) {
    saves.schedule('base');
    return reply.simple('Background append only file rewriting scheduled');
  }
  saves.saveInBackground('base');
  reply.simple('Background append only file rewriting started');
}

/** Unix time in seconds. */
function lastsave({ host, reply }: CommandContext): void {
  reply.integer(Math.floor(host.persistence.saves.lastSaveAt / 1000));
}
