import { join } from 'node:path';
import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import { folderSize } from '../platform/folder-size.ts';
import type { Account } from './account.ts';

/** Estimate of what objects take on disk: the rows of tables, the files of stages, models and datasets. */
export async function heldBytes(objects: readonly CatalogObject[], { effects, folder }: Account): Promise<number> {
  let bytes = 0;
  for (const object of objects) {
    const physical = propertyText(object, 'PHYSICAL');
    if (physical.startsWith('t_')) bytes += await effects.tables.bytes(physical);
    bytes += await folderSize(join(folder, 'stages', object.id));
  }
  return bytes;
}
