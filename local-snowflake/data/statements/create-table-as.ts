import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier, quoteIdentifier } from '../../sql/identifier.ts';
import type { ResultColumn } from '../../sql/result-set.ts';
import type { SnowflakeType } from '../../sql/types.ts';
import { bindQuery } from '../bind/bind-query.ts';
import { bound } from '../bind/bound.ts';
import { castTo } from '../bind/cast.ts';
import { parseStatement } from '../syntax/parse.ts';
import type { Query } from '../syntax/tree.ts';
import { createHistory, written } from '../history/history-tables.ts';
import { tableName } from '../table-name.ts';
import type { StatementFrame } from './statement-frame.ts';

/** A column declared beside AS: its name, or its name and type. */
export interface DeclaredColumn {
  readonly name: string;
  readonly type?: SnowflakeType;
  readonly nullable?: boolean;
}

export interface StoredColumn extends ResultColumn {
  /** Name in DuckDB. */
  readonly physical: string;
}

/** https://docs.snowflake.com/en/sql-reference/sql/create-table#create-table-as-select-also-referred-to-as-ctas */
export async function createTableAs(
  physicalName: string,
  text: string,
  declared: readonly DeclaredColumn[] | undefined,
  frame: StatementFrame,
): Promise<StoredColumn[]> {
  const query = bindQuery(queryText(text), frame.bind);
  if (declared !== undefined && declared.length !== query.columns.length) {
    throw SnowflakeError.of('insertColumnCount', { expected: declared.length, got: query.columns.length });
  }
  const columns = query.columns.map((column, index): StoredColumn => {
    const declaration = declared?.[index];
    return {
      name: declaration?.name ?? column.name,
      type: declaration?.type ?? column.type,
      nullable: declaration?.nullable ?? true,
      physical: `c${String(index + 1)}`,
    };
  });
  refuseDuplicates(columns);
  const list = query.columns.map((column, index) => {
    const stored = columns[index];
    if (stored === undefined) throw new Error('made from the same columns');
    const value = castTo(bound(column.type, column.internal, column.nullable), stored.type, 'assign', frame.ports.facts);
    return `${value.sql} AS ${quoteIdentifier(stored.physical)}`;
  });
  const required = columns.filter((column) => !column.nullable);
  await frame.atomically(async () => {
    await frame.execute(
      `CREATE TABLE ${tableName(physicalName)} AS SELECT ${list.join(', ')}, 0::BIGINT AS ${written} FROM (${query.sql}) AS source`,
    );
    for (const column of required) {
      await frame.execute(`ALTER TABLE ${tableName(physicalName)} ALTER COLUMN ${quoteIdentifier(column.physical)} SET NOT NULL`);
    }
    await frame.execute(createHistory(physicalName));
  });
  frame.history.add(physicalName, columns.length);
  return columns;
}

export function queryText(text: string): Query {
  const statement = parseStatement(text);
  if (statement.kind !== 'query') throw SnowflakeError.of('unsupported', { feature: 'AS followed by something else than a query' });
  return statement.query;
}

function refuseDuplicates(columns: readonly StoredColumn[]): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw SnowflakeError.of('duplicateColumn', { name: displayIdentifier(name) });
    seen.add(name);
  }
}
