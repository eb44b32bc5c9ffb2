import { type CatalogObject, propertyText } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName } from '../../sql/identifier.ts';
import type { ObjectScope } from '../object-scope.ts';
import { physicalOf } from '../table.ts';

/** What a stream is on. @throws SnowflakeError `streamSourceGone` when that was dropped or replaced */
export function sourceOf(stream: CatalogObject, scope: ObjectScope): CatalogObject {
  const source = scope.catalog.byId(propertyText(stream, 'SOURCE'));
  if (source !== undefined) return source;
  throw SnowflakeError.of('streamSourceGone', {
    table: propertyText(stream, 'SOURCE_NAME'),
    stream: scope.catalog.displayOf(stream),
  });
}

/** The tables whose changes a table, or a view, shows. */
export async function tablesBehind(source: CatalogObject, scope: ObjectScope): Promise<CatalogObject[]> {
  if (source.kind === 'TABLE') return [source];
  const names = await scope.effects.queries.tablesBehind(`SELECT * FROM ${displayName(scope.catalog.pathOf(source))}`, scope);
  return scope.catalog.ofKind('TABLE', scope.sessionId).filter((table) => names.includes(physicalOf(table)));
}

/**
 * The first stream on a table begins the recording of its changes, which is the owner's to ask for.
 * https://docs.snowflake.com/en/sql-reference/sql/create-stream#access-control-requirements
 */
export async function trackSource(source: CatalogObject, tables: readonly CatalogObject[], scope: ObjectScope): Promise<void> {
  const missing = tables.filter((table) => table.properties['CHANGE_TRACKING'] !== true);
  const marked = source.properties['CHANGE_TRACKING'] === true ? missing : [...new Set([...missing, source])];
  for (const each of marked) scope.authorizer.requireOwnership(scope.roles, each);
  for (const table of missing) await scope.effects.streams.track(physicalOf(table), scope.signal);
  if (marked.length === 0) return;
  await scope.catalog.change((change) => {
    for (const each of marked) {
      const now = scope.catalog.byId(each.id);
      if (now !== undefined) scope.catalog.update({ ...now, properties: { ...now.properties, CHANGE_TRACKING: true } }, change);
    }
  });
}

/** Whether a stream has changes to give. https://docs.snowflake.com/en/sql-reference/functions/system_stream_has_data */
export async function streamHasData(stream: CatalogObject, scope: ObjectScope): Promise<boolean> {
  const tables = await tablesBehind(sourceOf(stream, scope), scope);
  const missing = tables.find((table) => table.properties['CHANGE_TRACKING'] !== true);
  if (missing !== undefined) throw SnowflakeError.of('changeTrackingMissing', { name: scope.catalog.displayOf(missing) });
  return scope.effects.streams.hasData(stream.id, tables.map(physicalOf), stream.properties['APPEND_ONLY'] === true);
}
