import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier, displayName, type ObjectName } from '../../sql/identifier.ts';
import { renderType, type SnowflakeType } from '../../sql/types.ts';
import type { Bound } from '../bind/bound.ts';
import { constantContext, bindExpression, typedNull } from '../bind/bind-expression.ts';
import { tryCastTo } from '../bind/cast.ts';
import { resolveName } from '../bind/computed-name.ts';
import { unknownColumn } from '../bind/scope.ts';
import { nextValue } from '../bind/sequence.ts';
import type { WrittenTable } from '../changes/tracked-write.ts';
import type { Protection, RelationAccess, TableColumn } from '../ports.ts';
import { parseExpression } from '../syntax/parse.ts';
import type { Expression, Identifier, NameReference } from '../syntax/tree.ts';
import { tableName } from '../table-name.ts';
import { identitySequence } from '../table-storage.ts';
import type { StatementFrame } from './statement-frame.ts';

/** The table that a DML statement writes to. */
export interface TargetTable extends WrittenTable {
  readonly name: ObjectName;
  readonly columns: readonly TableColumn[];
  readonly protection: Protection | undefined;
}

export function targetTable(reference: NameReference, access: RelationAccess, frame: StatementFrame): TargetTable {
  const name = resolveName(reference, constantContext(frame.bind));
  const relation = frame.ports.relation(name, access);
  if (relation.kind !== 'table')
    throw SnowflakeError.of('unsupported', { feature: `${access} on something else than a table: ${displayName(name)}` });
  return {
    name,
    physicalName: relation.physicalName,
    sql: tableName(relation.physicalName),
    columns: relation.columns,
    protection: relation.protection,
    tracked: frame.isTracked(relation.physicalName),
    versioned: frame.history.has(relation.physicalName),
    forgetful: relation.retention === 0,
  };
}

export function targetColumn(target: TargetTable, column: Identifier): TableColumn {
  const found = target.columns.find((candidate) => candidate.name === column.name);
  if (found === undefined) throw unknownColumn([column]);
  return found;
}

/** Columns written to, in order: those named, or all. */
export function targetColumns(target: TargetTable, names: readonly Identifier[]): readonly TableColumn[] {
  if (names.length === 0) return target.columns;
  const columns = names.map((name) => targetColumn(target, name));
  const repeated = columns.find((column, index) => columns.indexOf(column) !== index);
  if (repeated !== undefined) throw SnowflakeError.of('duplicateColumn', { name: displayIdentifier(repeated.name) });
  return columns;
}

// Implicit casts that a column does not take. https://docs.snowflake.com/en/sql-reference/data-type-conversion
const refusals: Readonly<Partial<Record<SnowflakeType['kind'], readonly SnowflakeType['kind'][]>>> = {
  VARIANT: ['VARCHAR', 'DATE', 'TIME', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ', 'BINARY'],
  ARRAY: ['VARCHAR', 'NUMBER', 'FLOAT', 'BOOLEAN', 'OBJECT', 'DATE'],
  NUMBER: ['BOOLEAN'],
  VARCHAR: ['OBJECT', 'ARRAY', 'BINARY'],
};

/** A value as it goes into a column. @throws SnowflakeError `columnTypeMismatch` */
export function assigned(value: Bound, column: TableColumn, frame: StatementFrame): Bound {
  const refused = value.untyped !== true && refusals[column.type.kind]?.includes(value.type.kind) === true;
  const converted = refused ? undefined : tryCastTo(value, column.type, 'assign', frame.ports.facts);
  if (converted !== undefined) return converted;
  throw SnowflakeError.of('columnTypeMismatch', {
    column: displayIdentifier(column.name),
    expected: renderType(column.type),
    got: renderType(value.type),
  });
}

/** What a column gets that an INSERT does not name. */
export function defaultValue(column: TableColumn, target: TargetTable, frame: StatementFrame): Bound {
  if (column.identity !== undefined)
    return assigned(nextValue(identitySequence(target.physicalName, column.physical)), column, frame);
  if (column.defaultText === undefined) return typedNull(column.type);
  return assigned(bindExpression(parseExpression(column.defaultText), constantContext(frame.bind)), column, frame);
}

export function isDefault(expression: Expression): boolean {
  return (
    expression.kind === 'column' &&
    expression.parts.length === 1 &&
    expression.parts[0]?.name === 'DEFAULT' &&
    !expression.parts[0].quoted
  );
}
