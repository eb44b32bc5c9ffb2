import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { ObjectScope } from './object-scope.ts';

const day = 86_400_000;

/**
 * For how many days what an object was can be reached: its own setting, or that of what it is in, or the account's.
 * https://docs.snowflake.com/en/user-guide/data-time-travel#data-retention-period
 */
export function retentionDays(object: CatalogObject, scope: Pick<ObjectScope, 'catalog' | 'parameter'>): number {
  const minimum = Number(scope.parameter('MIN_DATA_RETENTION_TIME_IN_DAYS'));
  for (let holder: CatalogObject | undefined = object; holder !== undefined;) {
    const own: string | undefined = holder.parameters['DATA_RETENTION_TIME_IN_DAYS'];
    if (own !== undefined) return Math.max(Number(own), minimum);
    holder = holder.parent === null ? undefined : scope.catalog.byId(holder.parent);
  }
  return Math.max(Number(scope.parameter('DATA_RETENTION_TIME_IN_DAYS')), minimum);
}

/**
 * What is transient has one day of it at most. https://docs.snowflake.com/en/user-guide/tables-temp-transient
 * @throws SnowflakeError `invalidPropertyValue`
 */
export function requireRetention({ properties, parameters, session }: CatalogObject): void {
  const days = parameters['DATA_RETENTION_TIME_IN_DAYS'];
  if (days === undefined || (properties['TRANSIENT'] !== true && session === undefined) || Number(days) <= 1) return;
  throw SnowflakeError.of('invalidPropertyValue', { property: 'DATA_RETENTION_TIME_IN_DAYS', value: days });
}

/** Milliseconds. */
export function retentionTime(object: CatalogObject, scope: Pick<ObjectScope, 'catalog' | 'parameter'>): number {
  return retentionDays(object, scope) * day;
}
