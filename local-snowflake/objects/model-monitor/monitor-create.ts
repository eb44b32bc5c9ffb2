import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type CatalogObject, propertyText } from '../../catalog/catalog-object.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { CreateRequest, Draft } from '../kind.ts';
import { findVersion, modelVersions } from '../model/model-version.ts';
import type { ObjectScope } from '../object-scope.ts';
import { columnsOf } from '../table.ts';
import { featuresOf, refused, resolveRoles, timestampColumn } from './monitor-columns.ts';
import { refreshMilliseconds, windowDays } from './monitor-period.ts';
import { type ColumnRole, type MonitorProperties, monitorOf, type MonitorTask, monitorTasks } from './monitor-record.ts';
import { refreshed, withBaseline } from './monitor-snapshot.ts';

// https://docs.snowflake.com/en/developer-guide/snowflake-ml/model-registry/model-observability#known-limitations
const mostMonitors = 250;

/** Checks a new monitor and takes its first look at source and baseline. */
export async function prepareMonitor(draft: Draft, request: CreateRequest, scope: ObjectScope): Promise<Draft> {
  const given = draft.properties;
  const text = (name: string): string => propertyText(draft, name);
  refreshMilliseconds(text('REFRESH_INTERVAL'));
  windowDays(text('AGGREGATION_WINDOW'));
  const model = existing(text('MODEL'), scope);
  const version = findVersion(model, versionName(model, text('VERSION')));
  const method = version.methods.find((each) => each.name.toUpperCase() === text('FUNCTION').toUpperCase());
  if (method === undefined) {
    const known = version.methods.map((each) => each.name).join(', ');
    throw refused(`model version ${displayIdentifier(version.name)} has no function ${text('FUNCTION')}; it has ${known}`);
  }
  const task = monitorTasks.find((each) => each === version.attributes.task);
  if (task === undefined) {
    throw refused(
      `model version ${displayIdentifier(version.name)} is of task ${version.attributes.task}; it must be one of ${monitorTasks.join(', ')}`,
    );
  }
  checkCount(model, version.name, request.existing, scope);
  const columns = columnsOf(existing(text('SOURCE'), scope));
  const timestamp = timestampColumn(columns, text('TIMESTAMP_COLUMN'));
  const roles = resolveRoles(columns, task, timestamp, given);
  const monitor = {
    ...given,
    ...roles,
    TASK: task satisfies MonitorTask,
    MODEL_NAME: scope.catalog.pathOf(model),
    VERSION: version.name,
    SOURCE_NAME: scope.catalog.pathOf(existing(text('SOURCE'), scope)),
    TIMESTAMP_COLUMN: timestamp,
    FEATURES: featuresOf(columns, timestamp, roles),
    STATE: 'ACTIVE',
  } as unknown as MonitorProperties;
  const first = await refreshed(monitor, scope);
  return { ...draft, properties: { ...(await orDropped(first, scope, () => withBaseline(first, scope))) } };
}

/** Checks a monitor that ALTER has changed, and looks anew at what other columns or another baseline ask for. */
export async function changeMonitor(after: CatalogObject, before: CatalogObject, scope: ObjectScope): Promise<CatalogObject> {
  const [old, wanted] = [monitorOf(before), monitorOf(after)];
  for (const property of ['WAREHOUSE', 'REFRESH_INTERVAL'] as const) {
    if (typeof wanted[property] !== 'string') throw SnowflakeError.of('invalidProperty', { property, kind: 'MODEL MONITOR' });
  }
  refreshMilliseconds(wanted.REFRESH_INTERVAL);
  const same = (role: ColumnRole): boolean => JSON.stringify(old[role]) === JSON.stringify(wanted[role]);
  const reread = !same('SEGMENT_COLUMNS') || !same('CUSTOM_METRIC_COLUMNS');
  const rebased = reread || old.BASELINE !== wanted.BASELINE;
  if (!rebased) return after;
  const monitor = reread ? await refreshed(wanted, scope) : wanted;
  const { BASELINE_PHYSICAL: _physical, BASELINE_COLUMNS: _columns, ...bare } = monitor;
  const changed = reread ? await orDropped(monitor, scope, () => withBaseline(bare, scope)) : await withBaseline(bare, scope);
  return { ...after, properties: { ...changed } };
}

/** Drops the copy of the source again when what comes after it fails. */
async function orDropped(
  monitor: MonitorProperties,
  scope: ObjectScope,
  work: () => Promise<MonitorProperties>,
): Promise<MonitorProperties> {
  try {
    return await work();
  } catch (error) {
    await scope.effects.tables.drop(monitor.PHYSICAL);
    throw error;
  }
}

function existing(id: string, scope: ObjectScope): CatalogObject {
  const object = scope.catalog.byId(id);
  if (object === undefined) throw SnowflakeError.of('objectOrOperation', {});
  return object;
}

/** Version names are identifiers: `'v1'` names V1, unless there is a version of exactly that name. */
function versionName(model: CatalogObject, version: string): string {
  return modelVersions(model).some((each) => each.name === version) ? version : version.toUpperCase();
}

function checkCount(model: CatalogObject, version: string, replaced: CatalogObject | undefined, scope: ObjectScope): void {
  const others = scope.catalog.ofKind('MODEL MONITOR').filter((each) => each.id !== replaced?.id);
  if (others.length >= mostMonitors)
    throw refused(`the account has ${String(others.length)} model monitors, which is the most that it can have`);
  const twin = others.find((each) => monitorOf(each).MODEL === model.id && monitorOf(each).VERSION === version);
  if (twin !== undefined) {
    throw refused(
      `version ${displayIdentifier(version)} of model ${scope.catalog.displayOf(model)} already has a monitor, ${scope.catalog.displayOf(twin)}`,
    );
  }
}
