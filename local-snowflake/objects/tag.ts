import { SnowflakeError } from '../errors/snowflake-error.ts';
import { quoteString } from '../sql/literal.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { commentClause } from './ddl/clauses.ts';
import type { Kind } from './kind.ts';
import { tagPoliciesOf } from './policy/attachments.ts';
import { alterTagPolicies } from './policy/tag-policies.ts';
import { comment, constant, createdOn, databaseName, objectName, owner, ownerRoleType, schemaName, text } from './show-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-tag
export const tag: Kind = {
  name: 'TAG',
  plural: 'TAGS',
  scope: 'schema',
  page: 'create-tag',
  createPrivilege: 'CREATE TAG',
  orAlter: ({ properties: { MASKING: policies } }, draft) => ({
    ...draft.properties,
    ...(policies === undefined ? {} : { MASKING: policies }),
  }),
  dropping: (object, _scope, { within }) => {
    if (tagPoliciesOf(object).length > 0 && !within) throw SnowflakeError.of('tagMasks', { name: object.name });
  },
  restorable: 'alone',
  cloning: { alone: false },
  privileges: ['APPLY', 'READ'],
  properties: {},
  readCreate: (stream) => ({ properties: stream.accept('ALLOWED_VALUES') ? { ALLOWED_VALUES: readValues(stream) } : {} }),
  accountPrivilege: (stream) =>
    stream.is('SET MASKING POLICY') || stream.is('UNSET MASKING POLICY') ? 'APPLY MASKING POLICY' : undefined,
  readAlter: (object, stream, scope) => {
    if (stream.accept('ADD ALLOWED_VALUES')) {
      const before = (object.properties['ALLOWED_VALUES'] as readonly string[] | undefined) ?? [];
      return {
        object: {
          ...object,
          properties: { ...object.properties, ALLOWED_VALUES: [...new Set([...before, ...readValues(stream)])] },
        },
      };
    }
    if (stream.accept('DROP ALLOWED_VALUES')) {
      const dropped = new Set(readValues(stream));
      const before = (object.properties['ALLOWED_VALUES'] as readonly string[] | undefined) ?? [];
      return {
        object: { ...object, properties: { ...object.properties, ALLOWED_VALUES: before.filter((value) => !dropped.has(value)) } },
      };
    }
    if (stream.accept('UNSET ALLOWED_VALUES')) {
      const { ALLOWED_VALUES: _gone, ...properties } = object.properties;
      return { object: { ...object, properties } };
    }
    return alterTagPolicies(object, stream, scope);
  },
  ddl: (object, _scope, name) => {
    const values = object.properties['ALLOWED_VALUES'] as readonly string[] | undefined;
    const allowed = values === undefined ? '' : ` ALLOWED_VALUES ${values.map(quoteString).join(', ')}`;
    return `create or replace tag ${name}${allowed}${commentClause(object.comment)};`;
  },
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    owner,
    comment,
    text('allowed_values', (object) => {
      const values = object.properties['ALLOWED_VALUES'];
      return values === undefined ? null : JSON.stringify(values);
    }),
    ownerRoleType,
    constant('propagate', null),
    constant('on_conflict', null),
  ],
};

function readValues(stream: TokenStream): string[] {
  const values: string[] = [];
  do values.push(stream.string());
  while (stream.acceptSymbol(','));
  return values;
}
