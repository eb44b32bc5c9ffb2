import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { requireOwnPool } from '../compute-pool.ts';
import { mountStage, readSpecification } from '../job/execute-job-service.ts';
import { planJobService } from '../job/job-service-spec.ts';
import type { MountedStage } from '../job/ml-job-plan.ts';
import type { CreateRequest, Draft } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { requireBinding } from './deploy-model.ts';
import { endpointHost } from './endpoint-host.ts';
import { withDefinition } from './service-definition.ts';
import { readServiceSpec } from './service-spec.ts';

/**
 * `IN COMPUTE POOL p FROM …`, in front of the properties.
 * https://docs.snowflake.com/en/sql-reference/sql/create-service
 * @throws SnowflakeError `unsupported` for an image's own entry point, `invalidJobSpecification`
 */
export async function readCreateService(stream: TokenStream, _request: CreateRequest, scope: ObjectScope): Promise<Draft> {
  stream.expect('IN COMPUTE POOL');
  const pool = scope.find('COMPUTE POOL', stream.name(), 'USAGE');
  requireOwnPool(pool);
  const spec = readServiceSpec(await readSpecification(stream, scope, 'CREATE SERVICE'));
  if (spec.endpoints.some((endpoint) => endpoint.public)) requireBinding(scope);
  const mounts = [...spec.mounts].map(([path, location]): [string, MountedStage] => [path, mountStage(location, scope)]);
  const { container, image, run, environment } = planJobService(spec, new Map(mounts));
  if (run.kind !== 'command') throw new TypeError('a service runs a command');
  return {
    properties: withDefinition(
      {},
      {
        pool: pool.name,
        user: scope.user,
        container,
        image,
        spec: spec.text,
        endpoints: spec.endpoints.map(({ name, port, public: isPublic }) => ({
          name,
          port,
          host: isPublic ? endpointHost(scope) : null,
        })),
        program: { kind: 'command', command: run.command, environment, readiness: spec.readiness },
      },
    ),
  };
}

/** What is checked of a service's numbers, and of what it can be here. @throws SnowflakeError */
export function checkInstances(properties: Draft['properties'], endpoints: number, command: boolean): void {
  const { MIN_INSTANCES: min = 1, MAX_INSTANCES: max = min, MIN_READY_INSTANCES: ready = min } = properties;
  const { AUTO_SUSPEND_SECS: seconds = 0 } = properties;
  if (Number(min) > Math.max(1, Number(max))) throw wrong('MIN_INSTANCES', min);
  if (Number(ready) > Number(min)) throw wrong('MIN_READY_INSTANCES', ready);
  if (Number(seconds) !== 0 && Number(seconds) < 300) throw wrong('AUTO_SUSPEND_SECS', seconds);
  if (command && endpoints > 0 && Number(max) > 1) {
    throw SnowflakeError.of('unsupported', {
      feature: 'several instances of a service whose command listens on a port (all are processes of one machine)',
    });
  }
}

function wrong(property: string, value: unknown): SnowflakeError {
  return SnowflakeError.of('invalidPropertyValue', { property, value: String(value) });
}
