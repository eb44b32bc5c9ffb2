import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { foldIdentifier, parseName } from '../../sql/identifier.ts';
import { types } from '../../sql/types.ts';
import type { SystemFunctionDefinition, TypedValue } from '../extensions.ts';
import type { ObjectScope } from '../object-scope.ts';
import { absolutePath, locate } from '../stage-location.ts';
import { displayJob } from './job-record.ts';
import { type MountedStage, planMlJob } from './ml-job-plan.ts';
import { type ContainerSecret, readMlJobRequest } from './ml-job-request.ts';
import { jobSchema, startJob } from './start-job.ts';

const runtimeImage = 'local-snowflake/ml-runtime';
const page = 'ml-jobs/overview';

/** What the ML Jobs client calls; undocumented beyond that. https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-jobs/overview */
export const mlJobFunctions: readonly SystemFunctionDefinition[] = [
  {
    name: 'SYSTEM$GET_ML_JOB_RUNTIME',
    page,
    returns: types.varchar(),
    call: async (args, scope) => {
      const [pool, selector] = texts('SYSTEM$GET_ML_JOB_RUNTIME', args, 2);
      scope.find('COMPUTE POOL', parseName(pool), 'USAGE');
      const version = await scope.effects.python.version();
      checkSelector(selector, version);
      return `${runtimeImage}:${version}`;
    },
  },
  {
    name: 'SYSTEM$EXECUTE_ML_JOB',
    page,
    returns: types.varchar(),
    call: async (args, scope) => {
      const [name, pool, spec, options] = texts('SYSTEM$EXECUTE_ML_JOB', args, 4);
      return executeMlJob(name, pool, spec, options, scope);
    },
  },
];

async function executeMlJob(written: string, poolName: string, spec: string, options: string, scope: ObjectScope): Promise<string> {
  const request = readMlJobRequest(spec, options);
  if (request.externalAccessIntegrations.length > 0)
    throw SnowflakeError.of('unsupported', { feature: 'external_access_integrations of ML jobs' });
  const path = parseName(request.generateSuffix ? written + suffix(scope) : written);
  jobSchema(path, scope);
  const pool = scope.find('COMPUTE POOL', parseName(poolName), 'USAGE');
  const payload = mount(request.stagePath, scope, 'READ');
  const result = mount(`${request.stagePath}/${path.at(-1) ?? ''}`, scope, 'WRITE');
  const { plan, spec: shown } = planMlJob(request, payload, result);
  const job = await startJob(
    {
      spec: shown,
      plan: { ...plan, sealed: sealedOf(request.secrets, scope) },
      name: path,
      pool,
      warehouse: warehouseOf(request.queryWarehouse, scope),
      targetInstances: request.targetInstances,
      minInstances: request.minInstances,
      async: request.async,
      comment: request.comment ?? null,
    },
    scope,
  );
  return displayJob(job);
}

/** Values stay sealed until an instance starts. */
function sealedOf(secrets: readonly ContainerSecret[], scope: ObjectScope): Record<string, string> {
  return Object.fromEntries(
    secrets.map(({ secret, key, variable }) => {
      const object = scope.find('SECRET', parseName(secret), 'READ');
      const value = object.properties[key.toUpperCase()];
      if (typeof value !== 'string') throw SnowflakeError.of('invalidPropertyValue', { property: 'secretKeyRef', value: key });
      return [variable, key === 'username' ? scope.effects.vault.encipher(value) : value];
    }),
  );
}

function mount(location: string, scope: ObjectScope, access: 'READ' | 'WRITE'): MountedStage {
  const found = locate(location, scope, access);
  return { location, directory: absolutePath(found) };
}

/** Twelve characters that no other run of the definition has. */
function suffix(scope: ObjectScope): string {
  return scope.ids.bytes(6).toString('hex').toUpperCase();
}

function warehouseOf(written: string | undefined, scope: ObjectScope): string | null {
  if (written === undefined) return scope.currentWarehouse?.name ?? null;
  return scope.find('WAREHOUSE', [foldIdentifier(written)], 'USAGE').name;
}

/** The client asks for an image that has its own version of Python; there is one runtime here. */
function checkSelector(text: string, version: string): void {
  if (text === '') return;
  let selector: { pythonVersion?: string; runtimeEnvironment?: string };
  try {
    selector = JSON.parse(text) as typeof selector;
  } catch {
    selector = { runtimeEnvironment: text };
  }
  if (selector.runtimeEnvironment !== undefined) {
    throw SnowflakeError.of('unsupported', {
      feature: `runtime_environment ${selector.runtimeEnvironment} of ML jobs (the local runtime is ${runtimeImage}:${version})`,
    });
  }
  if (selector.pythonVersion !== undefined && selector.pythonVersion !== version) {
    throw SnowflakeError.of('unsupported', {
      feature: `ML jobs of Python ${selector.pythonVersion} (the local runtime is Python ${version})`,
    });
  }
}

/** Arguments that must all be given, and be text. */
export function texts<N extends number>(name: string, args: readonly TypedValue[], count: N): Texts<N> {
  if (args.length !== count) throw SnowflakeError.of('argumentCount', { name, expected: String(count), got: args.length });
  return args.map(({ cell }, index) => {
    if (cell === null)
      throw SnowflakeError.of('invalidArgument', { name, value: 'NULL', reason: `argument ${String(index + 1)} must be given` });
    return cell;
  }) as unknown as Texts<N>;
}

type Texts<N extends number> = N extends 2 ? readonly [string, string] : readonly [string, string, string, string];
