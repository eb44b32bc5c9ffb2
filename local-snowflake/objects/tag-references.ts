import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { parseName } from '../sql/identifier.ts';
import { types } from '../sql/types.ts';
import type { Extension } from './extensions.ts';
import type { ObjectScope } from './object-scope.ts';

/** A tag on an object, as ENTITY_DETAIL lists it. */
function reference(tag: CatalogObject, object: CatalogObject, scope: ObjectScope): Record<string, unknown> {
  const [database, schema, name] = scope.catalog.pathOf(object);
  const [tagDatabase, tagSchema, tagName] = scope.catalog.pathOf(tag);
  return {
    // Tables of every kind are of one domain here.
    domain: object.kind.endsWith('TABLE') ? 'TABLE' : object.kind,
    entityName: name ?? schema ?? database,
    entityDatabase: database,
    entitySchema: schema,
    level: object.kind,
    tagDatabase,
    tagSchema,
    tagName,
    tagValue: object.tags[tag.id],
  };
}

const taggable = [
  'TABLE',
  'DYNAMIC TABLE',
  'VIEW',
  'STAGE',
  'SCHEMA',
  'DATABASE',
  'TASK',
  'MODEL',
  'DATASET',
  'WAREHOUSE',
  'PROCEDURE',
  'FUNCTION',
];

function visible(scope: ObjectScope): CatalogObject[] {
  return taggable
    .flatMap((kind) => scope.catalog.ofKind(kind, scope.sessionId))
    .filter((object) => scope.authorizer.lists(scope.roles, object));
}

/**
 * ENTITY_DETAIL(domain, name, '["TAG_REFERENCES"]') and ENTITY_DETAIL('TAG', name, '["TAG_REFERENCES_INTERNAL"]'), which the Feature
 * Store client reads tags with. Undocumented; the shape is what snowflake-ml-python takes apart.
 */
export const tagReferences: Extension = {
  systemFunctions: [
    {
      name: 'ENTITY_DETAIL',
      page: 'sql/create-tag',
      returns: types.varchar(),
      call: (args, scope) => {
        const [domain = '', written = '', details = '[]'] = args.map((each) => each.cell ?? '');
        const name = parseName(written);
        if (domain.toUpperCase() === 'TAG') {
          const tag = scope.find('TAG', name);
          const list = visible(scope).filter((object) => object.tags[tag.id] !== undefined);
          return JSON.stringify({ referencedEntities: { tagReferenceList: list.map((object) => reference(tag, object, scope)) } });
        }
        if (!details.includes('TAG_REFERENCES')) throw SnowflakeError.of('unsupported', { feature: `ENTITY_DETAIL ${details}` });
        const path = scope.qualify('schema', name);
        const object = visible(scope).find((each) => JSON.stringify(scope.catalog.pathOf(each)) === JSON.stringify(path));
        if (object === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: domain, name: written });
        const tags = Object.keys(object.tags).flatMap((id) => scope.catalog.byId(id) ?? []);
        return JSON.stringify({ tagReferencesInfo: { tagReferenceList: tags.map((tag) => reference(tag, object, scope)) } });
      },
    },
  ],
};
