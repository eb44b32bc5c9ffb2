import { restDefinition } from '../../../session/rest-definition.ts';
import { displayIdentifier, foldIdentifier, quoteIdentifier } from '../../../sql/identifier.ts';
import { quoteString } from '../../../sql/literal.ts';
import { type JsonObject, optionalText } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { commentProperty, objectList, optionalFlag, requiredText } from './clauses.ts';
import { createHead, statementOf } from './create-head.ts';
import type { Creation, ObjectResource } from './object-resource.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/view */
export const viewResource: ObjectResource = {
  kind: 'VIEW',
  plural: 'VIEWS',
  path: '/databases/:database/schemas/:schema/views',
  within: 'SCHEMA',
  details: 'ROWS',
  settings: {},
  grammar: { fields: ['secure', 'recursive', 'columns', 'comment', 'query'], statement: createView },
  references: [],
  shown: {
    ...{ created_on: 'text', database_name: 'identifier', schema_name: 'identifier', owner: 'identifier', comment: 'text' },
    ...{ owner_role_type: 'text' },
  },
  // Clients want both in listings too, where columns are not asked for.
  derived: ({ text, is_secure: secure }, columns) => ({
    secure: secure === 'true',
    kind: 'PERMANENT',
    columns: columns.map(viewColumnJson),
    query: restDefinition(String(text)),
  }),
  tagged: true,
  deep: true,
};

export function viewColumnJson({ name, type, comment }: JsonObject): JsonObject {
  return { name: displayIdentifier(String(name)), datatype: type, comment };
}

/** `("A" COMMENT 'a', …)`, empty without columns. */
export function namedColumns(body: JsonObject): string {
  const columns = objectList(body, 'columns').map((column) => {
    const comment = optionalText(column, 'comment');
    const name = quoteIdentifier(foldIdentifier(requiredText(column, 'name')));
    return comment === undefined ? name : `${name} COMMENT ${quoteString(comment)}`;
  });
  return columns.length === 0 ? '' : `(${columns.join(', ')})`;
}

function createView(creation: Creation): string {
  const { body } = creation;
  const kind = (optionalText(body, 'kind') ?? 'PERMANENT').toUpperCase();
  if (kind !== 'PERMANENT' && kind !== 'TEMPORARY') throw new MalformedRequest(400, "'kind' must be PERMANENT or TEMPORARY.");
  const modifiers = [
    ...(optionalFlag(body, 'secure') === true ? ['SECURE'] : []),
    ...(kind === 'TEMPORARY' ? ['TEMPORARY'] : []),
    ...(optionalFlag(body, 'recursive') === true ? ['RECURSIVE'] : []),
  ];
  return statementOf(
    createHead(creation, 'VIEW', modifiers),
    namedColumns(body),
    creation.copyGrants ? 'COPY GRANTS' : '',
    commentProperty(body),
    `AS ${requiredText(body, 'query')}`,
  );
}
