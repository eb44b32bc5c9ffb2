import { queryHash, queryHashVersion } from '../sql/query-hash.ts';
import { cell, column, type Cell } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import type { TaskSpec } from './graph-version.ts';

const number = types.number(38, 0);

/** https://docs.snowflake.com/en/user-guide/query-hash */
export const queryHashColumns = [
  column('QUERY_HASH'),
  column('QUERY_HASH_VERSION', number),
  column('QUERY_PARAMETERIZED_HASH'),
  column('QUERY_PARAMETERIZED_HASH_VERSION', number),
];

/** Worked out once for each task of each version. */
const known = new WeakMap<TaskSpec, readonly Cell[]>();

/** The columns' values for a run whose query is that; NULL while it has none. */
export function queryHashCells(task: TaskSpec, queryId: string | null | undefined): readonly Cell[] {
  if (queryId === null || queryId === undefined) return [null, null, null, null];
  let cells = known.get(task);
  if (cells === undefined) {
    const { exact, parameterized } = queryHash(task.definition);
    const version = cell.number(queryHashVersion);
    cells = [exact, version, parameterized, version];
    known.set(task, cells);
  }
  return cells;
}
