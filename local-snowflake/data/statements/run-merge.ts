import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { quoteIdentifier } from '../../sql/identifier.ts';
import { bindExpression } from '../bind/bind-expression.ts';
import { bindFrom } from '../bind/bind-from.ts';
import { booleanOf } from '../bind/bind-operator.ts';
import { type ExpressionContext, newBlock } from '../bind/expression-context.ts';
import { Scope } from '../bind/scope.ts';
import type { MergeClause, Statement } from '../syntax/tree.ts';
import { countResult, type DmlResult } from './dml-result.ts';
import { assignments } from './run-update.ts';
import { checkCount } from './run-insert.ts';
import { targetRows } from './staged-rows.ts';
import type { StatementFrame } from './statement-frame.ts';
import { assigned, defaultValue, isDefault, type TargetTable, targetColumns, targetTable } from './target-table.ts';

type Merge = Extract<Statement, { kind: 'merge' }>;

interface BoundClause {
  readonly clause: MergeClause;
  /** SQL of the condition, or `true`. */
  readonly condition: string;
  /** Columns written and SQL of their values; empty for DELETE. */
  readonly values: readonly { readonly physical: string; readonly sql: string }[];
}

/**
 * MERGE in three steps over one joined table: which clause each row falls under, then updates and deletes by rowid, then
 * inserts. A target row that falls under a clause twice is refused, as ERROR_ON_NONDETERMINISTIC_MERGE asks by default.
 * https://docs.snowflake.com/en/sql-reference/sql/merge
 */
export async function runMerge(statement: Merge, frame: StatementFrame): Promise<DmlResult> {
  const target = targetTable(statement.table, 'SELECT', frame);
  for (const access of accesses(statement.clauses)) targetTable(statement.table, access, frame);
  const rows = targetRows(target, statement.alias, frame);
  const source = bindFrom(statement.source, frame.bind, undefined, []);
  const both: ExpressionContext = { bind: frame.bind, scope: new Scope([rows.relation, ...source.relations]), block: newBlock() };
  const sourceOnly: ExpressionContext = { ...both, scope: new Scope(source.relations) };
  const on = booleanOf(bindExpression(statement.on, both), both).sql;
  const clauses = statement.clauses.map((clause) => bindClause(clause, target, clause.matched ? both : sourceOnly, frame));
  if (both.block !== undefined && both.block.pythonCalls.length > 0) throw SnowflakeError.of('unsupported', { feature: 'Python function in MERGE' });
  const branch = clauses.map(({ clause, condition }, index) => {
    const side = `${rows.rowid.sql} IS ${clause.matched ? 'NOT ' : ''}NULL`;
    return `WHEN ${side} AND ${condition} THEN ${String(index)}`;
  });
  // A row computes the values of its own clause only: another clause's might fail for it.
  const values = clauses.flatMap((clause, index) =>
    clause.values.map((value, position) => `CASE WHEN branch = ${String(index)} THEN ${value.sql} END AS ${valueName(index, position)}`),
  );
  const joined = `SELECT ${rows.rowid.sql} AS rid, CASE ${branch.join(' ')} END AS branch${values.map((value) => `, ${value}`).join('')} FROM ${source.render()} LEFT JOIN ${rows.binding.render()} ON ${on}`;
  const table = frame.runtime.temporary();
  return frame.atomically(async () => {
    await frame.execute(`CREATE TEMP TABLE ${table} AS SELECT * FROM (${joined}) WHERE branch IS NOT NULL`);
    await refuseDuplicates(table, frame);
    return apply(clauses, target, table, frame);
  });
}

function valueName(clause: number, position: number): string {
  return `v${String(clause)}_${String(position)}`;
}

function accesses(clauses: readonly MergeClause[]): ('INSERT' | 'UPDATE' | 'DELETE')[] {
  return [...new Set(clauses.map((clause) => clause.action.kind.toUpperCase() as 'INSERT' | 'UPDATE' | 'DELETE'))];
}

function bindClause(clause: MergeClause, target: TargetTable, context: ExpressionContext, frame: StatementFrame): BoundClause {
  const condition = clause.condition === undefined ? 'true' : booleanOf(bindExpression(clause.condition, context), context).sql;
  const { action } = clause;
  if (action.kind === 'delete') return { clause, condition, values: [] };
  if (action.kind === 'update') return { clause, condition, values: assignments(action.assignments, target, context, frame) };
  const columns = targetColumns(target, action.columns);
  checkCount(columns.length, action.values.length);
  const given = action.values.map((value, index) => {
    const column = columns[index];
    if (column === undefined) throw new Error('counted above');
    const result = isDefault(value) ? defaultValue(column, target, frame) : assigned(bindExpression(value, context), column, frame);
    return { physical: column.physical, sql: result.sql };
  });
  const rest = target.columns
    .filter((column) => !columns.includes(column) && (column.defaultText !== undefined || column.identity !== undefined))
    .map((column) => ({ physical: column.physical, sql: defaultValue(column, target, frame).sql }));
  return { clause, condition, values: [...given, ...rest] };
}

async function refuseDuplicates(table: string, frame: StatementFrame): Promise<void> {
  const [[rid] = []] = await frame.read(`SELECT CAST(rid AS VARCHAR) FROM temp.main.${table} WHERE rid IS NOT NULL GROUP BY rid HAVING count(*) > 1 LIMIT 1`);
  if (rid !== undefined) throw SnowflakeError.of('mergeDuplicate', { values: `[row ${rid ?? ''}]` });
}

async function apply(clauses: readonly BoundClause[], target: TargetTable, table: string, frame: StatementFrame): Promise<DmlResult> {
  const counts = { insert: 0, update: 0, delete: 0 };
  for (const [index, { clause, values }] of clauses.entries()) {
    const names = values.map((value) => quoteIdentifier(value.physical));
    const rows = `temp.main.${table}`;
    const of = `branch = ${String(index)}`;
    if (clause.action.kind === 'update') {
      const set = names.map((name, position) => `${name} = s.${valueName(index, position)}`).join(', ');
      counts.update += await frame.execute(`UPDATE ${target.sql} SET ${set} FROM ${rows} AS s WHERE s.${of} AND ${target.sql}.rowid = s.rid`);
    } else if (clause.action.kind === 'delete') {
      counts.delete += await frame.execute(`DELETE FROM ${target.sql} WHERE rowid IN (SELECT rid FROM ${rows} WHERE ${of})`);
    } else {
      const list = names.map((_, position) => valueName(index, position));
      counts.insert += await frame.execute(`INSERT INTO ${target.sql} (${names.join(', ')}) SELECT ${list.join(', ')} FROM ${rows} WHERE ${of}`);
    }
  }
  const kinds = new Set(clauses.map(({ clause }) => clause.action.kind));
  return countResult({
    ...(kinds.has('insert') ? { 'number of rows inserted': counts.insert } : {}),
    ...(kinds.has('update') ? { 'number of rows updated': counts.update } : {}),
    ...(kinds.has('delete') ? { 'number of rows deleted': counts.delete } : {}),
  });
}
