import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { quoteIdentifier } from '../../sql/identifier.ts';
import type { Row } from '../../sql/result-set.ts';
import type { SnowflakeType } from '../../sql/types.ts';
import type { OwnTable } from '../effects.ts';
import type { ObjectScope } from '../object-scope.ts';
import { type MetricRequest, segmentCondition } from './metric-request.ts';
import { findColumn, isNumeric, refused } from './monitor-columns.ts';
import { measuredColumns } from './monitor-record.ts';

/** A column that a metric is asked of. */
export interface MeasuredColumn {
  readonly name: string;
  readonly type: SnowflakeType;
}

/** The monitor's copies of source and baseline, as the metrics query them. */
export class MetricSource {
  readonly request: MetricRequest;
  readonly #scope: ObjectScope;
  readonly #tables: ReadonlyMap<string, OwnTable>;

  constructor(request: MetricRequest, scope: ObjectScope) {
    this.request = request;
    this.#scope = scope;
    const { PHYSICAL, COLUMNS, BASELINE_PHYSICAL, BASELINE_COLUMNS } = request.monitor;
    this.#tables = new Map([
      ['S', { physicalName: PHYSICAL, columns: COLUMNS }],
      ...(BASELINE_PHYSICAL === undefined || BASELINE_COLUMNS === undefined
        ? []
        : [['B', { physicalName: BASELINE_PHYSICAL, columns: BASELINE_COLUMNS }] as const]),
    ]);
  }

  /** @throws SnowflakeError `columnNotFound` for a column that is not measured */
  column(written: string): MeasuredColumn {
    const measured = measuredColumns(this.request.monitor);
    return findColumn(
      this.request.monitor.COLUMNS.filter((each) => measured.includes(each.name)),
      written,
    );
  }

  /** The relation of the source's rows in range, with `k`, the start of their range, and the expressions given. */
  rows(expressions: Readonly<Record<string, string>>): string {
    const columns = Object.entries(expressions).map(([name, sql]) => `, ${sql} AS ${name}`);
    return `(SELECT ${this.request.bucket} AS k${columns.join('')} FROM "S" WHERE ${this.request.condition})`;
  }

  /** The relation of the baseline's values of a column, as `v`. Of the segment alone when the baseline has its column. */
  baseline(column: MeasuredColumn, expression: string): string {
    const baseline = this.#tables.get('B');
    if (baseline === undefined)
      throw refused('it has no baseline, without which there is no drift; set one with ALTER MODEL MONITOR … SET BASELINE');
    if (!baseline.columns.some((each) => each.name === column.name)) {
      throw SnowflakeError.of('columnNotFound', { name: `${column.name} of the baseline` });
    }
    const { segment } = this.request;
    const kept = segment !== undefined && baseline.columns.some((each) => each.name === segment.column);
    return `(SELECT ${expression} AS v FROM "B"${kept ? ` WHERE ${segmentCondition(segment)}` : ''})`;
  }

  query(sql: string): Promise<readonly Row[]> {
    return this.#scope.effects.queries.run(sql, this.#scope, this.#tables);
  }
}

/** SQL of a column's value as a number, NULL for what is none (NaN, infinity). */
export function numberSql({ name, type }: MeasuredColumn): string {
  const column = quoteIdentifier(name);
  if (type.kind !== 'FLOAT') return `${column}::FLOAT`;
  return `IFF(${column} = 'NaN'::FLOAT OR ABS(${column}) = 'inf'::FLOAT, NULL, ${column})`;
}

/** @throws SnowflakeError for a column that is not numeric */
export function requireNumeric(column: MeasuredColumn, metric: string): void {
  if (!isNumeric(column.type))
    throw refused(`metric ${metric} needs a numeric column, and ${quoteIdentifier(column.name)} is of type ${column.type.kind}`);
}
