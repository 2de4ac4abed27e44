/**
 * The limits at which encodings change, set low on both sides at times, so that values change
 * their encoding often; and what sets them back.
 */
import type { Command, Make } from './grammar.js';

/** Name, default, and what else is tried. */
const SETTINGS: readonly (readonly [name: string, usual: string, others: readonly string[]])[] = [
  ['hash-max-listpack-entries', '128', ['0', '1', '4', '16', '512']],
  ['hash-max-listpack-value', '64', ['0', '1', '8', '300']],
  ['set-max-intset-entries', '512', ['0', '1', '3', '16']],
  ['zset-max-listpack-entries', '128', ['0', '1', '4', '16']],
  ['zset-max-listpack-value', '64', ['0', '1', '8', '300']],
  ['list-max-listpack-size', '-2', ['-5', '-1', '1', '2', '3', '8', '128']],
  ['list-compress-depth', '0', ['1', '2', '3']],
  // Not less: redis-server damages its streams with nodes of 50 to 100 bytes (listpack.c:1276).
  ['stream-node-max-bytes', '4096', ['0', '2048', '8192']],
  ['stream-node-max-entries', '100', ['0', '1', '2', '5']],
  ['hll-sparse-max-bytes', '3000', ['0', '20', '100', '400']],
];

const usual = SETTINGS.map(([name, value]) => [name, value]);
export const USUAL_SETTINGS: Command = ['CONFIG', 'SET', ...usual.flat()];

export const changeSetting: Make<Command> = (random) => {
  const [name, usual, others] = random.pick(SETTINGS);
  return ['CONFIG', 'SET', name, random.below(4) ? random.pick(others) : usual];
};
