import { displayIdentifier } from '../sql/identifier.ts';
import { column } from '../sql/result-set.ts';
import type { Kind } from './kind.ts';
import { routineParameters } from './parameters.ts';
import { argumentsText, checkRoutine, describeRoutine, draftOf, readRoutine, routineOf } from './routine.ts';
import { constant, createdOn, databaseName, number, objectName, schemaName, text } from './show-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-procedure
export const procedure: Kind = {
  name: 'PROCEDURE',
  plural: 'PROCEDURES',
  scope: 'schema',
  page: 'create-procedure',
  createPrivilege: 'CREATE PROCEDURE',
  privileges: ['USAGE'],
  modifiers: ['TEMPORARY', 'SECURE'],
  overloaded: true,
  properties: {},
  parameters: routineParameters,
  readCreate: (stream, request) => {
    const { routine, comment } = readRoutine(stream, request.modifiers.has('SECURE'));
    return draftOf(routine, comment);
  },
  creating: async (draft, _request, scope) => {
    const routine = routineOf({ properties: draft.properties } as Parameters<typeof routineOf>[0]);
    await checkRoutine(routine, scope);
    if (routine.language === 'SQL') scope.effects.scripts.check(routine.body ?? '');
    return draft;
  },
  readAlter: (object, stream) => {
    if (!stream.accept('EXECUTE AS')) return undefined;
    const executeAs = stream.accept('CALLER') ? 'CALLER' : (stream.expect('OWNER'), 'OWNER');
    return { object: { ...object, properties: { ...object.properties, ROUTINE: { ...routineOf(object), executeAs } } } };
  },
  createdMessage: (object) => `Function ${displayIdentifier(object.name)} successfully created.`,
  show: [
    createdOn,
    objectName,
    schemaName,
    constant('is_builtin', 'N'),
    constant('is_aggregate', 'N'),
    constant('is_ansi', 'N'),
    number('min_num_arguments', (object) => routineOf(object).parameters.filter((each) => each.defaultText === undefined).length),
    number('max_num_arguments', (object) => routineOf(object).parameters.length),
    text('arguments', argumentsText),
    text('description', (object) => (object.comment === '' ? 'user-defined procedure' : object.comment)),
    { ...databaseName, name: 'catalog_name' },
    text('is_table_function', (object) => ('table' in routineOf(object).returns ? 'Y' : 'N')),
    constant('valid_for_clustering', 'N'),
    text('is_secure', (object) => (routineOf(object).secure ? 'Y' : 'N')),
    constant('secrets', null),
    constant('external_access_integrations', null),
  ],
  describe: (object, scope) => ({ columns: [column('property'), column('value')], rows: describeRoutine(object, scope, true) }),
};
