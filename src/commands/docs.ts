/**
 * The documentation of commands, for COMMAND DOCS: a summary in our own words, when a command came
 * and went, what it costs, and the tree of its arguments.
 *
 * It is written in docs.jsonl, one command a line. scripts/build-docs.ts makes of it the file
 * dist/command-docs.json, which is read when COMMAND DOCS is first called and never before. The
 * history of changes, which Redis also tells, is not in it.
 */

/** An argument, in the words of COMMAND DOCS. */
export interface ArgumentDoc {
  readonly name: string;
  readonly type: string;
  /** Index into the command's key specs. */
  readonly key_spec_index?: number;
  readonly token?: string;
  readonly since?: string;
  readonly deprecated_since?: string;
  readonly flags?: readonly string[];
  readonly arguments?: readonly ArgumentDoc[];
}

export interface CommandDoc {
  /** As in the table: `get`, `object|encoding`. */
  readonly name: string;
  readonly summary: string;
  readonly since: string;
  readonly complexity?: string;
  readonly doc_flags?: readonly string[];
  readonly deprecated_since?: string;
  readonly replaced_by?: string;
  readonly arguments?: readonly ArgumentDoc[];
}

/** By name, for every row of the table. */
export type CommandDocs = ReadonlyMap<string, CommandDoc>;

/** Where the documentation comes from; rejects when it cannot be had. */
export type DocsSource = () => Promise<CommandDocs>;

/** A source that reads command-docs.json once. After a failure it tries again. */
export function docsSource(read: () => Promise<string>): DocsSource {
  let loading: Promise<CommandDocs> | null = null;
  return () => {
    loading ??= read()
      .then(parseDocs)
      .catch((error: unknown) => {
        loading = null;
        throw error;
      });
    return loading;
  };
}

/** The documentation from the text of command-docs.json. */
function parseDocs(json: string): CommandDocs {
  const docs = JSON.parse(json) as CommandDoc[];
  return new Map(docs.map((doc) => [doc.name, doc]));
}
