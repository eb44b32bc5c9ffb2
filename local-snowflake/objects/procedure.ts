import { column } from '../sql/result-set.ts';
import type { Kind } from './kind.ts';
import { checkRoutine, describeRoutine, routineOf } from './routine.ts';
import { routineColumns, routineKind } from './routine-kind.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-procedure
export const procedure: Kind = {
  ...routineKind,
  name: 'PROCEDURE',
  plural: 'PROCEDURES',
  page: 'create-procedure',
  createPrivilege: 'CREATE PROCEDURE',
  creating: async (draft, _request, scope) => {
    const routine = routineOf(draft);
    await checkRoutine(routine, scope);
    if (routine.language === 'SQL') scope.effects.scripts.check(routine.body ?? '');
    return draft;
  },
  readAlter: (object, stream) => {
    if (!stream.accept('EXECUTE AS')) return undefined;
    const executeAs = stream.accept('CALLER') ? 'CALLER' : (stream.expect('OWNER'), 'OWNER');
    return { object: { ...object, properties: { ...object.properties, ROUTINE: { ...routineOf(object), executeAs } } } };
  },
  show: routineColumns('user-defined procedure'),
  describe: (object, scope) => ({ columns: [column('property'), column('value')], rows: describeRoutine(object, scope, true) }),
};
