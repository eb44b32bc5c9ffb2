import { displayName } from '../../sql/identifier.ts';
import { bindExpression } from '../bind/bind-expression.ts';
import { booleanOf } from '../bind/bind-operator.ts';
import { bindQuery } from '../bind/bind-query.ts';
import { queryRelation } from '../bind/bind-table.ts';
import type { ExpressionContext } from '../bind/expression-context.ts';
import { newBlock } from '../bind/expression-context.ts';
import { Scope } from '../bind/scope.ts';
import { deleteRows, insertRows } from '../changes/tracked-write.ts';
import type { MultiInsertBranch, Statement } from '../syntax/tree.ts';
import { countResult, type DmlResult } from './dml-result.ts';
import { checkCount } from './run-insert.ts';
import type { StatementFrame } from './statement-frame.ts';
import { assigned, defaultValue, isDefault, type TargetTable, targetColumns, targetTable } from './target-table.ts';

type MultiInsert = Extract<Statement, { kind: 'multiInsert' }>;

interface Into {
  readonly target: TargetTable;
  readonly columns: readonly string[];
  /** DuckDB query of the rows, without its WHERE. */
  readonly source: string;
  readonly condition: string;
}

/**
 * The source's rows are kept once; then every INTO takes those that its condition lets through.
 * https://docs.snowflake.com/en/sql-reference/sql/insert-multi-table
 */
export async function runMultiInsert(statement: MultiInsert, frame: StatementFrame): Promise<DmlResult> {
  const query = bindQuery(statement.source, frame.bind);
  const rows = queryRelation(query, { name: undefined, columns: [] }, frame.bind);
  const context: ExpressionContext = { bind: frame.bind, scope: new Scope(rows.relations), block: newBlock() };
  const conditions = statement.branches.map((branch) =>
    branch.condition === undefined
      ? 'true'
      : `coalesce(${booleanOf(bindExpression(branch.condition, context), context).sql}, false)`,
  );
  const table = frame.runtime.temporary();
  const before = (index: number): string =>
    conditions
      .slice(0, index)
      .map((condition) => ` AND NOT ${condition}`)
      .join('');
  const intos = statement.branches.flatMap((branch, index) =>
    bindTargets(branch.targets, `${conditions[index] ?? 'true'}${statement.first ? before(index) : ''}`, context, table, frame),
  );
  intos.push(...bindTargets(statement.otherwise, `true${before(conditions.length)}`, context, table, frame));
  return frame.atomically(async () => {
    await frame.execute(`CREATE TEMP TABLE ${table} AS SELECT * FROM ${rows.render()}`);
    if (statement.overwrite) {
      for (const target of new Map(intos.map((into) => [into.target.sql, into.target])).values())
        await deleteRows(target, undefined, frame);
    }
    const counts = new Map<string, number>();
    for (const into of intos) {
      const name = `number of rows inserted into ${displayName([into.target.name.at(-1) ?? ''])}`;
      counts.set(
        name,
        (counts.get(name) ?? 0) + (await insertRows(into.target, into.columns, `${into.source} WHERE ${into.condition}`, frame)),
      );
    }
    return countResult(Object.fromEntries(counts));
  });
}

function bindTargets(
  targets: MultiInsertBranch['targets'],
  condition: string,
  context: ExpressionContext,
  table: string,
  frame: StatementFrame,
): Into[] {
  return targets.map((into) => {
    const target = targetTable(into.table, 'INSERT', frame);
    const columns = targetColumns(target, into.columns);
    const source = context.scope.relations[0]?.columns ?? [];
    checkCount(columns.length, into.values?.length ?? source.length);
    const values = columns.map((column, index) => {
      const value = into.values?.[index];
      if (value === undefined) return assigned(source[index]?.bound() ?? defaultValue(column, target, frame), column, frame);
      return isDefault(value) ? defaultValue(column, target, frame) : assigned(bindExpression(value, context), column, frame);
    });
    const rest = target.columns
      .filter((column) => !columns.includes(column) && (column.defaultText !== undefined || column.identity !== undefined))
      .map((column) => ({ column, value: defaultValue(column, target, frame) }));
    const names = [...columns, ...rest.map((item) => item.column)].map((column) => column.physical);
    const list = [...values, ...rest.map((item) => item.value)].map((value) => value.sql);
    return {
      target,
      condition,
      columns: names,
      source: `SELECT ${list.join(', ')} FROM temp.main.${table}`,
    };
  });
}
