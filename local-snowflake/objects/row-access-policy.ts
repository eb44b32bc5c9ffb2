import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { renderType } from '../sql/types.ts';
import { commentClause } from './ddl/clauses.ts';
import type { Kind } from './kind.ts';
import { refuseWhileAttached } from './policy/attachments.ts';
import { describePolicy, policyDdl, policyOf, policyOrAlter, readPolicy, readSetBody } from './policy/policy.ts';
import { comment, constant, createdOn, databaseName, objectName, owner, ownerRoleType, schemaName } from './show-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-row-access-policy
export const rowAccessPolicy: Kind = {
  name: 'ROW ACCESS POLICY',
  plural: 'ROW ACCESS POLICIES',
  scope: 'schema',
  page: 'create-row-access-policy',
  createPrivilege: 'CREATE ROW ACCESS POLICY',
  orAlter: policyOrAlter,
  restorable: 'within',
  cloning: { alone: false },
  privileges: ['APPLY'],
  properties: {},
  readCreate: (stream) => readPolicy(stream, ['COMMENT']),
  creating: (draft) => {
    const { returns } = policyOf(draft);
    if (returns.kind !== 'BOOLEAN') throw SnowflakeError.of('rowPolicyType', { type: renderType(returns) });
    return draft;
  },
  readAlter: readSetBody,
  dropping: (object, scope, { root }) => {
    refuseWhileAttached(object, scope.catalog, root);
  },
  ddl: (object, _scope, name) => `${policyDdl(object, name)}${commentClause(object.comment)};`,
  createdMessage: (object) => `Row access policy ${displayIdentifier(object.name)} successfully created.`,
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    constant('kind', 'ROW_ACCESS_POLICY'),
    owner,
    comment,
    constant('options', ''),
    ownerRoleType,
  ],
  describe: (object) => describePolicy(object),
};
