/**
 * What the differential tests are made of: a way to write a command's grammar in one line.
 * Arguments (arguments.ts) are latin1 strings, one character a byte.
 */
import { COMMANDS } from '../../src/commands/table.js';
import type { Random } from './random.js';

export type Command = readonly string[];
/**
 * Commands that belong together: a reply that is random, say, and what brings both sides to the
 * same state again. Shrinking keeps them together.
 */
export type Step = readonly Command[];
export type Make<T> = (random: Random) => T;
/** One argument, several (an option with its value), or none (an option left out). */
export type Part = Make<string | readonly string[]>;
/** Steps, each as often as its weight says. */
export type Rows = readonly (readonly [weight: number, step: Make<Step>])[];

export interface Grammar {
  readonly name: string;
  readonly rows: Rows;
  /** The keys whose encodings and deadlines are looked at in the end. */
  readonly keys: readonly string[];
}

export const DATABASES = 4;

// Choices

export function constant<T>(value: T): Make<T> {
  return () => value;
}

export function oneOf<T>(...choices: readonly T[]): Make<T> {
  return (random) => random.pick(choices);
}

export function weighted<T>(...rows: readonly (readonly [number, Make<T>])[]): Make<T> {
  const spread = rows.flatMap(([weight, make]) => Array.from({ length: weight }, () => make));
  return (random) => random.pick(spread)(random);
}

export function between(first: number, last: number): Make<string> {
  return (random) => String(random.between(first, last));
}

// Parts of commands

/** Nothing, `without` times, for one time that there is something. */
export function rarely(without: number, part: Part): Part {
  return (random) => (random.below(without + 1) ? [] : part(random));
}

/** A word in lower, upper or mixed case. */
export function word(text: string): Make<string> {
  const mixed = [...text].map((char, index) => (index % 2 ? char.toLowerCase() : char)).join('');
  return weighted([30, constant(text)], [1, constant(text.toLowerCase())], [1, constant(mixed)]);
}

export function words(...texts: readonly string[]): Make<string> {
  const all = texts.map(word);
  return (random) => random.pick(all)(random);
}

/** Arguments that follow each other: an option and its value, a field and its value. */
export function sequence(...parts: readonly Part[]): Part {
  return (random) => parts.flatMap((part) => part(random));
}

/** An option: its name, and what follows it. */
export function option(name: string, ...parts: readonly Part[]): Part {
  return sequence(word(name), ...parts);
}

/** The part or, as often, nothing. */
export function maybe(part: Part): Part {
  return (random) => (random.below(2) ? part(random) : []);
}

/** Some of the options, in any order, possibly one twice, rarely one that is none. */
export function options(most: number, ...choices: readonly Part[]): Part {
  const unknown = oneOf('FOO', '', 'NX', 'GET', 'EX', 'COUNT');
  const choice: Part = (random) =>
    random.below(40) ? random.pick(choices)(random) : unknown(random);
  return (random) => repeat(random, random.below(most + 1), choice);
}

export function many(part: Part, minimum = 1, maximum = 4): Part {
  return (random) => repeat(random, random.between(minimum, maximum), part);
}

function repeat(random: Random, count: number, part: Part): string[] {
  const all: string[] = [];
  for (let index = 0; index < count; index++) add(all, part(random));
  return all;
}

function add(all: string[], part: string | readonly string[]): void {
  if (typeof part === 'string') all.push(part);
  else for (const argument of part) all.push(argument);
}

/** `numkeys key [key ...]`: the number is wrong at times. */
export function counted(part: Part, minimum = 1, maximum = 3): Part {
  return (random) => {
    const parts = repeat(random, random.between(minimum, maximum), part);
    const wrong = random.below(30) === 0;
    return [wrong ? random.pick(['0', '-1', 'x', '9', '']) : String(parts.length), ...parts];
  };
}

// Commands

export function args(name: string, ...parts: readonly Part[]): Make<Command> {
  const names = name.split(' ').map(word);
  return (random) => {
    const all: string[] = [];
    for (const part of names) all.push(part(random));
    for (const part of parts) add(all, part(random));
    return all;
  };
}

/** One command; one in forty has an argument too many or too few. */
export function command(name: string, ...parts: readonly Part[]): Make<Step> {
  const make = args(name, ...parts);
  return (random) => [withWrongArity(random, make(random))];
}

function withWrongArity(random: Random, args: Command): Command {
  const how = random.below(80);
  if (how === 0 && args.length > 1) return args.slice(0, -1);
  return how === 1 ? [...args, random.pick(['', '1', 'x', 'NX'])] : args;
}

/** What is asked of a key after its encoding: the order of the reply may follow from that. */
export function afterEncoding(name: string, key: Make<string>, ...parts: Part[]): Make<Step> {
  return (random) => {
    const chosen = key(random);
    const asked = args(name, constant(chosen), ...parts)(random);
    return [['OBJECT', 'ENCODING', chosen], asked];
  };
}

// Grammars

const LATER: ReadonlySet<string> = new Set(
  COMMANDS.filter(({ handler }) => handler === 'later').map(({ name }) => name),
);

/** Whether our side has every command that `step` uses. */
function isThere(step: Step): boolean {
  return step.every((words) => {
    const [name = '', subcommand = ''] = words.map((text) => text.toLowerCase());
    return !LATER.has(name) && !LATER.has(`${name}|${subcommand}`);
  });
}

/**
 * The steps of a grammar, made one by one; those with commands that this version does not have
 * are passed over.
 */
export function stepsOf({ rows }: Grammar): Make<Step> {
  const make = weighted(...rows);
  return (random) => {
    for (;;) {
      const step = make(random);
      if (isThere(step)) return step;
    }
  };
}
