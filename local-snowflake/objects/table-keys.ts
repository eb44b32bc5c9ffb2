import type { ObjectName } from '../sql/identifier.ts';
import type { TokenStream } from '../sql/token-stream.ts';

/** Where a column stands in a key. */
export interface KeyPlace {
  /** From 1. */
  readonly position: number;
  /** Name of the constraint, if it has one. */
  readonly constraint?: string;
  /** RELY: queries may count on the key. */
  readonly rely?: boolean;
  /** Which key of its kind it is in the table, from 0; a table has one primary key. */
  readonly key?: number;
}

/** Where a column stands in a key of another table. */
export interface ForeignKeyPlace extends KeyPlace {
  /** As written; what is left out is the table's own database and schema. */
  readonly table: ObjectName;
  /** The other table's primary key when it is left out. */
  readonly column?: string;
}

/** What a column has of its keys. */
export interface ColumnKeys {
  readonly primaryKey?: boolean;
  readonly primaryKeyPlace?: KeyPlace;
  readonly nullable?: boolean;
  readonly unique?: boolean;
  readonly uniqueKeys?: readonly KeyPlace[];
  readonly foreignKeys?: readonly ForeignKeyPlace[];
}

/** A column with these keys beside those that it has. */
export function withKeys<T extends ColumnKeys>(column: T, keys: ColumnKeys): T {
  const uniqueKeys = [...(column.uniqueKeys ?? []), ...(keys.uniqueKeys ?? [])];
  const foreignKeys = [...(column.foreignKeys ?? []), ...(keys.foreignKeys ?? [])];
  return {
    ...column,
    ...keys,
    ...(uniqueKeys.length === 0 ? {} : { uniqueKeys }),
    ...(foreignKeys.length === 0 ? {} : { foreignKeys }),
  };
}

/**
 * Keys that stand beside the columns of a table. They are kept and shown, not enforced, as in Snowflake.
 * https://docs.snowflake.com/en/sql-reference/sql/create-table-constraint
 */
export class TableKeys {
  readonly #columns = new Map<string, ColumnKeys>();
  #keys = 0;

  /** Reads a constraint when one comes next. */
  read(stream: TokenStream): boolean {
    const start = stream.position;
    const constraint = stream.accept('CONSTRAINT') ? stream.identifier() : undefined;
    const keys = readKey(stream, constraint, this.#keys + 1, true);
    if (keys === undefined) {
      stream.rewind(start);
      return false;
    }
    this.#keys += 1;
    for (const [name, key] of keys) this.#columns.set(name, withKeys(this.of(name), key));
    return true;
  }

  of(column: string): ColumnKeys {
    return this.#columns.get(column) ?? {};
  }
}

/** A key that stands behind a column. */
export function readColumnKey(stream: TokenStream): ColumnKeys | undefined {
  const constraint = stream.accept('CONSTRAINT') ? stream.identifier() : undefined;
  const keys = readKey(stream, constraint, 0, false);
  if (keys !== undefined) return keys.get('') ?? {};
  // A name may stand in front of NOT NULL as well.
  if (constraint !== undefined && stream.accept('NOT NULL')) return { nullable: false };
  if (constraint !== undefined) throw stream.unexpected();
  return undefined;
}

/** Columns of a key by their names; beside a column, which is not named, by ''. */
function readKey(
  stream: TokenStream,
  constraint: string | undefined,
  key: number,
  listed: boolean,
): ReadonlyMap<string, ColumnKeys> | undefined {
  if (stream.accept('PRIMARY KEY')) {
    const names = listed ? stream.identifiers() : [''];
    const place = readPlace(stream, constraint);
    return new Map(
      names.map((name, index) => [name, { primaryKey: true, primaryKeyPlace: { ...place, position: index + 1 }, nullable: false }]),
    );
  }
  if (stream.is('UNIQUE') && (!listed || stream.peek(1).text === '(') && stream.accept('UNIQUE')) {
    const names = listed ? stream.identifiers() : [''];
    const place = readPlace(stream, constraint);
    return new Map(names.map((name, index) => [name, { unique: true, uniqueKeys: [{ ...place, key, position: index + 1 }] }]));
  }
  const named = stream.accept('FOREIGN KEY');
  if (listed && !named) return undefined;
  const names = listed ? stream.identifiers() : [''];
  if (!stream.accept('REFERENCES')) {
    if (named) throw stream.unexpected();
    return undefined;
  }
  const table = stream.name();
  const columns = stream.isSymbol('(') ? stream.identifiers() : [];
  const { acts, ...place } = readProperties(stream, constraint);
  // A key whose actions Snowflake does not have is left out as a whole.
  if (acts) return new Map();
  return new Map(
    names.map((name, index): [string, ColumnKeys] => {
      const column = columns[index];
      return [name, { foreignKeys: [{ ...place, key, position: index + 1, table, ...(column === undefined ? {} : { column }) }] }];
    }),
  );
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
  'MATCH FULL',
  'MATCH SIMPLE',
  'MATCH PARTIAL',
];

function readPlace(stream: TokenStream, constraint: string | undefined): Omit<KeyPlace, 'position'> {
  const { acts: _, ...place } = readProperties(stream, constraint);
  return place;
}

/** `acts`: something else than NO ACTION is to happen when the other table's key changes. */
function readProperties(
  stream: TokenStream,
  constraint: string | undefined,
): Omit<KeyPlace, 'position'> & { readonly acts: boolean } {
  let rely = false;
  let acts = false;
  for (;;) {
    if (stream.accept('RELY')) rely = true;
    else if (stream.accept('NORELY')) rely = false;
    else if (stream.accept('ON UPDATE') || stream.accept('ON DELETE')) {
      if (stream.accept('NO ACTION')) continue;
      if (!['CASCADE', 'SET NULL', 'SET DEFAULT', 'RESTRICT'].some((action) => stream.accept(action))) throw stream.unexpected();
      acts = true;
    } else if (!constraintWords.some((words) => stream.accept(words))) break;
  }
  return { ...(constraint === undefined ? {} : { constraint }), ...(rely ? { rely } : {}), acts };
}
