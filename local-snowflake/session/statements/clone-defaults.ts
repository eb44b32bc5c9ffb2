import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { TableColumnRecord } from '../../objects/table-columns.ts';
import { type ObjectName, parseName, quoteName } from '../../sql/identifier.ts';
import type { StatementScope } from '../statement-scope.ts';

const draws = /^\s*(.+?)\s*\.\s*NEXTVAL\s*$/iu;

/**
 * A table whose columns draw from sequences that were cloned with it: it draws from the clones.
 * https://docs.snowflake.com/en/user-guide/object-clone#cloning-and-default-sequences
 */
export function withClonedSequences(
  table: CatalogObject,
  copies: ReadonlyMap<string, CatalogObject>,
  scope: StatementScope,
): CatalogObject {
  const columns = table.properties['COLUMNS'] as readonly TableColumnRecord[];
  const drawn = columns.map((column): TableColumnRecord => {
    const copy = sequenceOf(column.defaultText, copies, scope);
    return copy === undefined ? column : { ...column, defaultText: `${quoteName(pathOfCopy(copy, copies, scope))}.NEXTVAL` };
  });
  return { ...table, properties: { ...table.properties, COLUMNS: drawn } };
}

function sequenceOf(
  defaultText: string | undefined,
  copies: ReadonlyMap<string, CatalogObject>,
  scope: StatementScope,
): CatalogObject | undefined {
  const written = draws.exec(defaultText ?? '')?.[1];
  // Only a name may stand in front: a call or an expression is none.
  if (written === undefined || !/^(?:[\w$.]|"[^"]*")+$/u.test(written)) return undefined;
  const name = parseName(written);
  const sequence = name.length < 3 && scope.currentSchema === undefined ? undefined : scope.tryFind('SEQUENCE', name);
  return sequence === undefined ? undefined : copies.get(sequence.id);
}

/** Copies are not in the catalog yet, what they are cloned into is. */
function pathOfCopy(object: CatalogObject, copies: ReadonlyMap<string, CatalogObject>, scope: StatementScope): ObjectName {
  const parent = [...copies.values()].find(({ id }) => id === object.parent);
  if (parent !== undefined) return [...pathOfCopy(parent, copies, scope), object.name];
  const container = object.parent === null ? undefined : scope.catalog.byId(object.parent);
  return container === undefined ? [object.name] : [...scope.catalog.pathOf(container), object.name];
}
