import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { taskProperties } from './task-properties.ts';
import type { TaskIndex } from './task-index.ts';
import { unlinked } from './task-state.ts';

/**
 * Takes away links to tasks that are gone. DROP TASK takes the task away first and then the links to it: a stop of the server in
 * between must not leave links that a later task of the same name would inherit.
 */
export async function mendLinks(catalog: Catalog, index: TaskIndex, now: number): Promise<void> {
  const mended: CatalogObject[] = [];
  for (const task of index.all()) {
    const { predecessors, finalizes } = taskProperties(task);
    const tasks = index.of(task.parent);
    const gone = [...predecessors, ...(finalizes === null ? [] : [finalizes])].filter((name) => tasks.object(name) === undefined);
    if (gone.length > 0) mended.push(gone.reduce((each, name) => unlinked(each, name, now), task));
  }
  if (mended.length === 0) return;
  await catalog.change((change) => {
    for (const task of mended) catalog.update(task, change);
  });
}
