import { quoteIdentifier } from '../../sql/identifier.ts';
import type { StatementFrame } from '../statements/statement-frame.ts';
import { action, type ChangeAction, changeTable, order, rowId, transaction } from './change-tables.ts';

/** A table that rows are written to. */
export interface WrittenTable {
  readonly physicalName: string;
  /** DuckDB name, quoted. */
  readonly sql: string;
  /** Whether its changes are recorded. */
  readonly tracked?: boolean;
}

/**
 * The three ways to change rows. For a tracked table the rows concerned are worked out first, once, and their changes are
 * recorded beside; @returns the number of rows.
 */
export async function insertRows(
  target: WrittenTable,
  columns: readonly string[],
  source: string,
  frame: StatementFrame,
): Promise<number> {
  const names = columns.map(quoteIdentifier).join(', ');
  if (target.tracked !== true) return frame.execute(`INSERT INTO ${target.sql} (${names}) ${source}`);
  const staged = frame.runtime.temporary();
  return frame.atomically(async () => {
    await frame.requireRecording(target.physicalName);
    await frame.execute(`CREATE TEMP TABLE ${staged} AS FROM ${target.sql} LIMIT 0`);
    await frame.execute(`INSERT INTO temp.main.${staged} (${names}) ${source}`);
    await frame.execute(`UPDATE temp.main.${staged} SET ${rowId} = gen_random_uuid()`);
    const count = await frame.execute(`INSERT INTO ${target.sql} FROM temp.main.${staged}`);
    await record(target, 'INSERT', `FROM temp.main.${staged}`, frame);
    return count;
  });
}

/** `rowids`: a query of the rowids; all rows without it. */
export async function deleteRows(target: WrittenTable, rowids: string | undefined, frame: StatementFrame): Promise<number> {
  if (target.tracked !== true) {
    return frame.execute(`DELETE FROM ${target.sql}${rowids === undefined ? '' : ` WHERE rowid IN (${rowids})`}`);
  }
  const staged = frame.runtime.temporary();
  return frame.atomically(async () => {
    await frame.requireRecording(target.physicalName);
    await frame.execute(`CREATE TEMP TABLE ${staged} AS ${rowids ?? `SELECT rowid FROM ${target.sql}`}`);
    const chosen = `WHERE rowid IN (FROM temp.main.${staged})`;
    await record(target, 'DELETE', `FROM ${target.sql} ${chosen}`, frame);
    return frame.execute(`DELETE FROM ${target.sql} ${chosen}`);
  });
}

/** `rows`: a query of new values with the rowid of each as `rid`, once each; `set`: assignments from `s`. */
export async function updateRows(target: WrittenTable, set: string, rows: string, frame: StatementFrame): Promise<number> {
  const update = (source: string): Promise<number> =>
    frame.execute(`UPDATE ${target.sql} SET ${set} FROM ${source} AS s WHERE ${target.sql}.rowid = s.rid`);
  if (target.tracked !== true) return update(`(${rows})`);
  const staged = frame.runtime.temporary();
  return frame.atomically(async () => {
    await frame.requireRecording(target.physicalName);
    await frame.execute(
      `CREATE TEMP TABLE ${staged} AS SELECT s.*, t.${rowId} FROM (${rows}) AS s JOIN ${target.sql} AS t ON t.rowid = s.rid`,
    );
    const chosen = `FROM ${target.sql} WHERE ${rowId} IN (SELECT ${rowId} FROM temp.main.${staged})`;
    await record(target, 'DELETE', chosen, frame);
    const count = await update(`temp.main.${staged}`);
    await record(target, 'UPDATED', chosen, frame);
    return count;
  });
}

async function record(target: WrittenTable, what: ChangeAction, from: string, frame: StatementFrame): Promise<void> {
  const { changes } = frame;
  changes.wrote = true;
  await frame.execute(
    `INSERT INTO ${changeTable(target.physicalName)} BY NAME SELECT *, ${String(changes.transaction)} AS ${transaction}, ${String(changes.nextOrder())} AS ${order}, '${what}' AS ${action} ${from}`,
  );
}
