import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { commentClause } from './ddl/clauses.ts';
import type { Kind } from './kind.ts';
import { refuseWhileAttached } from './policy/attachments.ts';
import { describePolicy, policyDdl, policyOf, policyOrAlter, readPolicy, readSetBody } from './policy/policy.ts';
import { comment, constant, createdOn, databaseName, objectName, owner, ownerRoleType, schemaName, text } from './show-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy
export const maskingPolicy: Kind = {
  name: 'MASKING POLICY',
  plural: 'MASKING POLICIES',
  scope: 'schema',
  page: 'create-masking-policy',
  createPrivilege: 'CREATE MASKING POLICY',
  orAlter: policyOrAlter,
  restorable: 'within',
  cloning: { alone: false },
  privileges: ['APPLY'],
  properties: { EXEMPT_OTHER_POLICIES: { type: 'boolean', default: false, settable: false } },
  readCreate: (stream) => readPolicy(stream, ['COMMENT', 'EXEMPT_OTHER_POLICIES']),
  creating: (draft) => {
    const { parameters, returns } = policyOf(draft);
    if (parameters[0]?.type.kind !== returns.kind) throw SnowflakeError.of('maskingPolicyTypes', {});
    return draft;
  },
  readAlter: readSetBody,
  dropping: (object, scope, { root }) => {
    refuseWhileAttached(object, scope.catalog, root);
  },
  ddl: (object, _scope, name) =>
    `${policyDdl(object, name)}${commentClause(object.comment)}${exempt(object.properties) ? ' EXEMPT_OTHER_POLICIES=TRUE' : ''};`,
  createdMessage: (object) => `Masking policy ${displayIdentifier(object.name)} successfully created.`,
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    constant('kind', 'MASKING_POLICY'),
    owner,
    comment,
    ownerRoleType,
    text('options', (object) => (exempt(object.properties) ? '{"EXEMPT_OTHER_POLICIES":true}' : '')),
  ],
  describe: (object) => describePolicy(object),
};

function exempt(properties: Readonly<Record<string, unknown>>): boolean {
  return properties['EXEMPT_OTHER_POLICIES'] === true;
}
