import { type CatalogObject, propertyText } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName } from '../../sql/identifier.ts';
import type { ObjectScope } from '../object-scope.ts';
import { trackDirectory } from '../stage-directory.ts';
import { columnsOf, physicalOf } from '../table.ts';
import { sourceKindOf } from './source-kind.ts';

/** What a stream is on. @throws SnowflakeError `streamSourceGone` when that was dropped or replaced */
export function sourceOf(stream: CatalogObject, scope: ObjectScope): CatalogObject {
  const source = scope.catalog.byId(propertyText(stream, 'SOURCE'));
  if (source !== undefined) return source;
  throw SnowflakeError.of('streamSourceGone', {
    table: propertyText(stream, 'SOURCE_NAME'),
    stream: scope.catalog.displayOf(stream),
  });
}

/**
 * The objects with rows whose changes a source shows: itself, or the tables of a view.
 * @throws SnowflakeError `unsupported` for a view that a stream cannot be on
 */
export async function tablesBehind(source: CatalogObject, scope: ObjectScope): Promise<CatalogObject[]> {
  if (source.kind !== 'VIEW') return [source];
  const names = await scope.effects.queries.tablesBehind(`SELECT * FROM ${displayName(scope.catalog.pathOf(source))}`, scope);
  const tables = scope.catalog.ofKind('TABLE', scope.sessionId).filter((table) => names.includes(physicalOf(table)));
  // https://docs.snowflake.com/en/user-guide/streams-intro#streams-on-views: all of them must be native tables.
  if (tables.length < names.length)
    throw SnowflakeError.of('unsupported', { feature: 'something else than tables in the view of a stream' });
  return tables;
}

/**
 * The first stream begins the recording of changes, which is the owner's of a table or view to ask for.
 * https://docs.snowflake.com/en/sql-reference/sql/create-stream#access-control-requirements
 */
export async function trackSource(source: CatalogObject, tables: readonly CatalogObject[], scope: ObjectScope): Promise<void> {
  const missing = tables.filter((table) => table.properties['CHANGE_TRACKING'] !== true);
  const marked = source.properties['CHANGE_TRACKING'] === true ? missing : [...new Set([...missing, source])];
  for (const each of marked) if (sourceKindOf(each).begunByOwner) scope.authorizer.requireOwnership(scope.roles, each);
  const tracked = new Map<string, string>();
  for (const table of missing) tracked.set(table.id, await track(table, scope));
  if (marked.length === 0) return;
  const needless: string[] = [];
  await scope.catalog.change((change) => {
    for (const each of marked) {
      const now = scope.catalog.byId(each.id);
      const physical = tracked.get(each.id) ?? each.properties['PHYSICAL'];
      // Meanwhile a refresh may have given a dynamic table other rows, which are not recorded, or another stream may have begun on a stage.
      if (now === undefined || (now.properties['PHYSICAL'] ?? physical) !== physical) {
        if (each.kind === 'STAGE') needless.push(String(physical));
        continue;
      }
      const properties = { ...now.properties, CHANGE_TRACKING: true, ...(physical === undefined ? {} : { PHYSICAL: physical }) };
      scope.catalog.update({ ...now, properties }, change);
    }
  });
  for (const physical of needless) await scope.effects.tables.drop(physical);
}

/** @returns the physical name of what is recorded */
async function track(table: CatalogObject, scope: ObjectScope): Promise<string> {
  if (table.kind === 'STAGE') return trackDirectory(table, scope);
  const content = sourceKindOf(table).byContent ? columnsOf(table).map(({ physical }) => physical) : undefined;
  await scope.effects.streams.track(physicalOf(table), scope.signal, content);
  return physicalOf(table);
}

/** Whether a stream has changes to give. https://docs.snowflake.com/en/sql-reference/functions/system_stream_has_data */
export async function streamHasData(stream: CatalogObject, scope: ObjectScope): Promise<boolean> {
  const tables = await tablesBehind(sourceOf(stream, scope), scope);
  const missing = tables.find((table) => table.properties['CHANGE_TRACKING'] !== true);
  if (missing !== undefined) throw SnowflakeError.of('changeTrackingMissing', { name: scope.catalog.displayOf(missing) });
  return scope.effects.streams.hasData(stream.id, tables.map(physicalOf), stream.properties['APPEND_ONLY'] === true);
}
