import { propertyText } from '../catalog/catalog-object.ts';
import { objectsOf } from '../catalog/dropped-objects.ts';
import { retentionTime } from '../objects/retention.ts';
import type { Account } from './account.ts';
import { accountSettings } from './account-parameters.ts';

/** At the start: tables that a crash left without a name in the catalog are dropped, and what is recorded of tables is mended. */
export async function clearOrphans(account: Account): Promise<void> {
  const { catalog, data, dropped, registry } = account;
  const objects = [...registry.kinds.flatMap((kind) => catalog.ofKind(kind.name)), ...dropped.all().flatMap(objectsOf)];
  const known = new Set(objects.flatMap((object) => [propertyText(object, 'PHYSICAL'), propertyText(object, 'BASELINE_PHYSICAL')]));
  for (const name of await data.tables.listTables()) {
    if (name.startsWith('t_') && !known.has(name)) await data.tables.dropTable(name);
  }
  const tables = catalog.ofKind('TABLE');
  for (const table of tables) {
    const physical = propertyText(table, 'PHYSICAL');
    await data.history.adopt(physical);
    const { signal } = new AbortController();
    // A crash may have come between what the catalog says and what is recorded.
    await (table.properties['CHANGE_TRACKING'] === true
      ? data.streams.track(physical, signal)
      : data.streams.untrack(physical, signal));
  }
  const streams = objects.filter(({ kind }) => kind === 'STREAM').map(({ id }) => id);
  const settings = accountSettings(account);
  await data.streams.clean(new Set(streams), Math.max(86_400_000, ...tables.map((table) => retentionTime(table, settings))));
}
