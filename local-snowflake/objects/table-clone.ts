import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import type { CloneOptions } from './cloning.ts';
import type { ObjectScope } from './object-scope.ts';
import { retentionTime } from './retention.ts';

/** Properties of a dynamic table that a table cloned from one has as well. */
const shared = new Set(['COLUMNS', 'CLUSTER_BY', 'TRANSIENT', 'ROW_ACCESS']);

/**
 * A table with the rows of another one, or of a dynamic table. Changes are recorded from now on when they are of the source; what has
 * been loaded into the source can be loaded again. https://docs.snowflake.com/en/sql-reference/sql/create-clone (general usage notes)
 */
export async function cloneTable(
  copy: CatalogObject,
  source: CatalogObject,
  scope: ObjectScope,
  options: CloneOptions,
): Promise<CatalogObject> {
  scope.lineage.read(source);
  const physical = await cloneRows(source, scope, options);
  const properties =
    source.kind === 'TABLE'
      ? copy.properties
      : Object.fromEntries(Object.entries(copy.properties).filter(([name]) => shared.has(name)));
  if (properties['CHANGE_TRACKING'] === true) await scope.effects.streams.track(physical, scope.signal);
  return { ...copy, properties: { ...properties, PHYSICAL: physical } };
}

/** @returns the physical name of the copy @throws SnowflakeError `timeTravelUnavailable` */
export async function cloneRows(source: CatalogObject, scope: ObjectScope, { point }: CloneOptions): Promise<string> {
  const physical = `t_${scope.ids.uuid()}`;
  const past =
    point === undefined
      ? undefined
      : {
          point,
          display: displayIdentifier(source.name),
          createdOn: source.createdOn,
          keptSince: scope.now - retentionTime(source, scope),
        };
  await scope.effects.tables.clone(propertyText(source, 'PHYSICAL'), physical, past);
  return physical;
}
