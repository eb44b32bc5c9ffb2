import type { TokenStream } from '../../sql/token-stream.ts';
import { dataPorts } from '../data-ports.ts';
import { rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';
import { onWarehouse } from '../warehouse-use.ts';
import { callAnonymous, isAnonymousProcedure } from './anonymous-procedure.ts';
import { beginImplicitly } from './transaction.ts';

const typeIds = {
  SELECT: statementTypes.select,
  INSERT: statementTypes.insert,
  MULTI_INSERT: statementTypes.multiInsert,
  UPDATE: statementTypes.update,
  DELETE: statementTypes.delete,
  MERGE: statementTypes.merge,
  TRUNCATE: statementTypes.ddl,
  COPY: statementTypes.copy,
  UNLOAD: statementTypes.copy,
} as const;

/** Queries and DML: the data plane's business. */
export async function dataStatement(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  if (isAnonymousProcedure(stream)) return callAnonymous(stream, statement);
  const { connection } = statement.state;
  if (statement.describeOnly) {
    return rows(statementTypes.select, { columns: await connection.describe(statement.text, dataPorts(statement)), rows: [] });
  }
  await beginImplicitly(stream, statement);
  const { state, scope } = statement;
  const outcome = await onWarehouse(statement, (ports) => connection.run(statement.text, ports));
  if (outcome.kind !== 'SELECT' && outcome.kind !== 'UNLOAD') {
    if (!state.transactionOpen) state.beginsTransaction(scope.now);
    await scope.lineage.filled();
  }
  return rows(typeIds[outcome.kind], outcome.result);
}
