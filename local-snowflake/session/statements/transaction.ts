import type { TokenStream } from '../../sql/token-stream.ts';
import { control, type Statement, type StatementResult } from '../statement.ts';

/** BEGIN [WORK | TRANSACTION] [NAME n]; inside a transaction it changes nothing. https://docs.snowflake.com/en/sql-reference/sql/begin */
export async function beginTransaction(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  if (!stream.accept('WORK')) stream.accept('TRANSACTION');
  if (stream.accept('NAME')) stream.identifier();
  stream.expectEnd();
  if (!statement.state.transactionOpen) {
    await statement.state.connection.begin();
    statement.state.transactionOpen = true;
  }
  return control();
}

export async function commit(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  stream.accept('WORK');
  stream.expectEnd();
  if (statement.state.transactionOpen) {
    statement.state.transactionOpen = false;
    await statement.state.connection.commit();
  }
  return control();
}

export async function rollback(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  stream.accept('WORK');
  stream.expectEnd();
  if (statement.state.transactionOpen) {
    statement.state.transactionOpen = false;
    await statement.state.connection.rollback();
  }
  return control();
}
