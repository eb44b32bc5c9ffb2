import type { Creation, ObjectResource } from './object-resource.ts';
import { createHead, statementOf } from './create-head.ts';
import { commentProperty, optionalNumber } from './clauses.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/sequence */
export const sequenceResource: ObjectResource = {
  kind: 'SEQUENCE',
  plural: 'SEQUENCES',
  path: '/databases/:database/schemas/:schema/sequences',
  within: 'SCHEMA',
  details: 'NONE',
  settings: {},
  grammar: { fields: ['start', 'increment', 'ordered', 'comment'], statement: createSequence },
  references: [],
  shown: {
    ...{ created_on: 'text', database_name: 'identifier', schema_name: 'identifier', owner: 'identifier' },
    ...{ comment: 'text', owner_role_type: 'text', ordered: 'yesNo' },
  },
  derived: ({ next_value: start, interval: increment }) => ({ start, increment }),
  renamable: 'QUERY',
  cloning: {},
};

function createSequence(creation: Creation): string {
  const { body } = creation;
  const [start, increment] = ['start', 'increment'].map((name) => optionalNumber(body, name));
  const { ordered } = body;
  return statementOf(
    createHead(creation, 'SEQUENCE'),
    start === undefined ? '' : `START WITH ${String(start)}`,
    increment === undefined ? '' : `INCREMENT BY ${String(increment)}`,
    ordered === true ? 'ORDER' : ordered === false ? 'NOORDER' : '',
    commentProperty(body),
  );
}
