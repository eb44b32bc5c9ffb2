import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier, parseName, quoteName } from '../sql/identifier.ts';
import { column } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import type { Extension } from './extensions.ts';
import type { ObjectScope } from './object-scope.ts';
import type { TableColumnRecord } from './table-columns.ts';

/** A tag on an object, as ENTITY_DETAIL lists it. */
function reference(tag: CatalogObject, object: CatalogObject, scope: ObjectScope): Record<string, unknown> {
  const [database, schema, name] = scope.catalog.pathOf(object);
  const [tagDatabase, tagSchema, tagName] = scope.catalog.pathOf(tag);
  return {
    domain: domainOf(object),
    entityName: name ?? schema ?? database,
    entityDatabase: database,
    entitySchema: schema,
    level: domainOf(object),
    tagDatabase,
    tagSchema,
    tagName,
    tagValue: object.tags[tag.id],
  };
}

const taggable = [
  'TABLE',
  'DYNAMIC TABLE',
  'ONLINE FEATURE TABLE',
  'VIEW',
  'STAGE',
  'SCHEMA',
  'DATABASE',
  'TASK',
  'TASK GRAPH',
  'MODEL',
  'DATASET',
  'WAREHOUSE',
  'PROCEDURE',
  'FUNCTION',
  'ALERT',
  'STREAM',
  'ROLE',
  'USER',
  'COMPUTE POOL',
  'IMAGE REPOSITORY',
  'NOTEBOOK',
  'NOTIFICATION INTEGRATION',
];

function visible(scope: ObjectScope): CatalogObject[] {
  return taggable
    .flatMap((kind) => scope.catalog.ofKind(kind, scope.sessionId))
    .filter((object) => scope.authorizer.lists(scope.roles, object));
}

// Views and tables share their names: one domain stands for all of them.
const domains: Readonly<Record<string, readonly string[]>> = {
  TABLE: ['TABLE', 'DYNAMIC TABLE', 'ONLINE FEATURE TABLE', 'VIEW'],
  VIEW: ['VIEW'],
  // What model registries call a model.
  MODULE: ['MODEL'],
  INTEGRATION: ['NOTIFICATION INTEGRATION'],
};

function domainOf(object: CatalogObject): string {
  return Object.keys(domains).find((domain) => domains[domain]?.includes(object.kind)) ?? object.kind;
}

/** The object that the arguments of a tag function name. @throws SnowflakeError when there is none, or it is hidden from the roles */
function taggedObject(written: string, domain: string, scope: ObjectScope): CatalogObject {
  const kinds = domains[domain] ?? [domain];
  if (kinds.some((kind) => !taggable.includes(kind)))
    throw SnowflakeError.of('unsupported', { feature: `tags of domain ${domain}` });
  const name = parseName(written);
  const [first = domain, ...others] = kinds;
  return others.map((kind) => scope.tryFind(kind, name)).find((each) => each !== undefined) ?? scope.find(first, name);
}

/** A column and its table. @throws SnowflakeError when there is none, or it is hidden from the roles */
function taggedColumn(written: string, scope: ObjectScope): { readonly table: CatalogObject; readonly column: TableColumnRecord } {
  const name = parseName(written);
  const table = taggedObject(quoteName(name.slice(0, -1)), 'TABLE', scope);
  const columns = (table.properties['COLUMNS'] ?? []) as readonly TableColumnRecord[];
  const column = columns.find((each) => each.name === name.at(-1));
  if (column === undefined) throw SnowflakeError.of('columnNotFound', { name: displayIdentifier(name.at(-1) ?? '') });
  return { table, column };
}

interface TagInForce {
  readonly tag: CatalogObject;
  readonly value: string;
  /** The object that the tag was set on: this one or a container. */
  readonly from: CatalogObject;
}

/** Tags of an object and those it inherits. https://docs.snowflake.com/en/user-guide/object-tagging/inheritance */
function tagsInForce(object: CatalogObject, scope: ObjectScope): TagInForce[] {
  const found = new Map<string, TagInForce>();
  for (let from: CatalogObject | undefined = object; from !== undefined;) {
    for (const [id, value] of Object.entries(from.tags)) {
      const tag = scope.catalog.byId(id);
      if (tag !== undefined && !found.has(id)) found.set(id, { tag, value, from });
    }
    from = from.parent === null ? undefined : scope.catalog.byId(from.parent);
  }
  return [...found.values()];
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
    {
      // https://docs.snowflake.com/en/sql-reference/functions/system_get_tag
      name: 'SYSTEM$GET_TAG',
      page: 'functions/system_get_tag',
      returns: types.varchar(),
      call: (args, scope) => {
        const [tagName = '', written = '', domain = ''] = args.map((each) => each.cell ?? '');
        const tag = scope.find('TAG', parseName(tagName));
        if (domain.toUpperCase() === 'COLUMN') {
          const { table, column } = taggedColumn(written, scope);
          return column.tags?.[tag.id] ?? tagsInForce(table, scope).find((each) => each.tag.id === tag.id)?.value ?? null;
        }
        const object = taggedObject(written, domain.toUpperCase(), scope);
        return tagsInForce(object, scope).find((each) => each.tag.id === tag.id)?.value ?? null;
      },
    },
  ],
  tableFunctions: [
    {
      // https://docs.snowflake.com/en/sql-reference/functions/tag_references
      name: 'TAG_REFERENCES',
      page: 'functions/tag_references',
      columns: [
        'TAG_DATABASE',
        'TAG_SCHEMA',
        'TAG_NAME',
        'TAG_VALUE',
        'APPLY_METHOD',
        'LEVEL',
        'OBJECT_DATABASE',
        'OBJECT_SCHEMA',
        'OBJECT_NAME',
        'DOMAIN',
        'COLUMN_NAME',
      ].map((name) => column(name)),
      rows: (args, scope) => {
        const written = args.get('1')?.cell ?? '';
        const domain = args.get('2')?.cell?.toUpperCase() ?? '';
        if (domain !== 'COLUMN') return inheritedRows(taggedObject(written, domain, scope), undefined, scope);
        const { table, column } = taggedColumn(written, scope);
        const own = Object.entries(column.tags ?? {}).flatMap(([id, value]) => {
          const tag = scope.catalog.byId(id);
          return tag === undefined
            ? []
            : [referenceRow({ tag, value, from: table }, table, { name: column.name, own: true }, scope)];
        });
        const hidden = new Set(Object.keys(column.tags ?? {}));
        return [...own, ...inheritedRows(table, column.name, scope, hidden)];
      },
    },
  ],
};

/** Rows of the tags of an object, or those that a column of it inherits, but for some. */
function inheritedRows(
  object: CatalogObject,
  column: string | undefined,
  scope: ObjectScope,
  hidden: ReadonlySet<string> = new Set(),
): (string | null)[][] {
  return tagsInForce(object, scope)
    .filter(({ tag }) => !hidden.has(tag.id))
    .map((each) => referenceRow(each, object, column === undefined ? undefined : { name: column, own: false }, scope));
}

function referenceRow(
  { tag, value, from }: TagInForce,
  object: CatalogObject,
  column: { readonly name: string; readonly own: boolean } | undefined,
  scope: ObjectScope,
): (string | null)[] {
  const [database = null, schema = null] = scope.catalog.pathOf(object).slice(0, -1);
  const [tagDatabase = null, tagSchema = null, tagName = null] = scope.catalog.pathOf(tag);
  const own = column === undefined ? from === object : column.own;
  return [
    tagDatabase,
    tagSchema,
    tagName,
    value,
    own ? 'MANUAL' : 'INHERITED',
    column?.own === true ? 'COLUMN' : domainOf(from),
    database,
    schema,
    object.name,
    column === undefined ? domainOf(object) : 'COLUMN',
    column?.name ?? null,
  ];
}
