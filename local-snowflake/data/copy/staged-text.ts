import type { DuckDBConnection } from '@duckdb/node-api';
import { TextTable } from '../duckdb/text-table.ts';
import { writeJson } from '../native/json-value.ts';
import type { StageFile } from '../ports.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { csvHeader, readCsv } from './csv-reader.ts';
import type { CsvFormat, JsonFormat, XmlFormat } from './file-format.ts';
import { type JsonRecord, readJson } from './json-reader.ts';
import { readTextFile } from './read-file.ts';
import { readXml } from './xml-reader.ts';

/** Columns before a record's own: file name, row number, line, number of fields, why it could not be read. */
export const recordColumns = 5;

/** Name of the text column that holds field `index` (from 0). */
export function fieldColumn(index: number): string {
  return `t${String(index + recordColumns)}`;
}

export const fileNameColumn = 't0';
export const rowNumberColumn = 't1';
export const lineColumn = 't2';
export const fieldCountColumn = 't3';
export const faultColumn = 't4';

/** What was found while loading: names from the header lines, by file. */
export interface StagedText {
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** Reads text files into a temporary table, a record a row; JSON and XML have one field, the value's canonical text. */
export async function stageText(
  files: readonly StageFile[],
  format: CsvFormat | JsonFormat | XmlFormat,
  width: number,
  table: string,
  connection: DuckDBConnection,
): Promise<StagedText> {
  const target = await TextTable.create(connection, table, recordColumns + width);
  const headers = new Map<string, readonly string[]>();
  try {
    for (const file of files) {
      const text = await readTextFile(file, format);
      if (format.type === 'JSON') addValues(readJson(text, format), file, target);
      else if (format.type === 'XML') addValues(readXml(text, format), file, target);
      else {
        if (format.parseHeader) headers.set(file.name, csvHeader(text, format));
        addCsv(text, file, format, target);
      }
    }
  } finally {
    target.close();
  }
  return { headers };
}

function addCsv(text: string, file: StageFile, format: CsvFormat, target: TextTable): void {
  let row = 0;
  for (const record of readCsv(text, format)) {
    row += 1;
    target.add([file.name, String(row), String(record.line), String(record.fields.length), record.fault ?? null, ...record.fields]);
  }
}

function addValues(records: Iterable<JsonRecord>, file: StageFile, target: TextTable): void {
  let row = 0;
  try {
    for (const record of records) {
      row += 1;
      target.add([file.name, String(row), String(record.line), '1', null, writeJson(record.value)]);
    }
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    // What follows a fault cannot be told apart any more: it is the file's last record.
    target.add([file.name, String(row + 1), '1', '0', error.message]);
  }
}
