import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { readType } from '../sql/read-type.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { type ForeignKeyPlace, type KeyPlace, readColumnKey, TableKeys, withKeys } from './table-keys.ts';
import { renderType, type SnowflakeType } from '../sql/types.ts';
import type { MaskedBy } from './policy/attachments.ts';
import { type DeclaredProtection, readColumnProtection } from './policy/column-protection.ts';

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
  readonly primaryKeyPlace?: KeyPlace;
  readonly unique?: boolean;
  readonly uniqueKeys?: readonly KeyPlace[];
  readonly foreignKeys?: readonly ForeignKeyPlace[];
  readonly maskedBy?: MaskedBy;
  /** Tag id → value. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A column as a view or CREATE TABLE AS declares it: the type may be left out. */
export interface DeclaredColumn extends Omit<TableColumnRecord, 'type' | 'physical'>, DeclaredProtection {
  readonly type?: SnowflakeType;
}

/**
 * Reads `( column type [NOT NULL] [DEFAULT e] [AUTOINCREMENT …] [COMMENT 'c'] …, [constraints] )`.
 * Constraints other than NOT NULL are kept for DESCRIBE and not enforced, as in Snowflake.
 * https://docs.snowflake.com/en/sql-reference/sql/create-table
 */
export function readColumns(stream: TokenStream): DeclaredColumn[] {
  const columns: DeclaredColumn[] = [];
  const keys = new TableKeys();
  stream.expectSymbol('(');
  while (!stream.acceptSymbol(')')) {
    if (!keys.read(stream)) columns.push(readColumn(stream));
    if (!stream.isSymbol(')')) stream.expectSymbol(',');
  }
  const seen = new Set<string>();
  for (const each of columns) {
    if (seen.has(each.name)) throw SnowflakeError.of('duplicateColumn', { name: displayIdentifier(each.name) });
    seen.add(each.name);
  }
  return columns.map((each) => withKeys(each, keys.of(each.name)));
}

export function readColumn(stream: TokenStream): DeclaredColumn {
  const name = stream.identifier();
  let declared: DeclaredColumn = { name, nullable: true };
  if (stream.peek().kind === 'word' && !atColumnClause(stream)) declared = { ...declared, type: readType(stream) };
  for (;;) {
    const clause = readColumnClause(stream);
    if (clause === undefined) return declared;
    declared = withKeys(declared, clause);
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
  const key = readColumnKey(stream);
  if (key !== undefined) return key;
  const protection = readColumnProtection(stream);
  if (protection !== undefined) return protection;
  if (stream.is('AS') && stream.peek(1).text === '(') throw SnowflakeError.of('unsupported', { feature: 'computed column AS (…)' });
  for (const refused of ['COLLATE', 'PROJECTION POLICY', 'WITH PROJECTION POLICY']) {
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
