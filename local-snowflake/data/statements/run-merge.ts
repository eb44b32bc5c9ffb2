import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { quoteIdentifier } from '../../sql/identifier.ts';
import { bindExpression } from '../bind/bind-expression.ts';
import { bindFrom } from '../bind/bind-from.ts';
import { booleanOf } from '../bind/bind-operator.ts';
import { type ExpressionContext, newBlock } from '../bind/expression-context.ts';
import { Scope, type ScopeRelation } from '../bind/scope.ts';
import { deleteRows, insertRows, updateRows } from '../changes/tracked-write.ts';
import { allByName } from '../syntax/rewrite.ts';
import type { Expression, MergeClause, Statement } from '../syntax/tree.ts';
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
  const written = statement.clauses.map((clause) => expandAll(clause, target, source.relations));
  const clauses = written.map((clause) => bindClause(clause, target, clause.matched ? both : sourceOnly, frame));
  if (both.block !== undefined && both.block.pythonCalls.length > 0)
    throw SnowflakeError.of('unsupported', { feature: 'Python function in MERGE' });
  const branch = clauses.map(({ clause, condition }, index) => {
    const side = `${rows.rowid.sql} IS ${clause.matched ? 'NOT ' : ''}NULL`;
    return `WHEN ${side} AND ${condition} THEN ${String(index)}`;
  });
  // A row computes the values of its own clause only: another clause's might fail for it.
  const values = clauses.flatMap((clause, index) =>
    clause.values.map(
      (value, position) => `CASE WHEN branch = ${String(index)} THEN ${value.sql} END AS ${valueName(index, position)}`,
    ),
  );
  const joined = `SELECT ${rows.rowid.sql} AS rid, CASE ${branch.join(' ')} END AS branch${values.map((value) => `, ${value}`).join('')} FROM ${source.render()} LEFT JOIN ${rows.binding.render()} ON ${on}`;
  const table = frame.runtime.temporary();
  return frame.atomically(async () => {
    await frame.execute(`CREATE TEMP TABLE ${table} AS SELECT * FROM (${joined}) WHERE branch IS NOT NULL`);
    await refuseDuplicates(table, clauses, frame);
    return apply(clauses, target, table, frame);
  });
}

/** `UPDATE ALL BY NAME`, `INSERT ALL BY NAME`: every column of the target from the source's column of that name. */
function expandAll(clause: MergeClause, target: TargetTable, source: readonly ScopeRelation[]): MergeClause {
  const { action } = clause;
  const named =
    action.kind === 'update' ? action.assignments.map((item) => item.column) : action.kind === 'insert' ? action.columns : [];
  if (named[0]?.name !== allByName) return clause;
  const [relation] = source;
  const available = relation?.columns.filter((column) => column.merged !== true && column.pseudo !== true) ?? [];
  if (
    available.length !== target.columns.length ||
    target.columns.some((column) => !available.some((other) => other.name === column.name))
  ) {
    throw SnowflakeError.of('insertColumnCount', { expected: target.columns.length, got: available.length });
  }
  const columns = target.columns.map((column) => ({ name: column.name, quoted: true }));
  const qualifier = relation?.alias === undefined ? [] : [{ name: relation.alias, quoted: true }];
  const values = columns.map((column): Expression => ({ kind: 'column', parts: [...qualifier, column] }));
  if (action.kind === 'insert') return { ...clause, action: { kind: 'insert', columns, values } };
  return {
    ...clause,
    action: {
      kind: 'update',
      assignments: columns.map((column, index) => ({ column, value: values[index] ?? { kind: 'column', parts: [column] } })),
    },
  };
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

/**
 * A row that several source rows would update is refused, unless ERROR_ON_NONDETERMINISTIC_MERGE is off; several that
 * would delete it agree. https://docs.snowflake.com/en/sql-reference/sql/merge#duplicate-join-behavior
 */
async function refuseDuplicates(table: string, clauses: readonly BoundClause[], frame: StatementFrame): Promise<void> {
  const updates = clauses.flatMap(({ clause }, index) => (clause.action.kind === 'update' ? [String(index)] : []));
  if (updates.length === 0 || frame.ports.facts.parameter('ERROR_ON_NONDETERMINISTIC_MERGE')?.toUpperCase() === 'FALSE') return;
  const [[rid] = []] = await frame.read(
    `SELECT CAST(rid AS VARCHAR) FROM temp.main.${table} WHERE rid IS NOT NULL GROUP BY rid HAVING count(*) > 1 AND count(*) FILTER (WHERE branch IN (${updates.join(', ')})) > 0 LIMIT 1`,
  );
  if (rid !== undefined) throw SnowflakeError.of('mergeDuplicate', { values: `[row ${rid ?? ''}]` });
}

async function apply(
  clauses: readonly BoundClause[],
  target: TargetTable,
  table: string,
  frame: StatementFrame,
): Promise<DmlResult> {
  const counts = { insert: 0, update: 0, delete: 0 };
  for (const [index, { clause, values }] of clauses.entries()) {
    const names = values.map((value) => value.physical);
    const rows = `temp.main.${table}`;
    const of = `branch = ${String(index)}`;
    if (clause.action.kind === 'update') {
      const set = names.map((name, position) => `${quoteIdentifier(name)} = s.${valueName(index, position)}`).join(', ');
      counts.update += await updateRows(target, set, `FROM ${rows} WHERE ${of}`, frame);
    } else if (clause.action.kind === 'delete') {
      counts.delete += await deleteRows(target, `SELECT rid FROM ${rows} WHERE ${of}`, frame);
    } else {
      const list = names.map((_, position) => valueName(index, position));
      counts.insert += await insertRows(target, names, `SELECT ${list.join(', ')} FROM ${rows} WHERE ${of}`, frame);
    }
  }
  const kinds = new Set(clauses.map(({ clause }) => clause.action.kind));
  return countResult({
    ...(kinds.has('insert') ? { 'number of rows inserted': counts.insert } : {}),
    ...(kinds.has('update') ? { 'number of rows updated': counts.update } : {}),
    ...(kinds.has('delete') ? { 'number of rows deleted': counts.delete } : {}),
  });
}
