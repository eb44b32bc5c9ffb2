import { cell } from '../sql/result-set.ts';
import { commentClause } from './ddl/clauses.ts';
import { contentColumns } from './describe-columns.ts';
import type { Kind } from './kind.ts';
import { containerParameters } from './parameters.ts';
import { retentionDays } from './retention.ts';
import { createDefaultSchemas } from './schema.ts';
import { comment, constant, createdOn, objectName, owner, ownerRoleType, text, yesNo } from './show-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-database
export const database: Kind = {
  name: 'DATABASE',
  plural: 'DATABASES',
  scope: 'account',
  page: 'create-database',
  createPrivilege: 'CREATE DATABASE',
  restorable: 'alone',
  cloning: { privilege: 'USAGE', alone: true, historical: true },
  privileges: ['USAGE', 'MODIFY', 'MONITOR', 'REFERENCE_USAGE', 'APPLYBUDGET', 'CREATE DATABASE ROLE', 'CREATE SCHEMA'],
  modifiers: ['TRANSIENT'],
  orAlter: 'PROPERTIES',
  properties: {},
  parameters: containerParameters,
  alterPrivilege: 'MODIFY',
  creating: (draft, request) => ({
    ...draft,
    properties: { ...draft.properties, TRANSIENT: request.modifiers.has('TRANSIENT') },
  }),
  created: createDefaultSchemas,
  ddl: (object, _scope, name) =>
    `create or replace ${object.properties['TRANSIENT'] === true ? 'transient ' : ''}database ${name}${commentClause(object.comment)};`,
  show: [
    createdOn,
    objectName,
    constant('is_default', 'N'),
    text('is_current', (object, scope) => yesNo(scope.currentDatabase?.id === object.id)),
    constant('origin', ''),
    owner,
    comment,
    text('options', (object) => (object.properties['TRANSIENT'] === true ? 'TRANSIENT' : '')),
    text('retention_time', (object, scope) => String(retentionDays(object, scope))),
    text('kind', (object) => (object.owner === null ? 'APPLICATION' : 'STANDARD')),
    constant('budget', null),
    ownerRoleType,
  ],
  describe: (object, scope) => ({
    columns: contentColumns,
    rows: scope.catalog
      .childrenOf(object.id)
      .filter((child) => child.kind === 'SCHEMA' && scope.authorizer.lists(scope.roles, child))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((child) => [cell.timestamp(child.createdOn), child.name, 'SCHEMA']),
  }),
};
