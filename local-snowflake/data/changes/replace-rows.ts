import { quoteIdentifier } from '../../sql/identifier.ts';
import type { Row } from '../../sql/result-set.ts';
import { appendText } from '../duckdb/append-cells.ts';
import { fromWire } from '../duckdb/wire-text.ts';
import type { TableColumn } from '../ports.ts';
import type { StatementFrame } from '../statements/statement-frame.ts';
import { tableName } from '../table-name.ts';
import { rowId, rowIdColumn } from './change-tables.ts';
import { withContentIds } from './content-ids.ts';
import { deleteRows, insertRows } from './tracked-write.ts';

/** Rows to come: those of another table with the same columns, or wire text. */
export type NewRows = { readonly physicalName: string } | { readonly rows: readonly Row[] };

/**
 * Makes the rows of a table whose rows are told apart by their contents those of `from`. What both have stays: only the
 * differences are changes, and without any there is no new version.
 * https://docs.snowflake.com/en/user-guide/dynamic-tables/streams-on-dts
 */
export async function replaceRows(
  physicalName: string,
  columns: readonly TableColumn[],
  from: NewRows,
  frame: StatementFrame,
): Promise<void> {
  const target = {
    physicalName,
    sql: tableName(physicalName),
    tracked: frame.isTracked(physicalName),
    versioned: frame.history.has(physicalName),
    forgetful: true,
  };
  const source = 'rows' in from ? await loaded(columns, from.rows, frame) : tableName(from.physicalName);
  const names = columns.map((column) => column.physical);
  await frame.atomically(async () => {
    const staged = frame.runtime.temporary();
    await frame.execute(`CREATE TEMP TABLE ${staged} AS ${withContentIds(names, source)}`);
    const lost = `FROM ${target.sql} WHERE ${rowId} NOT IN (SELECT ${rowId} FROM temp.main.${staged})`;
    const gained = `FROM temp.main.${staged} WHERE ${rowId} NOT IN (SELECT ${rowId} FROM ${target.sql})`;
    if (await any(lost, frame)) await deleteRows(target, `SELECT rowid ${lost}`, frame);
    if (await any(gained, frame)) await insertRows(target, [...names, rowIdColumn], `SELECT * ${gained}`, frame);
  });
}

async function any(from: string, frame: StatementFrame): Promise<boolean> {
  const [[found] = []] = await frame.read(`SELECT CAST(EXISTS (SELECT 1 ${from}) AS VARCHAR)`);
  return found === 'true';
}

/** SQL of a relation of the rows. */
async function loaded(columns: readonly TableColumn[], rows: readonly Row[], frame: StatementFrame): Promise<string> {
  const table = frame.runtime.temporary();
  await appendText(frame.runtime.connection, table, rows, columns.length);
  const list = columns.map(({ type, physical }, index) => `${fromWire(type, `t${String(index)}`)} AS ${quoteIdentifier(physical)}`);
  return `(SELECT ${list.join(', ')} FROM temp.main.${table})`;
}
