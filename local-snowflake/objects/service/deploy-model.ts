import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName, parseName } from '../../sql/identifier.ts';
import { types } from '../../sql/types.ts';
import type { SystemFunctionDefinition } from '../extensions.ts';
import { type ModelVersion, findVersion } from '../model/model-version.ts';
import type { ObjectScope } from '../object-scope.ts';
import { absolutePath, locate } from '../stage-location.ts';
import { type DeploymentSpec, readDeploymentSpec } from './deployment-spec.ts';
import { endpointHost } from './endpoint-host.ts';
import { checkResources } from './node-resources.ts';
import { type ServiceDefinition, orderOf, withDefinition } from './service-definition.ts';

// https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/real-time-inference-rest-api
const endpointName = 'inference';
const endpointPort = 5000;
const image = 'local-snowflake/model-inference';
/** Rows that a service function sends at once when the deployment does not say. */
const defaultBatchRows = 1000;
// https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/service-management#how-autoscaling-works
const idleSeconds = 30 * 60;

/** What `ModelVersion.create_service` calls; undocumented beyond that. */
export const deployModel: SystemFunctionDefinition = {
  name: 'SYSTEM$DEPLOY_MODEL',
  page: 'snowflake-ml/inference/real-time-inference-rest-api',
  returns: types.varchar(),
  call: async ([written], scope) => {
    if (written?.cell === undefined || written.cell === null)
      throw SnowflakeError.of('invalidArgument', {
        name: 'SYSTEM$DEPLOY_MODEL',
        value: 'NULL',
        reason: 'a deployment is needed, or the stage path of one',
      });
    const spec = readDeploymentSpec(await specificationText(written.cell, scope));
    const object = await createService(spec, scope);
    scope.effects.services.define(orderOf(object, scope.catalog));
    try {
      await scope.effects.services.ready(object.id, scope.signal);
    } catch (error) {
      // A service that was never ready is not left behind.
      await scope.catalog.change((change) => {
        scope.catalog.drop(object, change);
      });
      await scope.effects.services.drop(object.id);
      throw error;
    }
    return `Service ${scope.catalog.displayOf(object)} successfully created.`;
  },
};

async function specificationText(written: string, scope: ObjectScope): Promise<string> {
  if (!written.startsWith('@')) return written;
  const path = absolutePath(locate(written, scope, 'READ'));
  return readFile(path, 'utf8').catch(() => {
    throw SnowflakeError.of('fileNotFound', { path: written });
  });
}

async function createService(spec: DeploymentSpec, scope: ObjectScope): Promise<CatalogObject> {
  const { catalog } = scope;
  // https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/real-time-inference-rest-api#required-privileges
  const model = scope.find('MODEL', parseName(spec.model), 'READ');
  const version = findVersion(model, parseName(spec.version)[0] ?? '');
  const pool = scope.find('COMPUTE POOL', parseName(spec.pool), 'USAGE');
  if (spec.buildPool !== undefined) scope.find('COMPUTE POOL', parseName(spec.buildPool), 'USAGE');
  checkResources(spec, pool, 'model services');
  scope.effects.services.check(pool.name, spec.minInstances);
  const path = scope.qualify('schema', parseName(spec.service));
  const schema = scope.find('SCHEMA', path.slice(0, -1), 'CREATE SERVICE');
  if (spec.ingress) requireBinding(scope);
  const name = path.at(-1) ?? '';
  if (catalog.find('SERVICE', schema.id, name) !== undefined)
    throw SnowflakeError.of('objectAlreadyExists', { name: displayName(path) });
  const definition = await define(spec, model, version, pool, scope);
  const id = scope.ids.uuid();
  const object: CatalogObject = {
    collection: 'object',
    id,
    kind: 'SERVICE',
    name,
    signature: '',
    parent: schema.id,
    owner: scope.authorizer.ownerOfNew(id, scope.roles.primary),
    createdOn: scope.now,
    alteredOn: scope.now,
    comment: '',
    tags: {},
    parameters: {},
    properties: withDefinition(
      {
        MIN_INSTANCES: spec.minInstances,
        MAX_INSTANCES: spec.maxInstances,
        AUTO_SUSPEND_SECS: spec.minInstances === 0 ? idleSeconds : 0,
        AUTO_RESUME: true,
      },
      definition,
    ),
  };
  await catalog.change((change) => {
    catalog.create(object, change);
  });
  return object;
}

async function define(
  spec: DeploymentSpec,
  model: CatalogObject,
  version: ModelVersion,
  pool: CatalogObject,
  scope: ObjectScope,
): Promise<ServiceDefinition> {
  const title = `${scope.catalog.displayOf(model)} version ${version.name}`;
  const methods = version.methods.filter((method) => method.type === 'FUNCTION').map((method) => method.name);
  const [modelFolder] = version.runtime.imports;
  if (methods.length === 0 || modelFolder === undefined) {
    throw SnowflakeError.of('unsupported', { feature: `a service for model ${title}, which has no FUNCTION method to serve` });
  }
  await scope.effects.python.checkPackages(version.runtime.packages, version.runtime.pythonVersion);
  const container = 'model-inference';
  const host = spec.ingress ? endpointHost(scope) : null;
  const text = stringify({
    spec: {
      containers: [
        {
          name: container,
          image,
          // What ModelVersion.list_services reads.
          env: { SPCS_MODEL_INFERENCE_SERVER__AUTOCAPTURE_ENABLED: 'false' },
          resources: { requests: { cpu: spec.cpu, memory: spec.memory } },
        },
      ],
      endpoints: [{ name: endpointName, port: endpointPort, public: spec.ingress }],
    },
  });
  return {
    pool: pool.name,
    user: scope.user,
    container,
    image,
    spec: text,
    endpoints: [{ name: endpointName, port: endpointPort, host }],
    program: {
      kind: 'model',
      model: model.id,
      version: version.name,
      title,
      methods,
      modelFolder,
      packages: version.runtime.packages,
      // Snowflake starts twice the processors and one; here each would be a copy of the model on the user's own machine.
      workers: spec.workers ?? 1,
      batchRows: spec.maxBatchRows ?? defaultBatchRows,
    },
  };
}

/** A public endpoint needs a privilege of the account. https://docs.snowflake.com/en/sql-reference/sql/create-service#access-control-requirements */
export function requireBinding(scope: ObjectScope): void {
  scope.authorizer.requireGlobal(scope.roles, 'account', 'BIND SERVICE ENDPOINT');
}
