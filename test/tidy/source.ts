/**
 * A source file as the tidy rules see it: its text, its lines, its syntax tree, its imports.
 */
import { dirname, join } from 'node:path/posix';
import { parseSync } from 'oxc-parser';

/** A node of the syntax tree (ESTree, https://github.com/estree/estree). */
export interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

export interface Import {
  specifier: string;
  /** From the repository's root and with its ending; null for a package. */
  target: string | null;
  line: number;
  /** Types only: nothing of it is left when the program runs. */
  typeOnly: boolean;
}

export interface Comment {
  value: string;
  start: number;
  end: number;
}

export interface Source {
  /** From the repository's root, with slashes. */
  path: string;
  text: string;
  lines: string[];
  program: Node;
  comments: Comment[];
  imports: Import[];
  /** The import statements, as ranges of the text. */
  importRanges: { start: number; end: number }[];
  syntaxErrors: string[];
  /** Written by a script: only what it imports matters. */
  generated: boolean;
}

/** What a rule found; `line` counts from one. */
export interface Problem {
  path: string;
  line: number;
  message: string;
}

export function parseSource(path: string, text: string): Source {
  const { program, comments, errors, module } = parseSync(path, text, {
    lang: path.endsWith('.js') ? 'js' : 'ts',
  });
  const source: Source = {
    path,
    text,
    lines: text.replace(/\n$/, '').split('\n'),
    program: program as unknown as Node,
    comments,
    imports: [],
    importRanges: module.staticImports.map(({ start, end }) => ({ start, end })),
    syntaxErrors: errors.map(({ message }) => message),
    generated: false,
  };
  source.imports = importsOf(source);
  return source;
}

/** Every way to name another module: import, export from, import(), a type's import(). */
function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  for (const node of nodes(source.program)) {
    if (!IMPORTS.test(node.type)) continue;
    const literal = node.source as Node | null;
    if (typeof literal?.value !== 'string') continue;
    found.push({
      specifier: literal.value,
      target: resolveImport(source.path, literal.value),
      line: lineAt(source, literal.start),
      typeOnly: isTypeOnly(node),
    });
  }
  return found;
}

const IMPORTS = /^(Import|ExportNamed|ExportAll)Declaration$|^(TSImportType|ImportExpression)$/;

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType') return true;
  if (node.importKind === 'type' || node.exportKind === 'type') return true;
  const names = (node.specifiers ?? []) as Node[];
  const isType = (name: Node) => name.importKind === 'type' || name.exportKind === 'type';
  return names.length > 0 && names.every(isType);
}

function resolveImport(path: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  const target = join(dirname(path), specifier);
  const bare = target.replace(/\.js$/, '');
  return /\.[a-z]+$/.test(bare) ? bare : `${bare}.ts`;
}

/** The nodes below `root` and itself, a parent before its children. */
export function* nodes(root: Node): Generator<Node> {
  yield root;
  for (const value of Object.values(root)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) yield* nodes(child);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

export function lineAt(source: Source, offset: number): number {
  let line = 1;
  for (let at = source.text.indexOf('\n'); at >= 0 && at < offset; line++) {
    at = source.text.indexOf('\n', at + 1);
  }
  return line;
}

export function problemAt(source: Source, node: { start: number }, message: string): Problem {
  return { path: source.path, line: lineAt(source, node.start), message };
}

/** `a.b` as text for a plain member access, the name for an identifier, else ''. */
export function dottedName(node: Node): string {
  if (node.type === 'Identifier') return node.name as string;
  if (node.type !== 'MemberExpression' || node.computed === true) return '';
  const object = dottedName(node.object as Node);
  return object === '' ? '' : `${object}.${dottedName(node.property as Node)}`;
}

/**
 * True if the comment directly above `line`, or the one at its end, gives a reason:
 * `// word: why`.
 */
export function hasReason(source: Source, line: number, word: string): boolean {
  const reason = new RegExp(`^\\W*${word}: \\S+`);
  const trailing = source.lines[line - 1]?.split('//').slice(1).at(-1);
  if (trailing !== undefined && reason.test(trailing)) return true;
  for (let above = line - 1; above >= 1; above--) {
    const text = (source.lines[above - 1] as string).trim();
    if (!/^(\/\/|\/\*|\*)/.test(text)) return false;
    if (reason.test(text)) return true;
  }
  return false;
}
