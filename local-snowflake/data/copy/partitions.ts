import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import { bindExpression } from '../bind/bind-expression.ts';
import { bound } from '../bind/bound.ts';
import type { BoundQuery } from '../bind/bound-query.ts';
import { castTo } from '../bind/cast.ts';
import { newBlock } from '../bind/expression-context.ts';
import { Scope } from '../bind/scope.ts';
import { duckString } from '../duckdb/text.ts';
import type { StatementFrame } from '../statements/statement-frame.ts';
import { parseExpression } from '../syntax/parse.ts';

/** The rows that go into one folder. */
export interface Partition {
  /** Below the location, ends with a slash. */
  readonly folder: string;
  readonly rows: BoundQuery;
}

/**
 * A query's rows by the text of an expression over its columns. The query is run once.
 * https://docs.snowflake.com/en/sql-reference/sql/copy-into-location#optional-parameters
 */
export async function partitions(rows: BoundQuery, expression: string, frame: StatementFrame): Promise<Partition[]> {
  const scope = new Scope([
    {
      alias: undefined,
      qualifier: [],
      columns: rows.columns.map((column) => ({
        name: column.name,
        bound: () => bound(column.type, column.internal, column.nullable),
      })),
    },
  ]);
  const block = newBlock();
  const value = bindExpression(parseExpression(expression), { bind: frame.bind, scope, block, clause: 'WHERE' });
  if (block.pythonCalls.length > 0) throw SnowflakeError.of('unsupported', { feature: 'Python function in PARTITION BY' });
  const key = castTo(value, types.varchar(), 'explicit', frame.ports.facts).sql;
  const table = frame.runtime.temporary();
  await frame.execute(`CREATE TEMP TABLE ${table} AS SELECT *, ${key} AS folder FROM (${rows.sql}) AS source`);
  const folders = await frame.read(`SELECT DISTINCT folder FROM temp.main.${table} ORDER BY folder`);
  const columns = rows.columns.map((column) => column.internal).join(', ');
  return folders.map(([folder = null]) => ({
    folder: folder === null ? '__NULL__/' : `${checkedFolder(folder)}/`,
    rows: {
      columns: rows.columns,
      sql: `SELECT ${columns} FROM temp.main.${table} WHERE folder IS NOT DISTINCT FROM ${folder === null ? 'NULL' : duckString(folder)}`,
    },
  }));
}

/** The value names a folder below the location, and none beside it. */
function checkedFolder(folder: string): string {
  const segments = folder.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..') || folder.includes('\0'))
    throw SnowflakeError.of('invalidPropertyValue', { property: 'PARTITION BY', value: folder });
  return folder;
}
