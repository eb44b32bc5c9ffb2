import { cell, column, type ResultSet, statusResult } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';

/** How one file was loaded. */
export interface FileOutcome {
  /** As COPY shows it: the stage's name and the path. */
  readonly file: string;
  readonly parsed: number;
  readonly loaded: number;
  readonly errorLimit: number;
  readonly errors: number;
  readonly first: RecordFault | undefined;
}

export interface RecordFault {
  readonly message: string;
  readonly line: number;
  readonly row: number;
  /** `"TABLE"["COLUMN":n]`; undefined where the record as a whole is at fault. */
  readonly column: string | undefined;
}

const number = types.number(38, 0);

// https://docs.snowflake.com/en/sql-reference/sql/copy-into-table#output
const columns = [
  column('file'),
  column('status'),
  column('rows_parsed', number),
  column('rows_loaded', number),
  column('error_limit', number),
  column('errors_seen', number),
  column('first_error'),
  column('first_error_line', number),
  column('first_error_character', number),
  column('first_error_column_name'),
];

export function loadResult(outcomes: readonly FileOutcome[]): ResultSet {
  if (outcomes.length === 0) return statusResult('Copy executed with 0 files processed.');
  return {
    columns,
    rows: outcomes.map((outcome) => [
      outcome.file,
      outcome.errors === 0 ? 'LOADED' : outcome.loaded === 0 ? 'LOAD_FAILED' : 'PARTIALLY_LOADED',
      cell.number(outcome.parsed),
      cell.number(outcome.loaded),
      cell.number(outcome.errorLimit),
      cell.number(outcome.errors),
      outcome.first?.message ?? null,
      cell.number(outcome.first?.line),
      outcome.first === undefined ? null : '1',
      outcome.first?.column ?? null,
    ]),
  };
}

export function describeLoad(): ResultSet['columns'] {
  return columns;
}

// https://docs.snowflake.com/en/sql-reference/sql/copy-into-location#output
export function unloadResult(rows: number, inputBytes: number, outputBytes: number): ResultSet {
  return {
    columns: [column('rows_unloaded', number), column('input_bytes', number), column('output_bytes', number)],
    rows: [[String(rows), String(inputBytes), String(outputBytes)]],
  };
}

/** DETAILED_OUTPUT: a row a file. */
export function unloadedFilesResult(
  files: readonly { readonly name: string; readonly rows: number; readonly bytes: number }[],
): ResultSet {
  return {
    columns: [column('FILE_NAME'), column('FILE_SIZE', number), column('ROW_COUNT', number)],
    rows: files.map((file) => [file.name, String(file.bytes), String(file.rows)]),
  };
}

export function describeUnload(detailed: boolean): ResultSet['columns'] {
  return detailed ? unloadedFilesResult([]).columns : unloadResult(0, 0, 0).columns;
}
