import type { CatalogObject } from '../catalog/catalog-object.ts';
import { cell } from '../sql/result-set.ts';
import { commentClause } from './ddl/clauses.ts';
import { contentColumns } from './describe-columns.ts';
import type { Kind } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import { containerParameters } from './parameters.ts';
import { retentionDays } from './retention.ts';
import { comment, constant, createdOn, databaseName, objectName, owner, ownerRoleType, text, yesNo } from './show-columns.ts';

const schemaObjectPrivileges = [
  'TABLE',
  'DYNAMIC TABLE',
  'EXTERNAL TABLE',
  'VIEW',
  'MATERIALIZED VIEW',
  'MASKING POLICY',
  'ROW ACCESS POLICY',
  'TAG',
  'CONTACT',
  'SECRET',
  'STAGE',
  'FILE FORMAT',
  'SEQUENCE',
  'STREAM',
  'TASK',
  'TASK GRAPH',
  'PROCEDURE',
  'FUNCTION',
  'PIPE',
  'MODEL',
  'DATASET',
  'MODEL MONITOR',
  'GIT REPOSITORY',
  'SERVICE',
  'IMAGE REPOSITORY',
  'NOTEBOOK',
  'ALERT',
  'SNAPSHOT',
  'TEMPORARY TABLE',
  'STREAMLIT',
  'CORTEX SEARCH SERVICE',
  'ONLINE FEATURE TABLE',
  'ARTIFACT REPOSITORY',
  'NETWORK RULE',
  'EVENT TABLE',
];

// https://docs.snowflake.com/en/sql-reference/sql/create-schema
export const schema: Kind = {
  name: 'SCHEMA',
  plural: 'SCHEMAS',
  scope: 'database',
  page: 'create-schema',
  createPrivilege: 'CREATE SCHEMA',
  restorable: 'alone',
  cloning: { privilege: 'USAGE', alone: true, historical: true },
  privileges: [
    'USAGE',
    'MODIFY',
    'MONITOR',
    'APPLYBUDGET',
    'ADD SEARCH OPTIMIZATION',
    ...schemaObjectPrivileges.map((kind) => `CREATE ${kind}`),
  ],
  modifiers: ['TRANSIENT'],
  orAlter: 'PROPERTIES',
  properties: {},
  parameters: containerParameters,
  alterPrivilege: 'MODIFY',
  readCreate: (stream, request) => {
    const managed = stream.accept('WITH MANAGED ACCESS');
    return { properties: { TRANSIENT: request.modifiers.has('TRANSIENT'), 'MANAGED ACCESS': managed } };
  },
  readAlter: (object, stream) => {
    if (stream.accept('ENABLE MANAGED ACCESS')) return { object: managing(object, true) };
    return stream.accept('DISABLE MANAGED ACCESS') ? { object: managing(object, false) } : undefined;
  },
  dropping: () => undefined,
  ddl: (object, _scope, name) =>
    `create or replace ${object.properties['TRANSIENT'] === true ? 'transient ' : ''}schema ${name}${object.properties['MANAGED ACCESS'] === true ? ' with managed access' : ''}${commentClause(object.comment)};`,
  show: [
    createdOn,
    objectName,
    constant('is_default', 'N'),
    text('is_current', (object, scope) => yesNo(scope.currentSchema?.id === object.id)),
    databaseName,
    owner,
    comment,
    text('options', (object) =>
      [
        object.properties['TRANSIENT'] === true ? 'TRANSIENT' : '',
        object.properties['MANAGED ACCESS'] === true ? 'MANAGED ACCESS' : '',
      ]
        .filter((option) => option !== '')
        .join(', '),
    ),
    text('retention_time', (object, scope) => String(retentionDays(object, scope))),
    ownerRoleType,
    constant('budget', null),
  ],
  describe: (object, scope) => ({
    columns: contentColumns,
    rows: scope.catalog
      .childrenOf(object.id)
      .filter((child) => scope.authorizer.lists(scope.roles, child))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((child) => [cell.timestamp(child.createdOn), child.name, child.kind]),
  }),
};

function managing(object: CatalogObject, managed: boolean): CatalogObject {
  return { ...object, properties: { ...object.properties, 'MANAGED ACCESS': managed } };
}

/** A new database comes with schema PUBLIC, owned as the database is, and usable by all who reach it. */
export async function createDefaultSchemas(database: CatalogObject, scope: ObjectScope): Promise<void> {
  await scope.catalog.change((change) => {
    scope.catalog.create(
      {
        collection: 'object',
        id: scope.ids.uuid(),
        kind: 'SCHEMA',
        name: 'PUBLIC',
        signature: '',
        parent: database.id,
        owner: database.owner,
        createdOn: scope.now,
        alteredOn: scope.now,
        comment: '',
        tags: {},
        parameters: {},
        properties: { TRANSIENT: database.properties['TRANSIENT'], 'MANAGED ACCESS': false },
      },
      change,
    );
  });
}
