import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName, type ObjectName } from '../../sql/identifier.ts';
import { foundLoad } from '../copy/load-records.ts';
import { faultColumns } from '../copy/validation-mode.ts';
import { readCells } from '../duckdb/run.ts';
import { duckString } from '../duckdb/text.ts';
import type { Relation } from '../ports.ts';
import type { Call, FromItem } from '../syntax/tree.ts';
import { bindExpression } from './bind-expression.ts';
import { aliasOf, rowsRelation } from './bind-table.ts';
import { constantText } from './bound.ts';
import type { ExpressionContext } from './expression-context.ts';
import type { FromBinding } from './from-binding.ts';

/** Its first argument is a table, not a column. */
export function isValidate(call: Call): boolean {
  return call.name.kind === 'name' && call.name.parts.length === 1 && call.name.parts[0]?.name === 'VALIDATE';
}

/** `VALIDATE(t, JOB_ID => '…')`: the faults of a load that went on in spite of them. https://docs.snowflake.com/en/sql-reference/functions/validate */
export function bindValidate(item: Extract<FromItem, { kind: 'function' }>, context: ExpressionContext): FromBinding {
  const [table, job] = item.call.args;
  if (table?.value.kind !== 'column' || job?.name !== 'JOB_ID' || job.value.kind === 'star' || item.call.args.length !== 2)
    throw SnowflakeError.of('argumentCount', { name: 'VALIDATE', expected: 'a table and JOB_ID', got: item.call.args.length });
  const { ports } = context.bind;
  const { physicalName } = loadedTable(
    table.value.parts.map((part) => part.name),
    context,
  );
  const id = constantText(bindExpression(job.value, context));
  if (id === undefined) throw SnowflakeError.of('notConstant', { name: 'VALIDATE', argument: 'JOB_ID' });
  return rowsRelation(
    faultColumns,
    async (connection) => {
      const load = await foundLoad(id, String(ports.facts.sessionId), physicalName, connection);
      if (load === undefined)
        throw SnowflakeError.of('invalidArgument', { name: 'VALIDATE', value: id, reason: 'no such load of the table is known' });
      if (load.transformed) throw SnowflakeError.of('validationOfTransform', {});
      return readCells(
        connection,
        `SELECT error, file, CAST(line AS VARCHAR), '1', NULL, category, CAST(code AS VARCHAR), sql_state, column_name, CAST(row_number AS VARCHAR), CAST(line AS VARCHAR)
         FROM _catalog.load_faults WHERE query_id = ${duckString(load.queryId)} ORDER BY place`,
      );
    },
    aliasOf(item.alias, ['VALIDATE']),
    context.bind,
  );
}

/** @throws SnowflakeError `unsupported` for a view or a stream */
export function loadedTable(name: ObjectName, context: ExpressionContext): Extract<Relation, { kind: 'table' }> {
  const relation = context.bind.ports.relation(name, 'SELECT');
  if (relation.kind === 'table') return relation;
  throw SnowflakeError.of('unsupported', { feature: `loads of something else than a table: ${displayName(name)}` });
}
