import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { statusResult } from '../../sql/result-set.ts';
import { deleteRows } from '../changes/tracked-write.ts';
import { forgetFiles } from '../copy/load-history.ts';
import type { Statement } from '../syntax/tree.ts';
import { deleted, type DmlResult } from './dml-result.ts';
import { stageRows } from './staged-rows.ts';
import type { StatementFrame } from './statement-frame.ts';
import { targetTable } from './target-table.ts';

/** https://docs.snowflake.com/en/sql-reference/sql/delete */
export async function runDelete(statement: Extract<Statement, { kind: 'delete' }>, frame: StatementFrame): Promise<DmlResult> {
  const target = targetTable(statement.table, 'DELETE', frame);
  const whole = statement.using.length === 0 && statement.where === undefined && target.protection?.rows === undefined;
  if (whole) return deleted(await deleteRows(target, undefined, frame));
  const staged = stageRows(target, statement.alias, statement.using, statement.where, frame);
  const rows = staged.select([`${staged.rowid.sql} AS rid`]);
  return deleted(await deleteRows(target, `SELECT rid FROM (${rows}) AS s`, frame));
}

/** https://docs.snowflake.com/en/sql-reference/sql/truncate-table */
export async function runTruncate(statement: Extract<Statement, { kind: 'truncate' }>, frame: StatementFrame): Promise<DmlResult> {
  const done: DmlResult = { result: statusResult('Statement executed successfully.'), affectedRows: 0 };
  try {
    const target = targetTable(statement.table, 'TRUNCATE', frame);
    await frame.atomically(async () => {
      await deleteRows(target, undefined, frame);
      await forgetFiles(target.physicalName, frame.runtime.connection);
    });
    return done;
  } catch (error) {
    if (statement.ifExists && error instanceof SnowflakeError && error.symbol === 'tableDoesNotExist') return done;
    throw error;
  }
}
