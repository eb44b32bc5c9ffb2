import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TableColumn } from '../ports.ts';
import type { StatementFrame } from '../statements/statement-frame.ts';
import type { RecordFault } from './copy-result.ts';
import type { PlannedColumn } from './load-plan.ts';
import { faultColumn, fieldCountColumn, fileNameColumn, lineColumn, rowNumberColumn } from './staged-text.ts';

/** Records as they are read, and how they become rows of the table. */
export interface LoadInput {
  readonly plan: readonly PlannedColumn[];
  /** DuckDB relation of the records. */
  readonly from: string;
  /** SQL that is true for a record with too few or too many fields. */
  readonly countFails: string;
}

/** A fault with the file that it is in and the error that it would be for a statement. */
export interface FileFault extends RecordFault {
  readonly file: string;
  readonly symbolic: SnowflakeError;
  readonly category: 'parsing' | 'conversion';
}

/** SQL that is true for a record that cannot be loaded. */
export function recordFails({ plan, countFails }: LoadInput): string {
  return [`${faultColumn} IS NOT NULL`, countFails, ...plan.map((item) => item.fails)].join(' OR ');
}

/**
 * Faults in the words that the conversion itself would use, in the order of the files' records.
 * `first`: the first of each file alone; else all, several of them where several columns of a record are at fault.
 */
export async function readFaults(
  input: LoadInput,
  target: { readonly table: string; readonly columns: readonly TableColumn[] },
  which: 'first' | 'all',
  frame: StatementFrame,
): Promise<FileFault[]> {
  const { plan } = input;
  const broken = `${faultColumn} IS NOT NULL OR ${input.countFails}`;
  const failing = plan.map((item, index) => `CASE WHEN ${item.fails} THEN ${String(index)} END`);
  const items = `list_filter(CAST([${failing.join(', ')}] AS INTEGER[]), lambda n: n IS NOT NULL)`;
  const raws = `CAST([${plan.map((item) => `CAST(${item.raw} AS VARCHAR)`).join(', ')}] AS VARCHAR[])`;
  const faults = `SELECT ${fileNameColumn}, ${lineColumn}, ${rowNumberColumn}, ${faultColumn},
      CASE WHEN ${input.countFails} THEN ${fieldCountColumn} END AS found, unnest(CASE WHEN ${broken} THEN [-1] ELSE ${items} END) AS item, ${raws} AS raws
    FROM ${input.from} AS s WHERE ${recordFails(input)}`;
  const order = `CAST(${rowNumberColumn} AS BIGINT), item`;
  const rows = await frame.read(
    `SELECT ${fileNameColumn}, ${lineColumn}, ${rowNumberColumn}, ${faultColumn}, found, CAST(item AS VARCHAR), raws[item + 1] FROM (${faults}) AS f
     ${which === 'first' ? `QUALIFY row_number() OVER (PARTITION BY ${fileNameColumn} ORDER BY ${order}) = 1` : ''} ORDER BY ${fileNameColumn}, ${order}`,
  );
  return rows.map(([file, line, row, fault, count, index, value]) => {
    const item = plan[Number(index ?? -1)];
    const symbolic = symbolicFault(fault ?? null, count ?? null, item, value ?? null, target.columns.length);
    const position = item === undefined ? 0 : target.columns.indexOf(item.column) + 1;
    const column = item === undefined ? undefined : `"${target.table}"["${item.column.name}":${String(position)}]`;
    const category = item === undefined || value === null || value === undefined ? 'parsing' : 'conversion';
    return { file: file ?? '', message: symbolic.message, line: Number(line), row: Number(row), column, symbolic, category };
  });
}

function symbolicFault(
  fault: string | null,
  count: string | null,
  item: PlannedColumn | undefined,
  value: string | null,
  columns: number,
): SnowflakeError {
  if (fault !== null) return SnowflakeError.of('execution', { message: fault });
  if (count !== null) return SnowflakeError.of('copyColumnCount', { expected: columns, got: Number(count) });
  if (item === undefined || value === null) return SnowflakeError.of('nullInNonNullable', {});
  return conversionFault(item.column, value);
}

function conversionFault(column: TableColumn, value: string): SnowflakeError {
  switch (column.type.kind) {
    case 'NUMBER':
    case 'FLOAT':
      return Number.isFinite(Number(value)) && value.trim() !== ''
        ? SnowflakeError.of('numberOutOfRange', { value, type: 'FIXED' })
        : SnowflakeError.of('numericNotRecognized', { value });
    case 'BOOLEAN':
      return SnowflakeError.of('booleanNotRecognized', { value });
    case 'DATE':
      return SnowflakeError.of('dateNotRecognized', { value });
    case 'TIME':
      return SnowflakeError.of('timeNotRecognized', { value });
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return SnowflakeError.of('timestampNotRecognized', { value });
    case 'VARCHAR':
      return SnowflakeError.of('stringTooLong', { value });
    case 'BINARY':
      return SnowflakeError.of('binaryNotRecognized', { value });
    default:
      return SnowflakeError.of('jsonParse', { reason: value });
  }
}

/** ABORT_STATEMENT: the fault, where it is, and how to go on in spite of it. */
export function abortError(fault: FileFault, advice: boolean): SnowflakeError {
  const where = fault.column === undefined ? '' : `, column ${fault.column}`;
  const more = advice
    ? `\n  If you would like to continue loading when an error is encountered, use other values such as 'SKIP_FILE' or 'CONTINUE' for the ON_ERROR option. For more information on loading options, please run 'info loading_data' in a SQL client.`
    : '';
  const text = `${fault.message}\n  File '${fault.file}', line ${String(fault.line)}, character 1\n  Row ${String(fault.row)}${where}${more}`;
  return SnowflakeError.restored(fault.symbolic.code, fault.symbolic.sqlState, text);
}
