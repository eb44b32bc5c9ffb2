import { commentClause } from './ddl/clauses.ts';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { Kind } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import { comment, createdOn, databaseName, number, objectName, owner, ownerRoleType, schemaName, text } from './show-columns.ts';
import { physicalOf } from './table.ts';

/** The clone goes on where its source is. */
async function cloneSequence(copy: CatalogObject, source: CatalogObject, scope: ObjectScope): Promise<CatalogObject> {
  const physical = `s_${scope.ids.uuid()}`;
  await scope.effects.tables.cloneSequence(physicalOf(source), physical);
  return { ...copy, properties: { ...copy.properties, PHYSICAL: physical } };
}

// https://docs.snowflake.com/en/sql-reference/sql/create-sequence
export const sequence: Kind = {
  name: 'SEQUENCE',
  plural: 'SEQUENCES',
  scope: 'schema',
  page: 'create-sequence',
  createPrivilege: 'CREATE SEQUENCE',
  restorable: 'within',
  cloning: { privilege: 'USAGE', alone: true, copy: cloneSequence },
  privileges: ['USAGE'],
  properties: {},
  readCreate: (stream) => {
    stream.accept('WITH');
    let start = 1;
    let step = 1;
    for (;;) {
      if (stream.accept('START')) {
        if (!stream.accept('WITH')) stream.acceptSymbol('=');
        start = stream.integer();
      } else if (stream.accept('INCREMENT')) {
        if (!stream.accept('BY')) stream.acceptSymbol('=');
        step = stream.integer();
      } else if (!stream.accept('ORDER') && !stream.accept('NOORDER')) break;
    }
    return { properties: { START: start, STEP: step } };
  },
  creating: async (draft, _request, scope) => {
    const physical = `s_${scope.ids.uuid()}`;
    await scope.effects.tables.createSequence(physical, Number(draft.properties['START']), Number(draft.properties['STEP']));
    return { ...draft, properties: { ...draft.properties, PHYSICAL: physical } };
  },
  dropped: (object, scope) => scope.effects.tables.dropSequence(physicalOf(object)),
  ddl: (object, _scope, name) =>
    `create or replace sequence ${name} start with ${String(object.properties['START'])} increment by ${String(object.properties['STEP'])} noorder${commentClause(object.comment)};`,
  show: [
    objectName,
    databaseName,
    schemaName,
    number('next_value', (object) => Number(object.properties['START'])),
    number('interval', (object) => Number(object.properties['STEP'])),
    createdOn,
    owner,
    comment,
    ownerRoleType,
    text('ordered', () => 'N'),
  ],
};
