import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { CloneOptions } from '../cloning.ts';
import type { ObjectScope } from '../object-scope.ts';

/**
 * A clone is where its source is. What it is on may have been cloned with it: the history of a clone begins with the clone, so
 * that the stream has nothing to give. https://docs.snowflake.com/en/user-guide/object-clone#cloning-and-streams
 */
export async function cloneStream(
  copy: CatalogObject,
  source: CatalogObject,
  scope: ObjectScope,
  { copies }: CloneOptions,
): Promise<CatalogObject> {
  const onCopy = [...copies.values()].some(({ id }) => id === copy.properties['SOURCE']);
  await scope.effects.streams.create(copy.id, onCopy ? { kind: 'now' } : { kind: 'stream', id: source.id }, [], false);
  return copy;
}
