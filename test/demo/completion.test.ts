/** What Tab makes of a half-typed command. */
import { describe, expect, test } from 'vitest';
import { commandName, complete } from '../../demo/completion.js';

const COMMANDS = ['set', 'get', 'getset', 'client'];
const SUBCOMMANDS = ['client|list', 'client|id', 'client|info'];

describe('a command', () => {
  test('is completed in the order of the alphabet', () => {
    expect(complete('ge', COMMANDS, []).lines).toEqual(['get', 'getset']);
  });

  test('is completed in the letters in which it was begun', () => {
    expect(complete('GE', COMMANDS, []).lines).toEqual(['GET', 'GETSET']);
    expect(complete('Ge', COMMANDS, []).lines).toEqual(['get', 'getset']);
  });

  test('keeps the blanks ahead of it', () => {
    expect(complete('  se', COMMANDS, []).lines).toEqual(['  set']);
  });

  test('that nobody knows has no candidates', () => {
    expect(complete('nope', COMMANDS, []).lines).toEqual([]);
  });

  test('is not guessed from nothing', () => {
    expect(complete('', COMMANDS, []).lines).toEqual([]);
    expect(complete('  ', COMMANDS, []).lines).toEqual([]);
  });
});

describe('a subcommand', () => {
  test('is completed after its command', () => {
    expect(complete('CLIENT I', COMMANDS, SUBCOMMANDS)).toEqual({
      words: ['ID', 'INFO'],
      lines: ['CLIENT ID', 'CLIENT INFO'],
    });
  });

  test('is offered as soon as there is room for it', () => {
    expect(complete('client ', COMMANDS, SUBCOMMANDS).words).toEqual(['id', 'info', 'list']);
  });

  test('is no argument', () => {
    expect(complete('client list i', COMMANDS, SUBCOMMANDS).lines).toEqual([]);
    expect(complete('get i', COMMANDS, []).lines).toEqual([]);
  });
});

test('the name of a command is the first word', () => {
  expect(commandName(' GET key')).toBe('get');
  expect(commandName('')).toBe('');
});
