import type { Cell, Row } from '../sql/result-set.ts';
import type { FunctionPool } from './function-pool.ts';
import type { PythonFunctionDefinition } from './function-worker.ts';

/**
 * Rows in one message to a worker. Large enough that the message costs little beside its rows, small enough that the
 * worker computes one batch while the next is written and the last one read.
 */
const batchRows = 20_000;

/** Columns of argument cells, as a worker gets them. */
export interface Batch {
  readonly columns: readonly (readonly Cell[])[];
  readonly rows: number;
}

/**
 * Runs a scalar or vectorised function over rows of arguments; `result[i]` belongs to `rows[i]`.
 * @throws SnowflakeError `python`, `pythonProcessLost`, `queryCancelled`
 */
export async function callScalar(
  pool: FunctionPool,
  definition: PythonFunctionDefinition,
  rows: readonly Row[],
  signal?: AbortSignal,
): Promise<readonly Cell[]> {
  if (rows.length === 0) return [];
  return pool.use(definition, async (worker) => {
    const answers: Promise<Buffer>[] = [];
    const results: Cell[] = [];
    for (let start = 0; start < rows.length; start += batchRows) {
      const batch = rows.slice(start, start + batchRows);
      answers.push(watched(worker.answer(encodeBatch(definition, batch), signal)));
      // One batch ahead: the worker is never without work, and memory holds two batches, not all.
      if (answers.length > 1) collect(results, await (answers.shift() as Promise<Buffer>));
    }
    for (const answer of answers) collect(results, await answer);
    return results;
  });
}

function encodeBatch({ parameters }: PythonFunctionDefinition, rows: readonly Row[]): Buffer {
  const columns = parameters.map((_, index) => rows.map((row) => row[index] ?? null));
  return Buffer.from(JSON.stringify({ columns, rows: rows.length } satisfies Batch));
}

function collect(results: Cell[], answer: Buffer): void {
  for (const cell of JSON.parse(answer.toString()) as Cell[]) results.push(cell);
}

/** A batch that fails while another is awaited must not count as an unhandled rejection. */
export function watched(answer: Promise<Buffer>): Promise<Buffer> {
  answer.catch(() => undefined);
  return answer;
}
