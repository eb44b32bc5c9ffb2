import { PipelineFailure } from '../failure.ts';

/** A task's fully qualified name, each part as Snowflake stores it (already folded, without quotes). */
export interface TaskName {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
}

// One part of a name: "quoted, with "" for a quote", or unquoted.
// https://docs.snowflake.com/en/sql-reference/identifiers-syntax
const part = /"((?:[^"]|"")+)"|([A-Za-z_][A-Za-z0-9_$]*)/y;

const splitName = (text: string): readonly string[] | undefined => {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    part.lastIndex = at;
    const match = part.exec(text);
    if (match === null) return undefined;
    const [whole, quoted, unquoted] = match;
    parts.push(quoted === undefined ? (unquoted ?? '').toUpperCase() : quoted.replaceAll('""', '"'));
    at += whole.length;
    if (at === text.length) return parts;
    if (text[at] !== '.') return undefined;
    at += 1;
  }
};

/** Reads `DB.SCHEMA.TASK`; unquoted parts fold to upper case, `"quoted"` parts keep theirs. */
export const parseTaskName = (text: string): TaskName => {
  const [database, schema, name, ...rest] = splitName(text.trim()) ?? [];
  if (database === undefined || schema === undefined || name === undefined || rest.length > 0) {
    throw new PipelineFailure(`"${text}" is not the full name of a task.`, {
      wayOut: 'Write it as DATABASE.SCHEMA.TASK, with double quotes around a part that is case-sensitive.',
    });
  }
  return { database, schema, name };
};

/** An identifier for SQL text: always quoted, so that any stored name is met exactly. */
export const quoteIdentifier = (stored: string): string => `"${stored.replaceAll('"', '""')}"`;

/** The name for SQL text, every part quoted. */
export const sqlTaskName = (task: TaskName): string => [task.database, task.schema, task.name].map(quoteIdentifier).join('.');

const readable = (stored: string): string => (/^[A-Z_][A-Z0-9_$]*$/.test(stored) ? stored : quoteIdentifier(stored));

/** The name as a person writes it: quotes only where they are needed. `parseTaskName` reads it back. */
export const displayTaskName = (task: TaskName): string => [task.database, task.schema, task.name].map(readable).join('.');

/** A string literal for SQL text. https://docs.snowflake.com/en/sql-reference/data-types-text#single-quoted-string-constants */
export const stringLiteral = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
