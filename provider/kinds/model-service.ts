import { z } from 'zod';

import { sameValue, textOf } from '../property-values.ts';
import type { Properties, ResourceKind } from '../resource-kind.ts';
import { objectName, qualifiedName, splitQualifiedName } from '../snowflake/names.ts';
import { cellNumber, cellText, executeIfExists, type Session } from '../snowflake/session.ts';
import { literal, qualified, quoted } from '../snowflake/sql-text.ts';

interface Service {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly model: string;
  readonly version: string;
  readonly computePool: string;
  readonly warehouse: string;
  readonly ingress: boolean;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly workers?: number;
  readonly batchRows?: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly callers: readonly string[];
  readonly comment?: string;
}

const count = z.int().min(1);
const endpointName = 'inference';
// https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/real-time-inference-rest-api#authorization
const serviceRole = 'ALL_ENDPOINTS_USAGE';

/**
 * A version of a model, served over HTTP on a compute pool. There is no SQL for it: it is made by the Python client, in a procedure
 * that lives as long as its call. What Snowflake cannot change in place makes a new service.
 * https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/real-time-inference-rest-api
 */
export const modelService: ResourceKind = {
  type: 'snowflakeml:index:ModelService',
  inputs: {
    database: { accepts: objectName, replaces: true },
    schema: { accepts: objectName, replaces: true },
    name: { accepts: objectName, replaces: true },
    model: { accepts: qualifiedName, replaces: true },
    version: { accepts: objectName, replaces: true },
    computePool: { accepts: objectName, replaces: true },
    // Runs the procedure, and nothing later.
    warehouse: { accepts: objectName, ignored: true },
    ingress: { accepts: z.boolean().default(true), replaces: true },
    minInstances: { accepts: z.int().min(0).default(0) },
    maxInstances: { accepts: count.default(1) },
    workers: { accepts: count.optional(), replaces: true },
    batchRows: { accepts: count.optional(), replaces: true },
    cpu: { accepts: z.string().min(1).optional(), replaces: true },
    memory: { accepts: z.string().min(1).optional(), replaces: true },
    // Their order is of no meaning.
    callers: {
      accepts: z
        .array(objectName)
        .default([])
        .transform((roles) => roles.toSorted()),
    },
    comment: { accepts: z.string().min(1).optional() },
  },
  computed: ['endpoint'],
  checkTogether: (inputs) => {
    const { minInstances, maxInstances } = service(inputs);
    if (minInstances <= maxInstances) return [];
    return [{ property: 'maxInstances', reason: `(${maxInstances}) must not be less than minInstances (${minInstances})` }];
  },
  id: (inputs) => `${service(inputs).database}.${service(inputs).schema}.${service(inputs).name}`,
  createStatements: (inputs) => createStatements(service(inputs)),
  updateStatements: (state, inputs) => alterStatements(service(state), service(inputs)),
  create: async (session, inputs, report) => {
    report('The model service is ready when its first instance has loaded the model.');
    for (const statement of createStatements(service(inputs))) await session.execute(statement);
    return readExisting(session, inputs);
  },
  update: async (session, state, inputs) => {
    for (const statement of alterStatements(service(state), service(inputs))) await session.execute(statement);
    return readExisting(session, inputs);
  },
  read: (session, id, state) => describe(session, splitQualifiedName(id), state),
  delete: async (session, id) => {
    await session.execute(`DROP SERVICE IF EXISTS ${nameOf(splitQualifiedName(id))}`);
  },
};

type Place = Pick<Service, 'database' | 'schema' | 'name'>;

function service(properties: Properties): Service {
  return properties as unknown as Service;
}

function nameOf({ database, schema, name }: Place): string {
  return qualified(database, schema, name);
}

// https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-calling#anonymous-procedures
const procedure = `
import json
from snowflake.ml.registry import Registry

def deploy(session, model, version, options):
    database, schema, name = model.split(".")
    registry = Registry(session, database_name=database, schema_name=schema)
    return str(registry.get_model(name).version(version).create_service(**json.loads(options)))
`;

function createStatements(wanted: Service): readonly string[] {
  const options = {
    service_name: `${wanted.database}.${wanted.schema}.${wanted.name}`,
    service_compute_pool: wanted.computePool,
    ingress_enabled: wanted.ingress,
    min_instances: wanted.minInstances,
    max_instances: wanted.maxInstances,
    ...(wanted.workers === undefined ? {} : { num_workers: wanted.workers }),
    ...(wanted.batchRows === undefined ? {} : { max_batch_rows: wanted.batchRows }),
    ...(wanted.cpu === undefined ? {} : { cpu_requests: wanted.cpu }),
    ...(wanted.memory === undefined ? {} : { memory_requests: wanted.memory }),
  };
  const values = [wanted.model, wanted.version, JSON.stringify(options)].map((value) => literal(value)).join(', ');
  return [
    `USE WAREHOUSE ${quoted(wanted.warehouse)}`,
    // A procedure without a name still belongs to a schema.
    `USE SCHEMA ${qualified(wanted.database, wanted.schema)}`,
    [
      'WITH DEPLOY_MODEL_SERVICE AS PROCEDURE (MODEL VARCHAR, VERSION VARCHAR, OPTIONS VARCHAR) RETURNS VARCHAR',
      "LANGUAGE PYTHON RUNTIME_VERSION = '3.11' PACKAGES = ('snowflake-snowpark-python', 'snowflake-ml-python') HANDLER = 'deploy'",
      `AS $$${procedure}$$`,
      `CALL DEPLOY_MODEL_SERVICE(${values})`,
    ].join('\n'),
    ...(wanted.comment === undefined ? [] : [`ALTER SERVICE ${nameOf(wanted)} SET COMMENT = ${literal(wanted.comment)}`]),
    ...grants(wanted, wanted.callers, 'GRANT'),
  ];
}

// https://docs.snowflake.com/en/sql-reference/sql/alter-service
function alterStatements(old: Service, wanted: Service): readonly string[] {
  const changed = (name: keyof Service): boolean => !sameValue(old[name], wanted[name]);
  const set = [
    ...(changed('minInstances') ? [`MIN_INSTANCES = ${wanted.minInstances}`] : []),
    ...(changed('maxInstances') ? [`MAX_INSTANCES = ${wanted.maxInstances}`] : []),
    ...(changed('comment') && wanted.comment !== undefined ? [`COMMENT = ${literal(wanted.comment)}`] : []),
  ];
  return [
    ...(set.length === 0 ? [] : [`ALTER SERVICE ${nameOf(wanted)} SET ${set.join(' ')}`]),
    ...(changed('comment') && wanted.comment === undefined ? [`ALTER SERVICE ${nameOf(wanted)} UNSET COMMENT`] : []),
    ...grants(
      wanted,
      old.callers.filter((role) => !wanted.callers.includes(role)),
      'REVOKE',
    ),
    ...grants(
      wanted,
      wanted.callers.filter((role) => !old.callers.includes(role)),
      'GRANT',
    ),
  ];
}

// https://docs.snowflake.com/en/sql-reference/sql/grant-service-role
function grants(place: Place, roles: readonly string[], word: 'GRANT' | 'REVOKE'): readonly string[] {
  const direction = word === 'GRANT' ? 'TO' : 'FROM';
  return roles.map((role) => `${word} SERVICE ROLE ${nameOf(place)}!${serviceRole} ${direction} ROLE ${quoted(role)}`);
}

async function readExisting(session: Session, inputs: Properties): Promise<Properties> {
  const found = await describe(session, service(inputs), inputs);
  if (found === undefined) throw new Error(`Model service ${textOf(inputs['name'])} is not visible after it was written.`);
  return found;
}

/** What Snowflake does not tell (the warehouse, workers, rows and resources) is as it was known. */
async function describe(session: Session, place: Place, known: Properties): Promise<Properties | undefined> {
  const name = nameOf(place);
  const [row] = await executeIfExists(session, `DESCRIBE SERVICE ${name}`);
  if (row === undefined) return undefined;
  const endpoints = await session.execute(`SHOW ENDPOINTS IN SERVICE ${name}`);
  const endpoint = endpoints.find((each) => cellText(each, 'name') === endpointName);
  const url = endpoint === undefined ? '' : cellText(endpoint, 'ingress_url');
  const holders = await session.execute(`SHOW GRANTS OF SERVICE ROLE ${name}!${serviceRole}`);
  const comment = cellText(row, 'comment');
  const model = textOf(known['model'] ?? cellText(row, 'managing_object_name'));
  const { database, schema, name: own } = place;
  const kept = ['warehouse', 'workers', 'batchRows', 'cpu', 'memory'].flatMap((key) =>
    known[key] === undefined ? [] : [[key, known[key]] as const],
  );
  return {
    ...Object.fromEntries(kept),
    database,
    schema,
    name: own,
    model,
    version: await versionOf(session, model, `${database}.${schema}.${own}`),
    computePool: cellText(row, 'compute_pool'),
    ingress: url !== '',
    minInstances: cellNumber(row, 'min_instances'),
    maxInstances: cellNumber(row, 'max_instances'),
    callers: holders.map((each) => cellText(each, 'grantee_name')).toSorted(),
    ...(comment === '' ? {} : { comment }),
    endpoint: url,
  };
}

/** The version that the service serves: each version lists its services. */
async function versionOf(session: Session, model: string, name: string): Promise<string> {
  const versions = await executeIfExists(session, `SHOW VERSIONS IN MODEL ${qualified(...model.split('.'))}`);
  const found = versions.find((row) => {
    const services = cellText(row, 'inference_services');
    return services !== '' && (JSON.parse(services) as readonly string[]).includes(name);
  });
  return found === undefined ? '' : cellText(found, 'name');
}
