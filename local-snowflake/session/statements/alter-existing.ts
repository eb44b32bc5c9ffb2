import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { CreateRequest, Draft, Kind } from '../../objects/kind.ts';
import { alteredProperties } from '../../objects/or-alter.ts';
import { requireRetention } from '../../objects/retention.ts';
import { control, type Statement, type StatementResult } from '../statement.ts';

/**
 * CREATE OR ALTER over an existing object: the same object, with its tags and grants, as the statement describes it.
 * https://docs.snowflake.com/en/sql-reference/sql/create-or-alter
 */
export async function alterExisting(
  existing: CatalogObject,
  draft: Draft,
  { kind, request }: { readonly kind: Kind; readonly request: CreateRequest },
  { scope, state }: Statement,
): Promise<StatementResult> {
  scope.authorizer.requireOwnership(scope.roles, existing);
  if (kind.orAlter !== true && Object.keys(draft.tags ?? {}).length > 0)
    throw SnowflakeError.of('unsupported', { feature: `TAG of CREATE OR ALTER ${kind.name}` });
  let altered: CatalogObject = {
    ...existing,
    properties: await propertiesOf(existing, draft, kind, request, scope),
    parameters: draft.parameters ?? {},
    comment: draft.comment ?? '',
    alteredOn: state.account.clock.now(),
  };
  if (kind.orAlter !== true && kind.changing !== undefined) altered = await kind.changing(altered, existing, scope);
  requireRetention(altered);
  await scope.catalog.change((change) => {
    scope.catalog.update(altered, change);
  });
  await kind.altered?.(existing, altered, scope);
  return control();
}

function propertiesOf(
  existing: CatalogObject,
  draft: Draft,
  kind: Kind,
  request: CreateRequest,
  scope: Statement['scope'],
): Promise<Draft['properties']> | Draft['properties'] {
  if (typeof kind.orAlter === 'function') return kind.orAlter(existing, draft, request, scope);
  return kind.orAlter === 'PROPERTIES' ? alteredProperties(existing, draft, request, kind) : draft.properties;
}
