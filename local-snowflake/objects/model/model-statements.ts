import { cell, column } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { Extension } from '../extensions.ts';
import { servicesOfModel } from '../service/service-definition.ts';
import { aliasesOf, defaultVersion, findVersion, type ModelMethod, modelVersions } from './model-version.ts';

const versionColumns = [
  column('created_on', types.timestampLtz(6)),
  ...[
    'name',
    'aliases',
    'database_name',
    'schema_name',
    'model_name',
    'is_default_version',
    'functions',
    'metadata',
    'user_data',
    'comment',
    'model_attributes',
    'runnable_in',
    'inference_services',
    'model_spec',
  ].map((name) => column(name)),
];

function returnType(method: ModelMethod): string {
  if (method.type === 'TABLE_FUNCTION')
    return `TABLE (${method.outputs.map((each) => `${each.name ?? 'OUTPUT'} ${each.type}`).join(', ')})`;
  return method.outputs[0]?.type ?? 'OBJECT';
}

/**
 * SHOW VERSIONS IN MODEL, SHOW FUNCTIONS IN MODEL.
 * https://docs.snowflake.com/en/sql-reference/sql/show-versions-in-model
 */
export const modelStatements: Extension = {
  versionListings: [
    {
      kind: 'MODEL',
      columns: versionColumns,
      rows: (object, scope) => {
        const [database = null, schema = null] = scope.catalog.pathOf(object);
        return modelVersions(object).map((version) => ({
          name: version.name,
          cells: [
            cell.timestamp(version.createdOn),
            version.name,
            JSON.stringify(aliasesOf(object, version)),
            database,
            schema,
            object.name,
            String(version.name === defaultVersion(object)),
            JSON.stringify(version.methods.map((method) => method.name)),
            version.metadata,
            JSON.stringify(version.userData),
            version.comment,
            JSON.stringify(version.attributes),
            JSON.stringify(version.targetPlatforms),
            JSON.stringify(servicesOfModel(scope.catalog, object.id, version.name).map((each) => scope.catalog.displayOf(each))),
            version.spec,
          ],
        }));
      },
    },
  ],
  statements: [
    {
      words: 'SHOW FUNCTIONS IN MODEL',
      page: 'show-functions-in-model',
      run: (stream, scope) => {
        const object = scope.find('MODEL', stream.name(), 'USAGE', 'READ');
        const version = findVersion(object, stream.accept('VERSION') ? stream.identifier() : 'DEFAULT');
        stream.expectEnd();
        return {
          columns: [
            column('created_on', types.timestampLtz(6)),
            column('name'),
            column('version_name'),
            column('min_num_arguments', types.number(38, 0)),
            column('max_num_arguments', types.number(38, 0)),
            column('arguments'),
            column('return_type'),
            column('description'),
            column('language'),
          ],
          rows: version.methods.map((method) => [
            cell.timestamp(version.createdOn),
            method.name,
            version.name,
            cell.number(method.inputs.length),
            cell.number(method.inputs.length),
            `${method.name}(${method.inputs.map((each) => each.type).join(', ')}) RETURN ${returnType(method)}`,
            returnType(method),
            null,
            'PYTHON',
          ]),
        };
      },
    },
  ],
};
