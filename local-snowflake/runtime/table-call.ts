import type { Cell, Row } from '../sql/result-set.ts';
import { type Batch, watched } from './function-call.ts';
import type { FunctionPool } from './function-pool.ts';
import type { PythonFunctionDefinition } from './function-worker.ts';

/** Rows of arguments in the order of their partitions; a partition may span batches, and a batch many partitions. */
export interface PartitionedRows {
  readonly rows: readonly Row[];
  /** For each partition that ends in the batch: how many of `rows` come before its end, ascending. */
  readonly ends: readonly number[];
}

export interface TableFunctionOutput {
  /** Index among all input rows of the one that the row belongs to; `-1 - p` when it belongs to partition p (from 0) as a whole. */
  readonly source: number;
  readonly cells: Row;
}

/**
 * Runs a table function over partitions of rows and gives what it answers to `take`, a batch after the other.
 * @throws SnowflakeError `python`, `pythonProcessLost`, `queryCancelled`
 */
export async function callTable(
  pool: FunctionPool,
  definition: PythonFunctionDefinition,
  input: AsyncIterable<PartitionedRows>,
  take: (rows: readonly TableFunctionOutput[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  await pool.use(definition, async (worker) => {
    let start = 0;
    let pending: Promise<Buffer> | undefined;
    for await (const { rows, ends } of input) {
      const columns = definition.parameters.map((_, index) => rows.map((row) => row[index] ?? null));
      const batch: Batch & { readonly start: number; readonly first: boolean; readonly ends: readonly number[] } = {
        columns,
        rows: rows.length,
        start,
        first: pending === undefined,
        ends,
      };
      const answer = watched(worker.answer(Buffer.from(JSON.stringify(batch)), signal));
      start += rows.length;
      // One batch ahead: the worker computes while its last answer is written.
      if (pending !== undefined) await take(decode(await pending));
      pending = answer;
    }
    if (pending !== undefined) await take(decode(await pending));
  });
}

function decode(answer: Buffer): TableFunctionOutput[] {
  const { columns, sources } = JSON.parse(answer.toString()) as { columns: Cell[][]; sources: number[] };
  return sources.map((source, index) => ({ source, cells: columns.map((each) => each[index] ?? null) }));
}
