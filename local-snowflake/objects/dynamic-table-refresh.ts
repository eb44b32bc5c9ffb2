import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { sameType } from '../sql/types.ts';
import type { ObjectScope } from './object-scope.ts';
import { columnsOf, physicalOf } from './table.ts';
import type { DeclaredColumn, TableColumnRecord } from './table-columns.ts';

export type RefreshTrigger = 'CREATION' | 'MANUAL' | 'SCHEDULED';

/** One refresh of a dynamic table, as DYNAMIC_TABLE_REFRESH_HISTORY lists it. Instants in epoch milliseconds. */
export interface RefreshRecord {
  readonly queryId: string;
  readonly state: 'SUCCEEDED' | 'FAILED';
  readonly trigger: RefreshTrigger;
  readonly dataTimestamp: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** What went wrong. */
  readonly message: string | null;
  /** Undefined when the refresh failed. */
  readonly rows?: { readonly inserted: number; readonly deleted: number };
  /** TARGET_LAG as it was, milliseconds; null for DOWNSTREAM. */
  readonly lag: number | null;
}

const keptFor = 7 * 86_400_000;
const keptAtMost = 200;

const unitMilliseconds: Readonly<Record<string, number>> = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** `'1 day'` in milliseconds; undefined for DOWNSTREAM, which is refreshed by hand or when it is made. */
export function lagMilliseconds(lag: unknown): number | undefined {
  const match = /^\s*([0-9]+)\s*(second|minute|hour|day)s?\s*$/iu.exec(String(lag));
  return match === null ? undefined : Number(match[1]) * (unitMilliseconds[(match[2] ?? '').toLowerCase()] ?? 0);
}

/** TARGET_LAG is a number of units, 60 seconds at least, or DOWNSTREAM. @throws SnowflakeError `invalidPropertyValue` */
export function checkLag(lag: string): void {
  const milliseconds = lagMilliseconds(lag);
  if (milliseconds === undefined ? lag.toUpperCase() !== 'DOWNSTREAM' : milliseconds < 60_000) {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'TARGET_LAG', value: lag });
  }
}

export function refreshesOf(object: CatalogObject): readonly RefreshRecord[] {
  return (object.properties['REFRESHES'] as readonly RefreshRecord[] | undefined) ?? [];
}

/** Columns of a dynamic table's data, with what was declared of them. */
export function withDeclared(
  columns: readonly TableColumnRecord[],
  declared: readonly DeclaredColumn[] | undefined,
): TableColumnRecord[] {
  return columns.map((column, index) => {
    const { comment, maskedBy, tags } = declared?.[index] ?? {};
    return {
      ...column,
      ...(comment === undefined ? {} : { comment }),
      ...(maskedBy === undefined ? {} : { maskedBy }),
      ...(tags === undefined ? {} : { tags }),
    };
  });
}

/**
 * The query's rows as of now, in a new physical table; readers see the old one until the change is stored. While streams are on it
 * the table stays, and what has changed is recorded.
 */
export async function refreshed(object: CatalogObject, scope: ObjectScope, trigger: RefreshTrigger): Promise<CatalogObject> {
  const physical = `t_${scope.ids.uuid()}`;
  const { tables, queries } = scope.effects;
  const declared = object.properties['DECLARED_COLUMNS'] as readonly DeclaredColumn[] | undefined;
  const deleted = await tables.rowCount(physicalOf(object));
  const columns = await queries.createTableAs(
    physical,
    String(object.properties['QUERY']),
    scope.on(String(object.properties['WAREHOUSE'])),
    declared,
  );
  const record: RefreshRecord = {
    ...attempt(object, scope, trigger),
    state: 'SUCCEEDED',
    message: null,
    rows: { inserted: await tables.rowCount(physical), deleted },
  };
  return withRefresh(object, record, {
    ...(await keptRows(object, physical, columns, scope)),
    // Comments, policies and tags set since stay with their columns.
    COLUMNS: withDeclared(columns, columnsOf(object)),
    DATA_TIMESTAMP: scope.now,
  });
}

/** Which physical table the rows of a refresh are in. */
async function keptRows(
  object: CatalogObject,
  made: string,
  columns: readonly TableColumnRecord[],
  scope: ObjectScope,
): Promise<CatalogObject['properties']> {
  if (object.properties['CHANGE_TRACKING'] !== true) return { PHYSICAL: made };
  const before = columnsOf(object);
  const same = columns.length === before.length && columns.every(({ type }, index) => sameType(type, before[index]?.type ?? type));
  // What was recorded has the old columns: streams have to be made anew.
  if (!same) return { PHYSICAL: made, CHANGE_TRACKING: false };
  try {
    await scope.effects.streams.replace(physicalOf(object), before, { physicalName: made }, scope);
  } finally {
    await scope.effects.tables.drop(made);
  }
  return { PHYSICAL: physicalOf(object) };
}

/** The table after a refresh that failed: as it was, with the failure in its history. */
export function withFailedRefresh(
  object: CatalogObject,
  scope: ObjectScope,
  trigger: RefreshTrigger,
  error: unknown,
): CatalogObject {
  const message = error instanceof Error ? error.message : String(error);
  return withRefresh(object, { ...attempt(object, scope, trigger), state: 'FAILED', message }, {});
}

/** The first entry of a new table's history. `object` lacks a name and an id yet. */
export function creationRefresh(object: Pick<CatalogObject, 'properties'>, inserted: number, scope: ObjectScope): RefreshRecord {
  return { ...attempt(object, scope, 'CREATION'), state: 'SUCCEEDED', message: null, rows: { inserted, deleted: 0 } };
}

function attempt(
  { properties }: Pick<CatalogObject, 'properties'>,
  scope: ObjectScope,
  trigger: RefreshTrigger,
): Omit<RefreshRecord, 'state' | 'message'> {
  return {
    queryId: scope.queryId,
    trigger,
    dataTimestamp: scope.now,
    startedAt: scope.now,
    endedAt: scope.time(),
    lag: lagMilliseconds(properties['TARGET_LAG']) ?? null,
  };
}

function withRefresh(object: CatalogObject, record: RefreshRecord, changed: CatalogObject['properties']): CatalogObject {
  const recent = refreshesOf(object).filter((each) => each.dataTimestamp > record.dataTimestamp - keptFor);
  return { ...object, properties: { ...object.properties, ...changed, REFRESHES: [...recent, record].slice(-keptAtMost) } };
}
