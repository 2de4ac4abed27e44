/**
 * The rules of the house, run. Each rule is tried on sources that break it first, so that
 * its silence about ours means something.
 */
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../src/commands/table.js';
import { createClient } from '../src/index.js';
import { type Row, withoutHandler, withoutMethod, withoutTest } from './tidy/commands.js';
import { duplicates } from './tidy/duplicates.js';
import { cycles, deadAssembly, layerProblems } from './tidy/layers.js';
import { readRepository } from './tidy/repository.js';
import * as rules from './tidy/rules.js';
import { type Problem, parseSource, type Source } from './tidy/source.js';

const all = readRepository();
const written = all.filter(({ generated }) => !generated);

/** The text of `a.ts: line` pairs: what a failing test shows. */
function report(problems: readonly Problem[]): string[] {
  return problems.map(({ path, line, message }) => `${path}:${line}: ${message}`);
}

function expectNone(problems: readonly Problem[]): void {
  expect(report(problems)).toEqual([]);
}

/** One rule for single files: our files keep it, `broken` break it, `fine` do not. */
function fileRule(
  title: string,
  rule: (source: Source) => Problem[],
  examples: { path: string; broken: string[]; fine: string[] },
): void {
  const { path, broken, fine } = examples;
  describe(title, () => {
    test('sees what breaks it', () => {
      for (const text of broken) expect(rule(parseSource(path, text)), text).toHaveLength(1);
    });
    test('lets the rest pass', () => {
      for (const text of fine) expect(report(rule(parseSource(path, text))), text).toEqual([]);
    });
    test('holds in every file', () => expectNone(written.flatMap(rule)));
  });
}

fileRule('a file can be parsed', rules.parses, {
  path: 'src/host/a.ts',
  broken: ['function {'],
  fine: ['@unmanaged class A { @inline f(): usize { return <usize>1; } }'],
});

fileRule('a file begins with what it is', rules.hasHeader, {
  path: 'src/host/a.ts',
  broken: ['const a = 1;', '// a comment\n/** late */', '/* no contract */'],
  fine: ['/** What it is. */\nconst a = 1;', '#!/usr/bin/env node\n/**\n * A program.\n */'],
});

fileRule('a file has at most 500 lines', rules.isShort, {
  path: 'src/host/a.ts',
  broken: ['\n'.repeat(501)],
  fine: ['\n'.repeat(500)],
});

const LONG = `function f() {${'\n'.repeat(70)}}`;

fileRule('a function has at most 70 lines, or says why', rules.hasShortFunctions, {
  path: 'test/a.ts',
  broken: [
    LONG,
    `class A { f() {${'\n'.repeat(70)}} }`,
    `const f = () => {${'\n'.repeat(70)}};`,
    `// long: \n${LONG}`,
    `// long: not directly above\n\n${LONG}`,
  ],
  fine: [
    `function f() {${'\n'.repeat(69)}}`,
    `// long: one branch for each opcode\n${LONG}`,
    `/**\n * Does it.\n * long: one branch for each opcode\n */\nexport ${LONG}`,
    `describe('suite', () => {${'\n'.repeat(70)}});`,
    `describe.each([1])('suite', () => {${'\n'.repeat(70)}});`,
  ],
});

fileRule('nothing is ignored', rules.hasNoIgnores, {
  path: 'src/host/a.ts',
  broken: ['// @ts-ignore\n', '/* @ts-nocheck */', '/**\n * @ts-ignore\n */'],
  fine: ["'// @ts-ignore'", '// not @ts-ignore', '// @ts-expect-error the test wants a mistake'],
});

fileRule('exports have names', rules.hasNamedExports, {
  path: 'src/host/a.ts',
  broken: ['export default 1;', 'export default class A {}'],
  fine: ['export const a = 1;', "import a from 'a';"],
});

fileRule('time and chance are handed in below the host', rules.hasNoClock, {
  path: 'src/engine/a.ts',
  broken: [
    'Date.now();',
    'const now = performance.now;',
    'globalThis.Math.random();',
    'crypto.getRandomValues(bytes);',
    'new Date();',
    '// clock:\nDate.now();',
  ],
  fine: ['clock.now();', 'new Date(0);', '// clock: the default, if none is given\nDate.now();'],
});

fileRule('the core has no clock, for no reason', rules.hasNoClock, {
  path: 'assembly/memory/a.ts',
  broken: ['// clock: it would be nice\nDate.now();'],
  fine: ['now();'],
});

fileRule('no test is focused', rules.hasNoFocusedTests, {
  path: 'test/a.test.ts',
  broken: ["test.only('a', f);", "describe.only('a', f);", "test.concurrent.only('a', f);"],
  fine: ["test('.only(', f);", 'given.only();'],
});

fileRule('no test sleeps', rules.hasNoSleep, {
  path: 'test/a.test.ts',
  broken: [
    'await sleep(5);',
    'await page.waitForTimeout(5);',
    'await new Promise((resolve) => setTimeout(resolve, 5));',
    'await new Promise((done) => { globalThis.setTimeout(() => done(1), 5); });',
    "import { setTimeout } from 'node:timers/promises';",
  ],
  fine: [
    'await new Promise((resolve, reject) => setTimeout(() => reject(late), 5));',
    '// waits: between two looks at the same condition\nawait sleep(5);',
    'setTimeout(f, 5);',
  ],
});

const unmanaged = rules.unmanagedClasses(all);

fileRule(
  'the core allocates no managed object',
  (source) => rules.hasNoManagedObjects(source, new Set([...unmanaged, 'Example'])),
  {
    path: 'assembly/memory/a.ts',
    broken: ['new Map<i32, i32>();', 'new Managed();'],
    fine: ['new Example();', 'changetype<Managed>(0);'],
  },
);

test('@unmanaged classes are told from others', () => {
  const source = parseSource(
    'assembly/a.ts',
    '@unmanaged class A {}\n@final class B {}\nclass C {}',
  );
  expect([...rules.unmanagedClasses([source])]).toEqual(['A']);
});

describe('arrows between layers go one way', () => {
  const forbidden = [
    ['assembly/memory/heap.ts', '../structures/dict'],
    ['assembly/structures/dict.ts', '../protocol/reply'],
    ['assembly/values/strings.ts', '../protocol/reply'],
    ['assembly/keyspace/database.ts', '../commands/keys'],
    ['assembly/unknown/a.ts', '../memory/heap'],
    ['src/resp/a.ts', '../engine/engine.js'],
    ['src/commands/table.ts', '../resp/errors.js'],
    ['src/storage/storage.ts', '../host/host.js'],
    ['src/client/client.ts', '../transport/inline.js'],
    ['src/client/client.ts', '../host/host.js'],
    ['src/transport/worker.ts', '../host/host.js'],
    ['src/host/host.ts', '../client/client.js'],
    ['src/engine/engine.ts', '../../assembly/index'],
    ['demo/main.ts', '../src/client/client.js'],
    ['demo/main.ts', 'redstart/secret'],
  ] as const;
  const allowed = [
    ['assembly/commands/strings.ts', '../protocol/reply'],
    ['assembly/index.ts', './commands/execute'],
    ['src/host/host.ts', '../storage/storage.js'],
    ['src/client/client.ts', '../transport/transport.js'],
    ['src/transport/inline.ts', '../host/host.js'],
    ['src/node.ts', './server/server.js'],
    ['demo/main.ts', 'redstart'],
    ['test/a.test.ts', '../src/engine/engine.js'],
  ] as const;

  test('sees what goes against them', () => {
    for (const [path, specifier] of forbidden) {
      const found = layerProblems(parseSource(path, `import '${specifier}';`));
      expect(found, `${path} imports ${specifier}`).toHaveLength(1);
    }
  });

  test('lets the rest pass', () => {
    for (const [path, specifier] of allowed) {
      expectNone(layerProblems(parseSource(path, `import '${specifier}';`)));
    }
  });

  test('sees exports, dynamic imports and types', () => {
    const text = `export * from '../host/a.js';\nimport('../host/b.js');\nlet c: import('../host/c.js').C;`;
    expect(layerProblems(parseSource('src/resp/a.ts', text)).map(({ line }) => line)).toEqual([
      1, 2, 3,
    ]);
  });

  test('holds in every file', () => expectNone(all.flatMap(layerProblems)));
});

describe('imports do not go round', () => {
  test('sees a circle', () => {
    const circle = [
      parseSource('src/host/a.ts', "import './b.js';"),
      parseSource('src/host/b.ts', "import './c.js';\nimport './d.js';"),
      parseSource('src/host/c.ts', ''),
      parseSource('src/host/d.ts', "import { type A, b } from './b.js';"),
    ];
    expect(report(cycles(circle))).toEqual([
      'src/host/d.ts:1: imports go round: src/host/b.ts > src/host/d.ts > src/host/b.ts',
    ]);
  });

  test('lets two files know each other by type', () => {
    const pair = [
      parseSource('src/host/a.ts', "import './b.js';"),
      parseSource(
        'src/host/b.ts',
        "import type { A } from './a.js';\nexport { type B } from './a.js';",
      ),
    ];
    expectNone(cycles(pair));
  });

  test('lets two ways lead to one file', () => {
    const diamond = [
      parseSource('src/host/a.ts', "import './b.js';\nimport './c.js';"),
      parseSource('src/host/b.ts', "import './d.js';"),
      parseSource('src/host/c.ts', "import './d.js';"),
      parseSource('src/host/d.ts', ''),
    ];
    expectNone(cycles(diamond));
  });

  test('holds in every file', () => expectNone(cycles(all)));
});

describe('the core contains every file of assembly/', () => {
  test('sees a dead file', () => {
    const sources = [
      parseSource('assembly/index.ts', "export * from './memory/a';"),
      parseSource('assembly/memory/a.ts', ''),
      parseSource('assembly/memory/b.ts', "import './a';"),
    ];
    expect(deadAssembly(sources).map(({ path }) => path)).toEqual(['assembly/memory/b.ts']);
  });

  test('holds', () => expectNone(deadAssembly(all)));
});

describe('nothing of six lines stands twice', () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, index) => `work(${index});`).join('\n');

  test('sees it in two files, whatever stands between', () => {
    const copy = `import './c.js';\n\n{\n${lines(6).replace(';', ';\n// why\n')}\n}`;
    const sources = [parseSource('src/a.ts', lines(6)), parseSource('src/b.ts', copy)];
    expect(report(duplicates(sources))).toEqual(['src/b.ts:4: 6 lines as at src/a.ts:1']);
  });

  test('sees it in one file, and how long it is', () => {
    const source = parseSource('src/a.ts', `${lines(8)}\nother();\n${lines(8)}`);
    expect(report(duplicates([source]))).toEqual(['src/a.ts:10: 8 lines as at src/a.ts:1']);
  });

  test('lets five lines pass, and lines that repeat themselves', () => {
    const sources = [parseSource('src/a.ts', lines(5)), parseSource('src/b.ts', lines(5))];
    expectNone(duplicates(sources));
  });

  test('holds in assembly/ and src/', () => {
    expectNone(duplicates(written.filter(({ path }) => /^(assembly|src)\//.test(path))));
  });
});

describe('every implemented command is whole', () => {
  const rows: Row[] = [
    { name: 'get', handler: 'strings.get' },
    { name: 'client|id', handler: 'host' },
    { name: 'lpush', handler: 'later' },
  ];
  const whole = [
    parseSource('assembly/commands/strings.ts', 'export function get(): void {}'),
    parseSource('src/host/commands/connection.ts', "export const handlers = { 'client|id': id };"),
    parseSource('test/commands/a.test.ts', "given('GET answers')`CLIENT ID -> :1`;"),
  ];
  const hollow = [
    parseSource('assembly/commands/strings.ts', 'function get(): void {}'),
    parseSource('src/host/commands/connection.ts', "export const handlers = { 'id': id };"),
    parseSource('test/commands/a.test.ts', "given('GETEX gets')`CLIENT INFO`;"),
  ];

  test('sees a missing handler', () => {
    expect(withoutHandler(rows, hollow)).toHaveLength(2);
    expectNone(withoutHandler(rows, whole));
  });

  test('sees a missing test', () => {
    expect(withoutTest(rows, hollow)).toHaveLength(2);
    expectNone(withoutTest(rows, whole));
  });

  test('sees a missing client method, and an exception that is none', () => {
    expect(withoutMethod(rows, whole, ['get'], {})).toHaveLength(1);
    expect(withoutMethod(rows, whole, ['get', 'clientId'], { get: 'a reason' })).toHaveLength(1);
    expectNone(withoutMethod(rows, whole, ['get', 'clientId'], {}));
    expectNone(withoutMethod(rows, whole, ['get'], { 'client|id': 'a reason' }));
  });

  test('has a handler', () => expectNone(withoutHandler(COMMANDS, all)));
  test('has a test', () => expectNone(withoutTest(COMMANDS, all)));
  test('has a client method', () => {
    expectNone(withoutMethod(COMMANDS, all, methodNames(createClient())));
  });
});

function methodNames(object: object): string[] {
  const names = Object.getOwnPropertyNames(object);
  const prototype: object | null = Object.getPrototypeOf(object);
  return prototype === null ? names : [...names, ...methodNames(prototype)];
}
