import { quoteIdentifier } from '../../sql/identifier.ts';
import type { StatementFrame } from '../statements/statement-frame.ts';
import { duckString } from '../duckdb/text.ts';
import { historyTable, removed, written } from '../history/history-tables.ts';
import { action, type ChangeAction, changeTable, order, rowId, transaction } from './change-tables.ts';

/** A table that rows are written to. */
export interface WrittenTable {
  readonly physicalName: string;
  /** DuckDB name, quoted. */
  readonly sql: string;
  /** Whether its changes are recorded. */
  readonly tracked?: boolean;
  /** Whether its rows say which transaction wrote them, and what they were is kept. */
  readonly versioned?: boolean;
  /** What its rows were is not to be kept. */
  readonly forgetful?: boolean;
}

/**
 * The three ways to change rows. For a tracked table the rows concerned are worked out first, once, and their changes are
 * recorded beside; what rows of a versioned one were is kept. @returns the number of rows.
 */
export async function insertRows(
  target: WrittenTable,
  columns: readonly string[],
  source: string,
  frame: StatementFrame,
): Promise<number> {
  const names = columns.map(quoteIdentifier).join(', ');
  if (target.tracked !== true && target.versioned !== true) return frame.execute(`INSERT INTO ${target.sql} (${names}) ${source}`);
  return frame.atomically(async () => {
    const stamp = target.versioned === true ? { name: `, ${written}`, value: `, ${writing(frame)}` } : { name: '', value: '' };
    const stamped = `(${names}${stamp.name}) SELECT *${stamp.value} FROM (${source}) AS stamped`;
    if (target.tracked !== true) return frame.execute(`INSERT INTO ${target.sql} ${stamped}`);
    const staged = frame.runtime.temporary();
    await frame.requireRecording(target.physicalName);
    await frame.execute(`CREATE TEMP TABLE ${staged} AS FROM ${target.sql} LIMIT 0`);
    await frame.execute(`INSERT INTO temp.main.${staged} ${stamped}`);
    await frame.execute(`UPDATE temp.main.${staged} SET ${rowId} = gen_random_uuid() WHERE ${rowId} IS NULL`);
    const count = await frame.execute(`INSERT INTO ${target.sql} FROM temp.main.${staged}`);
    await record(target, 'INSERT', `FROM temp.main.${staged}`, frame);
    return count;
  });
}

/** `rowids`: a query of the rowids; all rows without it. */
export async function deleteRows(target: WrittenTable, rowids: string | undefined, frame: StatementFrame): Promise<number> {
  if (target.tracked !== true && target.versioned !== true) {
    return frame.execute(`DELETE FROM ${target.sql}${rowids === undefined ? '' : ` WHERE rowid IN (${rowids})`}`);
  }
  return frame.atomically(async () => {
    if (target.tracked === true) await frame.requireRecording(target.physicalName);
    let chosen = '';
    if (rowids !== undefined) {
      const staged = frame.runtime.temporary();
      await frame.execute(`CREATE TEMP TABLE ${staged} AS ${rowids}`);
      chosen = ` WHERE rowid IN (FROM temp.main.${staged})`;
    }
    if (target.tracked === true) await record(target, 'DELETE', `FROM ${target.sql}${chosen}`, frame);
    await keep(target, chosen, frame);
    return frame.execute(`DELETE FROM ${target.sql}${chosen}`);
  });
}

/** `rows`: a query of new values with the rowid of each as `rid`, once each; `set`: assignments from `s`. */
export async function updateRows(target: WrittenTable, set: string, rows: string, frame: StatementFrame): Promise<number> {
  const update = (source: string, stamp = ''): Promise<number> =>
    frame.execute(`UPDATE ${target.sql} SET ${set}${stamp} FROM ${source} AS s WHERE ${target.sql}.rowid = s.rid`);
  if (target.tracked !== true && target.versioned !== true) return update(`(${rows})`);
  const staged = frame.runtime.temporary();
  return frame.atomically(async () => {
    const tracked = target.tracked === true;
    if (tracked) await frame.requireRecording(target.physicalName);
    await frame.execute(
      `CREATE TEMP TABLE ${staged} AS SELECT s.*${tracked ? `, t.${rowId}` : ''} FROM (${rows}) AS s${tracked ? ` JOIN ${target.sql} AS t ON t.rowid = s.rid` : ''}`,
    );
    const chosen = `FROM ${target.sql} WHERE ${rowId} IN (SELECT ${rowId} FROM temp.main.${staged})`;
    if (tracked) await record(target, 'DELETE', chosen, frame);
    await keep(target, ` WHERE rowid IN (SELECT rid FROM temp.main.${staged})`, frame);
    const count = await update(`temp.main.${staged}`, target.versioned === true ? `, ${written} = ${writing(frame)}` : '');
    if (tracked) await record(target, 'UPDATED', chosen, frame);
    return count;
  });
}

/** The transaction, as rows that it writes name it. */
function writing({ changes, ports }: StatementFrame): string {
  changes.versioned = true;
  changes.statements.add(ports.facts.queryId);
  return String(changes.transaction);
}

/** Keeps what rows are that are about to go or to change; `chosen`: which of the table's, all of them when empty. */
async function keep(target: WrittenTable, chosen: string, frame: StatementFrame): Promise<void> {
  if (target.versioned !== true) return;
  const { physicalName } = target;
  const { changes } = frame;
  const transactionNumber = writing(frame);
  if (target.forgetful === true) {
    if (changes.gaps.has(physicalName)) return;
    changes.gaps.add(physicalName);
    await frame.execute(`INSERT INTO _history.gaps VALUES (${duckString(physicalName)}, ${transactionNumber})`);
    return;
  }
  const kept = await frame.execute(
    `INSERT INTO ${historyTable(physicalName)} BY NAME SELECT *, ${transactionNumber} AS ${removed} FROM ${target.sql}${chosen}`,
  );
  changes.removed.set(physicalName, (changes.removed.get(physicalName) ?? 0) + kept);
}

async function record(target: WrittenTable, what: ChangeAction, from: string, frame: StatementFrame): Promise<void> {
  const { changes } = frame;
  changes.wrote = true;
  await frame.execute(
    `INSERT INTO ${changeTable(target.physicalName)} BY NAME SELECT *, ${String(changes.transaction)} AS ${transaction}, ${String(changes.nextOrder())} AS ${order}, '${what}' AS ${action} ${from}`,
  );
}
