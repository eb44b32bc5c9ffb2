import { displayIdentifier } from '../sql/identifier.ts';
import { routineDdl } from './ddl/routine-ddl.ts';
import type { Kind, ShowColumn } from './kind.ts';
import { routineParameters } from './parameters.ts';
import { argumentsText, checkRoutine, draftOf, readRoutine, routineOf } from './routine.ts';
import { constant, createdOn, databaseName, number, objectName, schemaName, text } from './show-columns.ts';

/** What functions and procedures have in common as kinds. */
export const routineKind: Pick<
  Kind,
  | 'scope'
  | 'restorable'
  | 'cloning'
  | 'privileges'
  | 'modifiers'
  | 'overloaded'
  | 'properties'
  | 'parameters'
  | 'readCreate'
  | 'creating'
  | 'ddl'
  | 'createdMessage'
> = {
  scope: 'schema',
  restorable: 'within',
  cloning: { privilege: 'USAGE', alone: false },
  privileges: ['USAGE'],
  modifiers: ['TEMPORARY', 'SECURE'],
  overloaded: true,
  properties: {},
  parameters: routineParameters,
  readCreate: (stream, request) => {
    const { routine, clauses } = readRoutine(stream, request.modifiers.has('SECURE'));
    return draftOf(routine, clauses);
  },
  creating: async (draft, _request, scope) => {
    await checkRoutine(routineOf(draft), scope);
    return draft;
  },
  ddl: (object, _scope, name) => routineDdl(object, name),
  createdMessage: (object) => `Function ${displayIdentifier(object.name)} successfully created.`,
};

/** Columns of SHOW PROCEDURES, with which those of SHOW FUNCTIONS begin. */
export function routineColumns(description: string): readonly ShowColumn[] {
  return [
    createdOn,
    objectName,
    schemaName,
    constant('is_builtin', 'N'),
    text('is_aggregate', (object) => (routineOf(object).aggregate === true ? 'Y' : 'N')),
    constant('is_ansi', 'N'),
    number('min_num_arguments', (object) => routineOf(object).parameters.filter((each) => each.defaultText === undefined).length),
    number('max_num_arguments', (object) => routineOf(object).parameters.length),
    text('arguments', argumentsText),
    text('description', (object) => (object.comment === '' ? description : object.comment)),
    { ...databaseName, name: 'catalog_name' },
    text('is_table_function', (object) => ('table' in routineOf(object).returns ? 'Y' : 'N')),
    constant('valid_for_clustering', 'N'),
    text('is_secure', (object) => (routineOf(object).secure ? 'Y' : 'N')),
    constant('secrets', null),
    constant('external_access_integrations', null),
  ];
}
