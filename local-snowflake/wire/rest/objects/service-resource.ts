import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import { foldIdentifier } from '../../../sql/identifier.ts';
import { type JsonObject, optionalObject, optionalText } from '../../fields.ts';
import type { ObjectResource } from './object-resource.ts';
import { serviceSource } from './service-source.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/service */
export const serviceResource: ObjectResource = {
  kind: 'SERVICE',
  plural: 'SERVICES',
  path: '/databases/:database/schemas/:schema/services',
  within: 'SCHEMA',
  details: 'DESCRIBE',
  put: 'SET',
  fixed: requireSameSource,
  source: { fields: ['compute_pool', 'spec', 'external_access_integrations'], clause: serviceSource },
  settings: {
    ...{ min_instances: 'number', max_instances: 'number', min_ready_instances: 'number' },
    ...{ auto_suspend_secs: 'number', auto_resume: 'flag', comment: 'text' },
  },
  references: ['query_warehouse'],
  shown: {
    ...{ status: 'text', database_name: 'identifier', schema_name: 'identifier', owner: 'text', compute_pool: 'identifier' },
    ...{ dns_name: 'text', current_instances: 'number', target_instances: 'number', min_ready_instances: 'number' },
    ...{ min_instances: 'number', max_instances: 'number', auto_resume: 'flag', created_on: 'text', updated_on: 'text' },
    ...{ resumed_on: 'text', suspended_on: 'text', auto_suspend_secs: 'number', comment: 'text', owner_role_type: 'text' },
    ...{ query_warehouse: 'identifier', is_job: 'flag', is_async_job: 'flag', spec_digest: 'text', is_upgrading: 'flag' },
    ...{ managing_object_domain: 'text', managing_object_name: 'text' },
  },
  // Clients want it; SHOW does not have it, nor has DESCRIBE for others than the owner.
  derived: ({ spec }) => ({ spec: { spec_type: 'from_inline', spec_text: typeof spec === 'string' ? spec : '' } }),
  actions: { suspend: 'SUSPEND', resume: 'RESUME' },
};

/** ALTER SERVICE changes settings alone here. @throws SnowflakeError `unsupported` for another pool or specification */
function requireSameSource(body: JsonObject, { compute_pool: pool, spec: current }: JsonObject): void {
  const refuse = (what: string): SnowflakeError =>
    SnowflakeError.of('unsupported', {
      feature: `PUT of a service that changes its ${what} (drop the service and create it again)`,
    });
  const wanted = optionalText(body, 'compute_pool');
  if (wanted !== undefined && foldIdentifier(wanted) !== pool) throw refuse('compute pool');
  const { spec_type: type, spec_text: text } = optionalObject(body, 'spec');
  if (type === undefined) return;
  if (type !== 'from_inline' || typeof text !== 'string' || typeof current !== 'string') throw refuse('specification');
  if (!isDeepStrictEqual(parse(text), parse(current))) throw refuse('specification');
}
