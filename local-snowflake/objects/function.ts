import { SnowflakeError } from '../errors/snowflake-error.ts';
import { column } from '../sql/result-set.ts';
import type { Kind } from './kind.ts';
import { describeRoutine, draftOf, isTable, readRoutine, type Routine, routineOf } from './routine.ts';
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
  modifiers: [...(routineKind.modifiers ?? []), 'AGGREGATE'],
  readCreate: (stream, request) => {
    const { routine, clauses } = readRoutine(stream, request.modifiers.has('SECURE'));
    if (routine.parameters.some((each) => each.output === true))
      throw SnowflakeError.of('unsupported', { feature: 'output arguments of functions' });
    return draftOf(request.modifiers.has('AGGREGATE') ? aggregateOf(routine) : routine, clauses);
  },
  show: [
    ...routineColumns('user-defined function'),
    constant('is_external_function', 'N'),
    text('language', (object) => routineOf(object).language),
    constant('is_memoizable', 'N'),
    constant('is_data_metric', 'N'),
  ],
  describe: (object, scope) => ({ columns: [column('property'), column('value')], rows: describeRoutine(object, scope, false) }),
};

/** https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-aggregate-functions#limitations */
function aggregateOf(routine: Routine): Routine {
  if (routine.language !== 'PYTHON') throw SnowflakeError.of('unsupported', { feature: `${routine.language} aggregate function` });
  if (isTable(routine.returns)) throw SnowflakeError.of('unsupported', { feature: 'aggregate function that returns a table' });
  if (routine.volatility === 'IMMUTABLE') throw SnowflakeError.of('unsupported', { feature: 'IMMUTABLE aggregate function' });
  return { ...routine, aggregate: true };
}
