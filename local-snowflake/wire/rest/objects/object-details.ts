import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import { displayName, type ObjectName, quoteName } from '../../../sql/identifier.ts';
import type { JsonObject } from '../../fields.ts';
import type { RestRequest } from '../rest-routes.ts';
import { restRows } from '../rest-rows.ts';
import type { ObjectResource } from './object-resource.ts';
import { inContainer } from './object-target.ts';

/** What a single object's answer needs besides its row of SHOW. */
export function detailRows({ kind, details }: ObjectResource, request: RestRequest, name: ObjectName): Promise<JsonObject[]> {
  if (details === 'NONE') return Promise.resolve([]);
  if (details === 'PARAMETERS') return restRows(request.session, `SHOW PARAMETERS IN ${kind} ${quoteName(name)}`);
  return restRows(request.session, `DESCRIBE ${kind} ${quoteName(name)}`);
}

/** @throws SnowflakeError `objectDoesNotExist`, `tableDoesNotExist` */
export async function shownRow(resource: ObjectResource, request: RestRequest, name: ObjectName): Promise<JsonObject> {
  const row = await findShown(resource, request, name);
  if (row !== undefined) return row;
  if (resource.kind === 'TABLE' || resource.kind === 'VIEW')
    throw SnowflakeError.of('tableDoesNotExist', { name: displayName(name) });
  const kind = `${resource.kind.charAt(0)}${resource.kind.slice(1).toLowerCase()}`;
  throw SnowflakeError.of('objectDoesNotExist', { kind, name: displayName(name) });
}

/** SHOW knows names by pattern only, in any case. */
export async function findShown(resource: ObjectResource, request: RestRequest, name: ObjectName): Promise<JsonObject | undefined> {
  const own = name.at(-1) ?? '';
  const pattern = own.replace(/[\\%_]/gu, String.raw`\$&`);
  const rows = await restRows(request.session, `SHOW ${resource.plural} LIKE ? ${inContainer(resource, request)}`, [pattern]);
  return rows.find((each) => each['name'] === own);
}
