import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { SessionState } from '../session-state.ts';
import { control, type Statement, type StatementResult } from '../statement.ts';

const dml = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TRUNCATE', 'COPY']);

/**
 * With AUTOCOMMIT off, the first DML statement after a transaction begins the next one; a task must have it on.
 * https://docs.snowflake.com/en/sql-reference/transactions#autocommit, https://docs.snowflake.com/en/sql-reference/sql/create-task
 * @throws SnowflakeError `taskAutocommit`
 */
export async function beginImplicitly(stream: TokenStream, statement: Statement): Promise<void> {
  if (statement.scope.parameter('AUTOCOMMIT') !== 'false' || !dml.has(stream.peek().value)) return;
  if (statement.state.taskRun !== undefined) throw SnowflakeError.of('taskAutocommit', {});
  await begin(statement);
}

/** Ends the transaction that is open, if there is one, as setting AUTOCOMMIT does. */
export async function commitOpen(statement: Statement): Promise<void> {
  if (statement.state.transactionOpen) await statement.state.connection.commit();
}

async function begin(statement: Statement): Promise<void> {
  const { state, scope } = statement;
  if (state.transactionOpen) return;
  await state.connection.begin();
  state.beginsTransaction(scope.now);
}

/**
 * Runs the code of a procedure: a transaction that begins in it has to end in it.
 * https://docs.snowflake.com/en/sql-reference/transactions#scoped-transactions
 * @throws SnowflakeError `scopedTransaction`, when the code leaves one open; it is rolled back
 */
export async function withinScope<T>(state: SessionState, code: () => Promise<T>): Promise<T> {
  const within = state.transactionOpen;
  const rollBack = async (): Promise<boolean> => {
    if (within || !state.transactionOpen) return false;
    await state.connection.rollback();
    return true;
  };
  try {
    const result = await code();
    if (await rollBack()) throw SnowflakeError.of('scopedTransaction', {});
    return result;
  } catch (thrown) {
    await rollBack();
    throw thrown;
  }
}

/** BEGIN [WORK | TRANSACTION] [NAME n]; inside a transaction it changes nothing. https://docs.snowflake.com/en/sql-reference/sql/begin */
export async function beginTransaction(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  if (!stream.accept('WORK')) stream.accept('TRANSACTION');
  if (stream.accept('NAME')) stream.identifier();
  stream.expectEnd();
  await begin(statement);
  return control();
}

export async function commit(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  stream.accept('WORK');
  stream.expectEnd();
  await commitOpen(statement);
  return control();
}

export async function rollback(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  stream.accept('WORK');
  stream.expectEnd();
  if (statement.state.transactionOpen) await statement.state.connection.rollback();
  return control();
}
