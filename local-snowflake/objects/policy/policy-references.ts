import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName, parseName } from '../../sql/identifier.ts';
import { type Cell, column } from '../../sql/result-set.ts';
import type { Extension, TypedValue } from '../extensions.ts';
import type { ObjectScope } from '../object-scope.ts';
import type { TableColumnRecord } from '../table-columns.ts';
import { protectedKinds, tagPoliciesOf } from './attachments.ts';
import { type PolicyInForce, protectionOf } from './policies-in-force.ts';
import { policyOf } from './policy.ts';

const columns = [
  'POLICY_DB',
  'POLICY_SCHEMA',
  'POLICY_NAME',
  'POLICY_KIND',
  'REF_DATABASE_NAME',
  'REF_SCHEMA_NAME',
  'REF_ENTITY_NAME',
  'REF_ENTITY_DOMAIN',
  'REF_COLUMN_NAME',
  'REF_ARG_COLUMN_NAMES',
  'TAG_DATABASE',
  'TAG_SCHEMA',
  'TAG_NAME',
  'POLICY_STATUS',
].map((name) => column(name));

/** A policy on something, as a row says it. */
interface Reference {
  readonly policy: CatalogObject;
  readonly entity: CatalogObject;
  readonly cells: readonly Cell[];
}

// https://docs.snowflake.com/en/sql-reference/functions/policy_references
export const policyReferences: Extension = {
  tableFunctions: [
    {
      name: 'POLICY_REFERENCES',
      page: 'functions/policy_references',
      columns,
      rows: (args, scope) => {
        const named = textOf(args, 'POLICY_NAME');
        const entity = textOf(args, 'REF_ENTITY_NAME') ?? textOf(args, '1');
        const domain = textOf(args, 'REF_ENTITY_DOMAIN') ?? textOf(args, '2');
        if (named !== undefined && entity === undefined) return rowsOfPolicy(findPolicy(named, scope), scope);
        if (named !== undefined || entity === undefined || domain === undefined)
          throw SnowflakeError.of('argumentCount', { name: 'POLICY_REFERENCES', expected: '2', got: args.size });
        return rowsOfEntity(findEntity(entity, domain.toUpperCase(), scope), scope);
      },
    },
  ],
  statements: [
    {
      // https://docs.snowflake.com/en/sql-reference/functions/policy_context
      words: 'EXECUTE USING',
      page: 'functions/policy_context',
      refused: true,
      run: () => {
        throw SnowflakeError.of('unsupported', { feature: 'EXECUTE USING POLICY_CONTEXT' });
      },
    },
  ],
};

function textOf(args: ReadonlyMap<string, TypedValue>, name: string): string | undefined {
  return args.get(name)?.cell ?? undefined;
}

function findPolicy(written: string, scope: ObjectScope): CatalogObject {
  const name = parseName(written);
  const found = scope.tryFind('MASKING POLICY', name) ?? scope.tryFind('ROW ACCESS POLICY', name);
  if (found !== undefined) return found;
  throw SnowflakeError.of('objectDoesNotExist', { kind: 'Policy', name: displayName(scope.qualify('schema', name)) });
}

/** Tables and views share their names; a table may be named as a view is, and the other way round. */
function findEntity(written: string, domain: string, scope: ObjectScope): CatalogObject {
  const name = parseName(written);
  if (domain === 'TAG') return scope.find('TAG', name);
  if (domain !== 'TABLE' && domain !== 'VIEW')
    throw SnowflakeError.of('unsupported', { feature: `POLICY_REFERENCES of domain ${domain}` });
  const found = protectedKinds.map((kind) => scope.tryFind(kind, name)).find((object) => object !== undefined);
  return found ?? scope.find(domain, name);
}

function rowsOfPolicy(policy: CatalogObject, scope: ObjectScope): (readonly Cell[])[] {
  const entities = [...protectedKinds, 'TAG'].flatMap((kind) => scope.catalog.ofKind(kind, scope.sessionId));
  return entities
    .flatMap((entity) => referencesOf(entity, scope))
    .filter((each) => each.policy.id === policy.id && shows(each, scope))
    .map(({ cells }) => cells);
}

/** @throws SnowflakeError `insufficientPrivileges` when there are policies, but none that the roles may see on the object */
function rowsOfEntity(entity: CatalogObject, scope: ObjectScope): (readonly Cell[])[] {
  const all = referencesOf(entity, scope);
  const shown = all.filter((each) => shows(each, scope));
  if (all.length > 0 && shown.length === 0)
    throw SnowflakeError.of('insufficientPrivileges', { kind: entity.kind.toLowerCase(), name: entity.name });
  return shown.map(({ cells }) => cells);
}

/** "The role has the global APPLY …", or something on the policy and OWNERSHIP of what it is on. */
function shows({ policy, entity }: Reference, { authorizer, roles }: ObjectScope): boolean {
  if (authorizer.holdsGlobal(roles, `APPLY ${policy.kind}`)) return true;
  return authorizer.holds(roles, policy, 'APPLY') && authorizer.owns(roles, entity);
}

function referencesOf(entity: CatalogObject, scope: ObjectScope): Reference[] {
  const { catalog } = scope;
  if (entity.kind === 'TAG') {
    const policies = tagPoliciesOf(entity).flatMap((id) => catalog.byId(id) ?? []);
    return policies.map((policy) => reference({ policy, columns: [] }, entity, undefined, 'ACTIVE', scope));
  }
  const found = knownProtection(entity, catalog);
  if (found === undefined) return [];
  const named = entity.properties['COLUMNS'] as readonly TableColumnRecord[];
  const masks = [...found.masks].flatMap(([index, policies]) =>
    policies.map((each) => {
      const status = policies.length > 1 ? 'MULTIPLE_MASKING_POLICY_ASSIGNED_TO_THE_COLUMN' : statusOf(each, named);
      return reference(each, entity, named[index]?.name, status, scope);
    }),
  );
  return [...masks, ...(found.rows === undefined ? [] : [reference(found.rows, entity, undefined, 'ACTIVE', scope)])];
}

/** Policies of a table that was restored without one of them are not listed. */
function knownProtection(entity: CatalogObject, catalog: ObjectScope['catalog']): ReturnType<typeof protectionOf> {
  try {
    return protectionOf(entity, catalog);
  } catch (error) {
    if (error instanceof SnowflakeError && error.symbol === 'policyGone') return undefined;
    throw error;
  }
}

/** Whether the further parameters of a policy find their columns. */
function statusOf({ policy, columns: names }: PolicyInForce, columns: readonly TableColumnRecord[]): string {
  const { parameters } = policyOf(policy);
  for (const [index, name] of names.entries()) {
    const found = columns.find((each) => each.name === name);
    if (found === undefined) return 'COLUMN_IS_MISSING_FOR_SECONDARY_ARG';
    if (found.type.kind !== parameters[index]?.type.kind) return 'COLUMN_DATATYPE_MISMATCH_FOR_SECONDARY_ARG';
  }
  return 'ACTIVE';
}

function reference(
  { policy, columns: names, tag }: PolicyInForce,
  entity: CatalogObject,
  masked: string | undefined,
  status: string,
  { catalog }: ObjectScope,
): Reference {
  const [policyDatabase = null, policySchema = null] = catalog.pathOf(policy);
  const [database = null, schema = null] = catalog.pathOf(entity);
  const [tagDatabase = null, tagSchema = null, tagName = null] = tag === undefined ? [] : catalog.pathOf(tag);
  // The column itself is not among the arguments of its masking policy.
  const args = masked === undefined ? names : names.slice(1);
  return {
    policy,
    entity,
    cells: [
      policyDatabase,
      policySchema,
      policy.name,
      policy.kind.replaceAll(' ', '_'),
      database,
      schema,
      entity.name,
      entity.kind === 'DYNAMIC TABLE' ? 'TABLE' : entity.kind,
      masked ?? null,
      args.length === 0 ? null : `[ ${args.map((name) => JSON.stringify(name)).join(', ')} ]`,
      tagDatabase,
      tagSchema,
      tagName,
      status,
    ],
  };
}
