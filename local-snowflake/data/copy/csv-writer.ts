import type { Cell } from '../../sql/result-set.ts';
import type { SnowflakeType } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import type { BoundQuery } from '../bind/bound-query.ts';
import { formattedSql, textOf } from '../bind/cast-text.ts';
import type { StatementFrame } from '../statements/statement-frame.ts';
import type { CsvFormat } from './file-format.ts';
import type { TextRecords } from './split-records.ts';

/** A query's rows as CSV records. */
export async function csvRecords(
  rows: BoundQuery,
  format: CsvFormat,
  header: boolean,
  frame: StatementFrame,
): Promise<TextRecords> {
  const delimiter = format.fieldDelimiter ?? '';
  const end = format.recordDelimiter ?? '\n';
  const list = rows.columns.map((column) => csvValue(bound(column.type, column.internal), format, frame));
  const cells = await frame.read(`SELECT ${list.join(', ')} FROM (${rows.sql}) AS source`);
  const enclosed = rows.columns.map((column) => !plainKinds.has(column.type.kind));
  const records = cells.map(
    (row) => row.map((cell, index) => csvField(cell, enclosed[index] === true, format, delimiter, end)).join(delimiter) + end,
  );
  const head = rows.columns.map((column) => csvField(column.name, true, format, delimiter, end)).join(delimiter) + end;
  return { head: header ? head : '', records };
}

function csvValue(value: Bound, format: CsvFormat, frame: StatementFrame): string {
  const { kind } = value.type;
  if (kind === 'DATE' && format.dateFormat !== 'AUTO') return formattedSql(value, format.dateFormat);
  if (kind === 'TIME' && format.timeFormat !== 'AUTO') return formattedSql(value, format.timeFormat);
  if (kind.startsWith('TIMESTAMP') && format.timestampFormat !== 'AUTO') return formattedSql(value, format.timestampFormat);
  if (kind === 'BINARY')
    return format.binaryFormat === 'BASE64'
      ? `to_base64(${value.sql})`
      : format.binaryFormat === 'UTF8'
        ? `decode(${value.sql})`
        : `hex(${value.sql})`;
  return textOf(value, frame.ports.facts);
}

const plainKinds: ReadonlySet<SnowflakeType['kind']> = new Set([
  'NUMBER',
  'FLOAT',
  'BOOLEAN',
  'DATE',
  'TIME',
  'TIMESTAMP_NTZ',
  'TIMESTAMP_LTZ',
  'TIMESTAMP_TZ',
]);

/**
 * NULL is the first NULL_IF; text is enclosed where that is asked for, else what would end the field is escaped.
 * https://docs.snowflake.com/en/user-guide/data-unload-considerations#example-unload-and-load-data-with-enclosing-quotes
 */
function csvField(cell: Cell, isText: boolean, format: CsvFormat, delimiter: string, end: string): string {
  const quote = isText ? format.enclosedBy : undefined;
  const shown = cell ?? format.nullIf[0] ?? '';
  if (quote !== undefined) return cell === null && shown === '' ? '' : `${quote}${shown.replaceAll(quote, quote + quote)}${quote}`;
  if (cell === null) return shown;
  const escape = format.escapeUnenclosed;
  if (escape === undefined) return cell;
  let text = cell.replaceAll(escape, escape + escape);
  if (delimiter !== '') text = text.replaceAll(delimiter, escape + delimiter);
  return end === '\n' ? text.replaceAll('\n', `${escape}\n`) : text;
}
