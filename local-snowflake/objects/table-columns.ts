import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { readType } from '../sql/read-type.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { renderType, type SnowflakeType } from '../sql/types.ts';
import type { MaskedBy } from './policy/attachments.ts';

/** Where a column stands in the primary key. */
export interface PrimaryKeyPlace {
  /** From 1. */
  readonly position: number;
  /** Name of the constraint, if it has one. */
  readonly constraint?: string;
}

/** A table's column as the catalog keeps it. */
export interface TableColumnRecord {
  readonly name: string;
  readonly type: SnowflakeType;
  readonly nullable: boolean;
  /** Name in DuckDB, unique in the table without regard to case. */
  readonly physical: string;
  readonly defaultText?: string;
  readonly identity?: { readonly start: number; readonly step: number };
  readonly comment?: string;
  readonly primaryKey?: boolean;
  readonly primaryKeyPlace?: PrimaryKeyPlace;
  readonly unique?: boolean;
  readonly maskedBy?: MaskedBy;
}

/** A column as a view or CREATE TABLE AS declares it: the type may be left out. */
export interface DeclaredColumn extends Omit<TableColumnRecord, 'type' | 'physical'> {
  readonly type?: SnowflakeType;
}

/**
 * Reads `( column type [NOT NULL] [DEFAULT e] [AUTOINCREMENT …] [COMMENT 'c'] …, [constraints] )`.
 * Constraints other than NOT NULL are kept for DESCRIBE and not enforced, as in Snowflake.
 * https://docs.snowflake.com/en/sql-reference/sql/create-table
 */
export function readColumns(stream: TokenStream): DeclaredColumn[] {
  const columns: DeclaredColumn[] = [];
  const keys: TableKeys = { primary: new Map(), unique: new Set() };
  stream.expectSymbol('(');
  while (!stream.acceptSymbol(')')) {
    if (!readTableConstraint(stream, keys)) columns.push(readColumn(stream));
    if (!stream.isSymbol(')')) stream.expectSymbol(',');
  }
  const seen = new Set<string>();
  for (const each of columns) {
    if (seen.has(each.name)) throw SnowflakeError.of('duplicateColumn', { name: displayIdentifier(each.name) });
    seen.add(each.name);
  }
  return columns.map((each) => ({
    ...each,
    ...inPrimaryKey(keys.primary.get(each.name)),
    ...(keys.unique.has(each.name) ? { unique: true } : {}),
  }));
}

interface TableKeys {
  readonly primary: Map<string, PrimaryKeyPlace>;
  readonly unique: Set<string>;
}

function inPrimaryKey(place: PrimaryKeyPlace | undefined): Partial<DeclaredColumn> {
  return place === undefined ? {} : { primaryKey: true, primaryKeyPlace: place, nullable: false };
}

function readTableConstraint(stream: TokenStream, keys: TableKeys): boolean {
  const start = stream.position;
  const constraint = stream.accept('CONSTRAINT') ? stream.identifier() : undefined;
  if (stream.accept('PRIMARY KEY')) {
    for (const [index, name] of readNames(stream).entries())
      keys.primary.set(name, { position: index + 1, ...(constraint === undefined ? {} : { constraint }) });
    skipConstraintProperties(stream);
    return true;
  }
  if (stream.is('UNIQUE') && stream.peek(1).text === '(' && stream.accept('UNIQUE')) {
    for (const name of readNames(stream)) keys.unique.add(name);
    skipConstraintProperties(stream);
    return true;
  }
  if (stream.accept('FOREIGN KEY')) {
    stream.parenthesised();
    stream.expect('REFERENCES');
    stream.name();
    if (stream.isSymbol('(')) stream.parenthesised();
    skipConstraintProperties(stream);
    return true;
  }
  stream.rewind(start);
  return false;
}

function readNames(stream: TokenStream): string[] {
  const names: string[] = [];
  stream.expectSymbol('(');
  do names.push(stream.identifier());
  while (stream.acceptSymbol(','));
  stream.expectSymbol(')');
  return names;
}

const constraintWords = [
  'NOT ENFORCED',
  'ENFORCED',
  'NOT DEFERRABLE',
  'DEFERRABLE',
  'INITIALLY DEFERRED',
  'INITIALLY IMMEDIATE',
  'DISABLE',
  'ENABLE',
  'NOVALIDATE',
  'VALIDATE',
  'NORELY',
  'RELY',
];

function skipConstraintProperties(stream: TokenStream): void {
  while (constraintWords.some((words) => stream.accept(words)));
}

export function readColumn(stream: TokenStream): DeclaredColumn {
  const name = stream.identifier();
  let declared: DeclaredColumn = { name, nullable: true };
  if (stream.peek().kind === 'word' && !atColumnClause(stream)) declared = { ...declared, type: readType(stream) };
  for (;;) {
    const clause = readColumnClause(stream);
    if (clause === undefined) return declared;
    declared = { ...declared, ...clause };
  }
}

const clauseStarts = [
  'NOT',
  'NULL',
  'DEFAULT',
  'AUTOINCREMENT',
  'IDENTITY',
  'COMMENT',
  'COLLATE',
  'PRIMARY',
  'UNIQUE',
  'REFERENCES',
  'CONSTRAINT',
  'WITH',
  'TAG',
  'MASKING',
];

function atColumnClause(stream: TokenStream): boolean {
  return clauseStarts.some((word) => stream.is(word));
}

function readColumnClause(stream: TokenStream): Partial<DeclaredColumn> | undefined {
  if (stream.accept('NOT NULL')) return { nullable: false };
  if (stream.accept('NULL')) return { nullable: true };
  if (stream.accept('COMMENT')) return { comment: stream.string() };
  if (stream.accept('DEFAULT')) return { defaultText: readDefault(stream) };
  if (stream.accept('AUTOINCREMENT') || stream.accept('IDENTITY')) return { identity: readIdentity(stream) };
  if (stream.accept('CONSTRAINT')) {
    const constraint = stream.identifier();
    const clause = readColumnClause(stream);
    if (clause === undefined) throw stream.unexpected();
    return clause.primaryKey === true ? inPrimaryKey({ position: 1, constraint }) : clause;
  }
  if (stream.accept('PRIMARY KEY')) {
    skipConstraintProperties(stream);
    return inPrimaryKey({ position: 1 });
  }
  if (stream.accept('UNIQUE')) {
    skipConstraintProperties(stream);
    return { unique: true };
  }
  if (stream.accept('REFERENCES')) {
    stream.name();
    if (stream.isSymbol('(')) stream.parenthesised();
    skipConstraintProperties(stream);
    return {};
  }
  for (const refused of ['COLLATE', 'MASKING POLICY', 'WITH MASKING POLICY', 'PROJECTION POLICY', 'WITH TAG', 'TAG']) {
    if (stream.is(refused)) throw SnowflakeError.of('unsupported', { feature: `column clause ${refused}` });
  }
  return undefined;
}

/** A default's text: everything up to the next clause, comma or closing parenthesis at its own depth. */
function readDefault(stream: TokenStream): string {
  const from = stream.position;
  let depth = 0;
  for (;;) {
    const token = stream.peek();
    if (token.kind === 'end') break;
    const ends =
      depth === 0 &&
      stream.position > from &&
      ((token.kind === 'symbol' && (token.text === ',' || token.text === ')')) || atColumnClause(stream));
    if (ends) break;
    if (token.kind === 'symbol' && token.text === '(') depth += 1;
    if (token.kind === 'symbol' && token.text === ')') depth -= 1;
    stream.next();
  }
  return stream.textSince(from);
}

// https://docs.snowflake.com/en/sql-reference/sql/create-table: AUTOINCREMENT [ ( start , step ) | START n INCREMENT m ] [ ORDER | NOORDER ]
function readIdentity(stream: TokenStream): { start: number; step: number } {
  let start = 1;
  let step = 1;
  if (stream.acceptSymbol('(')) {
    start = stream.integer();
    stream.expectSymbol(',');
    step = stream.integer();
    stream.expectSymbol(')');
  } else {
    if (stream.accept('START')) {
      if (!stream.accept('WITH')) stream.acceptSymbol('=');
      start = stream.integer();
    }
    if (stream.accept('INCREMENT')) {
      if (!stream.accept('BY')) stream.acceptSymbol('=');
      step = stream.integer();
    }
  }
  if (!stream.accept('NOORDER')) stream.accept('ORDER');
  return { start, step };
}

/** Gives columns names for DuckDB, which does not tell `a` from `A`. */
export function withPhysicalNames(
  columns: readonly (DeclaredColumn & { readonly type: SnowflakeType })[],
  taken: Iterable<string> = [],
): TableColumnRecord[] {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  return columns.map((each) => {
    let physical = each.name;
    for (let counter = 2; used.has(physical.toLowerCase()); counter += 1) physical = `${each.name}$${String(counter)}`;
    used.add(physical.toLowerCase());
    return { ...each, physical };
  });
}

/** A column's type as DESCRIBE TABLE prints it. */
export function describedType(column: TableColumnRecord): string {
  return renderType(column.type);
}
