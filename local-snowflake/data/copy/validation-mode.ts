import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { cell, column, type ResultColumn, type ResultSet } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import { toWire } from '../duckdb/wire-text.ts';
import type { FileFormatOptions, StageFile, TableColumn } from '../ports.ts';
import type { StatementFrame } from '../statements/statement-frame.ts';
import { duckString } from '../duckdb/text.ts';
import { abortError, type FileFault, type LoadInput, readFaults } from './load-faults.ts';
import { fileNameColumn, rowNumberColumn } from './staged-text.ts';

/** What COPY shows of the files instead of loading them. */
export type ValidationMode =
  | { readonly kind: 'ERRORS'; /** Files that were loaded before are looked at too. */ readonly loadedToo: boolean }
  | { readonly kind: 'ROWS'; readonly count: number };

/** https://docs.snowflake.com/en/sql-reference/sql/copy-into-table#label-copy-into-table-validation-mode */
export function readValidationMode(value: FileFormatOptions[string] | undefined): ValidationMode | undefined {
  if (value === undefined) return undefined;
  const written = typeof value === 'string' ? value.toUpperCase() : '';
  if (written === 'RETURN_ERRORS') return { kind: 'ERRORS', loadedToo: false };
  if (written === 'RETURN_ALL_ERRORS') return { kind: 'ERRORS', loadedToo: true };
  const rows = /^RETURN_(\d+)_ROWS$/u.exec(written)?.[1];
  if (rows !== undefined) return { kind: 'ROWS', count: Number(rows) };
  throw SnowflakeError.of('invalidPropertyValue', { property: 'VALIDATION_MODE', value: `'${String(value)}'` });
}

const number = types.number(38, 0);

// https://docs.snowflake.com/en/sql-reference/sql/copy-into-table#validating-staged-files
export const faultColumns: readonly ResultColumn[] = [
  column('ERROR'),
  column('FILE'),
  column('LINE', number),
  column('CHARACTER', number),
  column('BYTE_OFFSET', number),
  column('CATEGORY'),
  column('CODE', number),
  column('SQL_STATE'),
  column('COLUMN_NAME'),
  column('ROW_NUMBER', number),
  column('ROW_START_LINE', number),
];

export function describeValidation(mode: ValidationMode, columns: readonly TableColumn[]): ResultColumn[] {
  return mode.kind === 'ERRORS' ? [...faultColumns] : columns.map(({ name, type }) => column(name, type));
}

/** `shown`: a file as results name it. */
export function faultRows(faults: readonly FileFault[], shown: (file: string) => string): ResultSet {
  return {
    columns: [...faultColumns],
    rows: faults.map((fault) => [
      fault.message,
      shown(fault.file),
      cell.number(fault.line),
      '1',
      // Files are read as text: where a record begins in bytes is not known.
      null,
      fault.category,
      String(Number(fault.symbolic.code)),
      fault.symbolic.sqlState,
      fault.column ?? null,
      cell.number(fault.row),
      cell.number(fault.line),
    ]),
  };
}

/** The first rows as they would be loaded. @throws SnowflakeError the first fault among them */
export async function firstRows(
  input: LoadInput,
  count: number,
  files: readonly StageFile[],
  target: { readonly table: string; readonly columns: readonly TableColumn[] },
  frame: StatementFrame,
): Promise<ResultSet> {
  const place = `list_position([${files.map((file) => duckString(file.name)).join(', ')}], ${fileNameColumn})`;
  const order = `${place}, CAST(${rowNumberColumn} AS BIGINT)`;
  const some = { ...input, from: `(SELECT * FROM ${input.from} AS t ORDER BY ${order} LIMIT ${String(count)})` };
  const [fault] = await readFaults(some, target, 'first', frame);
  if (fault !== undefined) throw abortError(fault, false);
  const values = target.columns.map((each) => {
    const planned = input.plan.find((item) => item.column === each);
    return planned === undefined ? 'NULL' : toWire(each.type, planned.value);
  });
  return {
    columns: target.columns.map(({ name, type }) => column(name, type)),
    rows: await frame.read(`SELECT ${values.join(', ')} FROM ${some.from} AS s ORDER BY ${order}`),
  };
}
