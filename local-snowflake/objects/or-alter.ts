import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { CreateRequest, Draft, Kind } from './kind.ts';

/**
 * What CREATE OR ALTER makes of an object whose kind is a list of properties: what the statement leaves out has its default again, and what
 * the object holds besides (its state) stays. https://docs.snowflake.com/en/sql-reference/sql/create-or-alter#general-usage-notes
 * @throws SnowflakeError `unsupported` for what ALTER cannot change
 */
export function alteredProperties(existing: CatalogObject, draft: Draft, request: CreateRequest, kind: Kind): Draft['properties'] {
  const refuse = (what: string): SnowflakeError =>
    SnowflakeError.of('unsupported', { feature: `CREATE OR ALTER ${kind.name} that changes ${what}` });
  if (kind.modifiers?.includes('TRANSIENT') === true) {
    if (request.modifiers.has('TRANSIENT') !== (existing.properties['TRANSIENT'] === true)) throw refuse('TRANSIENT');
  }
  const properties: Record<string, unknown> = { ...existing.properties };
  for (const [name, property] of Object.entries(kind.properties)) {
    const wanted = draft.properties[name];
    if (property.settable !== false) delete properties[name];
    // What only CREATE can say stays as it is; saying it otherwise is refused.
    else if (
      wanted !== undefined &&
      name in properties &&
      !sameJson(wanted, properties[name]) &&
      !sameJson(wanted, property.default)
    )
      throw refuse(name);
  }
  for (const [name, value] of Object.entries(draft.properties)) {
    if (kind.properties[name]?.settable !== false) properties[name] = value;
  }
  return properties;
}

function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
