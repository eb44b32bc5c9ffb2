import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { Alteration } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { columnsOf } from '../table.ts';
import { featuresOf, findColumn, refused, resolveRoles } from './monitor-columns.ts';
import { relation } from './monitor-relation.ts';
import { columnRoles, monitorOf } from './monitor-record.ts';

// What the client of snowflake-ml-python writes for custom metrics is not on the page, and works the same.
const lists = { SEGMENT_COLUMN: 'SEGMENT_COLUMNS', CUSTOM_METRIC_COLUMN: 'CUSTOM_METRIC_COLUMNS' } as const;

/** `ADD | DROP SEGMENT_COLUMN = '…'`. https://docs.snowflake.com/en/sql-reference/sql/alter-model-monitor */
export function alterMonitor(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Alteration | undefined {
  const verb = (['ADD', 'DROP'] as const).find((each) => stream.accept(each));
  if (verb === undefined) return undefined;
  const property = (['SEGMENT_COLUMN', 'CUSTOM_METRIC_COLUMN'] as const).find((each) => stream.accept(each));
  if (property === undefined) throw stream.unexpected();
  stream.expectSymbol('=');
  const written = stream.peek().kind === 'string' ? stream.string() : displayIdentifier(stream.identifier());
  return {
    object: verb === 'ADD' ? added(object, lists[property], written, scope) : dropped(object, lists[property], written, scope),
  };
}

type List = (typeof lists)[keyof typeof lists];

function added(object: CatalogObject, list: List, written: string, scope: ObjectScope): CatalogObject {
  const { name } = findColumn(sourceColumns(object, scope), written);
  if (monitorOf(object)[list].includes(name)) throw refused(`column ${displayIdentifier(name)} is in ${list} already`);
  return withList(object, list, [...monitorOf(object)[list], name], scope);
}

function dropped(object: CatalogObject, list: List, written: string, scope: ObjectScope): CatalogObject {
  const { name } = findColumn(sourceColumns(object, scope), written);
  const before = monitorOf(object)[list];
  if (!before.includes(name)) throw refused(`column ${displayIdentifier(name)} is not in ${list}`);
  return withList(
    object,
    list,
    before.filter((each) => each !== name),
    scope,
  );
}

/** A column that gets a role is no feature any more, one that loses it is one again. */
function withList(object: CatalogObject, list: List, names: readonly string[], scope: ObjectScope): CatalogObject {
  const monitor = monitorOf(object);
  const columns = sourceColumns(object, scope);
  const written = Object.fromEntries(
    columnRoles.map((role) => [role, (role === list ? names : monitor[role]).map(displayIdentifier)]),
  );
  const roles = resolveRoles(columns, monitor.TASK, monitor.TIMESTAMP_COLUMN, written);
  const features = featuresOf(columns, monitor.TIMESTAMP_COLUMN, roles);
  return { ...object, properties: { ...object.properties, ...roles, FEATURES: features } };
}

function sourceColumns(object: CatalogObject, scope: ObjectScope): ReturnType<typeof columnsOf> {
  const { SOURCE, SOURCE_NAME } = monitorOf(object);
  return columnsOf(relation(SOURCE, SOURCE_NAME, scope));
}
