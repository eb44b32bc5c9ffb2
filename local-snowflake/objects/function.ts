import { column } from '../sql/result-set.ts';
import type { Kind } from './kind.ts';
import { describeRoutine, routineOf } from './routine.ts';
import { routineColumns, routineKind } from './routine-kind.ts';
import { constant, text } from './show-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-function
export const userFunction: Kind = {
  ...routineKind,
  name: 'FUNCTION',
  plural: 'USER FUNCTIONS',
  pluralAliases: ['FUNCTIONS'],
  page: 'create-function',
  createPrivilege: 'CREATE FUNCTION',
  show: [
    ...routineColumns('user-defined function'),
    constant('is_external_function', 'N'),
    text('language', (object) => routineOf(object).language),
    constant('is_memoizable', 'N'),
    constant('is_data_metric', 'N'),
  ],
  describe: (object, scope) => ({ columns: [column('property'), column('value')], rows: describeRoutine(object, scope, false) }),
};
