import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { instanceFamilies } from '../instance-families.ts';

/** What a container asks for; undefined for as much as it takes. */
export interface NodeResources {
  readonly cpu?: string | undefined;
  readonly memory?: string | undefined;
  readonly gpu?: string | undefined;
}

/**
 * Checks that a node of the pool has what a container asks for.
 * @param what names who asks, in the plural
 * @throws SnowflakeError `invalidJobSpecification`, `unsupported` for GPUs
 */
export function checkResources(spec: NodeResources, pool: CatalogObject, what: string): void {
  const family = instanceFamilies.find((each) => each.name === pool.properties['INSTANCE_FAMILY']);
  if (family === undefined) return;
  const short = (name: string, wanted: string, has: string): SnowflakeError =>
    SnowflakeError.of('invalidJobSpecification', {
      reason: `${name} ${wanted} is more than a node of compute pool ${pool.name} has (${family.name}: ${has})`,
    });
  if (spec.gpu !== undefined && Number(spec.gpu) > (family.gpu?.count ?? 0))
    throw short('gpu', spec.gpu, `${String(family.gpu?.count ?? 0)} GPU`);
  if (spec.gpu !== undefined) throw SnowflakeError.of('unsupported', { feature: `GPUs of ${what}` });
  const cpu = spec.cpu === undefined ? 0 : quantity('cpu', spec.cpu);
  if (cpu > family.vcpu) throw short('cpu', spec.cpu ?? '', `${String(family.vcpu)} vCPU`);
  const memory = spec.memory === undefined ? 0 : quantity('memory', spec.memory);
  if (memory > family.memoryGib * 1024 ** 3) throw short('memory', spec.memory ?? '', `${String(family.memoryGib)} GiB`);
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  m: 0.001,
  K: 1000,
  M: 1000 ** 2,
  G: 1000 ** 3,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

/** `0.5`, `500m`, `2Gi`. https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference#containers-resources-field */
function quantity(field: string, written: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/u.exec(written) ?? [];
  const factor = units[unit];
  if (digits === undefined || factor === undefined)
    throw SnowflakeError.of('invalidJobSpecification', { reason: `${field}: ${written} is not a quantity` });
  return Number(digits) * factor;
}
