import type { ArgumentColumns } from '../sql/argument-columns.ts';
import type { Cell } from '../sql/result-set.ts';
import type { FunctionPool } from './function-pool.ts';
import type { PythonFunctionDefinition } from './function-worker.ts';

/** Columns of argument cells, as a worker gets them. */
export interface Batch {
  readonly columns: readonly (readonly Cell[])[];
  readonly rows: number;
}

/**
 * Runs a scalar or vectorised function over rows of arguments; `result[i]` belongs to row i.
 * @throws SnowflakeError `python`, `pythonProcessLost`, `queryCancelled`
 */
export async function callScalar(
  pool: FunctionPool,
  definition: PythonFunctionDefinition,
  args: ArgumentColumns,
  signal?: AbortSignal,
): Promise<readonly Cell[]> {
  if (args.rows === 0) return [];
  const batch = Buffer.from(`{"columns":[${args.columns.join(',')}],"rows":${String(args.rows)}}`);
  return pool.use(definition, async (worker) => JSON.parse((await worker.answer(batch, signal)).toString()) as Cell[]);
}

/** A batch that fails while another is awaited must not count as an unhandled rejection. */
export function watched(answer: Promise<Buffer>): Promise<Buffer> {
  answer.catch(() => undefined);
  return answer;
}
