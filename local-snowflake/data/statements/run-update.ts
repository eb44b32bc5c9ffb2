import { quoteIdentifier } from '../../sql/identifier.ts';
import { bindExpression } from '../bind/bind-expression.ts';
import { updateRows } from '../changes/tracked-write.ts';
import type { Assignment, Statement } from '../syntax/tree.ts';
import { type DmlResult, updated } from './dml-result.ts';
import { stageRows } from './staged-rows.ts';
import type { StatementFrame } from './statement-frame.ts';
import { assigned, defaultValue, isDefault, type TargetTable, targetColumn, targetTable } from './target-table.ts';
import type { ExpressionContext } from '../bind/expression-context.ts';

/**
 * UPDATE by rowid: new values are worked out first, one row for each target row; a row joined more than once takes one
 * of its partners. https://docs.snowflake.com/en/sql-reference/sql/update
 */
export async function runUpdate(statement: Extract<Statement, { kind: 'update' }>, frame: StatementFrame): Promise<DmlResult> {
  const target = targetTable(statement.table, 'UPDATE', frame);
  const staged = stageRows(target, statement.alias, statement.from, statement.where, frame);
  const values = assignments(statement.assignments, target, staged.context, frame);
  const list = [`${staged.rowid.sql} AS rid`, ...values.map((value, index) => `${value.sql} AS v${String(index)}`)];
  const rows = staged.select(list);
  const set = values.map((value, index) => `${quoteIdentifier(value.physical)} = s.v${String(index)}`).join(', ');
  if (statement.from.length === 0) {
    return updated(await updateRows(target, set, rows, frame), 0);
  }
  const table = frame.runtime.temporary();
  return frame.atomically(async () => {
    await frame.execute(
      `CREATE TEMP TABLE ${table} AS SELECT *, count(*) OVER (PARTITION BY rid) AS partners FROM (${rows}) QUALIFY row_number() OVER (PARTITION BY rid) = 1`,
    );
    const count = await updateRows(target, set, `FROM temp.main.${table}`, frame);
    const [[joined] = []] = await frame.read(`SELECT CAST(count(*) AS VARCHAR) FROM temp.main.${table} WHERE partners > 1`);
    return updated(count, Number(joined ?? 0));
  });
}

/** New values in their columns' types. */
export function assignments(
  list: readonly Assignment[],
  target: TargetTable,
  context: ExpressionContext,
  frame: StatementFrame,
): { readonly physical: string; readonly sql: string }[] {
  return list.map(({ column, value }) => {
    const written = targetColumn(target, column);
    const result = isDefault(value)
      ? defaultValue(written, target, frame)
      : assigned(bindExpression(value, context), written, frame);
    return { physical: written.physical, sql: result.sql };
  });
}
