import { quoteString } from '../../../sql/literal.ts';
import type { JsonObject } from '../../fields.ts';
import { commentProperty, refuseFields, textList } from './clauses.ts';
import { createHead, statementOf } from './create-head.ts';
import type { Creation, ObjectResource } from './object-resource.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/tag */
export const tagResource: ObjectResource = {
  kind: 'TAG',
  plural: 'TAGS',
  path: '/databases/:database/schemas/:schema/tags',
  within: 'SCHEMA',
  details: 'NONE',
  put: 'OR ALTER',
  settings: {},
  grammar: { fields: ['allowed_values', 'propagate', 'on_conflict', 'comment'], statement: createTag },
  references: [],
  shown: {
    ...{ created_on: 'text', database_name: 'identifier', schema_name: 'identifier', owner: 'identifier' },
    ...{ comment: 'text', owner_role_type: 'text' },
  },
  derived: ({ allowed_values: values }: JsonObject) => ({
    allowed_values: typeof values === 'string' && values !== '' ? (JSON.parse(values) as unknown) : undefined,
  }),
  renamable: 'QUERY',
  restorable: true,
};

function createTag(creation: Creation): string {
  const { body } = creation;
  refuseFields(body, 'tags', ['propagate', 'on_conflict']);
  const values = textList(body, 'allowed_values');
  return statementOf(
    createHead(creation, 'TAG'),
    values.length === 0 ? '' : `ALLOWED_VALUES ${values.map(quoteString).join(', ')}`,
    commentProperty(body),
  );
}
