import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName, type ObjectName, parseName } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { type ContactPurpose, readContacts } from '../contact.ts';
import { readTaskLiteral, type TaskLiteral } from './task-literal.ts';
import { checkLiteralKind, isTaskSetting } from './task-settings.ts';

/** A task named by another one: folded parts, as many as were written. */
export interface TaskReference {
  readonly name: ObjectName;
  /** As messages print it. */
  readonly display: string;
}

/** Property and parameter settings of one statement, by upper-case name, in the order written. */
export type TaskSettings = ReadonlyMap<string, TaskLiteral>;

/** What stands behind the name in CREATE TASK. https://docs.snowflake.com/en/sql-reference/sql/create-task */
export interface TaskClauses {
  readonly clone: ObjectName | undefined;
  readonly tags: readonly (readonly [ObjectName, string])[];
  readonly contacts: ReadonlyMap<ContactPurpose, ObjectName>;
  readonly settings: TaskSettings;
  readonly after: readonly TaskReference[];
  readonly executeAsUser: ObjectName | undefined;
  readonly when: string | undefined;
  readonly definition: string | undefined;
}

/** @throws SnowflakeError `syntaxError`, `invalidProperty`, `invalidPropertyValue`, `duplicateProperty` */
export function readTaskClauses(stream: TokenStream): TaskClauses {
  const clone = stream.accept('CLONE') ? stream.name() : undefined;
  if (clone !== undefined) stream.accept('COPY GRANTS');
  const reader = new SettingsReader(stream);
  const tags: [ObjectName, string][] = [];
  const after: TaskReference[] = [];
  let contacts: TaskClauses['contacts'] = new Map();
  let executeAsUser: ObjectName | undefined;
  let when: string | undefined;
  for (;;) {
    stream.acceptSymbol(',');
    if (stream.is('AS')) {
      const definition = readDefinition(stream, stream.next().end);
      return { clone, tags, contacts, settings: reader.settings, after, executeAsUser, when, definition };
    }
    if (stream.atEnd || stream.isSymbol(';')) {
      if (clone === undefined) throw stream.unexpected();
      stream.expectEnd();
      return { clone, tags, contacts, settings: reader.settings, after, executeAsUser, when, definition: undefined };
    }
    if (stream.accept('WITH TAG') || (stream.is('TAG') && stream.peek(1).text === '(' && stream.accept('TAG'))) {
      tags.push(...readTags(stream));
    } else if (stream.accept('WITH CONTACT')) {
      stream.expectSymbol('(');
      contacts = readContacts(stream);
      stream.expectSymbol(')');
    } else if (stream.accept('AFTER')) after.push(...readTaskReferences(stream));
    else if (stream.accept('EXECUTE AS USER')) executeAsUser = stream.name();
    else if (stream.accept('WHEN')) when = readWhen(stream);
    else reader.readOne();
  }
}

/** `( name = 'value', … )` */
export function readTags(stream: TokenStream): [ObjectName, string][] {
  const tags: [ObjectName, string][] = [];
  stream.expectSymbol('(');
  do {
    const name = stream.name();
    stream.expectSymbol('=');
    tags.push([name, stream.string()]);
  } while (stream.acceptSymbol(','));
  stream.expectSymbol(')');
  return tags;
}

/** `name [, name …]`, each bare, quoted, qualified, or the same within a string. */
export function readTaskReferences(stream: TokenStream): TaskReference[] {
  const references: TaskReference[] = [];
  do references.push(readTaskReference(stream));
  while (stream.acceptSymbol(','));
  return references;
}

export function readTaskReference(stream: TokenStream): TaskReference {
  const name = stream.peek().kind === 'string' ? parseName(stream.string()) : stream.name();
  return { name, display: displayName(name) };
}

/** The condition's text: all up to the `AS` (or `EXECUTE AS USER`) that ends it. */
function readWhen(stream: TokenStream): string {
  const start = stream.position;
  while (!stream.atEnd && !stream.is('AS') && !stream.is('EXECUTE AS USER')) {
    if (stream.isSymbol('(')) stream.parenthesised();
    else stream.next();
  }
  if (stream.position === start) throw stream.unexpected();
  return stream.textSince(start);
}

/**
 * The body as written from offset `from` on (comments in front of it belong to it), without blanks around it and without
 * the `;` that ends the statement.
 */
export function readDefinition(stream: TokenStream, from: number): string {
  if (stream.atEnd || stream.isSymbol(';')) throw stream.unexpected();
  // A comment behind the statement is not part of it: Snowflake's own provider ends each of its statements with one.
  let end = from;
  while (!stream.atEnd) {
    const token = stream.next();
    if (token.text !== ';') end = token.end;
  }
  return stream.text.slice(from, end).trim();
}

/** What settings a statement takes, and of which kind of object messages say they are. */
export interface SettingNames {
  readonly kind: string;
  has(name: string): boolean;
}

const taskSettings: SettingNames = { kind: 'TASK', has: isTaskSetting };

/** Reads `NAME = value` settings; one spelling of a name may stand only once. */
export class SettingsReader {
  readonly settings = new Map<string, TaskLiteral>();
  readonly #stream: TokenStream;
  readonly #names: SettingNames;
  readonly #written = new Set<string>();

  constructor(stream: TokenStream, names: SettingNames = taskSettings) {
    this.#stream = stream;
    this.#names = names;
  }

  readOne(): void {
    const token = this.#stream.peek();
    if (token.kind !== 'word') throw this.#stream.unexpected();
    if (this.#stream.peek(1).text !== '=') throw this.#stream.unexpected(this.#stream.peek(this.#names.has(token.value) ? 1 : 0));
    if (!this.#names.has(token.value))
      throw SnowflakeError.of('invalidProperty', { property: token.value, kind: this.#names.kind });
    this.#stream.next();
    this.#stream.expectSymbol('=');
    const literal = readTaskLiteral(this.#stream);
    if (this.#written.has(token.text)) throw SnowflakeError.of('duplicateProperty', { property: token.text });
    this.#written.add(token.text);
    checkLiteralKind(token.value, literal);
    this.settings.set(token.value, literal);
  }
}
