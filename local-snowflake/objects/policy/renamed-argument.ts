import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { TableColumnRecord } from '../table-columns.ts';
import { type FilteredBy, rowAccessOf } from './attachments.ts';

/** A table after a column got another name: its policies still work with the column. */
export function withRenamedArgument(object: CatalogObject, from: string, to: string): CatalogObject {
  const renamed = (names: readonly string[]): string[] => names.map((name) => (name === from ? to : name));
  const columns = object.properties['COLUMNS'] as readonly TableColumnRecord[];
  const filter = rowAccessOf(object);
  const COLUMNS = columns.map((column) => {
    const { maskedBy } = column;
    return maskedBy === undefined ? column : { ...column, maskedBy: { ...maskedBy, using: renamed(maskedBy.using) } };
  });
  const ROW_ACCESS: FilteredBy | undefined = filter === undefined ? undefined : { ...filter, on: renamed(filter.on) };
  return { ...object, properties: { ...object.properties, COLUMNS, ...(ROW_ACCESS === undefined ? {} : { ROW_ACCESS }) } };
}
