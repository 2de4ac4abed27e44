/** redis.conf is read and checked as by redis-server. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ConfigFileError, type ConfigReader, readConfig } from '../../src/server/config-file.js';

const FILES: Readonly<Record<string, string>> = {
  'more.conf': 'timeout 7\nmaxclients 9',
  'bad.conf': '\n\nhz x',
};
const READER: ConfigReader = {
  read: (path) => {
    const text = FILES[path];
    if (text === undefined) throw new Error(`no file ${path}`);
    return text;
  },
  changeDirectory: (path) => (path === '/nowhere' ? 'No such file or directory' : null),
};

function read(text: string): Record<string, string> {
  return Object.fromEntries(readConfig(text, READER));
}

function problemOf(text: string): string {
  try {
    read(text);
    return 'none';
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error;
    return `${error.line?.number} ${error.line?.text}: ${error.message}`;
  }
}

test('comments, blank lines, quotes, case and blanks around', () => {
  const text =
    '# port 1\n\n  \t\nPort 7000\r\n  requirepass "a \\"b\\" # c" \t\nbind 127.0.0.1 -::1\n';
  expect(read(text)).toEqual({ port: '7000', requirepass: 'a "b" # c', bind: '127.0.0.1 -::1' });
});

test('the last word wins, and aliases are the same parameter', () => {
  expect(read('slave-priority 5\nreplica-priority 6\nslave-priority 7')).toEqual({
    'replica-priority': '7',
  });
});

test('save points add up; the empty one takes all away', () => {
  expect(read('save 900 1\nsave 300 10 60 1000')).toEqual({ save: '900 1 300 10 60 1000' });
  expect(read('save 900 1\nsave ""')).toEqual({ save: '' });
  expect(read('save "900 1 300 10"')).toEqual({ save: '900 1 300 10' });
});

test('limits of client classes are changed class by class', () => {
  const limits = read(
    'client-output-buffer-limit pubsub 1mb 2 3\nclient-output-buffer-limit replica 1 2 3',
  );
  expect(limits['client-output-buffer-limit']).toBe('normal 0 0 0 slave 1 2 3 pubsub 1048576 2 3');
});

test('other files are included where they are named', () => {
  expect(read('timeout 1\ninclude more.conf\nmaxclients 10')).toEqual({
    timeout: '7',
    maxclients: '10',
  });
});

test.each([
  ['port', '1 port: wrong number of arguments'],
  ['port 1 2', '1 port 1 2: wrong number of arguments'],
  ['port x', "1 port x: argument couldn't be parsed into an integer"],
  ['\nnosuch 1', '2 nosuch 1: Bad directive or wrong number of arguments'],
  ['port "1', '1 port "1: Unbalanced quotes in configuration line'],
  ['include bad.conf', "3 hz x: argument couldn't be parsed into an integer"],
  ['dir /nowhere', '1 dir /nowhere: No such file or directory'],
  [
    'rename-command get x\nrename-command get y',
    '2 rename-command get y: No such command in rename-command',
  ],
  ['rename-command get set', '1 rename-command get set: Target command name already exists'],
  ['rename-command nosuch x', '1 rename-command nosuch x: No such command in rename-command'],
  [
    'user a\nuser "a" on',
    `2 user "a" on: Error in user declaration 'a': Duplicate user found. A user can only be defined once in config files`,
  ],
  ['user', '1 user: Bad directive or wrong number of arguments'],
  ['save 1', '1 save 1: Invalid save parameters'],
  ['sentinel x', '1 sentinel x: sentinel directive while not in sentinel mode'],
  ['appendonly maybe', "1 appendonly maybe: argument must be 'yes' or 'no'"],
])('%j is refused', (text, problem) => {
  expect(problemOf(text)).toBe(problem);
});

test('directives add up, in the form in which a store is given them', () => {
  const text = 'rename-command get fetch\nrename-command flushall ""\nuser al on ">a b"\nuser bo';
  expect(read(text)).toEqual({
    'rename-command': '"get" "fetch" "flushall" ""',
    user: '"al" "on" ">a b"\n"bo"',
  });
});

test('a word of bytes is text in UTF-8', () => {
  expect(read('requirepass "\\xc3\\xa9t\\xC3\\xA9"')).toEqual({ requirepass: 'été' });
  expect(read('requirepass été')).toEqual({ requirepass: 'été' });
});

test('what would be pretence is refused', () => {
  expect(problemOf('loadmodule x.so')).toContain('not supported');
});

test("directives of former versions are passed over, and Redis's own example is understood", () => {
  expect(read('lua-replicate-commands yes\nlist-max-ziplist-entries 5')).toEqual({});
  const example = readExample();
  if (example !== null) expect(read(example)).toMatchObject({ port: '6379', databases: '16' });
});

/** Debian puts it here; a machine may have the program without it. */
function readExample(): string | null {
  try {
    return readFileSync('/etc/redis/redis.conf', 'utf8');
  } catch {
    return null;
  }
}
