import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import { types } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { tryCastTo } from '../bind/cast.ts';
import { dateOfText, timeOfText, timestampOfText } from '../bind/cast-datetime.ts';
import { typedNull } from '../bind/bind-expression.ts';
import type { StatementPorts, TableColumn } from '../ports.ts';
import { jsonPathKey } from '../bind/bind-path.ts';
import { duckString } from '../duckdb/text.ts';
import type { FileFormat } from './file-format.ts';
import { fieldColumn } from './staged-text.ts';

/** How one column is filled from a staged record. */
export interface PlannedColumn {
  readonly column: TableColumn;
  /** SQL of the raw value. */
  readonly raw: string;
  /** SQL of the converted value; raises what does not convert. */
  readonly value: string;
  /** SQL of the converted value, NULL where it does not convert. */
  readonly attempt: string;
  /** SQL that is true where the value cannot go into the column. */
  readonly fails: string;
}

export interface PlanOptions {
  readonly format: FileFormat;
  /** Cut text that is too long instead of refusing it. */
  readonly truncate: boolean;
  readonly ports: StatementPorts;
}

/** Fills columns from fields by position. */
export function planFields(columns: readonly TableColumn[], options: PlanOptions): PlannedColumn[] {
  return columns.map((column, index) => planColumn(column, textField(fieldColumn(index)), options));
}

/** Fills columns from fields by the names in the header line; fields without a column are passed over. */
export function planByHeader(
  columns: readonly TableColumn[],
  header: readonly string[],
  sensitive: boolean,
  options: PlanOptions,
): PlannedColumn[] {
  return columns.flatMap((column) => {
    const index = header.findIndex((name) => sameName(name, column.name, sensitive));
    return index < 0 ? [] : [planColumn(column, textField(fieldColumn(index)), options)];
  });
}

/** Fills columns from the keys of one JSON object. */
export function planByKey(
  columns: readonly TableColumn[],
  keys: readonly string[],
  sensitive: boolean,
  options: PlanOptions,
): PlannedColumn[] {
  return columns.flatMap((column) => {
    const key = keys.find((name) => sameName(name, column.name, sensitive));
    if (key === undefined) return [];
    const raw = `json_extract(${fieldColumn(0)}, ${duckString(`$.${jsonPathKey(key)}`)})`;
    return [planColumn(column, bound(types.variant, `CASE WHEN json_type(${raw}) = 'NULL' THEN NULL ELSE ${raw} END`), options)];
  });
}

/** A table of one semi-structured column takes each value whole. */
export function planWhole(columns: readonly TableColumn[], value: Bound, options: PlanOptions): PlannedColumn[] {
  const [column] = columns;
  if (column === undefined || columns.length !== 1 || !['VARIANT', 'OBJECT', 'ARRAY'].includes(column.type.kind)) {
    throw SnowflakeError.of('execution', {
      message: `SQL compilation error:\n${options.format.type} file format can produce one and only one column of type variant, object, or array. Load data into separate columns using the MATCH_BY_COLUMN_NAME copy option or copy with transformation.`,
    });
  }
  return [planColumn(column, value, options)];
}

export function sameName(a: string, b: string, sensitive: boolean): boolean {
  return sensitive ? a === b : a.toUpperCase() === b.toUpperCase();
}

function textField(name: string): Bound {
  return bound(types.varchar(), name);
}

export function planColumn(column: TableColumn, raw: Bound, options: PlanOptions): PlannedColumn {
  const target = options.truncate && column.type.kind === 'VARCHAR' ? 'explicit' : 'assign';
  const strict = convert(raw, column, target, options);
  const lenient = convert(raw, column, 'try', options);
  if (strict === undefined || lenient === undefined) {
    throw SnowflakeError.of('columnTypeMismatch', {
      column: displayIdentifier(column.name),
      expected: column.type.kind,
      got: raw.type.kind,
    });
  }
  const tooLong =
    column.type.kind === 'VARCHAR' && !options.truncate && column.type.length < 16_777_216
      ? ` OR length(${raw.sql}) > ${String(column.type.length)}`
      : '';
  const missing = column.nullable ? '' : ` OR ${raw.sql} IS NULL`;
  return {
    column,
    raw: raw.sql,
    value: strict.sql,
    attempt: lenient.sql,
    fails: `((${raw.sql} IS NOT NULL AND ${lenient.sql} IS NULL)${tooLong}${missing})`,
  };
}

/** Dates and times by the file format's own formats. */
function convert(raw: Bound, column: TableColumn, mode: 'assign' | 'explicit' | 'try', options: PlanOptions): Bound | undefined {
  const { format } = options;
  const { type } = column;
  if (raw.type.kind === 'VARCHAR' && format.type !== 'PARQUET') {
    if (type.kind === 'DATE') return bound(type, dateOfText(raw.sql, format.dateFormat, mode));
    if (type.kind === 'TIME') return bound(type, timeOfText(raw.sql, format.timeFormat, mode));
    if (type.kind === 'TIMESTAMP_NTZ' || type.kind === 'TIMESTAMP_LTZ' || type.kind === 'TIMESTAMP_TZ') {
      return bound(type, timestampOfText(raw.sql, type.kind, format.timestampFormat, mode));
    }
    if (type.kind === 'BINARY') {
      const sql =
        format.binaryFormat === 'BASE64'
          ? `from_base64(${raw.sql})`
          : format.binaryFormat === 'UTF8'
            ? `encode(${raw.sql})`
            : `sf.${mode === 'try' ? 'try_' : ''}hex_bytes(${raw.sql})`;
      return bound(type, mode === 'try' ? `TRY(${sql})` : sql);
    }
    if (type.kind === 'VARIANT' || type.kind === 'OBJECT' || type.kind === 'ARRAY') {
      const parsed = bound(
        types.variant,
        `CAST(${mode === 'try' ? `sf_try_json(${raw.sql}, false)` : `sf_json(${raw.sql})`} AS JSON)`,
      );
      return tryCastTo(parsed, type, 'explicit', options.ports.facts);
    }
    if (type.kind === 'VARCHAR' && mode === 'try') return bound(type, raw.sql);
  }
  return raw.untyped === true ? typedNull(type) : tryCastTo(raw, type, mode, options.ports.facts);
}
