import { types } from '../sql/types.ts';
import type { Entry } from './scope.ts';
import type { RunStatus } from './run-status.ts';

/**
 * Variables that every script has. https://docs.snowflake.com/en/developer-guide/snowflake-scripting/dml-status
 * https://docs.snowflake.com/en/developer-guide/snowflake-scripting/query-id
 */
export const builtInNames = [
  'SQLROWCOUNT',
  'SQLFOUND',
  'SQLNOTFOUND',
  'ACTIVITY_COUNT',
  'SQLID',
  'SQLCODE',
  'SQLERRM',
  'SQLSTATE',
] as const;

/** The value of one of them outside of a handler, where the SQLCODE, SQLERRM and SQLSTATE are NULL. */
export function builtIn(name: string, status: RunStatus): Entry | undefined {
  const flag = (set: boolean | null): string | null => (set === null ? null : set ? '1' : '0');
  switch (name) {
    case 'SQLROWCOUNT':
      return { kind: 'value', type: types.number(38, 0), cell: status.rowCount === null ? null : String(status.rowCount) };
    case 'SQLFOUND':
      return { kind: 'value', type: types.boolean, cell: flag(status.rowCount === null ? null : status.rowCount > 0) };
    case 'SQLNOTFOUND':
      return { kind: 'value', type: types.boolean, cell: flag(status.rowCount === null ? null : status.rowCount === 0) };
    case 'ACTIVITY_COUNT':
      return {
        kind: 'value',
        type: types.number(38, 0),
        cell: status.activityCount === null ? null : String(status.activityCount),
      };
    case 'SQLID':
      return { kind: 'value', type: types.varchar(), cell: status.queryId };
    case 'SQLCODE':
      return { kind: 'value', type: types.number(38, 0), cell: null, untyped: true };
    case 'SQLERRM':
    case 'SQLSTATE':
      return { kind: 'value', type: types.varchar(), cell: null };
    default:
      return undefined;
  }
}
