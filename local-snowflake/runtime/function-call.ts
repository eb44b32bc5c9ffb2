import type { ArgumentColumns } from '../sql/argument-columns.ts';
import { type PackedColumn, textColumn } from '../sql/packed-column.ts';
import { packColumns, unpackColumns } from './column-frame.ts';
import type { FunctionPool } from './function-pool.ts';
import type { PythonFunctionDefinition } from './function-worker.ts';

/**
 * Runs a scalar or vectorised function over rows of arguments; the result has as many rows, in their order.
 * @throws SnowflakeError `python`, `pythonProcessLost`, `queryCancelled`
 */
export async function callScalar(
  pool: FunctionPool,
  definition: PythonFunctionDefinition,
  { rows, columns }: ArgumentColumns,
  signal?: AbortSignal,
): Promise<PackedColumn> {
  if (rows === 0) return textColumn([]);
  const { headers, payload } = packColumns(columns);
  const answer = await pool.use(definition, (worker) => worker.answer({ rows, columns: headers }, payload, signal));
  const [result] = unpackColumns(answer.header['columns'], answer.payload);
  if (result === undefined) throw new Error('the worker answered without a column');
  return result;
}
