import { join } from 'node:path';
import { stringify } from 'yaml';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { listFolder } from '../../platform/stage-folder.ts';
import { displayIdentifier, type ObjectName } from '../../sql/identifier.ts';
import { statusResult } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { StatementDefinition } from '../extensions.ts';
import { findVersion, type ModelMethod, type ModelVersion } from '../model/model-version.ts';
import type { ObjectScope } from '../object-scope.ts';
import { checkResources } from '../service/node-resources.ts';
import { absolutePath, locate, type Location } from '../stage-location.ts';
import { type InferenceJobSpec, readInferenceJobSpec } from './inference-job-spec.ts';
import { type BatchInference, displayJob } from './job-record.ts';
import { requireFreeName, startJob } from './start-job.ts';

const image = 'local-snowflake/batch-inference';
const defaultBatchRows = 10_000;
/** Folder below the output place that holds the rows which a query gave, as the clients call it. */
const ownInput = '_snowflake_temporary';

interface InferenceRequest {
  readonly pool: CatalogObject;
  readonly spec: InferenceJobSpec;
  readonly from: { readonly query: string } | { readonly location: string };
  readonly model: CatalogObject;
  readonly version: ModelVersion;
  readonly method: ModelMethod;
  readonly name: ObjectName;
  readonly async: boolean;
  readonly replicas: number;
}

// https://docs.snowflake.com/en/sql-reference/sql/execute-inference-job-service
export const executeInferenceJob: StatementDefinition = {
  words: 'EXECUTE INFERENCE JOB SERVICE',
  page: 'execute-inference-job-service',
  run: async (stream, scope) => {
    const request = readRequest(stream, scope);
    checkResources(request.spec.resources, request.pool, 'batch inference jobs');
    await scope.effects.python.checkPackages(request.version.runtime.packages, request.version.runtime.pythonVersion);
    // All that may be refused is looked at before files are touched.
    requireFreeName(request.name, scope);
    scope.effects.services.check(request.pool.name, request.replicas);
    const output = await emptyOutput(request, scope);
    const inference = await planInference(request, output, scope);
    const job = await startJob(
      {
        name: request.name,
        pool: request.pool,
        spec: specText(request.replicas),
        plan: { container: 'main', image, run: { kind: 'inference', inference }, environment: {} },
        warehouse: scope.currentWarehouse?.name ?? null,
        targetInstances: request.replicas,
        minInstances: 1,
        async: request.async,
        comment: null,
      },
      scope,
    );
    // What a task's successors read. https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/batch-inference-jobs
    if (!request.async) await scope.taskRun?.setReturnValue(JSON.stringify({ output_stage_location: `${output.display}/` }));
    return statusResult(`Batch inference job ${displayJob(job)} ${request.async ? 'was started' : 'completed successfully'}.`);
  },
};

/** `IN COMPUTE POOL … WITH SPECIFICATION … FROM … MODEL = …`, in this order. */
function readRequest(stream: TokenStream, scope: ObjectScope): InferenceRequest {
  stream.expect('IN COMPUTE POOL');
  const pool = scope.find('COMPUTE POOL', stream.name(), 'USAGE');
  stream.expect('WITH SPECIFICATION');
  const spec = readInferenceJobSpec(stream.string());
  stream.expect('FROM');
  const from = stream.isSymbol('(') ? { query: stream.parenthesised() } : { location: readLocation(stream) };
  const value = (words: string): boolean => {
    if (!stream.accept(words)) return false;
    stream.expectSymbol('=');
    return true;
  };
  if (!value('MODEL')) throw stream.unexpected();
  const model = scope.find('MODEL', stream.name(), 'USAGE');
  const version = findVersion(model, value('VERSION') ? stream.identifier() : 'DEFAULT');
  const method = findMethod(model, version, value('FUNCTION') ? stream.string() : undefined);
  const named = value('NAME') ? stream.name() : undefined;
  const async = value('ASYNC') ? readBoolean(stream) : true;
  const replicas = value('REPLICAS') ? stream.integer() : 1;
  stream.expectEnd();
  if (replicas < 1) throw SnowflakeError.of('invalidPropertyValue', { property: 'REPLICAS', value: String(replicas) });
  const name = named ?? [`BATCH_INFERENCE_${scope.ids.uuid().replaceAll('-', '_').toUpperCase()}`];
  return { pool, spec, from, model, version, method, name, async, replicas };
}

function readLocation(stream: TokenStream): string {
  return stream.peek().kind === 'location' ? stream.next().text : stream.string();
}

function readBoolean(stream: TokenStream): boolean {
  if (stream.accept('TRUE')) return true;
  stream.expect('FALSE');
  return false;
}

/** By the name that the model itself has for it or that of SQL; the only one when none is named. */
function findMethod(model: CatalogObject, version: ModelVersion, name: string | undefined): ModelMethod {
  const [only] = version.methods;
  if (name === undefined && version.methods.length === 1 && only !== undefined) return only;
  const found = version.methods.find((method) => method.name === name || method.name === name?.toUpperCase());
  if (found !== undefined) return found;
  const title = `${displayIdentifier(model.name)}!${name ?? ''}`;
  if (name !== undefined) throw SnowflakeError.of('unknownFunction', { name: title });
  throw SnowflakeError.of('invalidPropertyValue', { property: 'FUNCTION', value: '' });
}

/** The job's own folder of results. @throws SnowflakeError `invalidJobSpecification` when it has files and may not be overwritten */
async function emptyOutput({ spec, name }: InferenceRequest, scope: ObjectScope): Promise<Location> {
  const output = locate(`${spec.outputLocation}${name.at(-1) ?? ''}`, scope, 'WRITE');
  const present = await listFolder(output.root, `${output.path}/`);
  if (present.length === 0) return output;
  if (!spec.overwrite) {
    throw SnowflakeError.of('invalidJobSpecification', {
      reason: `output.stage_location: ${output.display} already contains files, and output.mode is error`,
    });
  }
  await scope.effects.stages.removeFolder(absolutePath(output));
  return output;
}

async function planInference(
  { spec, from, model, version, method }: InferenceRequest,
  output: Location,
  scope: ObjectScope,
): Promise<BatchInference> {
  const title = `${scope.catalog.displayOf(model)} version ${version.name}`;
  const [modelFolder] = version.runtime.imports;
  if (modelFolder === undefined) throw SnowflakeError.of('unsupported', { feature: `batch inference with model ${title}` });
  const partitioned = method.type === 'TABLE_FUNCTION';
  if (!partitioned && spec.partitionColumn !== null) {
    throw SnowflakeError.of('invalidJobSpecification', {
      reason: `input.partition_column: method ${method.name} of model ${title} does not work on partitions`,
    });
  }
  const input = await inputFolder(from, spec, scope);
  return {
    model: title,
    folder: join(scope.effects.stages.directory(model.id), 'versions', version.name, modelFolder),
    method: method.name,
    partitioned,
    partitionColumn: spec.partitionColumn,
    parameters: spec.parameters,
    files: spec.files,
    input,
    inputIsOwn: input.split('/').includes(ownInput),
    output: absolutePath(output),
    batchRows: spec.batchRows ?? defaultBatchRows,
    packages: version.runtime.packages,
  };
}

/** Rows of a query are written down before the job starts: they are those of now. */
async function inputFolder(from: InferenceRequest['from'], spec: InferenceJobSpec, scope: ObjectScope): Promise<string> {
  if ('location' in from) return absolutePath(locate(from.location, scope, 'READ'));
  const directory = absolutePath(locate(`${spec.outputLocation}${ownInput}/${scope.ids.uuid()}`, scope, 'WRITE'));
  await scope.effects.queries.writeParquet(from.query, scope, { directory, prefix: 'data' });
  return directory;
}

/** As DESCRIBE SERVICE shows it, and the ML Jobs client reads it. */
function specText(replicas: number): string {
  return stringify({ spec: { containers: [{ name: 'main', image, env: { SNOWFLAKE_JOBS_COUNT: String(replicas) } }] } });
}
