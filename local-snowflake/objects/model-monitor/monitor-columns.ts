import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier, foldIdentifier } from '../../sql/identifier.ts';
import { renderType, type SnowflakeType } from '../../sql/types.ts';
import type { TableColumnRecord } from '../table-columns.ts';
import { type ColumnRole, columnRoles, type MonitorFeatures, type MonitorTask } from './monitor-record.ts';

type Columns = readonly Pick<TableColumnRecord, 'name' | 'type'>[];
type Roles = Readonly<Record<ColumnRole, readonly string[]>>;

const mostFeatures = 500;
const mostSegments = 5;
const singleRoles: readonly ColumnRole[] = [
  'PREDICTION_CLASS_COLUMNS',
  'PREDICTION_SCORE_COLUMNS',
  'ACTUAL_CLASS_COLUMNS',
  'ACTUAL_SCORE_COLUMNS',
];

/** A column by its name in a text: as it stands, or folded as an identifier is. @throws SnowflakeError `columnNotFound` */
export function findColumn(columns: Columns, written: string): Columns[number] {
  const folded = (): string => {
    try {
      return foldIdentifier(written.trim());
    } catch {
      return written;
    }
  };
  const found = columns.find((each) => each.name === folded()) ?? columns.find((each) => each.name === written);
  if (found === undefined) throw SnowflakeError.of('columnNotFound', { name: written });
  return found;
}

export function isNumeric(type: SnowflakeType): boolean {
  return type.kind === 'NUMBER' || type.kind === 'FLOAT';
}

/**
 * The columns of each role, by their names in the source, checked against the rules of the page.
 * https://docs.snowflake.com/en/sql-reference/sql/create-model-monitor#usage-notes
 */
export function resolveRoles(
  columns: Columns,
  task: MonitorTask,
  timestamp: string,
  given: Readonly<Partial<Record<ColumnRole, readonly string[]>>>,
): Roles {
  const roles = Object.fromEntries(
    columnRoles.map((role) => [role, (given[role] ?? []).map((written) => findColumn(columns, written).name)]),
  ) as unknown as Roles;
  checkOnce([timestamp, ...columnRoles.flatMap((role) => roles[role])]);
  for (const role of singleRoles) {
    if (roles[role].length > 1)
      throw refused(`${role} has ${String(roles[role].length)} columns; models with several outputs are not supported`);
  }
  if (roles.PREDICTION_CLASS_COLUMNS.length + roles.PREDICTION_SCORE_COLUMNS.length === 0) {
    throw refused('at least one of PREDICTION_CLASS_COLUMNS and PREDICTION_SCORE_COLUMNS must be specified');
  }
  if (roles.SEGMENT_COLUMNS.length > mostSegments) {
    throw refused(`it has ${String(roles.SEGMENT_COLUMNS.length)} segment columns; at most ${String(mostSegments)} are allowed`);
  }
  checkTask(task, roles);
  checkTypes(columns, task, roles);
  return roles;
}

/** What is left of the source when the columns with a role are taken away, as far as it can be measured. */
export function featuresOf(columns: Columns, timestamp: string, roles: Roles): MonitorFeatures {
  const taken = new Set([timestamp, ...columnRoles.flatMap((role) => roles[role])]);
  const named = (fits: (type: SnowflakeType) => boolean): string[] =>
    columns.filter((each) => !taken.has(each.name) && fits(each.type)).map((each) => each.name);
  const features = {
    numerical: named(isNumeric),
    string: named((type) => type.kind === 'VARCHAR'),
    boolean: named((type) => type.kind === 'BOOLEAN'),
  };
  const count = features.numerical.length + features.string.length + features.boolean.length;
  if (count > mostFeatures) throw refused(`its source has ${String(count)} features; at most ${String(mostFeatures)} are allowed`);
  return features;
}

function checkOnce(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refused(`column ${displayIdentifier(twice)} is specified more than once`);
}

function checkTask(task: MonitorTask, roles: Roles): void {
  const refuse = (role: ColumnRole, wanted: string): void => {
    if (roles[role].length > 0) throw refused(`${role} cannot be used with a model of task ${task}: ${wanted}`);
  };
  if (task === 'TABULAR_REGRESSION') return;
  refuse('ACTUAL_SCORE_COLUMNS', 'its actuals must be classes');
  if (task === 'TABULAR_MULTI_CLASSIFICATION') refuse('PREDICTION_SCORE_COLUMNS', 'its predictions must be classes');
}

function checkTypes(columns: Columns, task: MonitorTask, roles: Roles): void {
  const text = (type: SnowflakeType): boolean => type.kind === 'VARCHAR';
  const classes = task === 'TABULAR_MULTI_CLASSIFICATION' ? text : isNumeric;
  const rules: readonly (readonly [ColumnRole, (type: SnowflakeType) => boolean])[] = [
    ['PREDICTION_CLASS_COLUMNS', classes],
    ['ACTUAL_CLASS_COLUMNS', classes],
    ['PREDICTION_SCORE_COLUMNS', isNumeric],
    ['ACTUAL_SCORE_COLUMNS', isNumeric],
    ['CUSTOM_METRIC_COLUMNS', isNumeric],
    ['SEGMENT_COLUMNS', text],
  ];
  for (const [role, accepts] of rules) {
    for (const name of roles[role]) {
      const { type } = findColumn(columns, name);
      if (!accepts(type)) throw wrongType(name, type, role, accepts === text ? 'STRING' : 'NUMBER');
    }
  }
}

/** @throws SnowflakeError unless the column is a TIMESTAMP_NTZ */
export function timestampColumn(columns: Columns, written: string): string {
  const { name, type } = findColumn(columns, written);
  if (type.kind !== 'TIMESTAMP_NTZ') throw wrongType(name, type, 'TIMESTAMP_COLUMN', 'TIMESTAMP_NTZ');
  return name;
}

function wrongType(name: string, type: SnowflakeType, role: string, wanted: string): SnowflakeError {
  return refused(`column ${displayIdentifier(name)} of ${role} is of type ${renderType(type)}, and must be of type ${wanted}`);
}

export function refused(reason: string): SnowflakeError {
  return SnowflakeError.of('modelMonitor', { reason });
}
