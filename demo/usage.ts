/**
 * How a command is called, in one line, from what COMMAND DOCS says; as redis-cli's help prints it.
 *
 *   SET key value [NX|XX] [GET] [EX seconds|PX milliseconds|...|KEEPTTL]
 */

/** An argument, as COMMAND DOCS tells it. */
interface ArgumentDoc {
  readonly name: string;
  readonly type: string;
  readonly token?: string;
  readonly flags?: readonly string[];
  readonly arguments?: readonly ArgumentDoc[];
}

/** A command, as COMMAND DOCS tells it. */
export interface CommandDoc {
  readonly summary?: string;
  readonly since?: string;
  readonly group?: string;
  readonly arguments?: readonly ArgumentDoc[];
  /** By their full names: `client|list`. */
  readonly subcommands?: Readonly<Record<string, CommandDoc>>;
}

/** `name` as the table has it: `object|encoding`. */
export function usage(name: string, doc: CommandDoc): string {
  const words = name.toUpperCase().split('|');
  const args = (doc.arguments ?? []).map(argumentText);
  return [...words, ...args].join(' ');
}

function argumentText(argument: ArgumentDoc): string {
  const { token, flags = [] } = argument;
  const value = valueText(argument);
  const first = token === undefined ? value : `${token} ${value}`.trim();
  const again = flags.includes('multiple_token') ? first : value;
  const all = flags.includes('multiple') ? `${first} [${again} ...]` : first;
  return flags.includes('optional') ? `[${all}]` : all;
}

/** Without its token. */
function valueText({ type, name, arguments: parts = [] }: ArgumentDoc): string {
  switch (type) {
    case 'pure-token':
      return '';
    case 'oneof':
      return parts.map(argumentText).join('|');
    case 'block':
      return parts.map(argumentText).join(' ');
    default:
      return name;
  }
}
