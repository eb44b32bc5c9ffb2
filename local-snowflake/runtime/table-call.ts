import type { ArgumentColumns } from '../sql/argument-columns.ts';
import type { PackedColumn } from '../sql/packed-column.ts';
import { packColumns, unpackColumns } from './column-frame.ts';
import type { Frame } from './frame-codec.ts';
import type { FunctionPool } from './function-pool.ts';
import type { PythonFunctionDefinition } from './function-worker.ts';

/** Rows of arguments in the order of their partitions; a partition may span batches, and a batch many partitions. */
export interface PartitionedRows extends ArgumentColumns {
  /** For each partition that ends in the batch: how many rows come before its end, ascending. */
  readonly ends: readonly number[];
}

export interface TableFunctionOutput {
  readonly rows: number;
  /**
   * 64-bit integers: index among all input rows of the one that the row belongs to; `-1 - p` when it belongs to partition p
   * (from 0) as a whole.
   */
  readonly sources: Uint8Array;
  readonly columns: readonly PackedColumn[];
}

/**
 * Runs a table function over partitions of rows and gives what it answers to `take`, a batch after the other.
 * @throws SnowflakeError `python`, `pythonProcessLost`, `queryCancelled`
 */
export async function callTable(
  pool: FunctionPool,
  definition: PythonFunctionDefinition,
  input: AsyncIterable<PartitionedRows>,
  take: (output: TableFunctionOutput) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  await pool.use(definition, async (worker) => {
    let start = 0;
    let pending: Promise<Frame> | undefined;
    for await (const { rows, columns, ends } of input) {
      const { headers, payload } = packColumns(columns);
      const answer = worker.answer({ rows, columns: headers, start, first: pending === undefined, ends }, payload, signal);
      // One that fails while another is awaited must not count as an unhandled rejection.
      answer.catch(() => undefined);
      start += rows;
      // One batch ahead: the worker computes while its last answer is written.
      if (pending !== undefined) await take(decode(await pending));
      pending = answer;
    }
    if (pending !== undefined) await take(decode(await pending));
  });
}

function decode({ header, payload }: Frame): TableFunctionOutput {
  const [sources, ...columns] = unpackColumns(header['columns'], payload);
  if (sources === undefined || sources.form !== 'int64') throw new Error('the worker answered without sources');
  return { rows: sources.bytes.length / 8, sources: sources.bytes, columns };
}
