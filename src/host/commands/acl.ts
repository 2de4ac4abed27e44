/** ACL: users, what they may do, and what was refused to them. */
import { ACL_CATEGORIES, isAclCategory } from '../../commands/acl.js';
import { COMMANDS } from '../../commands/table.js';
import { channelsText, commandsText, keysText, userFlags, userLine } from '../acl/description.js';
import type { LogEntry } from '../acl/log.js';
import { denialOf } from '../acl/permissions.js';
import type { Selector } from '../acl/selector.js';
import { hasSpaces, RuleError } from '../acl/selector-rules.js';
import { mergeSelectors, type Rule, UnmatchedError } from '../acl/user.js';
import { UserListError } from '../acl/user-list.js';
import { binaryBytes, binaryText } from '../binary-text.js';
import { type CommandContext, type Handlers, NOT_AN_INTEGER } from '../context.js';
import { parseInteger } from '../integers.js';
import { randomHex } from '../random-hex.js';
import { ACL_HELP } from './acl-help.js';
import { writeArray } from './command-shapes.js';
import { helpReply } from './help.js';

const NO_FILE =
  'ERR This Redis instance is not configured to use an ACL file. You may want to specify users ' +
  'via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis ' +
  'configuration file set) in order to store users in the Redis configuration.';
const NOT_SAVED =
  'ERR There was an error trying to save the ACLs. Please check the server logs for more ' +
  'information';
const BAD_BITS =
  'ERR ACL GENPASS argument must be the number of bits for the output password, a positive ' +
  'number up to 4096';
const LOG_LENGTH_DEFAULT = 10n;
const PASSWORD_BITS_DEFAULT = 256;
const PASSWORD_BITS_MAX = 4096n;
const BITS_PER_DIGIT = 4;

export const ACL: Handlers = {
  'acl|cat': cat,
  'acl|deluser': deleteUsers,
  'acl|dryrun': dryRun,
  'acl|genpass': generatePassword,
  'acl|getuser': getUser,
  'acl|help': ({ reply }) => helpReply(reply, 'ACL', ACL_HELP),
  'acl|list': ({ host, reply }) => writeNames(reply, host.acl.list().map(userLine)),
  'acl|load': load,
  'acl|log': log,
  'acl|save': save,
  'acl|setuser': setUser,
  'acl|users': ({ host, reply }) =>
    writeNames(
      reply,
      host.acl.list().map((user) => user.name),
    ),
  'acl|whoami': ({ reply, session }) => reply.bulk(binaryBytes(session.user.name)),
};

function writeNames(reply: CommandContext['reply'], names: readonly string[]): void {
  writeArray(reply, names, (name) => reply.bulk(binaryBytes(name)));
}

/** Commands that take an argument or none, and are told more. */
function failArity(context: CommandContext): void {
  context.failQuoting(
    "ERR unknown subcommand or wrong number of arguments for '",
    1,
    "'. Try ACL HELP.",
  );
}

function cat(context: CommandContext) {
  const { args, reply } = context;
  if (args.length > 3) return failArity(context);
  if (args.length === 2) return writeArray(reply, ACL_CATEGORIES, (name) => reply.bulk(name));
  const category = binaryText(args[2]).toLowerCase();
  if (!isAclCategory(category)) return context.failQuoting("ERR Unknown category '", 2, "'");
  const rows = COMMANDS.filter((row) => row.acl.includes(category));
  writeArray(reply, rows, (row) => reply.bulk(row.name));
}

function setUser(context: CommandContext) {
  const { args, host, reply } = context;
  const name = binaryText(args[2]);
  if (hasSpaces(name)) {
    return context.fail("ERR Usernames can't contain spaces or null characters");
  }
  let wrong: Rule | null = null;
  try {
    const rules = mergeSelectors(args.slice(3).map(binaryText));
    host.acl.setUser(name, rules, (rule) => {
      wrong = rule;
    });
    reply.simple('OK');
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    failRule(context, error, wrong);
  }
}

function failRule(context: CommandContext, error: RuleError, rule: Rule | null) {
  if (error instanceof UnmatchedError) {
    return context.failQuoting(
      "ERR Unmatched parenthesis in acl selector starting at '",
      error.at + 3,
      "'.",
    );
  }
  const text = binaryBytes(rule?.text ?? '');
  context.failQuoting("ERR Error in ACL SETUSER modifier '", text, `': ${error.message}`);
}

function deleteUsers(context: CommandContext) {
  const { args, host, reply } = context;
  const names = args.slice(2).map(binaryText);
  if (names.includes('default')) {
    return context.fail("ERR The 'default' user cannot be removed");
  }
  reply.integer(names.filter((name) => host.acl.deleteUser(name)).length);
}

function getUser({ args, host, reply }: CommandContext) {
  const user = host.acl.find(binaryText(args[2]));
  if (user === undefined) return reply.null();
  reply.map(6);
  const flags = userFlags(user);
  reply.bulk('flags');
  reply.set(flags.length);
  for (const flag of flags) reply.bulk(flag);
  reply.bulk('passwords');
  writeArray(reply, user.passwords, (hash) => reply.bulk(hash));
  writeSelector(reply, user.root);
  reply.bulk('selectors');
  writeArray(reply, user.selectors.slice(1), (selector) => {
    reply.map(3);
    writeSelector(reply, selector);
  });
}

/** Three pairs of the map at hand. */
function writeSelector(reply: CommandContext['reply'], selector: Selector): void {
  reply.bulk('commands');
  reply.bulk(binaryBytes(commandsText(selector)));
  reply.bulk('keys');
  reply.bulk(binaryBytes(keysText(selector)));
  reply.bulk('channels');
  reply.bulk(binaryBytes(channelsText(selector)));
}

function generatePassword(context: CommandContext) {
  const { args, host, reply } = context;
  if (args.length > 3) return failArity(context);
  let bits = PASSWORD_BITS_DEFAULT;
  if (args.length === 3) {
    const given = parseInteger(context.text(2));
    if (given === null) return context.fail(NOT_AN_INTEGER);
    if (given <= 0n || given > PASSWORD_BITS_MAX) return context.fail(BAD_BITS);
    bits = Number(given);
  }
  const digits = Math.ceil(bits / BITS_PER_DIGIT);
  reply.bulk(randomHex(host.random, Math.ceil(digits / 2)).slice(0, digits));
}

function log(context: CommandContext) {
  const { args, host, now, reply } = context;
  if (args.length > 3) return failArity(context);
  const word = args.length === 3 ? context.text(2) : '';
  if (word.toLowerCase() === 'reset') {
    host.acl.log.clear();
    return reply.simple('OK');
  }
  const count = args.length === 3 ? parseInteger(word) : LOG_LENGTH_DEFAULT;
  if (count === null) return context.fail(NOT_AN_INTEGER);
  const entries = host.acl.log.latest(Number(count));
  writeArray(reply, entries, (entry) => writeEntry(reply, entry, now));
}

function writeEntry(reply: CommandContext['reply'], entry: LogEntry, now: number): void {
  reply.map(7);
  reply.bulk('count');
  reply.integer(entry.count);
  for (const field of ['reason', 'context', 'object'] as const) {
    reply.bulk(field);
    reply.bulk(entry[field]);
  }
  reply.bulk('username');
  reply.bulk(binaryBytes(entry.username));
  reply.bulk('age-seconds');
  reply.double(Math.max(0, now - entry.at) / 1000);
  reply.bulk('client-info');
  reply.bulk(entry.client);
}

function dryRun(context: CommandContext) {
  const { args, host, reply } = context;
  const user = host.acl.find(binaryText(args[2]));
  if (user === undefined) return context.failQuoting("ERR User '", 2, "' not found");
  const call = args.slice(3);
  const row = host.names.ofLine(call);
  if (row === undefined) return context.failQuoting("ERR Command '", 3, "' not found");
  const fits = row.arity > 0 ? call.length === row.arity : call.length >= -row.arity;
  if (!fits) return context.fail(`ERR wrong number of arguments for '${row.name}' command`);
  const denial = denialOf(user, row, call);
  if (denial === null) return reply.simple('OK');
  const { at, reason } = denial;
  const [object] = reason === 'command' ? [row.name] : binaryText(call[at]).split('\0', 1);
  const end = reason === 'command' ? 'command' : reason;
  const what = reason === 'command' ? 'run' : 'access';
  reply.bulk(binaryBytes(`This user has no permissions to ${what} the '${object}' ${end}`));
}

function load(context: CommandContext) {
  const { acl } = context.host;
  if (acl.file === null) return context.fail(NO_FILE);
  try {
    acl.load();
    context.reply.simple('OK');
  } catch (error) {
    if (!(error instanceof UserListError)) throw error;
    context.failQuoting('ERR ', binaryBytes(error.message), '');
  }
}

function save(context: CommandContext) {
  const { acl, log: write } = context.host;
  if (acl.file === null) return context.fail(NO_FILE);
  try {
    acl.save();
    context.reply.simple('OK');
  } catch (error) {
    write('warning', `Saving ACLs: ${error}`);
    context.fail(NOT_SAVED);
  }
}
